"""The outbox and the wording of messages: for coordinators, without what a message says of anybody."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.records.models import AuditEntry
from mentorship.reminders.coordinator_tasks import unsettled_messages
from mentorship.reminders.models import Delivery, MailToken, Wording
from mentorship.reminders.services import queue_delivery
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
OUTBOX = "admin:reminders_delivery_changelist"


def queued(person, key="1", state="due", problem=""):
    delivery = queue_delivery(
        rule="note", recipient=person, dedupe_key=f"CANARY:{key}", now=NOW, ids={"private": "CANARY"}
    )
    Delivery.objects.filter(pk=delivery.pk).update(state=state, problem=problem)
    delivery.refresh_from_db()
    return delivery


@pytest.fixture
def client(coordinator, sign_in):
    return sign_in(coordinator)


class TestOutbox:
    def test_it_shows_rule_recipient_state_and_times_and_nothing_else(self, note, member, client):
        note.greeting = "CANARY"
        delivery = queued(member, state="skipped", problem="unless:CANARY")
        for url in (reverse(OUTBOX), reverse("admin:reminders_delivery_change", args=[delivery.pk])):
            html = client.get(url).content.decode()
            assert "A note" in html
            assert "Rosa Santos" in html
            assert "no longer needed" in html
            assert "CANARY" not in html

    @pytest.mark.parametrize(
        ("problem", "words"),
        [
            ("refused:550", "The mail server refused it (550)."),
            ("unreachable", "The mail server can&#x27;t be reached."),
            ("sender-lost", "The program was interrupted while sending it."),
            ("database-away", "The database was away while it was being made; it is tried again soon."),
        ],
    )
    def test_what_went_wrong_stands_in_words(self, problem, words, note, member, client):
        queued(member, state="uncertain", problem=problem)
        assert words in client.get(reverse(OUTBOX)).content.decode()

    @pytest.mark.parametrize("lookup", ["dedupe_key__startswith", "problem__startswith", "ids__private"])
    def test_columns_that_are_not_shown_cannot_be_probed(self, lookup, note, member, client):
        queued(member)
        assert client.get(reverse(OUTBOX), {lookup: "CANARY"}).status_code in {302, 400}

    def test_it_is_for_looking_only(self, note, member, client):
        delivery = queued(member)
        page = reverse("admin:reminders_delivery_change", args=[delivery.pk])
        assert client.post(page, {"state": "sent"}).status_code == 403
        assert client.get(reverse("admin:reminders_delivery_add")).status_code == 403
        assert client.get(reverse("admin:reminders_delivery_delete", args=[delivery.pk])).status_code == 403

    def test_administrators_have_no_outbox(self, note, member, administrator, sign_in):
        delivery = queued(member, state="dead")
        other = sign_in(administrator)
        assert other.get(reverse(OUTBOX)).status_code == 403
        settle = reverse("admin:reminders_delivery_settle")
        assert other.post(settle, {"what": "resend", "ids": str(delivery.pk)}).status_code == 403
        delivery.refresh_from_db()
        assert delivery.state == "dead"

    @pytest.mark.parametrize(
        ("what", "states"), [("resend", "due due due"), ("cancel", "cancelled cancelled cancelled")]
    )
    def test_messages_are_settled_after_a_page_that_says_how_many(
        self, what, states, note, member, coordinator, client
    ):
        rows = [
            queued(member, "1", "dead" if what == "resend" else "due"),
            queued(member, "2", "uncertain"),
            queued(member, "3", "dead"),
            queued(member, "4", "sent"),
        ]
        asked = client.post(reverse(OUTBOX), {"action": what, "_selected_action": [row.pk for row in rows]})
        html = asked.content.decode()
        assert ("Send 3\xa0messages again?" if what == "resend" else "Cancel 3\xa0messages?") in html
        assert "1 of those you chose can&#x27;t be settled that way" in html or "1 of those you chose can't" in html
        assert [row.state for row in Delivery.objects.order_by("dedupe_key")] == [row.state for row in rows]
        ids = html.split('name="ids" value="')[1].split('"')[0]
        done = client.post(reverse("admin:reminders_delivery_settle"), {"what": what, "ids": ids}, follow=True)
        assert "3 messages are settled." in done.content.decode()
        assert list(Delivery.objects.order_by("dedupe_key").values_list("state", flat=True)) == [
            *states.split(),
            "sent",
        ]
        assert AuditEntry.objects.filter(actor=coordinator, verb=f"{what}-delivery").count() == 3

    def test_what_waits_to_be_settled_is_a_coordinators_task(self, note, member, coordinator, administrator, client):
        assert unsettled_messages(coordinator, NOW) == []
        for number, state in enumerate(["uncertain", "dead", "due", "sent"]):
            queued(member, str(number), state)
        (task,) = unsettled_messages(coordinator, NOW)
        assert (task.text, task.count) == ("2 messages may not have arrived", 2)
        html = client.get(task.url).content.decode()
        assert html.count('<td class="field-recipient nowrap">') == 2
        assert unsettled_messages(administrator, NOW) == []

    @pytest.mark.parametrize("relation", ["own", "supervisor", "report"])
    def test_what_concerns_a_coordinator_is_another_ones_to_settle(
        self, relation, note, member, stranger, coordinator, client, sign_in
    ):
        person = coordinator if relation == "own" else member
        if relation == "supervisor":
            coordinator.profile.supervisor = member
            coordinator.profile.save()
        elif relation == "report":
            member.profile.supervisor = coordinator
            member.profile.save()
        barred, free = queued(person, "1", "dead"), queued(stranger, "2", "dead")
        settle = reverse("admin:reminders_delivery_settle")
        html = client.get(reverse(OUTBOX)).content.decode()
        assert (str(barred.pk) in html, str(free.pk) in html) == (False, True)
        assert client.get(reverse("admin:reminders_delivery_change", args=[barred.pk])).status_code == 302
        assert [task.count for task in unsettled_messages(coordinator, NOW)] == [1]
        for what in ("resend", "cancel"):
            form = {"action": what, "_selected_action": [barred.pk]}
            assert 'name="ids"' not in client.post(reverse(OUTBOX), form, follow=True).content.decode()
            client.post(settle, {"what": what, "ids": str(barred.pk)})
            barred.refresh_from_db()
            assert barred.state == "dead"
        assert not AuditEntry.objects.filter(verb__endswith="-delivery").exists()
        sign_in(UserFactory(roles=["coordinator"])).post(settle, {"what": "cancel", "ids": str(barred.pk)})
        barred.refresh_from_db()
        assert barred.state == "cancelled"

    def test_each_state_is_a_tab_with_how_many_it_holds(self, note, member, stranger, coordinator, client):
        for number, state in enumerate(
            ["due", "claimed", "sent", "uncertain", "dead", "dead", "skipped", "cancelled"]
        ):
            queued(member, str(number), state)
        queued(coordinator, "own", "dead")
        html = client.get(reverse(OUTBOX), {"state__in": "dead"}).content.decode()
        tabs = re.findall(
            r'<a href="([^"]*)"( aria-current="page")?>([^<]*) <span class="count">(\d+)</span></a>', html
        )
        assert [(label, int(count), bool(current)) for _url, current, label, count in tabs] == [
            ("Due", 2, False),
            ("Sent", 1, False),
            ("May have been sent", 1, False),
            ("Could not be sent", 2, True),
            ("Not sent", 2, False),
            ("All", 8, False),
        ]
        shown = [client.get(url).content.decode().count('class="action-select"') for url, *_rest in tabs]
        assert shown == [2, 1, 1, 2, 2, 8]

    @pytest.mark.parametrize(
        ("state", "doors"),
        [("due", ["cancel"]), ("sent", []), ("uncertain", ["resend", "cancel"]), ("dead", ["resend", "cancel"])],
    )
    def test_one_message_is_settled_from_its_row_and_its_page_after_being_asked(
        self, state, doors, note, member, client
    ):
        delivery = queued(member, state=state)
        pages = [reverse(OUTBOX), reverse("admin:reminders_delivery_change", args=[delivery.pk])]
        urls = {
            what: reverse("admin:reminders_delivery_ask", args=[delivery.pk, what]) for what in ("resend", "cancel")
        }
        for page in pages:
            html = client.get(page).content.decode()
            assert [what for what, url in urls.items() if url in html] == doors
        for what in doors:
            html = client.get(urls[what]).content.decode()
            assert ("Send 1\xa0message again?" if what == "resend" else "Cancel 1\xa0message?") in html
            delivery.refresh_from_db()
            assert delivery.state == state
            assert f'name="ids" value="{delivery.pk}"' in html
        for what in {"resend", "cancel"} - set(doors):
            assert client.get(urls[what]).status_code == 302

    def test_the_page_that_asks_is_not_there_for_what_concerns_the_coordinator(self, note, coordinator, client):
        delivery = queued(coordinator, state="dead")
        assert client.get(reverse("admin:reminders_delivery_ask", args=[delivery.pk, "resend"])).status_code == 404
        assert client.get(reverse("admin:reminders_delivery_ask", args=[delivery.pk, "delete"])).status_code == 404

    def test_nothing_to_settle_is_said_at_once(self, note, member, client):
        row = queued(member, state="sent")
        response = client.post(reverse(OUTBOX), {"action": "resend", "_selected_action": [row.pk]}, follow=True)
        assert "None of these messages can be settled that way." in response.content.decode()

    def test_what_changed_meanwhile_is_left(self, note, member, client):
        row = queued(member, state="sent")
        url = reverse("admin:reminders_delivery_settle")
        html = client.post(url, {"what": "resend", "ids": str(row.pk)}, follow=True).content.decode()
        assert "1 message had changed meanwhile and was left as it is." in html
        row.refresh_from_db()
        assert row.state == "sent"

    @pytest.mark.parametrize("fields", [{"what": "delete", "ids": ""}, {"what": "resend", "ids": "no-key"}, {}])
    def test_a_forged_form_is_not_found(self, fields, client):
        assert client.post(reverse("admin:reminders_delivery_settle"), fields).status_code == 404

    def test_it_costs_the_same_queries_however_long_it_is(self, note, client):
        client.get(reverse(OUTBOX))
        counts = []
        for rows in (1, 3, 30):
            while (count := Delivery.objects.count()) < rows:
                queued(UserFactory(), str(count))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(OUTBOX))
            counts.append(len(queries))
        assert counts == [counts[0]] * 3


class TestWordings:
    ADD = "admin:reminders_wording_add"

    def write(self, client, **fields):
        form = {"rule": "note", "language": "en", "subject": "Our own", "body": "Dear {greeting}", **fields}
        return client.post(reverse(self.ADD), form)

    def test_own_words_are_kept_and_audited(self, note, client, coordinator):
        assert self.write(client).status_code == 302
        wording = Wording.objects.get()
        assert (wording.rule, wording.language, wording.season_id, wording.subject) == ("note", "en", None, "Our own")
        assert AuditEntry.objects.filter(actor=coordinator, verb="save-wording").count() == 1
        client.post(reverse("admin:reminders_wording_delete", args=[wording.pk]), {"post": "yes"})
        assert Wording.objects.count() == 0
        assert AuditEntry.objects.filter(actor=coordinator, verb="delete-wording").count() == 1

    def test_a_placeholder_that_cannot_be_filled_is_refused(self, note, client):
        html = self.write(client, body="Dear {nobody}").content.decode()
        assert "{nobody} can&#x27;t be filled in here. This message knows: {greeting}" in html
        assert Wording.objects.count() == 0

    def test_a_second_text_for_the_same_message_is_refused_in_words(self, note, client):
        self.write(client)
        assert "There are own words for this message in this language already." in self.write(client).content.decode()

    def test_it_is_for_coordinators_alone(self, note, administrator, sign_in):
        other = sign_in(administrator)
        for name in ("reminders_wording_changelist", "reminders_wording_add", "reminders_rules"):
            assert other.get(reverse(f"admin:{name}")).status_code == 403
        for name in ("reminders_preview", "reminders_preview_frame"):
            assert other.get(reverse(f"admin:{name}", args=["note", "en"])).status_code == 403


class TestPreview:
    @pytest.fixture
    def sample(self, note, member):
        note.greeting = "Sample <b>words</b>"
        note.sample = lambda: Delivery(rule="note", recipient=member, due_at=NOW)

    def test_every_message_is_listed_with_its_languages(self, note, client):
        Wording.objects.create(rule="note", language="es", subject="x", body="y")
        html = client.get(reverse("admin:reminders_rules")).content.decode()
        assert reverse("admin:reminders_preview", args=["note", "en"]) in html
        assert reverse("admin:reminders_preview", args=["note", "es"]) in html
        assert reverse("admin:reminders_wording_change", args=[Wording.objects.get().pk]) in html
        assert f"{reverse('admin:reminders_wording_add')}?rule=note&amp;language=en" in html

    @pytest.mark.parametrize(("language", "month"), [("en", "February"), ("es", "febrero")])
    def test_the_message_stands_in_a_sandboxed_frame_of_its_own(self, language, month, sample, client):
        page = client.get(reverse("admin:reminders_preview", args=["note", language])).content.decode()
        frame_url = reverse("admin:reminders_preview_frame", args=["note", language])
        assert f'<iframe sandbox src="{frame_url}"' in page
        assert "Sample &lt;b&gt;words&lt;/b&gt;" in page
        frame = client.get(frame_url)
        assert f"Sample &lt;b&gt;words&lt;/b&gt;, {month} 14:30" in frame.content.decode()

    def test_the_frames_policy_lets_inline_styles_in_and_nothing_else(self, sample, client):
        frame = client.get(reverse("admin:reminders_preview_frame", args=["note", "en"]))
        policy = dict(part.strip().partition(" ")[::2] for part in frame["Content-Security-Policy"].split(";"))
        assert policy == {
            "default-src": "'none'",
            "style-src": "'unsafe-inline'",
            "img-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'self'",
        }
        assert frame["X-Frame-Options"] == "SAMEORIGIN"

    def test_the_page_around_it_keeps_the_sites_own_policy(self, sample, client):
        page = client.get(reverse("admin:reminders_preview", args=["note", "en"]))
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert "unsafe-inline" not in page["Content-Security-Policy"]

    def test_a_preview_sends_nothing_and_opens_no_link(self, sample, client, mailoutbox):
        html = client.get(reverse("admin:reminders_preview_frame", args=["note", "en"])).content.decode()
        assert "/messages/stop/preview" in html
        assert (MailToken.objects.count(), mailoutbox) == (0, [])

    def test_it_shows_a_librarys_own_words(self, sample, client):
        Wording.objects.create(rule="note", language="en", subject="Our own", body="Dear **{greeting}**")
        html = client.get(reverse("admin:reminders_preview_frame", args=["note", "en"])).content.decode()
        assert "Dear <strong>Sample &lt;b&gt;words&lt;/b&gt;</strong>" in html

    def test_without_anything_to_show_it_says_so(self, note, client):
        assert (
            "Nothing to show yet"
            in client.get(reverse("admin:reminders_preview", args=["note", "en"])).content.decode()
        )
        assert client.get(reverse("admin:reminders_preview_frame", args=["note", "en"])).status_code == 404

    @pytest.mark.parametrize("args", [("unheard-of", "en"), ("note", "fr")])
    def test_what_does_not_exist_is_not_found(self, args, note, client):
        assert client.get(reverse("admin:reminders_preview", args=args)).status_code == 404
        assert client.get(reverse("admin:reminders_preview_frame", args=args)).status_code == 404
