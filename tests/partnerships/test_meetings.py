"""Meetings from their plan to the hours that are counted from them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from mentorship.common.states import IllegalMove
from mentorship.partnerships import services
from mentorship.partnerships.models import Attendance, HourCorrection, Meeting, Partnership
from mentorship.partnerships.services import Closed, NobodyThere, NothingChanged, NotTheirs, Plan, WrongMoment
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from tests.factories import NOW, UserFactory
from tests.partnerships.cast import announced, approved, held, person, planned, running

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = NOW + 7 * DAY


def log(meeting, *, by="mentee", now=None, minutes=45, present=None):
    """Log a planned meeting an hour after it began."""
    who = person(meeting.partnership, by)
    return services.log_meeting(
        meeting=meeting, minutes=minutes, present=present, by=who, now=now or meeting.starts_at + HOUR
    )


def totals():
    found = Meeting.objects.all().totals()
    return (found.meetings, found.meeting_minutes, found.person_minutes)


def sent(rule):
    return Delivery.objects.filter(rule=rule)


def test_a_plan_invites_all_members_once(coordinator):
    meeting = planned(announced(coordinator))
    assert (meeting.state, meeting.sequence, meeting.starts_at) == ("planned", 0, WEEK)
    pair = meeting.partnership
    assert {row.recipient for row in sent("meeting-planned")} == {person(pair, "mentee"), person(pair, "mentor")}
    assert AuditEntry.objects.filter(verb="plan-meeting", object_id=str(meeting.pk)).count() == 1


def test_nobody_plans_for_the_past_or_beyond_the_season(coordinator):
    pair = announced(coordinator)
    for moment in (NOW, NOW - HOUR, NOW + 365 * DAY):
        with pytest.raises(WrongMoment):
            planned(pair, starts_at=moment)


def test_only_members_of_a_told_pair_plan(coordinator, stranger):
    pair, untold = announced(coordinator), approved(coordinator)
    for where, who in ((pair, stranger), (pair, coordinator), (untold, person(untold, "mentee"))):
        with pytest.raises(NotTheirs):
            services.plan_meeting(partnership=where, plan=Plan(WEEK, 45), by=who, now=NOW)


def test_a_change_raises_the_sequence_and_tells_all_members(coordinator):
    meeting = planned(announced(coordinator))
    plan = Plan(WEEK + DAY, 30, "in-person", "Branch", "https://ignored.example")
    meeting = services.change_meeting(meeting=meeting, plan=plan, by=person(meeting.partnership, "mentor"), now=NOW)
    assert (meeting.sequence, meeting.minutes, meeting.place, meeting.link) == (1, 30, "Branch", "")
    assert sent("meeting-changed").count() == 2


def test_a_change_that_changes_nothing_writes_to_nobody(coordinator):
    meeting = planned(announced(coordinator))
    with pytest.raises(NothingChanged):
        services.change_meeting(
            meeting=meeting, plan=Plan(WEEK, 45), by=person(meeting.partnership, "mentor"), now=NOW
        )
    assert sent("meeting-changed").count() == 0


def test_a_cancelled_meeting_can_be_neither_changed_nor_logged(coordinator):
    meeting = planned(announced(coordinator))
    who = person(meeting.partnership, "mentee")
    meeting = services.cancel_meeting(meeting=meeting, by=who, now=NOW)
    assert (meeting.state, meeting.sequence, sent("meeting-cancelled").count()) == ("cancelled", 1, 2)
    with pytest.raises(IllegalMove):
        services.change_meeting(meeting=meeting, plan=Plan(WEEK + DAY, 45), by=who, now=NOW)
    with pytest.raises(IllegalMove):
        log(meeting)


def test_what_is_over_is_logged_and_not_cancelled(coordinator):
    meeting = planned(announced(coordinator))
    with pytest.raises(WrongMoment):
        services.cancel_meeting(meeting=meeting, by=person(meeting.partnership, "mentee"), now=WEEK + HOUR)


def test_the_first_meeting_sets_the_pair_running_and_counts_for_each_who_was_there(coordinator):
    meeting = log(planned(announced(coordinator)), minutes=50)
    pair = Partnership.objects.get()
    assert (meeting.state, meeting.minutes, pair.state, pair.last_met_at) == ("held", 50, "running", WEEK)
    assert totals() == (1, 50, 100)


def test_hours_count_those_who_were_there(coordinator):
    pair = announced(coordinator)
    log(planned(pair), present=[pair.memberships.get(role="mentor").pk])
    held(pair, starts_at=NOW + DAY, minutes=30)
    assert totals() == (2, 75, 105)
    present = set(Attendance.objects.values_list("membership__role", "present"))
    assert present == {("mentee", False), ("mentor", True), ("mentee", True)}
    found = Meeting.objects.all().totals()
    assert (found.meeting_hours, found.person_hours) == (1.25, 1.75)


def test_nobody_logs_before_it_began_nor_without_anybody(coordinator):
    meeting = planned(announced(coordinator))
    with pytest.raises(WrongMoment):
        log(meeting, now=WEEK - timedelta(minutes=1))
    with pytest.raises(NobodyThere):
        log(meeting, present=[])


def test_a_member_of_another_pair_is_never_counted(coordinator):
    pair, other = announced(coordinator), announced(coordinator)
    foreign = other.memberships.get(role="mentor").pk
    with pytest.raises(NobodyThere):
        log(planned(pair), present=[foreign])


def test_a_meeting_is_logged_once(coordinator):
    meeting = log(planned(announced(coordinator)))
    with pytest.raises(IllegalMove):
        log(meeting, by="mentor")
    with pytest.raises(IllegalMove):
        services.mark_missed(meeting=meeting, by=person(meeting.partnership, "mentor"), now=WEEK + HOUR)


def test_a_missed_meeting_counts_nothing_and_sets_nothing_running(coordinator):
    meeting = planned(announced(coordinator))
    services.mark_missed(meeting=meeting, by=person(meeting.partnership, "mentee"), now=WEEK + HOUR)
    assert (totals(), Partnership.objects.get().state) == ((0, 0, 0), "announced")


def test_who_logged_it_can_undo_it_for_a_day_and_everything_is_as_before(coordinator):
    meeting = log(planned(announced(coordinator)))
    mentee, mentor = person(meeting.partnership, "mentee"), person(meeting.partnership, "mentor")
    with pytest.raises(NotTheirs):
        services.undo_log(meeting=meeting, by=mentor, now=WEEK + HOUR)
    with pytest.raises(WrongMoment):
        services.undo_log(meeting=meeting, by=mentee, now=WEEK + HOUR + DAY)
    meeting = services.undo_log(meeting=meeting, by=mentee, now=WEEK + DAY)
    pair = Partnership.objects.get()
    assert (meeting.state, pair.state, pair.last_met_at, totals()) == ("planned", "announced", None, (0, 0, 0))
    assert Attendance.objects.count() == 0


def test_an_unplanned_meeting_that_is_undone_is_gone_for_good(coordinator):
    pair = announced(coordinator)
    meeting = held(pair, starts_at=NOW + DAY)
    meeting = services.undo_log(meeting=meeting, by=person(pair, "mentee"), now=NOW + DAY + HOUR)
    assert (meeting.state, totals()) == ("cancelled", (0, 0, 0))
    assert not Delivery.objects.filter(rule__startswith="meeting").exists()


def test_an_unplanned_meeting_lies_between_the_announcement_and_now(coordinator):
    pair = announced(coordinator)
    for moment in (NOW - DAY, NOW + 3 * DAY):
        with pytest.raises(WrongMoment):
            held(pair, starts_at=moment, now=NOW + 2 * DAY)


def test_a_correction_is_a_row_that_nobody_can_change(coordinator):
    pair = announced(coordinator)
    meeting = log(planned(pair))
    mentor = pair.memberships.get(role="mentor")
    services.correct_meeting(
        meeting=meeting,
        took_place=True,
        minutes=90,
        present=[mentor.pk],
        reason="We stayed longer",
        by=mentor.person,
        now=WEEK + DAY,
    )
    row = HourCorrection.objects.get()
    assert (row.before_minutes, row.after_minutes, row.before_present, row.after_present) == (45, 90, 2, 1)
    assert totals() == (1, 90, 90)
    for change in (lambda: HourCorrection.objects.update(after_minutes=1), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_correction_may_say_that_it_never_took_place_and_the_other_way_round(coordinator):
    pair = announced(coordinator)
    meeting = log(planned(pair))
    who = person(pair, "mentor")
    services.correct_meeting(
        meeting=meeting, took_place=False, minutes=45, reason="Wrong week", by=who, now=WEEK + DAY
    )
    assert (totals(), Partnership.objects.get().state) == ((0, 0, 0), "announced")
    services.correct_meeting(meeting=meeting, took_place=True, minutes=30, reason="Yes", by=who, now=WEEK + 2 * DAY)
    assert totals() == (1, 30, 60)
    assert list(HourCorrection.objects.values_list("before_minutes", "after_minutes")) == [(45, 0), (0, 30)]


def test_a_coordinator_corrects_hours_unless_the_pair_concerns_them(coordinator):
    pair = announced(coordinator)
    meeting = log(planned(pair))
    near = UserFactory(roles=["coordinator"])
    mentee = person(pair, "mentee")
    mentee.profile.supervisor = near
    mentee.profile.save()
    fix = {"meeting": meeting, "took_place": True, "minutes": 20, "reason": "Asked", "now": WEEK + DAY}
    for who in (near, UserFactory()):
        with pytest.raises(NotTheirs):
            services.correct_meeting(by=who, **fix)
    services.correct_meeting(by=coordinator, **fix)
    assert totals() == (1, 20, 40)
    with pytest.raises(NothingChanged):
        services.correct_meeting(by=coordinator, **fix)


def test_a_corrected_meeting_can_not_be_undone(coordinator):
    pair = announced(coordinator)
    meeting = log(planned(pair))
    services.correct_meeting(
        meeting=meeting, took_place=True, minutes=20, reason="Shorter", by=coordinator, now=WEEK + HOUR
    )
    with pytest.raises(IllegalMove):
        services.undo_log(meeting=meeting, by=person(pair, "mentee"), now=WEEK + HOUR)


def test_undo_is_offered_exactly_where_it_works(coordinator):
    pair = announced(coordinator)
    meeting = log(planned(pair))
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")

    def works(who, now):
        offered = services.can_undo(meeting, who, now)
        try:
            with transaction.atomic():
                services.undo_log(meeting=meeting, by=who, now=now)
                transaction.set_rollback(True)
        except (Closed, IllegalMove, NotTheirs, WrongMoment):
            return (offered, False)
        return (offered, True)

    cases = [(mentee, WEEK + HOUR), (mentor, WEEK + HOUR), (mentee, WEEK + HOUR + DAY)]
    assert [works(*case) for case in cases] == [(True, True), (False, False), (False, False)]
    pair.season.archived_at = WEEK + HOUR
    pair.season.save()
    meeting.refresh_from_db()
    assert works(*cases[0]) == (False, False)
    pair.season.archived_at = None
    pair.season.save()
    services.correct_meeting(
        meeting=meeting, took_place=True, minutes=20, reason="Shorter", by=mentor, now=WEEK + HOUR
    )
    meeting = Meeting.objects.get()
    assert works(*cases[0]) == (False, False)


def test_the_last_meetings_of_a_closed_pair_can_still_be_logged_until_the_season_is_archived(coordinator):
    pair = running(coordinator)
    meeting = planned(pair, starts_at=NOW + 3 * DAY)
    end = NOW + 3 * DAY + HOUR
    services.end_pair(partnership=pair, by=person(pair, "mentee"), now=end)
    log(meeting, now=end + DAY)
    assert (totals(), Partnership.objects.get().state) == ((2, 105, 210), "ended")
    with pytest.raises(Closed):
        planned(pair, starts_at=end + 2 * DAY, now=end)
    pair.season.archived_at = end
    pair.season.save()
    with pytest.raises(Closed):
        held(pair, starts_at=NOW + 2 * DAY, now=end)


@pytest.mark.parametrize("minutes", [0, 4, 601])
def test_the_database_refuses_a_length_that_nobody_believes(coordinator, minutes):
    with pytest.raises(DatabaseError), transaction.atomic():
        planned(announced(coordinator), minutes=minutes)


def test_totals_equal_an_independent_sum(coordinator):
    pair = running(coordinator)
    for day in range(2, 6):
        held(pair, starts_at=NOW + day * DAY, minutes=10 * day)
    lengths = [60, 20, 30, 40, 50]
    assert totals() == (5, sum(lengths), 2 * sum(lengths))
    assert sum(row.meeting.minutes for row in Attendance.objects.counted().select_related("meeting")) == 2 * sum(
        lengths
    )
