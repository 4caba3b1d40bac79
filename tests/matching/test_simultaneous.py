"""Two hundred approvals at once, five to a request: with the lock no mentor has too many mentees."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection, connections

from mentorship.applications.models import Application
from mentorship.partnerships import places, services
from mentorship.partnerships.models import Membership, MentorPlaces, Partnership
from mentorship.partnerships.services import PairDraft
from mentorship.people.models import Profile, User
from tests.factories import NOW, SeasonFactory, UserFactory

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
