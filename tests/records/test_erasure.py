"""Erasing a person: what goes, what stays, and what stops it."""

import json

import pytest
from django.core.management import CommandError, call_command

from mentorship.people.models import User
from mentorship.records.erasure import ErasureRefused, erase_person, erased_people
from mentorship.records.models import AuditEntry, LegalHold
from tests.factories import NOW, ApplicationFactory, GoalFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "kept" / "erasures.jsonl"


def test_name_mailbox_and_number_are_gone_and_the_erasure_is_on_record(member, administrator):
    erase_person(person=member, by=administrator, now=NOW)
    member = User.objects.get(pk=member.pk)
    assert (member.given_name, member.family_name, member.email) == ("", "", None)
    assert member.employee_number.startswith("erased-")
    assert not member.is_active
    entry = AuditEntry.objects.get(verb="erase")
    assert (entry.actor, entry.object_id, entry.at) == (administrator, str(member.pk), NOW)


def test_what_was_private_in_an_application_is_gone(administrator):
    application = ApplicationFactory(wants={GoalFactory(): 3})
    application.identity.given = {"gender": {"values": ["woman"]}}
    application.identity.save()
    person = application.applicant
    erase_person(person=person, by=administrator, now=NOW)
    from mentorship.applications.models import IdentityAnswer

    assert [answer.given for answer in IdentityAnswer.objects.filter(application__applicant=person)] in ([], [{}])


def test_a_second_erasure_is_harmless(member, administrator):
    erase_person(person=member, by=administrator, now=NOW)
    erase_person(person=member, by=administrator, now=NOW)
    assert erased_people() == [member.pk]


def test_a_legal_hold_stops_it_and_nothing_changes(member, administrator):
    LegalHold.objects.create(person=member, reason="Court order", placed_by=administrator, placed_at=NOW)
    with pytest.raises(ErasureRefused, match="legal hold"):
        erase_person(person=member, by=administrator, now=NOW)
    assert User.objects.get(pk=member.pk).given_name == "Rosa"
    assert erased_people() == []


def test_a_lifted_hold_does_not(member, administrator):
    LegalHold.objects.create(person=member, reason="Old", placed_by=administrator, placed_at=NOW, lifted_at=NOW)
    erase_person(person=member, by=administrator, now=NOW)
    assert User.objects.get(pk=member.pk).given_name == ""


def test_nobody_erases_themselves(administrator):
    with pytest.raises(ErasureRefused, match="Somebody else"):
        erase_person(person=administrator, by=administrator, now=NOW)


def test_others_keep_what_is_theirs(member, stranger, administrator):
    erase_person(person=member, by=administrator, now=NOW)
    assert User.objects.get(pk=stranger.pk).given_name == "Sam"


def test_a_restored_backup_forgets_again(member, settings):
    settings.ERASURE_LEDGER.parent.mkdir(parents=True)
    settings.ERASURE_LEDGER.write_text(json.dumps({"person": str(member.pk), "at": NOW.isoformat()}) + "\n")
    call_command("erase_person", "--replay")
    assert User.objects.get(pk=member.pk).given_name == ""


def test_the_command_says_when_there_is_nobody():
    with pytest.raises(CommandError, match="nobody has the employee number 999"):
        call_command("erase_person", "999")


def test_an_erasure_whose_ledger_cannot_be_written_does_not_happen(member, administrator, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.ERASURE_LEDGER = tmp_path / "file" / "erasures.jsonl"
    with pytest.raises(OSError, match="file"):
        erase_person(person=member, by=administrator, now=NOW)
    assert User.objects.get(pk=member.pk).given_name == "Rosa"


def test_the_trail_can_be_neither_changed_nor_shortened(member, administrator):
    from django.db import DatabaseError, transaction

    from mentorship.records.audit import record

    entry = record(by=administrator, verb="look", target=member, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(verb="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).delete()
    assert AuditEntry.objects.get(pk=entry.pk).verb == "look"


def test_my_data_shows_mine_and_nobody_elses(member, sign_in):
    UserFactory(given_name="Canary", family_name="Elsewhere")
    page = sign_in(member).get("/my-data/").content.decode()
    assert "Santos" in page
    assert "Canary" not in page


def test_the_copy_is_a_file_with_what_the_page_shows(member, sign_in):
    response = sign_in(member).get("/my-data/download")
    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert response.json()["people.user"][0]["family_name"] == "Santos"
