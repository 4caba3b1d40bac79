"""Everything that people keep is noted, and erasing somebody takes their sign-in rows too."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps

from mentorship.people.models import Absence, Profile, User
from mentorship.records import retention
from mentorship.records.erasure import erase_person
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


def test_every_field_of_people_is_noted():
    ours = {model._meta.label for model in apps.get_app_config("people").get_models(include_auto_created=True)}

    assert [name for name in retention.missing() if name.rsplit(".", 1)[0] in ours] == []


def test_the_administrators_column_of_the_table_holds():
    notes = {note.model: note for note in retention.notes()}
    hidden = {
        name
        for kept in notes[Profile].kept
        if retention.Reader.ADMINISTRATOR not in kept.seen_by
        for name in kept.names
    }

    assert {"pronouns", "bio", "languages", "modes", "slots"} <= hidden


def test_erasing_somebody_leaves_no_name_address_or_second_factor(administrator, settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "ledger"
    person = UserFactory(given_name="Canary", family_name="Canary", roles=["coordinator"])
    Absence.objects.create(person=person, first_day=NOW.date(), last_day=NOW.date())
    erase_person(person=person, by=administrator, now=NOW)
    person = User.objects.get(pk=person.pk)

    assert (person.given_name, person.family_name, person.email, person.password) == ("", "", None, "")
    assert [model.objects.filter(user=person).exists() for model in (Profile, EmailAddress, Authenticator)] == [
        False
    ] * 3
    assert not Absence.objects.exists()
    assert not person.groups.exists()
