"""What people gave without opting in changes no byte of trace, page or mail; what they opted into is never said."""

import json
import re

import pytest
from django.urls import reverse

from matching import services
from matching.models import MatchRun
from mentorship.applications.models import IdentityAnswer
from mentorship.partnerships.models import Membership, MentorPlaces, Partnership
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import render
from mentorship.seasons.models import Season
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, SeasonFactory
from tests.matching.cast import approve_all, confirm_all, give_identity, run_matching

pytestmark = pytest.mark.django_db
CANARY = "canary-identity"


@pytest.fixture
def season():
    """Four mentees and four mentors with different fits, in a season that matches on identities."""
    season = SeasonFactory(identity_matching=True)
    goals = [GoalFactory() for _ in range(3)]
    for n in range(4):
        wants = {goals[n % 3]: 3, goals[(n + 1) % 3]: 1}
        MenteeFactory(season=season, wants=wants, slots=["mon-am", "tue-am"])
        MentorFactory(season=season, wants={goals[(n + 1) % 3]: 2, goals[n % 3]: 1}, slots=["tue-am"])
    return season


def walk(season, coordinator, sign_in):
    """Run, look, approve, ask, announce; returns every byte that came out on the way, keys and times levelled."""
    client = sign_in(coordinator)
    said = []

    def look(url):
        response = client.get(url)
        assert response.status_code == 200
        said.append(levelled(response.content.decode()))

    run = run_matching(season, coordinator)
    said.append(json.dumps([run.trace, run.figures, run.input_hash], sort_keys=True))
    bench = reverse("admin:matching_workbench", args=[season.pk])
    look(bench + "?show=all")
    for mentee in run.proposals.order_by("mentee").values_list("pk", flat=True):
        look(f"{bench}?show=all&match={mentee}")
    look(reverse("admin:matching_details", args=[run.pk]))
    approve_all(run, coordinator)
    confirm_all(season, coordinator)
    services.announce_season(season=season, by=coordinator, now=NOW)
    for delivery in Delivery.objects.select_related("recipient__profile").order_by("recipient", "rule"):
        mail = render(delivery)
        said += [mail.subject, levelled(mail.text), levelled(mail.html)]
    for member in Membership.objects.filter(active=True).select_related("person").order_by("person"):
        page = sign_in(member.person).get(reverse("partnerships:detail", args=[member.partnership_id]))
        said.append(levelled(page.content.decode()))
    return said


def levelled(text):
    """The text without what differs between any two walks: keys of new rows, form tokens and the clock."""

    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "key", text)
    return re.sub(r"\d{1,2}(:\d\d)? [ap]\.m\.", "time", text)


def forget():
    """Undo a walk, so that another starts from the same season."""
    Delivery.objects.all().delete()
    MatchRun.objects.all().delete()
    Membership.objects.all().delete()
    Partnership.objects.all().delete()
    MentorPlaces.objects.all().delete()
    Season.objects.update(announced_at=None)


def test_what_nobody_opted_into_changes_no_byte_of_trace_page_or_mail(season, coordinator, sign_in):
    before = walk(season, coordinator, sign_in)
    forget()
    for n, answer in enumerate(IdentityAnswer.objects.order_by("pk")):
        answer.given = {
            "gender": {"values": [CANARY, f"{CANARY}-{n % 2}"], "own_words": CANARY, "match": 0, "show": True},
            "ethnicity": {"values": [CANARY], "own_words": CANARY, "match": 0, "show": True, "count": True},
        }
        answer.save()
    after = walk(season, coordinator, sign_in)
    assert after == before


def test_control_what_people_opted_into_does_change_the_trace(season, coordinator, sign_in):
    before = walk(season, coordinator, sign_in)[0]
    forget()
    for answer in IdentityAnswer.objects.all():
        answer.given = {"gender": {"values": [CANARY], "match": 2, "show": False}}
        answer.save()
    assert walk(season, coordinator, sign_in)[0] != before


def test_what_people_opted_into_is_on_no_page_in_no_mail_and_in_no_audit(season, coordinator, sign_in):
    for answer in IdentityAnswer.objects.all():
        answer.given = {"gender": {"values": [CANARY], "own_words": CANARY, "match": 2, "show": True}}
        answer.save()
    said = walk(season, coordinator, sign_in)
    assert CANARY not in "".join(said)
    assert CANARY not in str(list(AuditEntry.objects.values())) + str(list(Partnership.objects.values()))


def test_only_the_two_read_the_one_sentence_and_only_where_both_show_it(season, coordinator, sign_in):
    sentence = "You both asked to be matched on something you share."
    everybody = [answer.application for answer in IdentityAnswer.objects.select_related("application")]
    for application in everybody:
        give_identity(application, gender={"values": [CANARY], "match": 1, "show": True})
    said = walk(season, coordinator, sign_in)
    assert sum(sentence in text for text in said) == 8
    member = Membership.objects.filter(role="mentor", active=True).first()
    give_identity(member.application, gender={"values": [CANARY], "match": 1, "show": False})
    for person in (row.person for row in member.partnership.memberships.all()):
        page = sign_in(person).get(reverse("partnerships:detail", args=[member.partnership_id]))
        assert sentence not in page.content.decode()
    assert sign_in(coordinator).get(reverse("partnerships:detail", args=[member.partnership_id])).status_code == 404
