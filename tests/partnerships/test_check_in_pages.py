"""The pages of check-ins and of help: from home, from the mail without signing in, and in the admin."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.partnerships.checkins import asking
from mentorship.partnerships.helping.services import answer_case, take_case
from mentorship.partnerships.models import CheckIn, CoordinatorMessage, HelpCase, HelpMessage
from mentorship.reminders import links
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import render
from tests.factories import MentorFactory, UserFactory
from tests.partnerships.running import APRIL, asked, help_case, low, member, season_under_way, told_pair

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(APRIL, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pair(coordinator):
    return told_pair(coordinator)


def text_of(response):
    """A page's source, with plain spaces where its numbers are kept with their units."""
    assert response.status_code == 200, response.status_code
    return response.content.decode().replace("\xa0", " ")


def address(check_in):
    return reverse("partnerships:check_in", args=[check_in.pk])


def mailed(check_in):
    """The address of the button in the mail to the one who is asked."""
    asking.ask_due(APRIL)
    delivery = Delivery.objects.filter(rule="check-in", recipient=check_in.membership.person).first()
    if delivery is None:
        delivery = Delivery.objects.create(
            rule="check-in", recipient=check_in.membership.person, subject_id=check_in.pk, dedupe_key="asked",
            due_at=APRIL, made_at=APRIL,
        )  # fmt: skip
    with links.minting():
        mail = render(delivery)
    (url,) = [line for line in mail.text.splitlines() if "/check-in/link/" in line]
    return url.removeprefix("http://testserver")


class TestFromHome:
    def test_the_home_page_has_one_card_that_leads_to_the_question(self, pair, sign_in):
        check_in = asked(pair)
        client = sign_in(member(pair).person)
        home = text_of(client.get("/"))
        assert ("How is it going with Sam?" in home, address(check_in) in home) == (True, True)
        page = text_of(client.get(address(check_in)))
        for words in ("5 · Very well", "4 · Well", "3 · So-so", "2 · Not so well", "1 · Badly"):
            assert words in page
        thanks = text_of(client.post(address(check_in), {"going": "4", "note": "Good talks."}, follow=True))
        assert "Your check-in for April 2027 is saved" in thanks
        row = CheckIn.objects.get()
        assert (row.going, row.note, row.state) == (4, "Good talks.", "answered")
        assert address(check_in) not in text_of(client.get("/"))

    def test_it_can_be_changed_and_shows_what_was_said(self, pair, sign_in):
        check_in = asked(pair)
        client = sign_in(member(pair).person)
        client.post(address(check_in), {"going": "4", "note": "Good talks."})
        assert "Good talks." in text_of(client.get(f"{address(check_in)}?change"))

    def test_without_a_mark_nothing_is_saved_and_the_page_says_so(self, pair, sign_in):
        check_in = asked(pair)
        page = text_of(sign_in(member(pair).person).post(address(check_in), {"note": "Kept in the form."}))
        assert ("Error:" in page, "Kept in the form." in page) == (True, True)
        assert CheckIn.objects.get().state == "asked"

    def test_one_pair_follows_the_other(self, coordinator, sign_in):
        season = season_under_way()
        mentor = MentorFactory(season=season, applicant__given_name="Sam")
        rows = [asked(told_pair(season=season, mentor=mentor), "mentor") for _number in range(2)]
        client = sign_in(mentor.applicant)
        page = text_of(client.post(address(rows[0]), {"going": "5"}, follow=True))
        assert ("And how is it going with Rosa?" in page, address(rows[1]) in page) == (True, True)
        page = text_of(client.post(address(rows[1]), {"going": "5"}, follow=True))
        assert "And how is it going" not in page

    def test_a_low_mark_leads_to_help(self, pair, sign_in):
        client = sign_in(member(pair).person)
        page = text_of(client.post(address(asked(pair)), {"going": "1"}, follow=True))
        assert reverse("partnerships:ask_for_help", args=[pair.pk]) in page

    def test_the_fit_is_asked_of_those_who_have_met(self, pair, sign_in, clock):
        check_in = asked(pair)
        client = sign_in(member(pair).person)
        assert "a different match" in text_of(client.get(address(check_in)))
        pair.announced_at = APRIL - 20 * DAY
        pair.save()
        assert "a different match" not in text_of(client.get(address(check_in)))
        client.post(address(check_in), {"going": "4", "fit": "different"})
        assert CheckIn.objects.get().fit == ""

    @pytest.mark.parametrize("who", ["mentor", "stranger", "coordinator"])
    def test_nobody_else_opens_it(self, who, pair, sign_in, stranger, coordinator):
        check_in = asked(pair)
        people = {"mentor": member(pair, "mentor").person, "stranger": stranger, "coordinator": coordinator}
        client = sign_in(people[who])
        answers = [client.get(address(check_in)), client.post(address(check_in), {"going": "1"})]
        assert ([answer.status_code for answer in answers], CheckIn.objects.get().state) == ([404, 404], "asked")

    def test_last_months_is_gone(self, pair, sign_in, clock):
        check_in = asked(pair)
        clock.move_to(datetime.fromisoformat("2027-05-01T00:00:00-07:00"))
        client = sign_in(member(pair).person)
        assert client.get(address(check_in)).status_code == 404
        assert "How is it going" not in text_of(client.get("/"))


class TestFromTheMail:
    def test_get_shows_and_post_answers_without_signing_in(self, pair):
        check_in = asked(pair)
        url, client = mailed(check_in), Client()
        assert "How is it going with Sam?" in text_of(client.get(url))
        assert CheckIn.objects.get(pk=check_in.pk).state == "asked"
        thanks = text_of(client.post(url, {"going": "3", "wants_call": "on"}, follow=True))
        assert "Your check-in for April 2027 is saved" in thanks
        row = CheckIn.objects.get(pk=check_in.pk)
        assert (row.going, row.wants_call, "_auth_user_id" in client.session) == (3, True, False)

    def test_it_answers_again_until_the_month_is_over_and_then_no_more(self, pair, clock):
        check_in = asked(pair)
        url, client = mailed(check_in), Client()
        for mark in ("3", "5"):
            client.post(url, {"going": mark})
        assert CheckIn.objects.get(pk=check_in.pk).going == 5
        clock.move_to(datetime.fromisoformat("2027-04-30T23:59:00-07:00"))
        assert client.get(url).status_code == 200
        clock.move_to(datetime.fromisoformat("2027-05-01T00:00:00-07:00"))
        answers = [client.get(url), client.post(url, {"going": "1"})]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert CheckIn.objects.get(pk=check_in.pk).going == 5

    def test_what_was_said_before_is_not_shown_to_whoever_holds_the_link(self, pair, sign_in):
        check_in = asked(pair)
        url = mailed(check_in)
        sign_in(member(pair).person).post(address(check_in), {"going": "1", "note": "He never comes."})
        pages = [text_of(Client().get(link)) for link in (url, f"{url}?change", f"{url}?about={check_in.pk}&change")]
        assert [page for page in pages if "He never comes." in page or "checked" in page] == []

    def test_every_answer_is_thanked_for_in_the_same_words(self, pair):
        check_in = asked(pair)
        url, pages = mailed(check_in), []
        for answer in ({"going": "5"}, {"going": "1", "wants_call": "on", "fit": "different"}):
            page = text_of(Client().post(url, answer, follow=True))
            pages.append([line for line in page.splitlines() if "csrf" not in line])
        assert pages[0] == pages[1]

    def test_it_answers_for_its_own_person_alone(self, pair):
        mine, theirs = asked(pair), asked(pair, "mentor")
        Client().post(mailed(mine), {"going": "1", "about": str(theirs.pk)})
        assert [CheckIn.objects.get(pk=row.pk).going for row in (mine, theirs)] == [1, None]

    def test_a_guess_or_a_link_for_something_else_opens_nothing(self, pair):
        check_in = asked(pair)
        delivery = Delivery(rule="check-in", recipient=check_in.membership.person, due_at=APRIL)
        with links.minting():
            other = links.one_click(
                "partnerships:check_in_link", delivery=delivery, purpose="other", lifetime=DAY, subject_id=check_in.pk
            )
        for url in (other.removeprefix("http://testserver"), "/partnerships/check-in/link/a-guess"):
            assert (Client().get(url).status_code, Client().post(url, {"going": "1"}).status_code) == (404, 404)

    def test_it_speaks_the_persons_language(self, pair):
        person = member(pair).person
        person.language = "es"
        person.save()
        page = text_of(Client().get(mailed(asked(pair))))
        assert ('lang="es"' in page, "¿Cómo va con Sam?" in page) == (True, True)


class TestInTheAdmin:
    def change(self, row):
        return reverse("admin:partnerships_checkin_change", args=[row.pk])

    def test_a_coordinator_reads_it_and_sends_the_ready_letter(self, pair, coordinator, sign_in):
        person = member(pair).person
        person.language = "es"
        person.save()
        row = low(pair, note="He never comes.")
        client = sign_in(coordinator)
        page = text_of(client.get(self.change(row)))
        assert ("He never comes." in page, "Hola, Rosa:" in page) == (True, True)
        client.post(reverse("admin:partnerships_checkin_letter", args=[row.pk]), {"words": "¿Hablamos?"})
        assert [message.words for message in CoordinatorMessage.objects.all()] == ["¿Hablamos?"]
        mail = render(Delivery.objects.get(rule="from-coordinator"))
        assert ("¿Hablamos?" in mail.text, "He never comes." in mail.text) == (True, False)
        row.refresh_from_db()
        assert (row.state, row.handled_by) == ("handled", coordinator)
        again = client.post(reverse("admin:partnerships_checkin_letter", args=[row.pk]), {"words": "x"}, follow=True)
        assert ("nothing was sent" in text_of(again), CoordinatorMessage.objects.count()) == (True, 1)

    def test_after_a_call_one_button_settles_it(self, pair, coordinator, sign_in):
        row = low(pair, wants_call=True)
        client = sign_in(coordinator)
        assert "We spoke: done" in text_of(client.get(self.change(row)))
        client.post(reverse("admin:partnerships_checkin_settle", args=[row.pk]))
        row.refresh_from_db()
        assert row.state == "handled"

    def test_the_list_shows_no_note(self, pair, coordinator, sign_in):
        low(pair, note="He never comes.")
        page = text_of(sign_in(coordinator).get(reverse("admin:partnerships_checkin_changelist")))
        assert ("Rosa Santos" in page, "Not so well (2 of 5)" in page, "He never comes." in page) == (
            True,
            True,
            False,
        )

    def test_who_has_fallen_silent_gets_a_letter(self, pair, coordinator, sign_in):
        for month in (date(2027, 2, 1), date(2027, 3, 1)):
            asked(pair, month=month)
        client = sign_in(coordinator)
        url = reverse("admin:partnerships_checkin_quiet", args=[member(pair).pk])
        assert url in text_of(client.get(reverse("admin:partnerships_checkin_quiet_list")))
        assert "We haven" in text_of(client.get(url))
        client.post(url, {"words": "Hello?"})
        assert Delivery.objects.get(rule="from-coordinator").recipient == member(pair).person
        assert client.get(url).status_code == 404

    def test_the_season_names_its_second_coordinator(self, pair, coordinator, sign_in):
        other = UserFactory(given_name="Ben", family_name="Ito", roles=["coordinator"])
        outsider = UserFactory(given_name="Uma", family_name="Outside")
        page = text_of(sign_in(coordinator).get(reverse("admin:seasons_season_change", args=[pair.season.pk])))
        assert (f'value="{other.pk}"' in page, f'value="{outsider.pk}"' in page) == (True, False)


class TestHelp:
    def ask(self, pair, topic="match"):
        return reverse("partnerships:ask_about", args=[pair.pk, topic])

    def test_it_is_reached_from_home_and_from_the_pairs_page(self, pair, sign_in):
        client = sign_in(member(pair).person)
        topics = reverse("partnerships:ask_for_help", args=[pair.pk])
        assert reverse("partnerships:help") in text_of(client.get("/"))
        assert topics in text_of(client.get(reverse("partnerships:detail", args=[pair.pk])))
        assert client.get(reverse("partnerships:help")).url == topics
        assert self.ask(pair, "conduct") in text_of(client.get(topics))

    def test_where_it_is_about_conduct_the_contact_outside_comes_first(self, pair, sign_in):
        client = sign_in(member(pair).person)
        places = {}
        for topic in ("conduct", "schedule"):
            page = text_of(client.get(self.ask(pair, topic)))
            places[topic] = page.index("noor@city.example") < page.index('name="words"')
        assert places == {"conduct": True, "schedule": False}

    def test_asking_keeps_it_from_the_one_who_is_named(self, pair, sign_in, coordinator):
        other = UserFactory(given_name="Ben", roles=["coordinator"])
        client = sign_in(member(pair).person)
        form = {"words": "We don't fit.", "about_partner": "on", "kept_from": str(other.pk)}
        page = text_of(client.post(self.ask(pair), form, follow=True))
        case = HelpCase.objects.get()
        assert ("We don&#x27;t fit." in page, case.kept_from, case.about_partner) == (True, other, True)
        url = reverse("admin:partnerships_helpcase_change", args=[case.pk])
        assert [sign_in(reader).get(url).status_code for reader in (coordinator, other)] == [200, 404]
        assert "Rosa" not in text_of(sign_in(other).get(reverse("admin:partnerships_helpcase_changelist")))

    def test_where_no_coordinator_is_left_the_page_says_whom_to_turn_to(self, pair, sign_in, coordinator):
        client = sign_in(member(pair).person)
        page = text_of(client.post(self.ask(pair), {"words": "x", "kept_from": str(coordinator.pk)}))
        assert ("No coordinator can handle this." in page, "noor@city.example" in page) == (True, True)
        assert HelpCase.objects.count() == 0

    def test_the_whole_conversation_goes_through_pages(self, pair, sign_in, coordinator):
        person = member(pair).person
        mine, theirs = sign_in(person), sign_in(coordinator, Client())
        mine.post(self.ask(pair), {"words": "We don't fit."})
        case = HelpCase.objects.get()
        page = text_of(theirs.get(reverse("admin:partnerships_helpcase_change", args=[case.pk])))
        assert ("We don&#x27;t fit." in page, "I'll handle it" in page) == (True, True)
        theirs.post(reverse("admin:partnerships_helpcase_take", args=[case.pk]))
        theirs.post(reverse("admin:partnerships_helpcase_answer", args=[case.pk]), {"words": "Shall we talk?"})
        home = text_of(mine.get("/"))
        url = reverse("partnerships:help_case", args=[case.pk])
        assert ("A coordinator has written to you" in home, url in home) == (True, True)
        page = text_of(mine.get(url))
        assert ("Shall we talk?" in page, "Ana Ortiz handles it." in page) == (True, True)
        mine.post(url, {"words": "Yes, Thursday."})
        assert HelpCase.objects.get().state == "taken"
        mine.post(reverse("partnerships:help_close", args=[case.pk]))
        assert HelpCase.objects.get().state == "closed"
        # What was sent too late comes back with the reason.
        page = text_of(mine.post(url, {"words": "Friday, rather"}))
        assert ("settled already" in page, "Friday, rather" in page) == (True, True)
        assert HelpMessage.objects.filter(case=case).count() == 3

    @pytest.mark.parametrize("who", ["partner", "stranger", "coordinator"])
    def test_nobody_else_finds_it(self, who, pair, sign_in, stranger, coordinator):
        case = help_case(pair)
        reader = {"partner": member(pair, "mentor").person, "stranger": stranger, "coordinator": coordinator}[who]
        client = sign_in(reader)
        url = reverse("partnerships:help_case", args=[case.pk])
        close = reverse("partnerships:help_close", args=[case.pk])
        answers = [client.get(url), client.post(url, {"words": "x"}), client.post(close)]
        assert [answer.status_code for answer in answers] == [404, 404, 404]

    def test_the_partner_sees_no_trace_of_it(self, pair, sign_in, coordinator):
        mentor = member(pair, "mentor").person
        urls = ["/", reverse("partnerships:detail", args=[pair.pk]), reverse("partnerships:help"), "/messages/",
                "/my-data/"]  # fmt: skip
        client = sign_in(mentor)

        def pages():
            # The token of each form differs from answer to answer.
            return [
                [line for line in text_of(client.get(url, follow=True)).splitlines() if "csrf" not in line]
                for url in urls
            ]

        before = pages()
        case = take_case(case=help_case(pair), by=coordinator, now=APRIL)
        answer_case(case=case, words="x", by=coordinator, now=APRIL)
        assert pages() == before


def test_pages_take_the_same_queries_for_a_few_and_for_many(coordinator, sign_in):
    season = season_under_way()
    mentor = MentorFactory(season=season, applicant__given_name="Sam", capacity=50)

    def grow(count):
        for _number in range(count):
            pair = told_pair(coordinator, season=season, mentor=mentor)
            asked(pair, "mentor")
            low(pair)
            help_case(pair, "mentor")
            quiet = told_pair(coordinator, season=season)
            for month in (date(2027, 2, 1), date(2027, 3, 1)):
                asked(quiet, month=month)

    def counts():
        found = {}
        for reader, names in (
            (mentor.applicant, ("portal:home", "partnerships:help")),
            (
                coordinator,
                (
                    "admin:index",
                    "admin:partnerships_checkin_changelist",
                    "admin:partnerships_helpcase_changelist",
                    "admin:partnerships_checkin_quiet_list",
                ),
            ),
        ):
            client = sign_in(reader, Client())
            for name in names:
                client.get(reverse(name))
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(reverse(name)).status_code == 200
                found[name] = len(queries)
        return found

    grow(2)
    few = counts()
    grow(9)
    assert counts() == few
