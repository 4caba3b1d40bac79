"""Get help: who may handle it, that nobody else learns of it, and how it goes back and forth."""

from datetime import timedelta

import pytest
from django.db import connection

from mentorship.common.states import IllegalMove
from mentorship.partnerships.helping.services import (
    NobodyCanHandle,
    answer_case,
    ask_for_help,
    close_case,
    open_help_case,
    purge_cases,
    take_case,
    write_back,
)
from mentorship.partnerships.models import HelpCase, HelpMessage
from mentorship.partnerships.services import NotTheirs
from mentorship.records.models import AuditEntry
from mentorship.records.my_data import copy_of
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.rendering import render
from tests.factories import UserFactory
from tests.partnerships.running import APRIL, help_case, member, told_pair

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def other(db):
    return UserFactory(given_name="Ben", family_name="Ito", roles=["coordinator"])


@pytest.fixture
def pair(coordinator):
    return told_pair(coordinator)


@pytest.fixture
def person(pair):
    return member(pair).person


def told(rule):
    return {row.recipient for row in Delivery.objects.filter(rule=rule)}


class TestWhoMayHandle:
    @pytest.mark.parametrize("relation", ["named", "own", "partner", "supervisor", "report", "supervisor-of-partner"])
    def test_one_who_is_named_or_near_the_pair_neither_reads_nor_handles_it(
        self, relation, pair, person, coordinator, other
    ):
        if relation in {"own", "partner"}:
            membership = member(pair, "mentee" if relation == "own" else "mentor")
            membership.person = other
            membership.save()
        elif relation == "report":
            other.profile.supervisor = person
            other.profile.save()
        elif relation != "named":
            below = person if relation == "supervisor" else member(pair, "mentor").person
            below.profile.supervisor = other
            below.profile.save()
        case = help_case(pair, kept_from=other if relation == "named" else None)
        assert HelpCase.objects.handleable_by(other).exists() is False
        assert HelpCase.objects.visible_to(other).exists() is (relation == "own")
        assert told("help-asked") == {coordinator}
        for act in (take_case, close_case):
            if relation == "own" and act is close_case:
                continue
            with pytest.raises(NotTheirs):
                act(case=case, by=other, now=APRIL)
        with pytest.raises(NotTheirs):
            answer_case(case=case, words="x", by=other, now=APRIL)

    def test_control_somebody_far_from_the_pair_handles_it(self, pair, coordinator, other):
        case = help_case(pair)
        assert told("help-asked") == {coordinator, other}
        assert take_case(case=case, by=other, now=APRIL).handler == other

    def test_where_nobody_is_left_nothing_is_kept(self, pair, person, coordinator):
        with pytest.raises(NobodyCanHandle):
            help_case(pair, kept_from=coordinator)
        assert (HelpCase.objects.count(), HelpMessage.objects.count(), Delivery.objects.count()) == (0, 0, 0)

    def test_nobody_asks_in_anothers_name(self, pair, other):
        with pytest.raises(NotTheirs):
            ask_for_help(
                membership=member(pair), topic="match", words="x", about_partner=False, kept_from=None, by=other,
                now=APRIL,
            )  # fmt: skip

    def test_partners_analysts_and_administrators_read_none(self, pair, administrator):
        help_case(pair)
        readers = [member(pair, "mentor").person, UserFactory(roles=["analyst"]), administrator, UserFactory()]
        assert [HelpCase.objects.visible_to(reader).count() for reader in readers] == [0, 0, 0, 0]


class TestBackAndForth:
    def test_it_is_taken_answered_written_back_to_and_settled(self, pair, person, coordinator):
        case = help_case(pair)
        assert (case.state, case.waits_since) == ("open", APRIL)
        case = take_case(case=case, by=coordinator, now=APRIL + DAY)
        assert (case.state, case.handler, case.waits_since) == ("taken", coordinator, APRIL)
        case = answer_case(case=case, words="Let's talk.", by=coordinator, now=APRIL + DAY)
        assert (case.state, case.waits_since, told("help-answered")) == ("answered", None, {person})
        case = write_back(case=case, words="Thursday?", by=person, now=APRIL + 2 * DAY)
        assert (case.state, case.waits_since) == ("taken", APRIL + 2 * DAY)
        case = answer_case(case=case, words="Yes.", by=coordinator, now=APRIL + 3 * DAY)
        case = close_case(case=case, by=coordinator, now=APRIL + 4 * DAY)
        assert (case.state, case.closed_at, open_help_case(pair)) == ("closed", APRIL + 4 * DAY, False)
        assert [row.words for row in case.messages.all()] == ["We don't fit.", "Let's talk.", "Thursday?", "Yes."]
        with pytest.raises(IllegalMove):
            write_back(case=case, words="x", by=person, now=APRIL)

    def test_whoever_answers_what_nobody_has_taken_takes_it(self, pair, coordinator):
        case = answer_case(case=help_case(pair), words="Hello", by=coordinator, now=APRIL)
        assert (case.state, case.handler) == ("answered", coordinator)

    def test_only_the_one_who_took_it_answers_until_another_takes_it_over(self, pair, coordinator, other):
        case = take_case(case=help_case(pair), by=coordinator, now=APRIL)
        with pytest.raises(NotTheirs):
            answer_case(case=case, words="x", by=other, now=APRIL)
        take_case(case=case, by=other, now=APRIL)
        assert answer_case(case=case, words="x", by=other, now=APRIL).handler == other

    def test_what_was_answered_is_not_taken_over_and_what_was_not_is_not_settled(self, pair, coordinator, other):
        case = take_case(case=help_case(pair), by=coordinator, now=APRIL)
        with pytest.raises(NotTheirs):
            close_case(case=case, by=coordinator, now=APRIL)
        case = answer_case(case=case, words="x", by=coordinator, now=APRIL)
        with pytest.raises(NotTheirs):
            take_case(case=case, by=other, now=APRIL)

    def test_the_person_settles_it_at_any_time(self, pair, person):
        assert close_case(case=help_case(pair), by=person, now=APRIL).state == "closed"

    def test_what_is_written_back_is_told_to_the_one_who_handles_it_alone(self, pair, person, coordinator, other):
        case = take_case(case=help_case(pair), by=other, now=APRIL)
        Delivery.objects.all().delete()
        write_back(case=case, words="One more thing", by=person, now=APRIL)
        assert told("help-asked") == {other}


class TestSilence:
    def test_words_are_sealed_and_stand_in_no_audit_entry_and_no_delivery(self, pair, coordinator):
        case = help_case(pair, words="He shouts at me.")
        answer_case(case=case, words="I am sorry.", by=coordinator, now=APRIL)
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM partnerships_helpmessage")
            assert not [row for (row,) in cursor.fetchall() if b"shouts" in bytes(row) or b"sorry" in bytes(row)]
        assert "shouts" not in str(list(AuditEntry.objects.values()) + list(Delivery.objects.values()))

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_mail_says_only_that_there_is_a_message(self, language, pair, person, coordinator):
        for reader in (person, coordinator):
            reader.language = language
            reader.save()
        answer_case(case=help_case(pair, words="He shouts."), words="I am sorry.", by=coordinator, now=APRIL)
        texts = [render(delivery) for delivery in Delivery.objects.select_related("recipient__profile")]
        assert {mail.subject for mail in texts} == {{"en": "You have a message", "es": "Tienes un mensaje"}[language]}
        for mail in texts:
            for word in ("shouts", "sorry", "Rosa Santos", "Sam", "match", "help"):
                assert word not in mail.text.replace("/help/", "").replace("helpcase", "")

    def test_a_message_to_a_coordinator_is_not_sent_once_another_took_it(self, pair, coordinator, other):
        case = help_case(pair)
        delivery = Delivery.objects.get(rule="help-asked", recipient=other)
        assert rule_of("help-asked").unless(delivery, APRIL) == ""
        case = take_case(case=case, by=coordinator, now=APRIL)
        assert rule_of("help-asked").unless(delivery, APRIL) == "taken"
        answer_case(case=case, words="x", by=coordinator, now=APRIL)
        assert rule_of("help-asked").unless(delivery, APRIL) == "settled"

    def test_it_is_not_sent_to_one_who_has_become_concerned(self, pair, person, other):
        help_case(pair)
        person.profile.supervisor = other
        person.profile.save()
        delivery = Delivery.objects.get(rule="help-asked", recipient=other)
        assert rule_of("help-asked").unless(delivery, APRIL) == "concerned"

    def test_the_outbox_tells_nobody_but_the_recipient_that_there_was_a_message(
        self, pair, person, coordinator, other
    ):
        third = UserFactory(roles=["coordinator"])
        case = help_case(pair, kept_from=other)
        answer_case(case=case, words="x", by=coordinator, now=APRIL)
        seen = {
            reader: set(Delivery.objects.visible_to(reader).values_list("rule", "recipient"))
            for reader in (other, third, person)
        }
        assert seen == {
            other: set(),
            third: {("help-asked", third.pk)},
            person: {("help-answered", person.pk)},
        }

    def test_the_partners_own_data_says_nothing_of_it(self, pair, person):
        help_case(pair)
        kinds = [set(copy_of(who)) for who in (person, member(pair, "mentor").person)]
        asked = {"partnerships.helpcase", "partnerships.helpmessage"}
        assert [kind & asked for kind in kinds] == [asked, set()]


def test_reminders_rest_for_a_pair_and_for_a_person_while_it_goes_on(pair, person, coordinator):
    other_pair = told_pair(coordinator)
    case = help_case(pair)
    about = [pair, person, member(pair, "mentor").person, other_pair]
    assert [open_help_case(row) for row in about] == [True, True, False, False]
    close_case(case=case, by=person, now=APRIL)
    assert [open_help_case(row) for row in about] == [False] * 4


def test_archiving_a_season_deletes_its_requests_and_no_others(pair, coordinator):
    kept = help_case(told_pair(coordinator))
    help_case(pair)
    purge_cases(pair.season, APRIL)
    assert (list(HelpCase.objects.all()), HelpMessage.objects.count()) == ([kept], 1)
