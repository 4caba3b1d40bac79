"""The monthly question: of whom and when, what an answer does, who reads it."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.common.states import IllegalMove
from mentorship.partnerships.checkins import asking
from mentorship.partnerships.checkins.services import (
    MonthOver,
    answer_check_in,
    purge_words,
    settle_check_in,
    write_to_member,
)
from mentorship.partnerships.models import CheckIn, CoordinatorMessage
from mentorship.partnerships.services import NotTheirs
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.sender import not_before
from mentorship.reminders.services import queue_delivery
from mentorship.seasons.models import Season
from tests.factories import MenteeFactory, MentorFactory, UserFactory
from tests.partnerships.running import APRIL, asked, help_case, low, member, season_under_way, told_pair

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def answer(check_in, now=APRIL, **fields):
    given = {"going": 4, "fit": "", "wants_call": False, "note": "", **fields}
    return answer_check_in(check_in=check_in, by=check_in.membership.person, now=now, **given)


class TestAsking:
    def test_each_member_of_a_told_pair_is_asked_once_a_month_however_often_the_tick_comes(self):
        pair = told_pair()
        for now in (APRIL, APRIL, APRIL + DAY):
            asking.ask_due(now)
        assert sorted(CheckIn.objects.values_list("membership__role", "month")) == [
            ("mentee", date(2027, 4, 1)),
            ("mentor", date(2027, 4, 1)),
        ]
        assert set(Delivery.objects.filter(rule="check-in").values_list("recipient", flat=True)) == {
            member(pair, role).person_id for role in ("mentee", "mentor")
        }
        asking.ask_due(datetime.fromisoformat("2027-05-03T10:00:00-07:00"))
        assert CheckIn.objects.filter(month=date(2027, 5, 1)).count() == 2

    def test_a_mentor_of_three_is_asked_about_each_pair_by_one_mail(self):
        season = season_under_way()
        mentor = MentorFactory(season=season)
        for _number in range(3):
            told_pair(season=season, mentor=mentor)
        asking.ask_due(APRIL)
        assert CheckIn.objects.filter(membership__person=mentor.applicant).count() == 3
        assert Delivery.objects.filter(rule="check-in", recipient=mentor.applicant).count() == 1

    @pytest.mark.parametrize(
        ("now", "told", "count"),
        [
            ("2027-03-14T10:00:00-07:00", "2027-03-01T10:00:00-08:00", 0),  # told 13 days ago
            ("2027-03-15T09:59:00-07:00", "2027-03-01T10:00:00-08:00", 0),  # the clock was changed in between
            ("2027-03-15T10:00:00-07:00", "2027-03-01T10:00:00-08:00", 2),
            ("2027-04-20T23:59:00-07:00", "2027-03-01T10:00:00-08:00", 2),
            ("2027-04-21T00:01:00-07:00", "2027-03-01T10:00:00-08:00", 0),  # too late in the month
            ("2027-09-02T10:00:00-07:00", "2027-03-01T10:00:00-08:00", 0),  # the season is over
        ],
    )
    def test_nobody_is_asked_too_early_or_too_late(self, now, told, count):
        told_pair(told=datetime.fromisoformat(told))
        asking.ask_due(datetime.fromisoformat(now))
        assert CheckIn.objects.count() == count

    @pytest.mark.parametrize("state", ["approved", "asked", "confirmed", "ended", "completed"])
    def test_pairs_that_were_not_told_or_are_over_are_not_asked(self, state):
        pair = told_pair()
        pair.state = state
        pair.save()
        asking.ask_due(APRIL)
        assert CheckIn.objects.count() == 0

    def test_a_missing_answer_is_asked_for_once_more_and_never_again(self):
        pair = told_pair()
        asked(pair, "mentee")
        answered = asked(pair, "mentor", state="answered", going=5, answered_at=APRIL)
        asking.chase_due(datetime.fromisoformat("2027-04-08T08:59:00-07:00"))
        assert Delivery.objects.filter(rule="check-in-again").count() == 0
        for days in range(10):
            asking.chase_due(APRIL + days * DAY)
        assert [row.recipient for row in Delivery.objects.filter(rule="check-in-again")] == [member(pair).person]
        answered.refresh_from_db()
        assert answered.chased_at is None

    def test_the_tick_asks_as_often_for_many_pairs_as_for_one(self):
        def queries(pairs):
            season = season_under_way()
            for _number in range(pairs):
                told_pair(season=season)
            with CaptureQueriesContext(connection) as found:
                asking.ask_due(APRIL)
                asking.chase_due(APRIL)
            Season.objects.update(archived_at=APRIL)
            return len(found)

        assert queries(1) == queries(12)


class TestMail:
    def delivery(self, check_in, rule="check-in"):
        return queue_delivery(
            rule=rule, recipient=check_in.membership.person, dedupe_key=rule, subject=check_in, now=APRIL
        )

    def test_it_is_not_sent_when_nothing_is_left_to_answer(self):
        check_in = asked(told_pair())
        delivery = self.delivery(check_in)
        assert rule_of("check-in").unless(delivery, APRIL) == ""
        answer(check_in)
        assert rule_of("check-in").unless(delivery, APRIL) == "answered"

    def test_it_is_not_sent_after_the_month_the_season_or_the_pair(self):
        pair = told_pair()
        delivery = self.delivery(asked(pair))
        assert rule_of("check-in").unless(delivery, APRIL + 20 * DAY) == "month-over"
        assert rule_of("check-in").unless(delivery, APRIL + 200 * DAY) == "season-over"
        pair.state = "ended"
        pair.save()
        assert rule_of("check-in").unless(delivery, APRIL) == "ended"

    @pytest.mark.parametrize("who", ["mentee", "mentor"])
    def test_it_rests_for_both_while_one_of_them_waits_for_help(self, who, coordinator):
        pair = told_pair(coordinator)
        delivery = self.delivery(asked(pair, "mentee"))
        case = help_case(pair, who)
        assert rule_of("check-in").unless(delivery, APRIL) == "help-case"
        case.state = "closed"
        case.save()
        assert rule_of("check-in").unless(delivery, APRIL) == ""

    def test_it_waits_for_the_seasons_working_hours_and_blackout_weeks(self):
        season = season_under_way(blackout_weeks=[date(2027, 4, 12)])
        delivery = self.delivery(asked(told_pair(season=season)))
        moment = not_before(delivery, rule_of("check-in"), APRIL)
        assert moment == datetime.fromisoformat("2027-04-19T08:00:00-07:00")

    def test_the_second_one_is_not_sent_right_after_the_first(self):
        check_in = asked(told_pair())
        first = self.delivery(check_in)
        first.dedupe_key = f"check-in:{check_in.membership.season_id}:{first.recipient_id}:2027-04"
        again = self.delivery(check_in, "check-in-again")
        outcomes = []
        for state, sent_at in (("due", None), ("sent", APRIL - DAY), ("sent", APRIL - 5 * DAY)):
            first.state, first.sent_at = state, sent_at
            first.save()
            outcomes.append(rule_of("check-in-again").unless(again, APRIL))
        assert outcomes == ["too-soon", "too-soon", ""]


class TestAnswering:
    def test_an_answer_can_be_changed_until_the_month_is_over(self):
        check_in = asked(told_pair())
        answer(check_in, going=5, note="Fine so far.")
        changed = answer(check_in, going=3, now=datetime.fromisoformat("2027-04-30T23:59:00-07:00"))
        assert (changed.going, changed.state, CheckIn.objects.count()) == (3, "answered", 1)
        with pytest.raises(MonthOver):
            answer(check_in, now=datetime.fromisoformat("2027-05-01T00:00:00-07:00"))

    def test_nobody_answers_for_another(self, coordinator):
        pair = told_pair()
        check_in = asked(pair)
        for somebody in (member(pair, "mentor").person, coordinator):
            with pytest.raises(NotTheirs):
                answer_check_in(check_in=check_in, going=1, fit="", wants_call=False, note="", by=somebody, now=APRIL)

    @pytest.mark.parametrize(
        ("fields", "waits"),
        [
            ({"going": 3}, False), ({"going": 2}, True), ({"going": 1}, True), ({"wants_call": True}, True),
            ({"fit": "different"}, True), ({"fit": "deciding"}, False), ({"fit": "good"}, False),
        ],
    )  # fmt: skip
    def test_what_needs_a_coordinator_waits_for_one(self, fields, waits):
        check_in = answer(asked(told_pair()), **fields)
        assert (check_in.waits_since is not None) is waits

    def test_it_waits_since_it_was_said_first_until_it_is_taken_back(self):
        check_in = asked(told_pair())
        answer(check_in, going=1)
        assert answer(check_in, going=2, now=APRIL + DAY).waits_since == APRIL
        assert answer(check_in, going=4, now=APRIL + 2 * DAY).waits_since is None

    def test_the_fit_is_asked_30_days_after_the_announcement_until_it_is_good(self):
        pair = told_pair()
        check_in = asked(pair)
        outcomes = [asking.asks_fit(check_in, pair.announced_at + days * DAY) for days in (29, 30)]
        asked(pair, month=date(2027, 3, 1), state="answered", going=5, fit="deciding", answered_at=APRIL)
        outcomes.append(asking.asks_fit(check_in, APRIL))
        CheckIn.objects.filter(month=date(2027, 3, 1)).update(fit="good")
        outcomes.append(asking.asks_fit(check_in, APRIL))
        assert outcomes == [False, True, True, False]

    def test_the_note_is_sealed_and_no_audit_entry_holds_it(self):
        check_in = answer(asked(told_pair()), note="Between us.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT note FROM partnerships_checkin")
            (sealed,) = cursor.fetchone()
        assert b"Between" not in bytes(sealed)
        assert CheckIn.objects.get(pk=check_in.pk).note == "Between us."
        assert list(AuditEntry.objects.values_list("verb", "label")) == [("answer-check-in", "partnerships.checkin")]
        with pytest.raises(FieldError):
            CheckIn.objects.filter(note="x")


class TestCoordinators:
    def test_who_has_dealt_with_it_is_kept_and_a_new_answer_opens_it_again(self, coordinator):
        check_in = low(told_pair(coordinator))
        settled = settle_check_in(check_in=check_in, by=coordinator, now=APRIL)
        assert (settled.state, settled.handled_by, settled.waits_since) == ("handled", coordinator, None)
        with pytest.raises(IllegalMove):
            settle_check_in(check_in=check_in, by=coordinator, now=APRIL)
        again = answer(settled, going=1)
        assert (again.state, again.handled_by, again.waits_since) == ("answered", None, APRIL)

    def test_a_letter_is_a_delivery_that_holds_no_words_and_settles_the_check_in(self, coordinator):
        check_in = low(told_pair(coordinator))
        message = write_to_member(
            membership=check_in.membership, check_in=check_in, words="Shall we talk?", by=coordinator, now=APRIL
        )
        delivery = Delivery.objects.get(rule="from-coordinator")
        assert (delivery.recipient, delivery.subject_id) == (check_in.membership.person, message.pk)
        assert "Shall" not in str(delivery.__dict__)
        check_in.refresh_from_db()
        assert check_in.state == "handled"

    @pytest.mark.parametrize("relation", ["own", "partner", "supervisor", "supervisor-of-partner", "report", "none"])
    def test_those_near_the_pair_neither_read_nor_deal_with_it(self, relation):
        pair = told_pair()
        mentee, mentor = member(pair, "mentee").person, member(pair, "mentor").person
        reader = UserFactory(roles=["coordinator"])
        if relation in {"own", "partner"}:
            membership = member(pair, "mentee" if relation == "own" else "mentor")
            membership.person = reader
            membership.save()
        elif relation.startswith("supervisor"):
            below = mentee if relation == "supervisor" else mentor
            below.profile.supervisor = reader
            below.profile.save()
        elif relation == "report":
            reader.profile.supervisor = mentee
            reader.profile.save()
        check_in = low(pair)
        reads = CheckIn.objects.visible_to(reader).exists()
        assert reads == (relation in {"own", "none"})
        if relation == "none":
            settle_check_in(check_in=check_in, by=reader, now=APRIL)
        else:
            with pytest.raises(NotTheirs):
                settle_check_in(check_in=check_in, by=reader, now=APRIL)
            if relation != "own":
                with pytest.raises(NotTheirs):
                    write_to_member(membership=check_in.membership, words="x", by=reader, now=APRIL)

    def test_partners_analysts_and_administrators_read_none(self, administrator):
        pair = told_pair()
        low(pair)
        readers = [member(pair, "mentor").person, UserFactory(roles=["analyst"]), administrator, UserFactory()]
        assert [CheckIn.objects.visible_to(reader).count() for reader in readers] == [0, 0, 0, 0]


def test_archiving_empties_notes_and_letters_and_keeps_the_marks(coordinator):
    pair, other = told_pair(coordinator), told_pair(coordinator)
    for row in (low(pair, note="Words."), low(other, note="Others.")):
        write_to_member(membership=row.membership, words="Hello", by=coordinator, now=APRIL)
    purge_words(pair.season, APRIL)
    rows = {row.membership.partnership_id: row for row in CheckIn.objects.select_related("membership")}
    assert (rows[pair.pk].note, rows[pair.pk].going, rows[pair.pk].waits_since) == ("", 2, None)
    assert (rows[other.pk].note, CoordinatorMessage.objects.count()) == ("Others.", 1)


def test_the_check_in_of_a_person_who_is_erased_goes(administrator, settings, tmp_path):
    from mentorship.records.erasure import erase_person

    settings.ERASURE_LEDGER = tmp_path / "ledger"
    pair = told_pair()
    low(pair)
    kept = low(pair, "mentor")
    erase_person(person=member(pair).person, by=administrator, now=APRIL)
    assert list(CheckIn.objects.all()) == [kept]


def test_a_season_of_workshops_alone_asks_nobody():
    season = season_under_way(has_pairs=False)
    MenteeFactory(season=season)
    asking.ask_due(APRIL)
    assert CheckIn.objects.count() == 0
