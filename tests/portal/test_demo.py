"""Riverbend: the demo's people and seasons, the doors to come in by, its mail, and that a real library has none."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.management import CommandError, call_command

from mentorship.applications.models import Application, IdentityAnswer
from mentorship.people.models import User, WorkUnit
from mentorship.seasons.models import Season

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def content():
    call_command("load_content", verbosity=0, stdout=StringIO())


@pytest.fixture
def small_riverbend(content, monkeypatch):
    monkeypatch.setattr("mentorship.portal.demo.riverbend.STAFF", 250)
    call_command("seed_demo", stdout=StringIO())


def by_state(season):
    rows = Application.objects.filter(season=season).values_list("state", "role")
    return {state: sum(row[0] == state for row in rows) for state in {row[0] for row in rows}}


def test_the_demo_has_73_locations_and_four_seasons_and_is_made_once(small_riverbend):
    assert WorkUnit.objects.values("location").distinct().count() == 73
    applying, reviewing, _running, _closed = Season.objects.order_by("-opens_on")
    assert by_state(applying) == {"submitted": 72, "draft": 48}
    assert by_state(reviewing) == {"eligible": 67}
    units = Application.objects.filter(season=reviewing).values("applicant__profile__unit").distinct()
    assert units.count() == 44
    refused = Application.objects.filter(season=applying, eligibility__outcome="not-met").distinct()
    assert refused.count() > 0
    before = User.objects.count()
    call_command("seed_demo", stdout=StringIO())
    assert (User.objects.count(), Season.objects.count()) == (before, 4)
    assert (applying.uses_identity, reviewing.uses_identity) == (True, False)


@pytest.mark.parametrize(("stage", "states"), [("draft", {}), ("applying", {"submitted": 6, "draft": 4})])
def test_a_season_can_be_made_at_a_stage(small_riverbend, stage, states):
    told = StringIO()
    call_command("seed_season", "--people", "10", "--units", "4", "--stage", stage, stdout=told)
    season = Season.objects.get(slug=told.getvalue().strip())
    assert by_state(season) == states
    assert bool(season.published_at) == (stage != "draft")


@pytest.mark.parametrize("stage", ["applying", "reviewing"])
def test_a_season_may_have_the_identity_page(small_riverbend, stage):
    call_command(
        "seed_season",
        "--people=10",
        "--units=3",
        f"--stage={stage}",
        "--identity",
        "--name=Asking",
        stdout=StringIO(),
    )
    season = Season.objects.get(name_en="Asking")
    assert season.uses_identity
    given = [bool(answer.given) for answer in IdentityAnswer.objects.filter(application__season=season)]
    assert set(given) == {True, False}


def test_the_same_seed_makes_the_same_wishes(small_riverbend):
    from mentorship.portal.demo.seasons import Stage, seed_season
    from tests.factories import NOW

    def wishes():
        from django.db import transaction

        with transaction.atomic():
            by = User.objects.get(employee_number="100001")
            season = seed_season(
                people=12, units=5, stage=Stage.REVIEWING, seed="x", name_en="A", name_es="A", by=by, now=NOW
            )
            found = sorted(
                (application.applicant.employee_number, application.role, *sorted(goal.goal.slug for goal in goals))
                for application in season.applications.select_related("applicant").prefetch_related("goals__goal")
                for goals in [list(application.goals.all())]
            )
            transaction.set_rollback(True)
        return found

    assert wishes() == wishes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--people", "3", "--units", "4"], "--units must be"),
        (["--people", "300", "--units", "200"], "80 work units"),
    ],
)
def test_what_cannot_be_made_is_said(small_riverbend, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("seed_season", *arguments)


@pytest.mark.parametrize("command", ["seed_demo", "seed_season"])
def test_invented_people_are_refused_in_a_real_installation(settings, command):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is not true"):
        call_command(command)


def test_one_click_enters_as_anybody_second_factor_included(small_riverbend, client):
    page = client.get("/demo/").content.decode()
    assert "Come in as Ana" in page
    assert client.post("/demo/enter", {"employee_number": "100001"})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.post("/demo/enter", {"employee_number": "100006"})["Location"] == "/"
    assert client.get("/").context["user"].given_name == "Rosa"


def test_nobody_enters_as_somebody_who_is_not_there(client):
    assert client.post("/demo/enter", {"employee_number": "nobody"}).status_code == 404


def test_the_mail_that_was_sent_can_be_read(client, settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)
    assert "No mail yet" in client.get("/demo/mail").content.decode()
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path))
    mail = EmailMultiAlternatives("Señal", "Plain words", "a@library.example", ["b@library.example"])
    mail.attach_alternative("<p>Rich <b>words</b></p>", "text/html")
    backend.send_messages([mail])
    response = client.get("/demo/mail")
    (message,) = response.context["page"].object_list
    assert (message.subject, message.to) == ("Señal", "b@library.example")
    page = client.get(f"/demo/mail/{message.key}").content.decode()
    assert "Plain words" in page
    assert 'sandbox=""' in page
    body = client.get(f"/demo/mail/{message.key}/body")
    assert b"Rich <b>words</b>" in body.content
    assert "script-src" not in body["Content-Security-Policy"]
    assert "default-src 'none'" in body["Content-Security-Policy"]


@pytest.mark.parametrize("key", ["../../etc/passwd-0", "absent-0", "x" * 200, "20270101-000000-1-99"])
def test_a_mail_that_is_not_there_is_a_404(client, settings, tmp_path, key):
    settings.MAIL_DIR = str(tmp_path)
    assert client.get(f"/demo/mail/{key}").status_code == 404


def start(**environment):
    return subprocess.run(
        [sys.executable, "-c", "import mentorship.settings; import mentorship.urls as u; print(len(u.urlpatterns))"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "mentorship.settings", **environment},
        capture_output=True,
        text=True,
    )


def test_the_demo_is_refused_where_others_could_reach_it():
    done = start(DEMO="true", PUBLIC_URL="https://mentorship.library.example")
    assert done.returncode != 0
    assert done.stderr.strip() == (
        "DEMO: true is for this computer alone; PUBLIC_URL must be a loopback address (see .env.example)"
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "SECRET_KEY: is not set"),
        ("PUBLIC_URL", "library", "PUBLIC_URL: cannot be read: “library” is not a web address"),
        ("ENCRYPTION_KEYS", "k001:short", "ENCRYPTION_KEYS: cannot be read"),
        ("DEMO", "maybe", "DEMO: cannot be read: “maybe” is neither true nor false"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL: cannot be read"),
        ("REDIS_URL", "http://x", "REDIS_URL: is neither redis://"),
        ("IDENTITY", "always", "IDENTITY: cannot be read: “always” is none of per-season, never"),
        ("MAIL_FROM", "nobody", "MAIL_FROM: cannot be read"),
        ("LIBRARY_ZONE", "Mars/Olympus", "LIBRARY_ZONE: cannot be read: “Mars/Olympus” is not a time zone"),
        ("OIDC_ONLY", "true", "OIDC_ONLY: needs OIDC_SERVER_URL"),
    ],
)
def test_a_missing_or_malformed_setting_stops_the_start_with_one_line(name, value, words):
    done = start(**{name: value})
    assert done.returncode != 0
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(words)
