"""Senders are killed while they send and cut off from the database: nothing is lost silently, nothing comes twice."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from mentorship.people.models import User
from mentorship.portal.benchmarks.reminders import measure_reminders
from mentorship.reminders.models import Delivery, Wording
from tests.factories import DeliveryFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_message_is_lost_and_none_comes_twice():
    figures = measure_reminders(deliveries=240, senders=3, kills=6, cuts=1, now=timezone.now())
    assert (figures.deliveries, figures.lost, figures.duplicates) == (240, 0, 0)
    assert (figures.kills, figures.cuts) == (6, 1)
    # Three senders at least are killed between the mail server's yes and their own note of it.
    assert 3 <= figures.uncertain <= figures.kills
    assert (Delivery.objects.count(), Wording.objects.count(), User.objects.count()) == (0, 0, 0)


def test_control_a_sender_that_sends_before_it_commits_sends_twice():
    figures = measure_reminders(deliveries=40, senders=2, kills=2, cuts=0, now=timezone.now(), control=True)
    assert figures.duplicates >= 1


def test_the_command_tells_the_figures_and_stays_off_a_real_installation(settings):
    out = StringIO()
    sizes = ("--deliveries", "8", "--senders", "1", "--kills", "0", "--cuts", "0")
    call_command("benchmark", "reminders", *sizes, "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert {name: figures[name] for name in ("lost", "duplicates", "uncertain", "kills")} == {
        "lost": 0,
        "duplicates": 0,
        "uncertain": 0,
        "kills": 0,
    }
    DeliveryFactory(state="due", due_at=timezone.now())
    with pytest.raises(CommandError, match="messages are due"):
        call_command("benchmark", "reminders", *sizes)
    settings.DEMO = False
    with pytest.raises(CommandError, match="this installation is real"):
        call_command("benchmark", "reminders", *sizes)
