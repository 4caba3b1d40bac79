"""The pair's own pages: who sees them when, and what they say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.partnerships.models import Partnership
from mentorship.partnerships.services import announce, take_back
from mentorship.people.models import User
from mentorship.records.my_data import copy_of
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, PartnershipFactory, SeasonFactory
from tests.partnerships.cast import approved, asked, confirmed, person

pytestmark = pytest.mark.django_db


def detail(pair):
    return reverse("partnerships:detail", args=[pair.pk])


def question(pair):
    return reverse("partnerships:asked", args=[pair.pk])


def announced(by, **fields):
    pair = confirmed(by, season=SeasonFactory(**fields))
    announce(season=pair.season, by=by, now=NOW)
    return pair


def test_the_question_says_who_it_is_and_two_buttons_answer_it(coordinator, sign_in):
    pair = asked(coordinator)
    client = sign_in(person(pair, "mentor"))
    page = client.get(question(pair)).content.decode()
    mentee = person(pair, "mentee")
    assert (mentee.display_name in page, str(mentee.profile.unit) in page, "Supervising" in page) == (True,) * 3
    client.post(question(pair), {"answer": "yes", "seen": "asked"})
    assert Partnership.objects.get().state == "confirmed"
    assert "You said yes" in client.get(question(pair)).content.decode()
    client.post(question(pair), {"answer": "no", "seen": "confirmed"})
    assert Partnership.objects.get().state == "declined"
    assert "Nothing is asked of you here any more" in client.get(question(pair)).content.decode()


def test_an_old_page_in_another_tab_changes_no_answer(coordinator, sign_in):
    pair = asked(coordinator)
    client = sign_in(person(pair, "mentor"))
    client.post(question(pair), {"answer": "yes", "seen": "asked"})
    late = client.post(question(pair), {"answer": "no", "seen": "asked"})
    assert (Partnership.objects.get().state, "You have answered elsewhere" in late.content.decode()) == (
        "confirmed",
        True,
    )


def test_the_link_in_the_mail_leads_to_the_pair_once_both_are_told(coordinator, sign_in):
    pair = announced(coordinator)
    assert sign_in(person(pair, "mentor")).get(question(pair)).url == detail(pair)


def test_a_mentor_who_was_never_asked_finds_nothing(coordinator, sign_in):
    pair = approved(coordinator)
    take_back(partnership=pair, by=coordinator, now=NOW)
    assert sign_in(person(pair, "mentor")).get(question(pair)).status_code == 404


@pytest.mark.parametrize("step", [approved, asked, confirmed])
def test_the_mentee_finds_no_trace_before_the_announcement(step, coordinator, sign_in):
    pair = step(coordinator)
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    client = sign_in(mentee)
    for url in (detail(pair), question(pair)):
        assert client.get(url).status_code == 404
        assert client.post(url, {"answer": "yes"}).status_code in {404, 405}
    assert mentor.display_name not in client.get("/").content.decode()
    assert mentor.display_name not in client.get(reverse("partnerships:mine")).content.decode()
    assert not User.objects.visible_to(mentee).filter(pk=mentor.pk).exists()
    kinds = set(copy_of(mentee))
    assert not kinds & {"partnerships.partnership", "partnerships.membership"}


def test_a_declined_pair_leaves_no_trace_with_the_mentee(coordinator, sign_in):
    pair = asked(coordinator)
    sign_in(person(pair, "mentor")).post(question(pair), {"answer": "no", "seen": "asked"})
    mentee = person(pair, "mentee")
    assert sign_in(mentee).get(detail(pair)).status_code == 404
    assert not set(copy_of(mentee)) & {"partnerships.partnership", "partnerships.membership"}


def test_the_mentor_sees_the_mentee_from_the_question_on(coordinator):
    pair = asked(coordinator)
    assert User.objects.visible_to(person(pair, "mentor")).filter(pk=person(pair, "mentee").pk).exists()


def test_the_first_page_shows_each_other_why_and_how_to_start(coordinator, sign_in):
    pair = announced(coordinator, start_en="Read the agreement first.", contact_name="Noor Haddad")
    mentor = person(pair, "mentor")
    mentor.profile.bio = "I like story times."
    mentor.profile.pronouns = "he/him"
    mentor.profile.save()
    client = sign_in(person(pair, "mentee"))
    page = client.get(detail(pair)).content.decode()
    for text in (
        "You and Sam",
        "I like story times.",
        "Read the agreement first.",
        "Noor Haddad",
        "Tuesday mornings",
    ):
        assert text in page
    assert "he/him" not in page
    mentor.profile.show_pronouns_to_partners = True
    mentor.profile.save()
    assert "he/him" in client.get(detail(pair)).content.decode()


def test_the_library_mailbox_is_shown_and_no_other_address(coordinator, sign_in):
    pair = announced(coordinator)
    mentor = person(pair, "mentor")
    mentor.email = "own@mail.example"
    mentor.save()
    mentor.profile.listed_email = "sam@library.example"
    mentor.profile.save()
    client = sign_in(person(pair, "mentee"))
    page = client.get(detail(pair)).content.decode()
    assert ("mailto:sam@library.example" in page, "own@mail.example" in page) == (True, False)
    mentor.mailbox_is_shared = True
    mentor.save()
    assert "sam@library.example" not in client.get(detail(pair)).content.decode()


def test_a_home_section_and_my_pair_lead_there(coordinator, sign_in):
    pair = announced(coordinator)
    client = sign_in(person(pair, "mentor"))
    home = client.get("/").content.decode()
    assert ("You and Rosa" in home, detail(pair) in home, "My pair" in home) == (True, True, True)
    assert client.get(reverse("partnerships:mine")).url == detail(pair)


def test_nobody_else_opens_it(coordinator, sign_in, stranger):
    pair = announced(coordinator)
    for somebody in (stranger, coordinator):
        for url in (detail(pair), question(pair)):
            assert sign_in(somebody).get(url).status_code == 404


def test_the_page_speaks_the_readers_language(coordinator, sign_in):
    pair = announced(coordinator, start_es="Lean primero el acuerdo.")
    mentee = person(pair, "mentee")
    mentee.language = "es"
    mentee.save()
    page = sign_in(mentee).get(detail(pair)).content.decode()
    assert ("Supervisar" in page, "Lean primero el acuerdo." in page, 'lang="es"' in page) == (True, True, True)


@pytest.mark.parametrize("size", [1, 3, 30])
def test_pages_take_the_same_queries_for_one_mentee_and_for_many(size, coordinator, sign_in):
    season = SeasonFactory()
    goal = GoalFactory()
    mentor = MentorFactory(season=season, wants={goal: 2}, capacity=10)
    pairs = []
    for _n in range(size + 1):
        mentee = MenteeFactory(season=season, wants={goal: 3})
        reasons = {"goals": [{"key": goal.slug, "weight": 3, "strength": 2}]}
        pairs.append(PartnershipFactory(season=season, pair=(mentee, mentor), reasons=reasons))
    client = sign_in(mentor.applicant)
    client.get("/")
    counted = []
    for url in (reverse("partnerships:mine"), detail(pairs[0])):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counted.append(len(queries))
    assert counted == [13, 21]


@pytest.mark.parametrize(("step", "told"), [(approved, False), (asked, True)])
def test_my_data_tells_a_mentor_of_their_places_once_they_are_asked_and_not_before(step, told, coordinator):
    assert ("partnerships.mentorplaces" in copy_of(person(step(coordinator), "mentor"))) is told
