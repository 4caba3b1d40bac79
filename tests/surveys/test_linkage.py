"""Whether anything in the database leads from a response to the person who sent it; and pressing twice at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from django.db import connection, connections

from mentorship.jobs.models import Job
from mentorship.jobs.services import run_job
from mentorship.partnerships.models import Membership, Partnership
from mentorship.people.models import User
from surveys import cleaning
from surveys.models import Response, Ticket, Wave
from surveys.services import AlreadyAnswered, close_wave, closing, submit_response
from tests.factories import NOW, QuestionFactory, QuestionnaireFactory, SeasonFactory, UserFactory
from tests.surveys.cast import AFTER

PEOPLE, SEASONS, PRESSES = 67, 20, 12
# What somebody with a copy of the database can put rows in order by.
ORDERS = ("xmin::text::bigint, ctid", "ctid", "id", "xmax::text::bigint, ctid", "cmin::text::bigint, ctid", "")


@pytest.fixture
def wave(transactional_db):
    """An open survey of 67 mentees that asks for nothing but a number, by which the test knows who is who."""
    questionnaire = QuestionnaireFactory(slug="end-of-season")
    QuestionFactory(questionnaire=questionnaire, key="number", kind="number")
    season, by = SeasonFactory(announced_at=NOW), UserFactory(roles=["coordinator"])
    people = User.objects.bulk_create(
        User(employee_number=f"{700_000 + number}", given_name=str(number), email=None) for number in range(PEOPLE)
    )
    pairs = Partnership.objects.bulk_create(
        Partnership(season=season, state="announced", approved_at=NOW, approved_by=by) for _person in people
    )
    Membership.objects.bulk_create(
        Membership(partnership=pair, person=person, season=season, kind="pair", role="mentee", joined_at=NOW)
        for pair, person in zip(pairs, people, strict=True)
    )
    return Wave.objects.create(season=season, questionnaire=questionnaire, opened_at=NOW, closes_at=AFTER)


def a_season(wave: Wave, dice: random.Random) -> Wave:
    """Everybody is invited and answers with their number, in an order that only `dice` knows; then it is closed."""
    Response.objects.all().delete()
    Ticket.objects.all().delete()
    Wave.objects.filter(pk=wave.pk).update(state="open")
    people = list(User.objects.filter(employee_number__startswith="7"))
    dice.shuffle(people)
    Ticket.objects.bulk_create(Ticket(wave=wave, person=person) for person in people)
    dice.shuffle(people)
    for person in people:
        submit_response(wave=wave, answers={"number": int(person.given_name)}, by=person, now=NOW)
    return close_wave(wave=wave, by=None, now=AFTER)


def linked(order: str) -> int:
    """How many people are found by laying tickets and responses side by side in an order; 1 is chance."""
    by_order = f"ORDER BY {order}" if order else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT person_id FROM surveys_ticket WHERE answered {by_order}")
        tickets = [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT (answers->>'number')::int FROM surveys_response {by_order}")
        responses = [row[0] for row in cursor.fetchall()]
    names = dict(User.objects.values_list("pk", "given_name"))
    assert len(tickets) == len(responses) == PEOPLE
    return sum(names[person] == str(number) for person, number in zip(tickets, responses, strict=True))


def test_after_the_close_nothing_leads_from_a_response_to_a_person(wave):
    dice = random.Random(20)
    found = dict.fromkeys(ORDERS, 0)
    for _season in range(SEASONS):
        a_season(wave, dice)
        for order in ORDERS:
            found[order] += linked(order)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM surveys_ticket")
            assert cursor.fetchone() == (1,)
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM surveys_response")
            assert cursor.fetchone() == (1,)
    # Chance finds one a season, with a variance of one: 45 of 20 expected is more than five deviations away.
    assert {order: count for order, count in found.items() if count > SEASONS + 25} == {}


def test_control_without_the_rewrite_everybody_is_found(wave, monkeypatch):
    monkeypatch.setattr(closing, "rewrite_responses", lambda wave: wave.responses.count())
    monkeypatch.setattr(closing, "rewrite_tickets", lambda wave: wave.tickets.count())
    a_season(wave, random.Random(1))
    assert linked("xmin::text::bigint, ctid") == PEOPLE


def test_control_with_new_keys_in_the_old_order_everybody_is_found(wave, monkeypatch):
    class AsTheyCame:
        def shuffle(self, rows):
            if not rows:
                return
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id FROM {rows[0]._meta.db_table} ORDER BY xmin::text::bigint, ctid")
                places = {key: place for place, (key,) in enumerate(cursor.fetchall())}
            rows.sort(key=lambda row: places[row.pk])

    monkeypatch.setattr(closing, "_random", AsTheyCame())
    a_season(wave, random.Random(2))
    assert linked("ctid") == PEOPLE


def test_the_job_after_the_close_vacuums_both_tables(wave):
    def vacuums():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT relname, vacuum_count FROM pg_stat_user_tables"
                " WHERE relname IN ('surveys_response', 'surveys_ticket')"
            )
            return dict(cursor.fetchall())

    a_season(wave, random.Random(3))
    before = vacuums()
    job = run_job(job_id=Job.objects.get().pk, now=AFTER)
    assert (job.state, job.error) == ("done", "")
    assert {table: count - before[table] for table, count in vacuums().items()} == {
        "surveys_response": 1,
        "surveys_ticket": 1,
    }


def test_the_job_says_so_where_the_program_may_not_vacuum(wave):
    close_wave(wave=_opened(wave), by=None, now=AFTER)
    with connection.cursor() as cursor:
        cursor.execute("GRANT pg_read_all_data, pg_write_all_data TO CURRENT_USER; SET ROLE pg_read_all_data")
    try:
        with pytest.raises(cleaning.JobFailed):
            cleaning.vacuum("surveys_ticket")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def _opened(wave: Wave) -> Wave:
    Wave.objects.filter(pk=wave.pk).update(state="open")
    return wave


def test_however_often_the_button_is_pressed_at_once_one_response_is_kept(wave):
    _opened(wave)
    person = User.objects.get(employee_number="700000")
    Ticket.objects.create(wave=wave, person=person)
    start, refused = Barrier(PRESSES), []

    def press(number):
        try:
            start.wait()
            with suppress(AlreadyAnswered):
                submit_response(wave=wave, answers={"number": number}, by=person, now=NOW)
                return
            refused.append(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PRESSES) as threads:
        list(threads.map(press, range(PRESSES)))
    assert (Response.objects.count(), len(refused)) == (1, PRESSES - 1)


def test_no_answer_arrives_in_the_middle_of_the_close(wave):
    _opened(wave)
    people = list(User.objects.filter(employee_number__startswith="7"))[:PRESSES]
    Ticket.objects.bulk_create(Ticket(wave=wave, person=person) for person in people)
    start = Barrier(PRESSES + 1)

    def press(person):
        try:
            start.wait()
            if person is None:
                close_wave(wave=wave, by=None, now=NOW)
            else:
                with suppress(Exception):
                    submit_response(wave=wave, answers={"number": 1}, by=person, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PRESSES + 1) as threads:
        list(threads.map(press, [*people, None]))
    wave.refresh_from_db()
    assert Response.objects.count() == wave.submitted == Ticket.objects.filter(answered=True).count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM surveys_response")
        assert cursor.fetchone()[0] <= 1
