"""Roles, deactivation, mailboxes and the last administrator."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from mentorship.people import endings
from mentorship.people.models import User
from mentorship.people.services import (
    DeactivationError,
    MailboxTaken,
    RoleError,
    deactivate_person,
    may_receive_codes,
    reactivate_person,
    set_mailbox,
    set_roles,
)
from mentorship.records.models import AuditEntry
from tests.factories import NOW, UserFactory

PASSWORD = "tall otters read at noon"
pytestmark = pytest.mark.django_db


def fresh(person):
    return User.objects.get(pk=person.pk)


def verbs():
    return list(AuditEntry.objects.order_by("at").values_list("verb", flat=True))


# --- roles ---


def test_an_administrator_gives_roles_and_it_is_audited(member, administrator):
    set_roles(person=member, roles={"coordinator"}, by=administrator, now=NOW)

    assert (fresh(member).role_set(), fresh(member).is_staff) == ({"coordinator"}, True)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.object_id, entry.at) == (administrator, "set-roles", str(member.pk), NOW)


@pytest.mark.parametrize("role", ["analyst", "leadership"])
def test_roles_that_only_read_results_open_no_admin(member, administrator, role):
    set_roles(person=member, roles={role}, by=administrator, now=NOW)

    assert not fresh(member).is_staff


def test_nobody_changes_their_own_roles(administrator):
    with pytest.raises(RoleError):
        set_roles(person=administrator, roles={"administrator", "coordinator"}, by=administrator, now=NOW)
    assert fresh(administrator).role_set() == {"administrator"}


def test_the_last_administrator_can_neither_lose_the_role_nor_be_deactivated(administrator, coordinator):
    with pytest.raises(RoleError):
        set_roles(person=administrator, roles=set(), by=coordinator, now=NOW)
    with pytest.raises(DeactivationError):
        deactivate_person(person=administrator, by=coordinator, now=NOW)
    other = UserFactory(roles=["administrator"])
    set_roles(person=administrator, roles=set(), by=other, now=NOW)

    assert fresh(administrator).role_set() == set()


def test_an_administrator_who_may_not_sign_in_counts_for_nothing(administrator):
    UserFactory(roles=["administrator"], is_active=False)
    with pytest.raises(RoleError):
        set_roles(person=administrator, roles=set(), by=None, now=NOW)


def test_a_changed_role_ends_the_persons_sessions(member, administrator, sign_in):
    client = sign_in(member)
    assert client.get(reverse("people:profile")).status_code == 200
    set_roles(person=member, roles={"coordinator"}, by=administrator, now=NOW)

    assert client.get(reverse("people:profile")).status_code == 302


def test_the_same_roles_again_end_no_session_and_leave_no_trace(coordinator, administrator, sign_in):
    client = sign_in(coordinator)
    set_roles(person=coordinator, roles={"coordinator"}, by=administrator, now=NOW)

    assert client.get(reverse("people:profile")).status_code == 200
    assert verbs() == []


def test_an_unknown_role_is_refused(member, administrator):
    with pytest.raises(RoleError):
        set_roles(person=member, roles={"king"}, by=administrator, now=NOW)


# --- deactivation ---


def test_deactivating_ends_every_session_at_once_and_for_good(member, administrator, sign_in):
    member.set_password(PASSWORD)
    member.save()
    first, second = sign_in(member), Client()
    second.post(reverse("account_login"), {"login": member.employee_number, "password": PASSWORD}, follow=True)
    assert UserSession.objects.filter(user=member).count() == 1
    deactivate_person(person=member, by=administrator, now=NOW)
    assert [client.get(reverse("people:profile")).status_code for client in (first, second)] == [302, 302]
    assert not UserSession.objects.filter(user=member).exists()

    reactivate_person(person=member, by=administrator, now=NOW)
    assert [client.get(reverse("people:profile")).status_code for client in (first, second)] == [302, 302]


def test_the_session_that_allauth_noted_is_deleted(member, administrator):
    member.set_password(PASSWORD)
    member.save()
    client = Client()
    client.post(reverse("account_login"), {"login": member.employee_number, "password": PASSWORD}, follow=True)
    key = client.session.session_key
    deactivate_person(person=member, by=administrator, now=NOW)

    assert not Session.objects.filter(session_key=key).exists()


def test_deactivating_is_undone_by_letting_in_again(member, administrator):
    member.set_password(PASSWORD)
    member.save()
    deactivate_person(person=member, by=administrator, now=NOW)
    assert (fresh(member).is_active, fresh(member).deactivated_at) == (False, NOW)
    reactivate_person(person=member, by=administrator, now=NOW)
    client = Client()
    client.post(reverse("account_login"), {"login": member.employee_number, "password": PASSWORD})

    assert (fresh(member).is_active, fresh(member).deactivated_at) == (True, None)
    assert "_auth_user_id" in client.session
    assert verbs() == ["deactivate", "reactivate"]


def test_what_upper_apps_registered_ends_too(member, administrator, monkeypatch):
    ended = []
    monkeypatch.setattr(endings, "_endings", [])
    endings.register(lambda person, now: ended.append((person.pk, now)))
    deactivate_person(person=member, by=administrator, now=NOW)
    deactivate_person(person=member, by=administrator, now=NOW)

    assert ended == [(member.pk, NOW)]


def test_nobody_deactivates_themselves(administrator):
    UserFactory(roles=["administrator"])
    with pytest.raises(DeactivationError):
        deactivate_person(person=administrator, by=administrator, now=NOW)


# --- mailboxes ---


def test_a_mailbox_of_ones_own_receives_codes_and_a_shared_one_does_not(member):
    set_mailbox(person=member, email="Rosa.Santos@library.example ", shared=False, by=None, now=NOW)
    member = fresh(member)
    assert (member.email, may_receive_codes(member, "Rosa.Santos@Library.example")) == (
        "rosa.santos@library.example",
        True,
    )
    set_mailbox(person=member, email="branch@library.example", shared=True, by=None, now=NOW)
    member = fresh(member)

    assert (member.mailbox_is_shared, may_receive_codes(member, "branch@library.example")) == (True, False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("branch@library.example", False, True)
    ]


def test_the_librarys_address_replaces_the_old_one_and_leaves_what_the_person_added(member):
    EmailAddress.objects.create(user=member, email="rosa@home.example", verified=True)
    set_mailbox(person=member, email="new@library.example", shared=False, by=None, now=NOW)

    assert sorted(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("new@library.example", True, True),
        ("rosa@home.example", True, False),
    ]


def test_without_the_librarys_address_messages_go_to_the_persons_own(member):
    EmailAddress.objects.create(user=member, email="rosa@home.example", verified=True)
    set_mailbox(person=member, email="", shared=False, by=None, now=NOW)

    assert fresh(member).email == "rosa@home.example"


def test_an_address_of_somebody_elses_is_refused(member, stranger):
    with pytest.raises(MailboxTaken):
        set_mailbox(person=member, email=stranger.email.upper(), shared=False, by=None, now=NOW)


def test_who_claimed_the_librarys_address_without_proof_loses_it(member, stranger):
    EmailAddress.objects.create(user=stranger, email="new@library.example", verified=False)
    set_mailbox(person=member, email="new@library.example", shared=False, by=None, now=NOW)

    assert EmailAddress.objects.get(email="new@library.example").user_id == member.pk
