"""A person's own data: in words on the page, under stable keys in the copy."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from mentorship.people.models import Absence, Profile
from mentorship.records import retention
from mentorship.records.my_data import PAGE_LINES, copy_of, in_words, readers_in_words
from mentorship.records.reading import Matter, Reading, plain_words, where_so
from mentorship.records.retention import Erasure, Keep, Kept, Reader
from tests.factories import ApplicationFactory, DeliveryFactory, GoalFactory, MenteeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _registry_left_as_it_was(monkeypatch):
    monkeypatch.setattr(retention, "_notes", dict(retention._notes))


def holding(person, title):
    return next(found for part in in_words(person) for found in part.holdings if found.title == title)


def facts(person, title):
    return {fact.label: fact.lines for record in holding(person, title).records for fact in record}


def test_matters_come_in_the_order_of_a_seasons_life():
    person = MenteeFactory(wants={GoalFactory(): 3}).applicant
    DeliveryFactory(recipient=person)
    assert [part.title for part in in_words(person)] == [
        "You and your work",
        "How you sign in",
        "Your applications",
        "Messages to you",
    ]


def test_a_profile_is_read_in_words_and_says_where_a_fact_comes_from(member):
    Profile.objects.filter(user=member).update(
        languages=["en", "es"],
        modes=["in-person"],
        slots=["mon-am", "mon-eve"],
        schedule_rotates=True,
        service_start=date(2019, 5, 13),
        service_start_source="imported",
        degree="unknown",
        managerial=None,
    )
    told = facts(member, "Your profile")
    assert told["Languages"] == ["English", "Spanish"]
    assert told["Ways to meet"] == ["In person"]
    assert told["Times"] == ["Monday: mornings, evenings"]
    assert told["My schedule rotates"] == ["Yes"]
    assert told["At the library since"] == ["May 13, 2019 (from the staff list)"]
    assert {"Library degree", "Supervises people", "About me"} & set(told) == set()


def test_a_spanish_reader_reads_labels_and_values_in_spanish(member):
    Profile.objects.filter(user=member).update(languages=["en"], show_pronouns_to_partners=True)
    with translation.override("es"):
        told = facts(member, "Tu perfil")
    assert told["Idiomas"] == ["Inglés"]
    assert told["Mostrar mis pronombres a las personas con quienes me reúno"] == ["Sí"]


def test_a_moment_is_told_in_the_librarys_zone(settings):
    assert settings.TIME_ZONE == "America/Los_Angeles"
    assert plain_words(datetime(2027, 1, 2, 3, 4, tzinfo=UTC)) == "Jan. 1, 2027, 7:04 p.m."


def test_what_goes_without_saying_is_left_out(member):
    member.is_staff = False
    assert where_so("is_staff")(member) == ""
    member.is_staff = True
    assert where_so("is_staff")(member) == "Yes"


def test_a_kind_in_which_nothing_was_given_says_so(sign_in):
    application = ApplicationFactory()
    found = holding(application.applicant, "Whom you'd rather not meet")
    assert (found.count, found.records) == (1, [])
    page = sign_in(application.applicant).get("/my-data/").content.decode()
    assert "Nothing given" in page


def test_whom_one_avoids_is_told_by_name_and_so_is_who_left():
    application, person = ApplicationFactory(), UserFactory(given_name="Sam", family_name="Tran")
    application.avoidance.people = [str(person.pk), "00000000-0000-4000-8000-000000000000"]
    application.avoidance.save()
    assert list(facts(application.applicant, "Whom you'd rather not meet").values()) == [
        ["Sam Tran", "somebody who is no longer here"]
    ]


def test_each_kind_says_who_sees_it_and_how_long_it_is_kept():
    application = ApplicationFactory()
    (one,) = holding(application.applicant, "Whom you'd rather not meet").audiences
    assert one.lines == ["Seen by you alone.", "Kept until the season is archived."]
    several = holding(application.applicant, "What you applied for").audiences
    assert several[0].fields == "Season, role, started, sent"


def test_readers_are_a_list_in_a_sentence():
    assert readers_in_words((Reader.OWNER, Reader.PARTNER, Reader.COORDINATOR)) == (
        "you, the people you meet with and coordinators"
    )


def test_what_is_too_much_for_the_page_is_in_the_copy(member, sign_in):
    for number in range(PAGE_LINES + 2):
        day = date(2027, 1, 1) + timedelta(days=number)
        Absence.objects.create(person=member, first_day=day, last_day=day)
    assert holding(member, "Days away").more == 2
    assert "2 more are in your copy." in sign_in(member).get("/my-data/").content.decode()
    assert len(copy_of(member)["people.absence"]) == PAGE_LINES + 2


def test_the_copy_is_the_same_for_programs_in_every_language(member, sign_in):
    Profile.objects.filter(user=member).update(languages=["en", "es"], managerial=False)
    Absence.objects.create(person=member, first_day=date(2027, 1, 1), last_day=date(2027, 1, 2))
    copies = []
    for language in ("en", "es"):
        member.language = language
        member.save()
        copies.append(sign_in(member).get("/my-data/download").json())
    profile = copies[0]["people.profile"][0]
    assert (profile["languages"], profile["managerial"], profile["bio"]) == (["en", "es"], False, "")
    assert copies[0]["people.absence"][0]["first_day"] == "2027-01-01"
    assert copies[0]["people.absence"][0]["person"] == {"id": str(member.pk), "name": "Rosa Santos"}
    assert copies[0]["people.profile"][0].keys() == copies[1]["people.profile"][0].keys()
    assert copies[0]["people.absence"] == copies[1]["people.absence"]


def test_the_page_asks_as_often_for_many_applications_as_for_one(sign_in):
    person = UserFactory()
    goal = GoalFactory()
    counts = []
    for more in (1, 4):
        for _number in range(more):
            application = MenteeFactory(applicant=person, wants={goal: 3})
            application.avoidance.people = [str(UserFactory().pk)]
            application.avoidance.save()
        client = sign_in(person)
        client.get("/my-data/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/my-data/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("_registry_left_as_it_was")
@pytest.mark.parametrize(
    "reading",
    [
        Reading(labels={"last_hour": "x"}),
        Reading(words={"last_hour": str}),
        Reading(hidden="last_hour"),
    ],
)
def test_words_for_a_field_that_does_not_exist_are_refused(reading):
    note = Kept("id person first_day last_day", "why", Keep.SEASON, (Reader.OWNER,), Erasure.STAY)
    with pytest.raises(ValueError, match="last_hour"):
        retention.register(Absence, owner="person", kept=[note], reading=reading)


@pytest.mark.usefixtures("_registry_left_as_it_was")
def test_a_list_without_words_is_unworded_and_stays_off_the_page(member):
    Profile.objects.filter(user=member).update(languages=["en"])
    note = Kept("languages", "why", Keep.SEASON, (Reader.OWNER,), Erasure.STAY)
    retention.register(Profile, owner="user", kept=[note], reading=Reading(Matter.WORK, title="Profile"))
    assert retention.unworded() == ["people.Profile.languages"]
    assert holding(member, "Profile").records == []
