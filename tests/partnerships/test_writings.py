"""The agreement, shared goals and notes: who reads them, and what stays of them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from mentorship.partnerships import services
from mentorship.partnerships.models import Agreement, CalendarFeed, PairGoal, PrivateNote, SharedNote
from mentorship.partnerships.retention import purge_writings
from mentorship.partnerships.services import NothingToAccept, NotTheirs, TooManyGoals
from mentorship.people import endings
from mentorship.records.models import AuditEntry
from mentorship.records.my_data import copy_of
from mentorship.seasons.models import Goal
from tests.factories import NOW, GoalFactory
from tests.partnerships.cast import announced, approved, person, planned, running

pytestmark = pytest.mark.django_db


def accept(pair, role="mentee", language="en"):
    return services.accept_agreement(partnership=pair, language=language, by=person(pair, role), now=NOW)


def test_each_member_accepts_the_text_as_it_stood_in_their_language(coordinator):
    pair = announced(coordinator, agreement_en="We meet monthly.", agreement_es="Nos vemos cada mes.")
    accept(pair)
    pair.season.agreement_en = "Something else."
    pair.season.save()
    accept(pair)
    accept(pair, "mentor", "es")
    assert set(Agreement.objects.values_list("membership__role", "text")) == {
        ("mentee", "We meet monthly."),
        ("mentor", "Nos vemos cada mes."),
    }


def test_what_was_accepted_is_never_rewritten(coordinator):
    accepted = accept(announced(coordinator, agreement_en="We meet monthly."))
    with pytest.raises(DatabaseError), transaction.atomic():
        Agreement.objects.filter(pk=accepted.pk).update(text="We meet daily.")


def test_nothing_is_accepted_where_the_season_has_no_text_or_nobody_was_told(coordinator):
    with pytest.raises(NothingToAccept):
        accept(announced(coordinator, agreement_en=" "))
    with pytest.raises(NotTheirs):
        accept(approved(coordinator))


def test_either_member_adds_moves_and_drops_goals(coordinator):
    pair = announced(coordinator)
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    goals = list(Goal.objects.all())
    services.add_goals(partnership=pair, goals=goals, by=mentee, now=NOW)
    services.add_goals(partnership=pair, goals=goals, by=mentor, now=NOW)
    own = services.add_own_goal(partnership=pair, words="Run a story time", by=mentor, now=NOW)
    services.set_progress(goal=own, progress="reached", by=mentee, now=NOW)
    assert [(goal.title, goal.progress) for goal in pair.goals.all()] == [
        ("Supervising", "not-started"),
        ("Run a story time", "reached"),
    ]
    services.remove_goal(goal=own, by=mentee, now=NOW)
    assert pair.goals.count() == 1


def test_nobody_else_changes_goals_and_nobody_has_too_many(coordinator, stranger):
    pair = announced(coordinator)
    for who in (coordinator, stranger):
        with pytest.raises(NotTheirs):
            services.add_own_goal(partnership=pair, words="Mine", by=who, now=NOW)
    with pytest.raises(TooManyGoals):
        services.add_goals(
            partnership=pair,
            goals=[GoalFactory() for _n in range(services.MOST_GOALS + 1)],
            by=person(pair, "mentee"),
            now=NOW,
        )


def write(pair, role, text, *, shared, **more):
    return services.write_note(partnership=pair, text=text, shared=shared, by=person(pair, role), now=NOW, **more)


def test_shared_notes_are_the_members_and_private_ones_their_owners_alone(coordinator, administrator, stranger):
    pair = announced(coordinator)
    write(pair, "mentee", "for both", shared=True)
    write(pair, "mentee", "for me", shared=False)
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    people = (mentee, mentor, coordinator, administrator, stranger)
    seen = {
        who: (SharedNote.objects.visible_to(who).count(), PrivateNote.objects.visible_to(who).count())
        for who in people
    }
    assert list(seen.values()) == [(1, 1), (1, 0), (0, 0), (0, 0), (0, 0)]


def test_notes_are_stored_encrypted_and_leave_no_trace_in_the_audit(coordinator):
    pair = announced(coordinator)
    before = AuditEntry.objects.count()
    note = write(pair, "mentee", "zebra", shared=False, meeting=planned(pair))
    assert AuditEntry.objects.count() == before + 1  # the meeting's
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM partnerships_privatenote")
        assert b"zebra" not in bytes(cursor.fetchone()[0])
    assert PrivateNote.objects.get(pk=note.pk).text == "zebra"


def test_one_removes_ones_own_notes_alone(coordinator):
    pair = announced(coordinator)
    note = write(pair, "mentee", "for both", shared=True)
    with pytest.raises(NotTheirs):
        services.remove_note(note=note, by=person(pair, "mentor"), now=NOW)
    services.remove_note(note=note, by=person(pair, "mentee"), now=NOW)
    assert SharedNote.objects.count() == 0


def test_a_note_is_never_about_another_pairs_meeting(coordinator):
    pair, other = announced(coordinator), announced(coordinator)
    with pytest.raises(NotTheirs):
        write(pair, "mentee", "x", shared=True, meeting=planned(other))


def test_archiving_deletes_what_the_members_alone_could_read(coordinator):
    pair = running(coordinator)
    write(pair, "mentee", "for both", shared=True)
    write(pair, "mentor", "for me", shared=False)
    services.add_own_goal(partnership=pair, words="Ours", by=person(pair, "mentee"), now=NOW)
    meeting = planned(pair, starts_at=NOW + timedelta(days=9), link="https://video.example/x")
    purge_writings(pair.season, NOW)
    meeting.refresh_from_db()
    counts = [model.objects.count() for model in (SharedNote, PrivateNote, PairGoal)]
    assert (counts, meeting.link, pair.meetings.count()) == ([0, 0, 0], "", 2)
    pair.refresh_from_db()
    assert (pair.fit, pair.reasons) == (None, {})


def test_my_data_shows_a_partner_neither_private_notes_nor_wishes(coordinator):
    pair = running(coordinator)
    write(pair, "mentee", "for me", shared=False)
    services.wish_change(partnership=pair, by=person(pair, "mentee"), now=NOW)
    kinds = {"partnerships.privatenote", "partnerships.changewish"}
    assert kinds <= set(copy_of(person(pair, "mentee")))
    assert not kinds & set(copy_of(person(pair, "mentor")))


def test_a_calendar_address_opens_for_its_owner_until_a_new_one_is_made_or_they_leave(coordinator, member):
    first = services.make_feed(by=member, now=NOW)
    second = services.make_feed(by=member, now=NOW)
    assert (services.person_behind(first), services.person_behind(second)) == (None, member)
    assert second not in str(list(CalendarFeed.objects.values()))
    endings.end_all(member, NOW)
    assert services.person_behind(second) is None
