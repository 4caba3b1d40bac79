"""Approvals and changes at once: no mentor has too many mentees, and of two that conflict one is done."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection, connections

from matching import services as services_of_matching
from matching.engine import NotPossible
from matching.models import Adjustment, Proposal
from matching.services import Change, adjusting
from mentorship.applications.models import Application
from mentorship.partnerships import places, services
from mentorship.partnerships.models import Membership, MentorPlaces, Partnership
from mentorship.partnerships.services import PairDraft
from mentorship.people.models import Profile, User
from tests.factories import NOW, SeasonFactory, UserFactory
from tests.matching.cast import pool, run_matching

THREADS = 20
MENTEES, MENTORS = 150, 100
ATTEMPTS, AT_A_TIME = 200, 5


@pytest.fixture
def crowd(transactional_db):
    """150 mentees and 100 mentors with one or two places each, and a coordinator."""
    season = SeasonFactory()

    def people(count, role, number):
        users = User.objects.bulk_create(
            User(employee_number=f"{number + n}", given_name=role, email=None) for n in range(count)
        )
        Profile.objects.bulk_create(Profile(user=user) for user in users)
        return Application.objects.bulk_create(
            Application(
                season=season, applicant=user, role=role, state="eligible", submitted_at=NOW, capacity=1 + n % 2
            )
            for n, user in enumerate(users)
        )

    return people(MENTEES, "mentee", 500_000), people(MENTORS, "mentor", 600_000), UserFactory(roles=["coordinator"])


def approve_at_once(crowd, seed):
    """200 approvals of random pairs in 40 requests, by threads that start together; returns how many were made."""
    mentees, mentors, by = crowd
    rng = random.Random(seed)
    # Everybody is after half of the mentors, so that approvals meet.
    wanted = mentors[: MENTORS // 2]
    drafts = [PairDraft(rng.choice(mentees).pk, rng.choice(wanted).pk, 50, {}) for _ in range(ATTEMPTS)]
    start = Barrier(THREADS)

    def work(hand):
        close_old_connections()
        start.wait()
        made = 0
        try:
            for request in hand:
                try:
                    made += len(services.approve_pairs(drafts=request, by=by, now=NOW).made)
                except places.Busy:
                    continue
        finally:
            connections.close_all()
        return made

    by.role_set()
    requests = [drafts[n : n + AT_A_TIME] for n in range(0, ATTEMPTS, AT_A_TIME)]
    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(work, [requests[n::THREADS] for n in range(THREADS)]))


def oversubscribed():
    capacity = dict(MentorPlaces.objects.values_list("application", "capacity"))
    loads = Counter(Membership.objects.filter(role="mentor", active=True).values_list("application", flat=True))
    return sum(1 for mentor, load in loads.items() if load > capacity[mentor])


def doubly_matched():
    loads = Counter(Membership.objects.filter(role="mentee", active=True).values_list("application", flat=True))
    return sum(1 for load in loads.values() if load > 1)


def wipe():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM partnerships_membership")
        cursor.execute("DELETE FROM partnerships_partnership")
        cursor.execute("DELETE FROM partnerships_mentorplaces")


@pytest.mark.django_db(transaction=True)
def test_no_seed_of_twenty_gives_a_mentor_too_many_or_a_mentee_two(crowd):
    found = []
    for seed in range(20):
        made = approve_at_once(crowd, seed)
        taken = sum(MentorPlaces.objects.values_list("taken", flat=True))
        found.append((oversubscribed(), doubly_matched(), made - taken, made - Partnership.objects.count()))
        assert made > 40
        wipe()
    assert found == [(0, 0, 0, 0)] * 20


@pytest.mark.django_db(transaction=True)
def test_control_reading_the_places_without_a_lock_gives_some_mentors_too_many(crowd, monkeypatch):
    def unlocked(mentors):
        mentors = list(mentors)
        MentorPlaces.objects.bulk_create(
            [MentorPlaces(application=row, capacity=places.capacity_of(row)) for row in mentors],
            ignore_conflicts=True,
        )
        return {row.application_id: row for row in MentorPlaces.objects.filter(application__in=mentors)}

    def written_from_what_was_read(rows, taken):
        for row in rows:
            MentorPlaces.objects.filter(pk=row.pk).update(taken=row.taken + taken[row.application_id])

    monkeypatch.setattr(places, "lock", unlocked)
    monkeypatch.setattr(places, "take", written_from_what_was_read)
    wrong = 0
    for seed in range(2):
        approve_at_once(crowd, seed)
        wrong += oversubscribed()
        wipe()
    assert wrong > 0


@pytest.fixture
def two_at_once(transactional_db):
    """A run of four pairs, each mentor good for each mentee, and two coordinators."""
    season, mentees, _mentors = pool(4, 4)
    by = [UserFactory(roles=["coordinator"]) for _ in range(2)]
    for one in by:
        one.role_set()
    run = run_matching(season, by[0])
    has = dict(Proposal.objects.filter(run=run).values_list("mentee", "mentor"))
    return run, mentees, has, by


def change_at_once(run, changes):
    """Each (coordinator, change) previewed before any is done, then all at the same moment; what came of each."""
    shown = [
        (by, change, services_of_matching.preview_change(run=run, change=change, by=by)) for by, change in changes
    ]
    start = Barrier(len(changes))

    def work(each):
        by, change, preview = each
        close_old_connections()
        start.wait()
        try:
            services_of_matching.apply_change(run=run, change=change, fingerprint=preview.fingerprint, by=by, now=NOW)
        except (services_of_matching.Outdated, NotPossible, places.Busy) as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(changes)) as threads:
        return sorted(threads.map(work, shown))


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_to_the_same_people_one_is_done_and_the_other_is_told(two_at_once):
    run, mentees, has, (one, other) = two_at_once
    # Both want the third mentee's mentor, for two different mentees.
    wanted = has[mentees[2].pk]
    came = change_at_once(
        run,
        [
            (one, Change("instead", mentee=mentees[0].pk, mentor=wanted)),
            (other, Change("instead", mentee=mentees[1].pk, mentor=wanted)),
        ],
    )
    assert came.count("done") == 1
    adjustment = Adjustment.objects.get()
    # What was done is whole, and everything else is as it was: nobody has two, nobody has lost anybody.
    after = dict(Proposal.objects.filter(run=run).values_list("mentee", "mentor"))
    moved = dict(adjustment.moves.values_list("mentee", "after"))
    assert after == has | moved
    assert sorted(after.values(), key=str) == sorted(has.values(), key=str)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_locks_both_are_done_and_a_mentor_has_two(two_at_once, monkeypatch):
    run, mentees, has, (one, other) = two_at_once
    reads = Barrier(2)
    preview_change = adjusting.preview_change

    def together(**named):
        found = preview_change(**named)
        reads.wait()
        return found

    wanted = has[mentees[2].pk]
    changes = [
        (one, Change("instead", mentee=mentees[0].pk, mentor=wanted)),
        (other, Change("instead", mentee=mentees[1].pk, mentor=wanted)),
    ]
    monkeypatch.setattr(adjusting, "hold_lines", lambda run: None)
    monkeypatch.setattr(adjusting, "preview_change", together)
    assert change_at_once(run, changes).count("done") == 2
    assert Proposal.objects.filter(run=run, mentor=wanted).count() == 2


@pytest.mark.django_db(transaction=True)
def test_changes_to_different_people_are_both_done_one_after_the_other(two_at_once):
    run, mentees, has, (one, other) = two_at_once
    came = change_at_once(
        run,
        [
            (one, Change("swap", mentee=mentees[0].pk, other=mentees[1].pk)),
            (other, Change("swap", mentee=mentees[2].pk, other=mentees[3].pk)),
        ],
    )
    assert came == ["done", "done"]
    after = dict(Proposal.objects.filter(run=run).values_list("mentee", "mentor"))
    assert after == {
        mentees[0].pk: has[mentees[1].pk],
        mentees[1].pk: has[mentees[0].pk],
        mentees[2].pk: has[mentees[3].pk],
        mentees[3].pk: has[mentees[2].pk],
    }


@pytest.mark.django_db(transaction=True)
def test_a_change_and_an_approval_of_the_same_pair_do_not_both_happen(two_at_once):
    run, mentees, has, (one, other) = two_at_once
    change = Change("swap", mentee=mentees[0].pk, other=mentees[1].pk)
    shown = services_of_matching.preview_change(run=run, change=change, by=one).fingerprint
    line = Proposal.objects.get(run=run, mentee=mentees[1])
    start = Barrier(2)

    def approve():
        start.wait()
        try:
            services_of_matching.approve_proposals(run=run, proposals=[line.pk], by=other, now=NOW)
        finally:
            connections.close_all()

    def swap():
        start.wait()
        try:
            services_of_matching.apply_change(run=run, change=change, fingerprint=shown, by=one, now=NOW)
        except (services_of_matching.Outdated, NotPossible):
            return
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda each: each(), [approve, swap]))
    # Whoever comes second does nothing, and no pair is approved but the one that the line says.
    line.refresh_from_db()
    partners = set(Membership.objects.filter(active=True).values_list("role", "application"))
    approved = {("mentee", line.mentee_id), ("mentor", line.mentor_id)}
    assert (partners, line.mentor_id, Adjustment.objects.count()) in [
        (approved, has[line.mentee_id], 0),
        (set(), has[mentees[0].pk], 1),
    ]
    assert len(set(Proposal.objects.filter(run=run).values_list("mentor", flat=True))) == 4
