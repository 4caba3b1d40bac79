"""The pages on which matches are compared and changed: what they say before, and what one button does."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matching import services
from matching.models import Adjustment, CallListEntry, Exclusion, Proposal
from mentorship.partnerships.services import answer_question, ask_mentors
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, SeasonFactory, UserFactory
from tests.matching.cast import approve_all, give_identity, mentor_of, pool, report_to, run_matching

pytestmark = pytest.mark.django_db


def at(name, *keys):
    return reverse(f"admin:matching_{name}", args=keys)


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def words_of(response):
    """What one reads in the main part of the page."""
    main = text_of(response).split("<main", 1)[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def shown_in(response):
    """The fingerprint that a preview sends along."""
    (found,) = re.findall(r'name="shown" value="(\w+)"', response.content.decode())
    return found


@pytest.fixture
def client(sign_in, coordinator):
    return sign_in(coordinator)


@pytest.fixture
def three(coordinator):
    """Ben has Cora, Linh has Ruth, and Zoe is free: (run, {name: application}). Ruth offers Ben half, Zoe nothing."""
    season = SeasonFactory()
    one, other = GoalFactory(title_en="Supervising"), GoalFactory(title_en="Budgets")
    people = {
        "Ben": MenteeFactory(season=season, wants={one: 3}, applicant__given_name="Ben"),
        "Linh": MenteeFactory(season=season, wants={other: 2}, applicant__given_name="Linh"),
        "Cora": MentorFactory(season=season, wants={one: 2}, applicant__given_name="Cora"),
        "Ruth": MentorFactory(season=season, wants={other: 2, one: 1}, applicant__given_name="Ruth"),
        "Zoe": MentorFactory(season=season, wants={other: 1}, applicant__given_name="Zoe"),
    }
    return run_matching(season, coordinator), people


def has(run, mentee):
    row = Proposal.objects.get(run=run, mentee=mentee)
    return row.mentor_id, row.state


def test_alternatives_come_by_what_they_cost_with_who_moves(client, three):
    run, people = three
    line = run.proposals.get(mentee=people["Ben"])
    page = words_of(client.get(at("workbench", run.season_id) + f"?show=all&match={line.pk}"))
    others = page.split("What it costs the season")[1]
    # Ruth costs 100 in all, nobody falls under a cut; with Zoe Ben would.
    assert others.index("Ruth") < others.index("Zoe")
    assert "Linh moves to Zoe (−50). Nobody loses a mentor; goal fit of the season −100." in others
    assert "One more under 25 Nobody loses a mentor; one more under 50; goal fit of the season −100." in others


def test_a_swap_takes_three_clicks_and_says_before_what_it_does(client, three):
    run, people = three
    line = run.proposals.get(mentee=people["Ben"])
    page = text_of(client.get(at("workbench", run.season_id) + f"?show=all&match={line.pk}"))  # 1: the line
    url = at("instead", people["Ben"].pk, people["Ruth"].pk)
    assert f'href="{url}"' in page
    preview = client.get(url)  # 2: the preview
    said = words_of(preview)
    assert "Ruth for Ben?" in said
    assert "Ben moves to Ruth (−50). Linh moves to Zoe (−50)." in said
    assert "Nobody loses a mentor; goal fit of the season −100." in said
    assert Adjustment.objects.count() == 0
    done = client.post(url, {"shown": shown_in(preview)}, follow=True)  # 3: the button
    assert "2 matches are changed. Nobody has been told, and you can undo it below." in text_of(done)
    assert has(run, people["Ben"]) == (people["Ruth"].pk, "locked")
    assert has(run, people["Linh"]) == (people["Zoe"].pk, "proposed")
    assert "Changed since" in text_of(done)
    assert "No better set of matches exists" not in text_of(done)


def test_what_changed_meanwhile_is_shown_anew_and_nothing_is_done(client, three, coordinator):
    run, people = three
    url = at("instead", people["Ben"].pk, people["Ruth"].pk)
    shown = shown_in(client.get(url))
    services.lock_proposal(proposal=run.proposals.get(mentee=people["Linh"]), by=coordinator, now=NOW)
    people["Zoe"].state = "withdrawn"
    people["Zoe"].save()
    services.unlock_proposal(proposal=run.proposals.get(mentee=people["Linh"]), by=coordinator, now=NOW)
    again = client.post(url, {"shown": shown})
    assert "Something has changed meanwhile. Nothing was done; this is what would happen now." in text_of(again)
    assert "Linh moves to Cora (−100)." in words_of(again)
    assert (has(run, people["Ben"]), Adjustment.objects.count()) == ((people["Cora"].pk, "proposed"), 0)
    client.post(url, {"shown": shown_in(again)})
    assert has(run, people["Ben"]) == (people["Ruth"].pk, "locked")


def test_a_press_without_a_preview_shows_it_and_does_nothing(client, three):
    _run, people = three
    page = client.post(at("instead", people["Ben"].pk, people["Ruth"].pk))
    assert ("Ruth for Ben?" in text_of(page), Adjustment.objects.count()) == (True, 0)
    assert "Something has changed meanwhile" not in text_of(page)


def test_changes_are_listed_with_an_undo_or_why_not(client, three, coordinator):
    run, people = three
    url = at("instead", people["Ben"].pk, people["Ruth"].pk)
    client.post(url, {"shown": shown_in(client.get(url))})
    bench = words_of(client.get(at("workbench", run.season_id)))
    assert "Another mentor. Ben moved from Cora to Ruth. Linh moved from Ruth to Zoe." in bench
    services.lock_proposal(proposal=run.proposals.get(mentee=people["Linh"]), by=coordinator, now=NOW)
    why = "Somebody has decided since on a match that it changed."
    assert why in words_of(client.get(at("changes", run.season_id)))
    adjustment = Adjustment.objects.get()
    refused = client.post(at("undo", adjustment.pk), follow=True)
    assert f"It can't be undone: {why} Nothing was changed." in words_of(refused)
    services.unlock_proposal(proposal=run.proposals.get(mentee=people["Linh"]), by=coordinator, now=NOW)
    undone = client.post(at("undo", adjustment.pk), follow=True)
    assert "Undone. Everything that it changed is as it was before." in words_of(undone)
    assert has(run, people["Ben"]) == (people["Cora"].pk, "proposed")
    assert f"Undone by {coordinator.display_name}" in words_of(client.get(at("changes", run.season_id)))
    assert "Result checked" in text_of(client.get(at("workbench", run.season_id)))


def test_two_mentors_stand_side_by_side(client, three):
    run, people = three
    people["Ben"].favourites.create(person=people["Ruth"].applicant, rank=1)
    line = run.proposals.get(mentee=people["Ben"])
    page = words_of(client.get(at("compare", line.pk) + f"?other={people['Ruth'].pk}"))
    assert "Cora or Ruth for Ben?" in page
    assert "Supervising wanted most strong in it can help with it" in page
    assert "Favourites – Ruth is one of Ben's favourites." in page
    assert "Suggested now" in page
    assert "Linh moves to Zoe (−50). Nobody loses a mentor; goal fit of the season −100; one favourite more." in page
    two_others = words_of(client.get(at("compare", line.pk) + f"?one={people['Zoe'].pk}&other={people['Ruth'].pk}"))
    assert "Zoe or Ruth for Ben?" in two_others
    assert client.get(at("compare", line.pk) + "?other=nobody").status_code == 404


def test_without_being_asked_the_suggested_one_stands_beside_the_best_other(client, three):
    run, people = three
    page = words_of(client.get(at("compare", run.proposals.get(mentee=people["Ben"]).pk)))
    assert "Cora or Ruth for Ben?" in page


def test_a_swap_with_another_mentee_is_found_by_what_both_get(client, three):
    run, people = three
    line, other = (run.proposals.get(mentee=people[name]) for name in ("Ben", "Linh"))
    page = words_of(client.get(at("swap_with", line.pk)))
    assert "Whose mentor for Ben?" in page
    assert "50 0 −150" in page
    url = at("swap", line.pk, other.pk)
    client.post(url, {"shown": shown_in(client.get(url))})
    assert has(run, people["Ben"]) == (people["Ruth"].pk, "locked")
    assert has(run, people["Linh"]) == (people["Cora"].pk, "locked")
    assert client.get(at("swap", line.pk, line.pk)).status_code == 404


def test_leaving_somebody_without_a_mentor_and_letting_go(client, three):
    run, people = three
    line = run.proposals.get(mentee=people["Ben"])
    preview = client.get(at("unmatch", line.pk))
    assert "One mentee would be left without a mentor" in words_of(preview)
    done = client.post(at("unmatch", line.pk), {"shown": shown_in(preview)}, follow=True)
    assert "A coordinator leaves them without a mentor." in words_of(done)
    assert "could have a mentor now" not in words_of(done)
    freed = client.post(at("release", line.pk), follow=True)
    assert "1 person could have a mentor now" in words_of(freed)


def test_not_pairing_shows_who_else_they_get(client, three):
    run, people = three
    url = at("apart", people["Ben"].pk, people["Cora"].pk)
    preview = client.get(url)
    assert "Don't pair Ben and Cora?" in words_of(preview)
    client.post(url, {"shown": shown_in(preview)})
    assert (has(run, people["Ben"])[0] != people["Cora"].pk, Exclusion.objects.count()) == (True, 1)


def test_after_a_no_one_button_says_what_would_change(client, coordinator):
    season, _mentees, _mentors = pool(2, 3)
    run = run_matching(season, coordinator)
    approve_all(run, coordinator)
    ask_mentors(season=season, by=coordinator, now=timezone.now())
    pair = run.proposals.order_by("pk").first().partnership
    answer_question(partnership=pair, yes=False, by=mentor_of(pair), now=timezone.now())
    bench = text_of(client.get(at("workbench", season.pk)))
    assert "1 person could have a mentor now" in bench
    assert re.findall(r'class="btn btn-main"[^>]*>([^<]+)<', bench.split("<main")[1].split("</main>")[0]) == [
        "See what would change"
    ]
    preview = client.get(at("repair", season.pk))
    assert "Nobody loses a mentor; one mentee gets a mentor; goal fit of the season +100." in words_of(preview)
    client.post(at("repair", season.pk), {"shown": shown_in(preview)})
    assert "could have a mentor now" not in text_of(client.get(at("workbench", season.pk)))
    assert Proposal.objects.get(run=run, state="proposed").mentor is not None


def test_a_rule_in_the_way_is_said_instead_of_a_preview(client, three):
    _run, people = three
    report_to(people["Ben"].applicant, people["Ruth"].applicant)
    page = words_of(client.get(at("instead", people["Ben"].pk, people["Ruth"].pk)))
    assert "It isn't possible: same reporting line." in page


def test_whom_a_wish_keeps_together_are_parted_only_after_it_is_undone(client, three, coordinator):
    run, people = three
    services.pin_pair(mentee=people["Ben"], mentor=people["Cora"], waived=[], reason="", by=coordinator, now=NOW)
    page = words_of(client.get(at("instead", people["Ben"].pk, people["Ruth"].pk)))
    assert "See who is kept together" in page
    line = run.proposals.get(mentee=people["Ben"])
    assert "What it costs the season" not in words_of(
        client.get(at("workbench", run.season_id) + f"?match={line.pk}")
    )


def test_ticked_matches_are_approved_or_held_after_one_page(client, coordinator):
    season, _mentees, _mentors = pool(3, 3)
    run = run_matching(season, coordinator)
    first, second, third = run.proposals.order_by("pk")
    page = words_of(client.get(at("chosen", season.pk), {"match": [first.pk, second.pk], "do": "hold"}))
    assert "Hold 2 matches?" in page
    done = client.post(at("chosen", season.pk), {"match": [first.pk, second.pk], "do": "hold"}, follow=True)
    assert "2 matches are held." in words_of(done)
    page = words_of(client.get(at("chosen", season.pk), {"match": [first.pk, third.pk, "x"], "do": "approve"}))
    assert "Approve 2 matches?" in page
    client.post(at("chosen", season.pk), {"match": [first.pk, third.pk], "do": "approve"})
    states = dict(run.proposals.values_list("pk", "state"))
    assert states == {first.pk: "approved", second.pk: "locked", third.pk: "approved"}
    again = client.post(at("chosen", season.pk), {"match": [first.pk, second.pk], "do": "hold"}, follow=True)
    assert "2 matches are as they were" in words_of(again)
    assert "Nothing is chosen" in words_of(client.get(at("chosen", season.pk), {"do": "approve"}))
    assert client.get(at("chosen", season.pk), {"do": "delete"}).status_code == 404


def test_each_filter_counts_and_shows_its_lines(client, coordinator):
    before = SeasonFactory(announced_at=NOW, opens_on="2026-01-01")
    waited = MenteeFactory(season=before)
    CallListEntry.objects.create(season=before, application=waited, told_at=NOW)
    season = SeasonFactory()
    goal, other = GoalFactory(), GoalFactory()
    low = MenteeFactory(season=season, wants={other: 3}, applicant__given_name="Low")
    MenteeFactory(season=season, wants={goal: 3}, applicant=waited.applicant)
    alone = MenteeFactory(season=season, languages=["es"], applicant__given_name="Alone")
    barred = MenteeFactory(season=season, wants={goal: 3}, applicant__given_name="Barred")
    MentorFactory(season=season, wants={goal: 2}, capacity=3)
    run = run_matching(season, coordinator)
    report_to(barred.applicant, run.proposals.get(mentee=barred).mentor.applicant)

    def tabs(query=""):
        page = text_of(client.get(at("workbench", season.pk) + query))
        return dict(re.findall(r'>([^<]+) <span class="count">(\d+)</span>', page.split('class="tabs"')[1]))

    assert tabs() == {
        "Look at first": "3",
        "No mentor": "1",
        "Conflict": "1",
        "Low fit": "1",
        "Waited last season": "1",
        "All": "4",
    }

    def lines(query):
        page = text_of(client.get(at("workbench", season.pk) + query))
        return re.findall(r'<th role="rowheader" scope="row"><span class="two-lines"><strong>([^<]+)', page)

    assert lines("?show=low") == [low.applicant.display_name]
    assert lines("?show=alone") == [alone.applicant.display_name]
    assert lines("?show=conflict") == [barred.applicant.display_name]
    assert lines("?show=waited") == [waited.applicant.display_name]
    unit = low.applicant.profile.unit_id
    assert lines(f"?show=all&unit={unit}") == [low.applicant.display_name]
    assert tabs(f"?show=all&unit={unit}")["All"] == "1"


def test_nobody_near_the_coordinator_stands_on_any_of_the_pages(client, three, coordinator):
    run, people = three
    report_to(people["Linh"].applicant, coordinator)
    near = people["Linh"].applicant.display_name
    line, theirs = (run.proposals.get(mentee=people[name]) for name in ("Ben", "Linh"))
    urls = [at("workbench", run.season_id) + f"?show=all&match={line.pk}", at("compare", line.pk)]
    urls += [at("swap_with", line.pk), at("instead", people["Ben"].pk, people["Zoe"].pk)]
    pages = [words_of(client.get(url)) for url in urls]
    assert [near in page or "Linh" in page for page in pages] == [False] * 4
    # Whom she takes is left out, and counted.
    assert "1 more mentor is left out" in pages[0]
    assert "Ruth" not in pages[0].split("What it costs the season")[1]
    for name, key in (("compare", theirs.pk), ("swap_with", theirs.pk), ("unmatch", theirs.pk)):
        assert client.get(at(name, key)).status_code == 404
    assert client.get(at("swap", line.pk, theirs.pk)).status_code == 404
    assert client.get(at("instead", people["Linh"].pk, people["Zoe"].pk)).status_code == 404


def test_no_page_changes_with_what_anybody_gave_of_identity(client, three):
    run, people = three
    run.season.identity_matching = True
    run.season.save()
    line = run.proposals.get(mentee=people["Ben"])
    urls = [at("workbench", run.season_id) + f"?show=all&match={line.pk}", at("compare", line.pk)]
    urls += [
        at("swap_with", line.pk),
        at("instead", people["Ben"].pk, people["Ruth"].pk),
        at("repair", run.season_id),
    ]
    before = [words_of(client.get(url)) for url in urls]
    for application in people.values():
        give_identity(application, gender={"values": ["woman"], "match": 2, "show": True})
    assert [words_of(client.get(url)) for url in urls] == before


@pytest.mark.parametrize("size", [2, 5, 25])
def test_the_pages_take_the_same_queries_for_any_number_of_people(size, client, coordinator):
    season, mentees, mentors = pool(size, size + 1)
    run = run_matching(season, coordinator)
    free = next(row for row in mentors if not run.proposals.filter(mentor=row).exists())
    for number, mentee in enumerate(mentees):
        choice = {"kind": "unmatched"} if number else {"kind": "instead", "mentor": free.pk}
        wanted = services.Change(mentee=mentee.pk, **choice)
        preview = services.preview_change(run=run, change=wanted, by=coordinator)
        services.apply_change(run=run, change=wanted, fingerprint=preview.fingerprint, by=coordinator, now=NOW)
    line = run.proposals.get(mentee=mentees[0])
    other = next(row for row in mentors if row.pk != line.mentor_id)
    every = [("do", "approve"), *(("match", key) for key in run.proposals.values_list("pk", flat=True))]
    asked = {}
    client.get(at("workbench", season.pk))
    for name, url in (
        ("workbench", at("workbench", season.pk) + f"?show=all&match={line.pk}"),
        ("instead", at("instead", mentees[0].pk, other.pk)),
        ("compare", at("compare", line.pk)),
        ("swap", at("swap_with", line.pk)),
        ("changes", at("changes", season.pk)),
        ("chosen", at("chosen", season.pk) + "?" + urlencode(every)),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        asked[name] = len(queries)
    assert asked == {"workbench": 45, "instead": 33, "compare": 27, "swap": 26, "changes": 30, "chosen": 26}


@pytest.mark.parametrize("role", ["analyst", "administrator", None])
def test_nobody_but_coordinators_enters(role, sign_in, three):
    run, _people = three
    client = sign_in(UserFactory(roles=[role] if role else []))
    for url in (at("repair", run.season_id), at("changes", run.season_id), at("unmatch", run.proposals.first().pk)):
        assert client.get(url).status_code in {302, 403}
