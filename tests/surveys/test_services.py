"""What happens to a survey: who is invited, what an answer writes, what the close leaves, what is published."""

from datetime import date, timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.utils import translation

from mentorship.common.states import IllegalMove
from mentorship.jobs.models import Job
from mentorship.people.services import deactivate_person
from mentorship.questionnaires.answers import AnswersError
from mentorship.questionnaires.models import Questionnaire
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from mentorship.seasons.services import archive_season
from surveys.models import Comment, Release, Response, Ticket, Wave
from surveys.reading import Agreement, results
from surveys.services import (
    AlreadyAnswered,
    CannotOpen,
    NotInvited,
    SurveyClosed,
    TooFewForComments,
    WrongClosingDay,
    close_wave,
    invite_latecomers,
    move_closing_day,
    open_wave,
    publish_release,
    release_comment,
    submit_response,
    withhold_comment,
)
from surveys.services.opening import last_closing_day
from tests.factories import NOW, MenteeFactory, MentorFactory, PartnershipFactory, SeasonFactory, UserFactory
from tests.surveys.cast import (
    AFTER,
    answer_all,
    answers,
    closed,
    is_mentor,
    opened,
    people,
    published,
    questions,
    season_of,
)

pytestmark = pytest.mark.django_db


def everything() -> dict[str, int]:
    """How many rows each table of the database holds."""
    with connection.cursor() as cursor:
        return {
            table: _count(cursor, table)
            for table in connection.introspection.table_names(cursor)
        }  # fmt: skip


def _count(cursor, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
    return cursor.fetchone()[0]


def test_everybody_who_was_told_of_a_match_is_invited_early_leavers_too(coordinator, stranger):
    season = season_of(1)
    for state in ("ended", "completed-early"):
        PartnershipFactory(
            season=season, state=state, pair=(MenteeFactory(season=season), MentorFactory(season=season))
        )
    for state in ("approved", "asked", "confirmed", "declined", "cancelled"):
        PartnershipFactory(
            season=season, state=state, pair=(MenteeFactory(season=season), MentorFactory(season=season))
        )
    wave = opened(coordinator, season=season)
    told = set(
        season.partnerships.filter(state__in=["announced", "ended", "completed-early"]).values_list(
            "memberships__person", flat=True
        )
    )
    assert len(told) == 6
    assert {ticket.person_id for ticket in wave.tickets.all()} == told
    assert set(Delivery.objects.filter(rule="survey-invitation").values_list("recipient", flat=True)) == told
    assert [entry.verb for entry in AuditEntry.objects.filter(object_id=str(wave.pk))] == ["open-survey"]


def test_somebody_with_two_partners_is_invited_once(coordinator):
    season = season_of(0)
    mentor = MentorFactory(season=season)
    for _number in range(2):
        PartnershipFactory(season=season, pair=(MenteeFactory(season=season), mentor))
    assert opened(coordinator, season=season).tickets.count() == 3


def test_who_is_announced_later_is_invited_while_the_survey_is_open(coordinator):
    wave = opened(coordinator, pairs=1)
    season = wave.season
    late = (MenteeFactory(season=season), MentorFactory(season=season))
    PartnershipFactory(season=season, pair=late)
    assert invite_latecomers(wave=wave, now=NOW) == 2
    assert invite_latecomers(wave=wave, now=NOW) == 0
    assert Ticket.objects.filter(person=late[0].applicant).count() == 1
    close_wave(wave=wave, by=coordinator, now=NOW)
    PartnershipFactory(season=season, pair=(MenteeFactory(season=season), MentorFactory(season=season)))
    assert invite_latecomers(wave=wave, now=NOW) == 0


def test_opening_freezes_the_newest_questions(coordinator):
    older = questions()
    newer = Questionnaire.objects.create(slug="end-of-season", version=1001, title_en="Ours")
    wave = open_wave(season=season_of(1), by=coordinator, now=NOW)
    assert wave.questionnaire == newer
    newer.refresh_from_db()
    older.refresh_from_db()
    assert (newer.frozen_at, older.frozen_at) == (NOW, None)


def test_a_survey_closes_at_five_in_the_season_s_zone_after_four_weeks(coordinator):
    wave = opened(coordinator)
    assert wave.closes_at.isoformat() == "2027-03-01T17:00:00-08:00"


def test_a_survey_is_opened_once(coordinator):
    wave = opened(coordinator)
    with pytest.raises(IllegalMove):
        open_wave(season=wave.season, by=coordinator, now=NOW)
    assert Wave.objects.count() == 1


def test_a_survey_without_anybody_to_ask_without_questions_or_time_is_not_opened(coordinator):
    season = season_of(1)
    with pytest.raises(CannotOpen):
        open_wave(season=season, by=coordinator, now=NOW)
    questions()
    last = last_closing_day(season, NOW)
    for day in (date(2027, 2, 1), last + timedelta(days=1), date.max):
        with pytest.raises(WrongClosingDay):
            open_wave(season=season, by=coordinator, now=NOW, closes_on=day)
    with pytest.raises(CannotOpen):
        open_wave(season=SeasonFactory(), by=coordinator, now=NOW)
    assert Wave.objects.count() == 0
    open_wave(season=season, by=coordinator, now=NOW, closes_on=last)


def test_the_last_closing_day_is_twelve_weeks_after_the_season_or_after_today(coordinator):
    season = season_of(1, ends_on=date(2027, 9, 30))
    assert last_closing_day(season, NOW) == date(2027, 12, 23)
    assert last_closing_day(season, NOW + timedelta(days=365)) == date(2028, 4, 25)


def test_an_open_survey_closes_earlier_or_later_and_a_move_is_recorded_once(coordinator):
    wave = opened(coordinator)
    moves = AuditEntry.objects.filter(verb="move-survey-closing-day")
    for day in (date(2027, 2, 2), date(2027, 4, 1), date(2027, 4, 1)):
        wave = move_closing_day(wave=wave, closes_on=day, by=coordinator, now=NOW)
        assert f"{wave.closes_at:%Y-%m-%d %H:%M}" == f"{day} 17:00"
    assert moves.count() == 2
    for day in (date(2027, 2, 1), last_closing_day(wave.season, NOW) + timedelta(days=1)):
        with pytest.raises(WrongClosingDay):
            move_closing_day(wave=wave, closes_on=day, by=coordinator, now=NOW)
    close_wave(wave=wave, by=coordinator, now=NOW)
    with pytest.raises(IllegalMove):
        move_closing_day(wave=wave, closes_on=date(2027, 4, 2), by=coordinator, now=NOW)
    assert moves.count() == 2


def test_an_answer_uses_up_the_ticket_and_writes_one_response_and_nothing_else(coordinator):
    wave = opened(coordinator)
    person = people(wave)[0]
    before = everything()
    submit_response(wave=wave, answers=answers(wave, person), by=person, now=NOW)
    after = everything()
    assert {table: after[table] - before[table] for table in after if after[table] != before[table]} == {
        "surveys_response": 1
    }
    assert wave.tickets.get(person=person).answered


def test_an_answer_logs_nothing(coordinator, caplog):
    wave = opened(coordinator)
    person = people(wave)[0]
    with caplog.at_level("DEBUG"):
        caplog.clear()
        submit_response(wave=wave, answers=answers(wave, person), by=person, now=NOW)
    assert [record for record in caplog.records if record.name != "django.db.backends"] == []


def test_a_response_holds_the_three_attributes_and_no_person(coordinator):
    wave = opened(coordinator)
    person = next(one for one in people(wave) if is_mentor(wave, one))
    person.profile.service_start = date(2018, 1, 1)
    person.profile.save()
    submit_response(wave=wave, answers=answers(wave, person), by=person, now=NOW)
    response = Response.objects.get()
    assert (response.role, response.unit_kind, response.tenure) == ("mentor", "branch", "3-to-9")
    assert {field.name for field in Response._meta.get_fields()} == {
        "id", "wave", "role", "unit_kind", "tenure", "answers",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("since", "tenure"),
    [(None, ""), (date(2024, 3, 1), "under-3"), (date(2024, 1, 1), "3-to-9"), (date(2010, 1, 1), "10-or-more")],
)
def test_years_at_the_library_are_kept_in_three_bands(coordinator, since, tenure):
    wave = opened(coordinator)
    person = people(wave)[0]
    person.profile.service_start = since
    person.profile.save()
    submit_response(wave=wave, answers=answers(wave, person), by=person, now=NOW)
    assert Response.objects.get().tenure == tenure


def test_a_second_answer_of_the_same_person_is_refused(coordinator):
    wave = opened(coordinator)
    person = people(wave)[0]
    submit_response(wave=wave, answers=answers(wave, person, 5), by=person, now=NOW)
    with pytest.raises(AlreadyAnswered):
        submit_response(wave=wave, answers=answers(wave, person, 1), by=person, now=NOW)
    assert [response.answers["growth"] for response in Response.objects.all()] == [5]


def test_nobody_answers_without_an_invitation_or_after_the_close(coordinator, stranger):
    wave = opened(coordinator)
    with pytest.raises(NotInvited):
        submit_response(wave=wave, answers={"growth": 3}, by=stranger, now=NOW)
    person = people(wave)[0]
    with pytest.raises(SurveyClosed):
        submit_response(wave=wave, answers=answers(wave, person), by=person, now=wave.closes_at)
    close_wave(wave=wave, by=coordinator, now=NOW)
    with pytest.raises(SurveyClosed):
        submit_response(wave=wave, answers=answers(wave, person), by=person, now=NOW)
    assert Response.objects.count() == 0


def test_answers_are_checked_and_a_mentee_is_asked_no_skills(coordinator):
    wave = opened(coordinator)
    mentee = next(one for one in people(wave) if not is_mentor(wave, one))
    for wrong in ({}, {"growth": 6}, {"growth": 4, "skill-listening": 5}, {"growth": 4, "other": 1}):
        with pytest.raises(AnswersError):
            submit_response(wave=wave, answers=wrong, by=mentee, now=NOW)
    assert not wave.tickets.get(person=mentee).answered
    mentor = next(one for one in people(wave) if is_mentor(wave, one))
    with pytest.raises(AnswersError):
        submit_response(wave=wave, answers={"growth": 4}, by=mentor, now=NOW)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"comment_helped": "Time", "consent_helped": "role"}, {"comment-helped": "Time", "consent-helped": "role"}),
        ({"comment_helped": "Time", "consent_helped": "no"}, {}),
        ({"comment_helped": "Time"}, {}),
        ({"consent_helped": "anonymous"}, {}),
    ],
)
def test_a_comment_without_consent_is_not_kept(coordinator, given, kept):
    wave = opened(coordinator)
    person = next(one for one in people(wave) if not is_mentor(wave, one))
    submit_response(wave=wave, answers=answers(wave, person, **given), by=person, now=NOW)
    assert Response.objects.get().answers == {"growth": 4, **kept}


def test_the_close_keeps_every_answer_under_a_new_key_and_cuts_the_comments_off(coordinator):
    wave = opened(coordinator, pairs=6)
    answer_all(wave, [5, 4, 3, 2, 1, 5, 4, 3, 2, 1], comment_helped="Our talks", consent_helped="role")
    before = {response.pk for response in Response.objects.all()}, {ticket.pk for ticket in Ticket.objects.all()}
    who = sorted(Ticket.objects.values_list("person", "answered"))
    wave = close_wave(wave=wave, by=coordinator, now=AFTER)
    after = {response.pk for response in Response.objects.all()}, {ticket.pk for ticket in Ticket.objects.all()}
    assert before[0].isdisjoint(after[0])
    assert before[1].isdisjoint(after[1])
    assert sorted(Ticket.objects.values_list("person", "answered")) == who
    assert sorted(response.answers["growth"] for response in Response.objects.all()) == sorted([5, 4, 3, 2, 1] * 2)
    assert {key for response in Response.objects.all() for key in response.answers} == {"growth", "skill-listening"}
    assert (
        sorted(Comment.objects.values_list("text", "role"))
        == [("Our talks", "mentee")] * 5 + [("Our talks", "mentor")] * 5
    )
    assert (wave.state, wave.invited, wave.submitted) == ("closed", 12, 10)
    assert [job.kind for job in Job.objects.all()] == ["survey-cleaning"]


def test_comments_of_fewer_than_ten_people_are_deleted_unread(coordinator):
    closed(coordinator, [4] * 9, pairs=6, comment_helped="Our talks", consent_helped="anonymous")
    assert Comment.objects.count() == 0
    assert {key for response in Response.objects.all() for key in response.answers} == {"growth", "skill-listening"}


def test_a_survey_is_closed_once(coordinator):
    wave = closed(coordinator, [4])
    with pytest.raises(IllegalMove):
        close_wave(wave=wave, by=coordinator, now=AFTER)


def test_nothing_is_read_before_the_close_and_before_the_publication(coordinator):
    wave = opened(coordinator)
    answer_all(wave, [4] * 6)
    assert results(wave.season) is None
    with pytest.raises(IllegalMove):
        publish_release(wave=wave, by=coordinator, now=NOW)
    wave = close_wave(wave=wave, by=coordinator, now=AFTER)
    assert results(wave.season) is None
    publish_release(wave=wave, by=coordinator, now=AFTER)
    assert results(wave.season).growth == Agreement(100, 6)


def test_the_release_has_agreement_with_n_and_the_response_rate_beside_it(coordinator):
    wave = published(coordinator, [5, 4, 3, 2, 1, 5, "na"], pairs=5)
    found = results(wave.season)
    assert (found.growth, found.response_percent, found.submitted, found.invited) == (Agreement(50, 6), 70, 7, 10)
    assert found.figures["statements"]["growth"]["points"] == {"1": 1, "2": 1, "3": 1, "4": 1, "5": 2}
    with translation.override("es"):
        assert found.title("growth") == "Pregunta growth"
        assert found.definition("n") != found.figures["definitions"]["n"]["en"]


def test_seven_people_are_told_totals_only(coordinator):
    wave = published(coordinator, [5, 4, 3, 2, 1, 5, 4], pairs=4)
    found = results(wave.season).figures
    assert found["statements"]["growth"]["agreement_percent"] == 57
    assert found["statements"]["growth"]["breakdowns"] == {}
    assert found["statements"]["skill-listening"] is None
    assert found["groups"] == {"role": {}, "tenure": {}, "unit_kind": {}}


def test_of_four_people_nothing_but_the_response_rate_is_told(coordinator):
    found = results(published(coordinator, [5, 4, 3, 2], pairs=4).season)
    assert (found.growth, found.response_percent) == (None, 50)
    assert set(found.figures["statements"].values()) == {None}
    assert set(found.figures["choices"].values()) == {None}


def test_a_release_never_changes_and_there_is_one(coordinator):
    wave = published(coordinator, [4] * 6)
    with pytest.raises(IllegalMove):
        publish_release(wave=wave, by=coordinator, now=AFTER)
    release = Release.objects.get()
    for change in (release.save, release.delete):
        with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_later_edits_of_lists_change_nothing_in_a_release(coordinator):
    wave = published(coordinator, [5, 1] * 6, pairs=6)
    before = results(wave.season).figures["group_titles"]["unit_kind"]
    person = people(wave)[0]
    person.profile.unit.kind.title_en = "Renamed"
    person.profile.unit.kind.save()
    assert results(wave.season).figures["group_titles"]["unit_kind"] == before


def test_a_comment_is_published_alone_by_a_coordinator(coordinator):
    wave = published(coordinator, [5, 1] * 6, pairs=6, comment_helped="Our talks", consent_helped="role")
    first, second = Comment.objects.filter(role="mentor")[:2]
    assert results(wave.season).comments == []
    release_comment(comment=first, by=coordinator, now=AFTER)
    withhold_comment(comment=second, by=coordinator, now=AFTER)
    assert [(comment.text, comment.role) for comment in results(wave.season).comments] == [("Our talks", "mentor")]
    withhold_comment(comment=first, by=coordinator, now=AFTER)
    assert results(wave.season).comments == []
    verbs = AuditEntry.objects.filter(label="surveys.comment").values_list("verb", flat=True)
    assert sorted(verbs) == ["release-comment", "withhold-comment", "withhold-comment"]


def test_a_role_that_the_figures_hide_is_not_told_by_a_comment(coordinator):
    season = season_of(0)
    mentor = MentorFactory(season=season)
    for _number in range(11):
        PartnershipFactory(season=season, pair=(MenteeFactory(season=season), mentor))
    wave = opened(coordinator, season=season)
    answer_all(wave, [5, 1] * 6, comment_helped="Our talks", consent_helped="role")
    wave = close_wave(wave=wave, by=coordinator, now=AFTER)
    publish_release(wave=wave, by=coordinator, now=AFTER)
    for comment in Comment.objects.all():
        release_comment(comment=comment, by=coordinator, now=AFTER)
    assert {comment.role for comment in results(season).comments} == {""}


def test_comments_wait_for_the_publication_and_for_ten_people(coordinator):
    wave = closed(coordinator, [5, 1] * 5, pairs=6, comment_helped="Our talks", consent_helped="role")
    comment = Comment.objects.first()
    with pytest.raises(Comment.DoesNotExist):
        release_comment(comment=comment, by=coordinator, now=AFTER)
    publish_release(wave=wave, by=coordinator, now=AFTER)
    Wave.objects.filter(pk=wave.pk).update(submitted=9)
    with pytest.raises(TooFewForComments):
        release_comment(comment=comment, by=coordinator, now=AFTER)


def test_with_an_archived_season_go_tickets_and_answers_and_the_release_stays(coordinator):
    wave = published(coordinator, [5, 1] * 6, pairs=6, comment_helped="Our talks", consent_helped="role")
    release_comment(comment=Comment.objects.first(), by=coordinator, now=AFTER)
    archive_season(season=wave.season, by=coordinator, now=NOW + timedelta(days=400))
    assert (Ticket.objects.count(), Response.objects.count(), Comment.objects.count()) == (0, 0, 1)
    assert results(wave.season).growth == Agreement(50, 12)


def test_archiving_closes_an_open_survey_and_leaves_its_answers_to_be_published(coordinator):
    wave = opened(coordinator, now=NOW + timedelta(days=390))
    answer_all(wave, [4] * 6, now=NOW + timedelta(days=391))
    archive_season(season=wave.season, by=coordinator, now=NOW + timedelta(days=400))
    wave.refresh_from_db()
    assert (wave.state, wave.invited, Ticket.objects.count(), Response.objects.count()) == ("closed", 6, 0, 6)
    publish_release(wave=wave, by=coordinator, now=NOW + timedelta(days=401))
    assert results(wave.season).response_percent == 100


def test_somebody_who_left_the_library_still_counts_as_invited(coordinator, administrator):
    season = season_of(3)
    gone = season.partnerships.first().memberships.first().person
    deactivate_person(person=gone, by=administrator, now=NOW)
    wave = opened(coordinator, season=season)
    answer_all(wave, [])
    assert close_wave(wave=wave, by=coordinator, now=AFTER).invited == 6


def test_somebody_with_two_roles_answers_as_a_mentor(coordinator):
    season = season_of(0)
    both = UserFactory()
    PartnershipFactory(
        season=season, pair=(MenteeFactory(season=season, applicant=both), MentorFactory(season=season))
    )
    PartnershipFactory(
        season=season, pair=(MenteeFactory(season=season), MentorFactory(season=season, applicant=both))
    )
    wave = opened(coordinator, season=season)
    submit_response(wave=wave, answers=answers(wave, both), by=both, now=NOW)
    assert Response.objects.get().role == "mentor"
