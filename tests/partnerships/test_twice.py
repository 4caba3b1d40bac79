"""What is sent twice is there once: a double click, the same from both phones, and a day that is logged already."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from threading import Barrier

import pytest
from django.db import close_old_connections, connections
from django.urls import reverse

from mentorship.partnerships import services
from mentorship.partnerships.helping.services import ask_for_help, write_back
from mentorship.partnerships.messages.meetings import LOG_MEETING
from mentorship.partnerships.models import HelpCase, HelpMessage, Meeting, PrivateNote, SharedNote
from mentorship.partnerships.services import AlreadyLogged, Plan
from mentorship.partnerships.services.repeats import REPEATED_FOR
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery, MailToken
from tests.factories import NOW, UserFactory
from tests.partnerships.cast import announced, person

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LATER = NOW + 3 * DAY


def log(pair, *, by="mentee", now=LATER, known=0, minutes=60, **more):
    given = {"starts_at": now - 2 * HOUR, "minutes": minutes, "mode": "video", "known": known, **more}
    return services.log_unplanned_meeting(partnership=pair, by=person(pair, by), now=now, **given)


def plan(pair, *, by="mentee", now=LATER, minutes=45, starts_at=LATER + DAY):
    return services.plan_meeting(partnership=pair, plan=Plan(starts_at, minutes), by=person(pair, by), now=now)


def write(pair, *, by="mentee", now=LATER, text="Ask about pay", shared=True):
    return services.write_note(partnership=pair, text=text, shared=shared, by=person(pair, by), now=now)


def ask(pair, *, by="mentee", now=LATER, words="We don't fit."):
    member = pair.memberships.get(role=by)
    given = {"topic": "match", "about_partner": True, "kept_from": None}
    return ask_for_help(membership=member, by=member.person, words=words, now=now, **given)


ACTS = {"log": (log, Meeting), "plan": (plan, Meeting), "note": (write, SharedNote), "help": (ask, HelpCase)}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
def test_what_is_sent_twice_leads_to_the_row_that_is_there(coordinator, act):
    make, model = ACTS[act]
    pair = announced(coordinator)
    first = make(pair)
    told, audited = Delivery.objects.count(), AuditEntry.objects.count()
    assert make(pair, now=LATER + MINUTE) == first
    assert (model.objects.count(), Delivery.objects.count(), AuditEntry.objects.count()) == (1, told, audited)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ACTS)
def test_of_two_that_are_sent_at_once_one_is_kept(act):
    make, model = ACTS[act]
    pair = announced(UserFactory(roles=["coordinator"]))
    start = Barrier(4)

    def work(number):
        close_old_connections()
        start.wait()
        try:
            return make(pair, now=LATER + number * timedelta(seconds=1)).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        made = set(threads.map(work, range(4)))
    assert made == set(model.objects.values_list("pk", flat=True))
    assert len(made) == 1


@pytest.mark.django_db
def test_what_differs_or_comes_from_somebody_else_or_later_is_no_repeat(coordinator):
    pair = announced(coordinator)
    for change in ({}, {"text": "Ask about hours"}, {"by": "mentor"}, {"now": LATER + REPEATED_FOR}):
        write(pair, **change)
    assert SharedNote.objects.count() == 4
    write(pair, shared=False)
    assert PrivateNote.objects.count() == 1
    for change in ({}, {"words": "Something else"}, {"by": "mentor"}, {"now": LATER + REPEATED_FOR}):
        ask(pair, **change)
    assert HelpCase.objects.count() == 4
    for change in ({}, {"minutes": 30}, {"starts_at": LATER + 2 * DAY}):
        plan(pair, **change)
    assert Meeting.objects.count() == 3


@pytest.mark.django_db
def test_the_same_plan_from_both_is_one_meeting(coordinator):
    pair = announced(coordinator)
    assert plan(pair, by="mentor", now=LATER + HOUR) == plan(pair)


@pytest.mark.django_db
def test_what_is_written_back_twice_is_one_message(coordinator):
    case = ask(announced(coordinator))
    who = case.membership.person
    for number, words in enumerate(("More of it", "More of it", "And this", "More of it"), 1):
        write_back(case=case, words=words, by=who, now=LATER + number * MINUTE)
    assert HelpMessage.objects.count() == 4


@pytest.mark.django_db
def test_another_meeting_of_a_day_counts_once_it_is_known_to_be_another(coordinator):
    pair = announced(coordinator)
    first = log(pair)
    for change in ({"by": "mentor"}, {"minutes": 30}, {"now": LATER + REPEATED_FOR}):
        with pytest.raises(AlreadyLogged) as found:
            log(pair, **change)
        assert found.value.meetings == [first]
    second = log(pair, known=1)
    # Their double click, too, leads to what is there.
    assert log(pair, known=1) in {first, second}
    assert Meeting.objects.held().count() == 2
    log(pair, now=LATER + DAY)
    assert Meeting.objects.held().count() == 3


@pytest.mark.django_db
def test_the_page_says_what_the_partner_logged_and_asks(coordinator, sign_in, time_machine):
    pair = announced(coordinator)
    log(pair, by="mentor")
    time_machine.move_to(LATER)
    url = reverse("partnerships:log_unplanned", args=[pair.pk])
    client = sign_in(person(pair, "mentee"))
    day = f"{LATER:%Y-%m-%d}"
    there = [str(member.pk) for member in pair.memberships.all()]
    sent = {"day": day, "minutes": 45, "mode": "phone", "present": there, "answer": "held", "seen": ""}
    response = client.post(url, sent)
    page = unescape(response.content.decode()).replace("\xa0", " ")
    assert "On February 4 this is logged already: 60 minutes. Log another meeting?" in page
    assert ("Yes, log another meeting" in page, Meeting.objects.count()) == (True, 1)
    form = response.context["form"]
    assert (form["seen"].value(), form["minutes"].value(), set(form["present"].value())) == (
        f"{day} 1",
        "45",
        set(there),
    )
    # The answer is about that day alone.
    for seen in ("2027-02-03 1", f"{day} x", f"{day} ²", f"{day} 99999999999999999999"):
        assert client.post(url, {**sent, "seen": seen}).status_code == 200
    assert Meeting.objects.count() == 1
    for _click in range(2):
        assert client.post(url, {**sent, "seen": form["seen"].value()}).status_code == 302
    assert Meeting.objects.count() == 2


@pytest.mark.django_db
def test_a_planned_meeting_of_a_day_that_is_logged_already_asks_on_the_page_and_by_the_link(
    coordinator, sign_in, client, time_machine
):
    pair = announced(coordinator)
    meeting = plan(pair, now=NOW, starts_at=LATER - HOUR)
    log(pair, by="mentor")
    time_machine.move_to(LATER)
    secret = "x" * 32
    MailToken.objects.create(
        person=person(pair, "mentee"),
        purpose=LOG_MEETING,
        subject_id=meeting.pk,
        secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        expires_at=LATER + DAY,
    )
    there = [str(member.pk) for member in pair.memberships.all()]
    sent = {"minutes": 45, "present": there, "answer": "held", "seen": ""}
    for who, url in (
        (sign_in(person(pair, "mentee")), reverse("partnerships:log", args=[pair.pk, meeting.pk])),
        (client, reverse("partnerships:log_by_mail", args=[secret])),
    ):
        response = who.post(url, sent)
        page = unescape(response.content.decode()).replace("\xa0", " ")
        assert "On February 4 this is logged already: 60 minutes. Log another meeting?" in page
        assert ("Yes, log another meeting" in page, Meeting.objects.held().count()) == (True, 1)
    assert client.post(url, {**sent, "seen": response.context["form"]["seen"].value()}).status_code == 302
    assert Meeting.objects.held().count() == 2
