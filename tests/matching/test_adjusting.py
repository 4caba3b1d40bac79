"""A coordinator's change to the suggested matches: shown, done as shown, held, kept by a re-run, and undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching import services
from matching.engine import NotPossible
from matching.models import Adjustment, Exclusion, Proposal
from matching.services import Change
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.services import answer_question, ask_mentors
from mentorship.records.models import AuditEntry
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, SeasonFactory, UserFactory
from tests.matching.cast import approve_all, avoid, give_identity, mentor_of, pool, report_to, run_matching

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def trio(coordinator):
    """Three mentees, three mentors, and their run: (run, mentees, mentors).

    Each mentee wants one goal, of which their mentor offers all, and the next mentor half.
    """
    season = SeasonFactory()
    goals = [GoalFactory() for _ in range(3)]
    mentees = [MenteeFactory(season=season, wants={goal: 3}) for goal in goals]
    mentors = [MentorFactory(season=season, wants={goals[n]: 2, goals[n - 1]: 1}) for n in range(3)]
    run = run_matching(season, coordinator)
    assert pairs(run) == {(mentees[n].pk, mentors[n].pk, "proposed", 100) for n in range(3)}
    return run, mentees, mentors


def pairs(run):
    return set(Proposal.objects.filter(run=run).values_list("mentee", "mentor", "state", "fit"))


def change(run, by, kind, **people):
    """Preview a change and do it."""
    wanted = Change(kind, **{name: application.pk for name, application in people.items()})
    preview = services.preview_change(run=run, change=wanted, by=by)
    return services.apply_change(run=run, change=wanted, fingerprint=preview.fingerprint, by=by, now=LATER)


def test_choosing_another_mentor_moves_whom_it_displaces_and_holds_the_choice(trio, coordinator):
    run, mentees, mentors = trio
    adjustment = change(run, coordinator, "instead", mentee=mentees[0], mentor=mentors[1])
    # All three move, since a pair under the cuts counts for more than a pair that stays.
    assert pairs(run) == {
        (mentees[0].pk, mentors[1].pk, "locked", 50),
        (mentees[1].pk, mentors[2].pk, "proposed", 50),
        (mentees[2].pk, mentors[0].pk, "proposed", 50),
    }
    assert list(adjustment.moves.values_list("mentee", "before", "after", "state_before", "fit_before")) == [
        (mentees[0].pk, mentors[0].pk, mentors[1].pk, "proposed", 100),
        (mentees[1].pk, mentors[1].pk, mentors[2].pk, "proposed", 100),
        (mentees[2].pk, mentors[2].pk, mentors[0].pk, "proposed", 100),
    ]
    row = Proposal.objects.get(run=run, mentee=mentees[0])
    assert [entry["strength"] for entry in row.reasons["goals"]] == [1]
    assert (row.decided_by, row.decided_at) == (coordinator, LATER)
    entry = AuditEntry.objects.get(verb="adjust-matches")
    assert (entry.actor, entry.object_id) == (coordinator, str(adjustment.pk))


def test_a_preview_changes_nothing(trio, coordinator):
    run, mentees, mentors = trio
    before = pairs(run)
    wanted = Change("instead", mentee=mentees[0].pk, mentor=mentors[1].pk)
    effect = services.preview_change(run=run, change=wanted, by=coordinator).effect
    assert (effect.matched, effect.fit, dict(effect.below)) == (0, -150, {"25": 0, "50": 0})
    assert (pairs(run), Adjustment.objects.count()) == (before, 0)


def test_a_further_run_keeps_what_was_chosen(trio, coordinator):
    run, mentees, mentors = trio
    change(run, coordinator, "instead", mentee=mentees[0], mentor=mentors[1])
    again = run_matching(run.season, coordinator)
    assert pairs(again) == pairs(run)


def test_a_swap_gives_two_each_others_mentor_and_holds_both(trio, coordinator):
    run, mentees, mentors = trio
    change(run, coordinator, "swap", mentee=mentees[0], other=mentees[1])
    assert pairs(run) == {
        (mentees[0].pk, mentors[1].pk, "locked", 50),
        (mentees[1].pk, mentors[0].pk, "locked", 0),
        (mentees[2].pk, mentors[2].pk, "proposed", 100),
    }


def test_not_pairing_two_finds_each_somebody_else_and_no_run_makes_the_pair(trio, coordinator):
    run, mentees, mentors = trio
    adjustment = change(run, coordinator, "apart", mentee=mentees[0], mentor=mentors[0])
    made = {(mentee, mentor) for mentee, mentor, _state, _fit in pairs(run)}
    assert (mentees[0].pk, mentors[0].pk) not in made
    assert len(made) == 3
    assert {state for _mentee, _mentor, state, _fit in pairs(run)} == {"proposed"}
    assert adjustment.exclusion == Exclusion.objects.get()
    services.undo_adjustment(adjustment=adjustment, by=coordinator, now=LATER)
    assert Exclusion.objects.count() == 0
    assert pairs(run) == {(mentees[n].pk, mentors[n].pk, "proposed", 100) for n in range(3)}


def test_a_held_pair_can_be_kept_apart_too(trio, coordinator):
    run, mentees, mentors = trio
    services.lock_proposal(proposal=run.proposals.get(mentee=mentees[0]), by=coordinator, now=NOW)
    change(run, coordinator, "apart", mentee=mentees[0], mentor=mentors[0])
    assert Proposal.objects.get(run=run, mentee=mentees[0]).mentor != mentors[0]


def test_an_exclusion_that_was_there_before_survives_the_undo(trio, coordinator):
    run, mentees, mentors = trio
    services.exclude_pair(mentee=mentees[0], mentor=mentors[1], by=coordinator, now=NOW)
    adjustment = change(run, coordinator, "apart", mentee=mentees[0], mentor=mentors[1])
    assert (adjustment.exclusion, adjustment.moves.count()) == (None, 0)
    services.undo_adjustment(adjustment=adjustment, by=coordinator, now=LATER)
    assert Exclusion.objects.count() == 1


def test_who_is_left_without_a_mentor_stays_so_until_a_coordinator_lets_go(trio, coordinator):
    run, mentees, mentors = trio
    change(run, coordinator, "unmatched", mentee=mentees[0])
    assert (mentees[0].pk, None, "locked", None) in pairs(run)
    assert Proposal.objects.get(run=run, mentee=mentees[0]).reasons == {"nobody": "left_out"}
    with pytest.raises(services.NothingToChange):
        change(run, coordinator, "repair")
    again = run_matching(run.season, coordinator)
    assert (mentees[0].pk, None, "locked", None) in pairs(again)
    assert again.figures["mentees"] == 3
    line = again.proposals.get(mentee=mentees[0])
    assert services.unlock_proposal(proposal=line, by=coordinator, now=LATER).reasons["nobody"] == "displaced"
    change(again, coordinator, "repair")
    assert (mentees[0].pk, mentors[0].pk, "proposed", 100) in pairs(again)


def test_who_was_left_without_a_mentor_can_be_given_one_expressly(trio, coordinator):
    run, mentees, mentors = trio
    change(run, coordinator, "unmatched", mentee=mentees[0])
    change(run, coordinator, "instead", mentee=mentees[0], mentor=mentors[0])
    assert (mentees[0].pk, mentors[0].pk, "locked", 100) in pairs(run)


def test_after_a_mentor_says_no_the_repair_finds_another_with_least_change(coordinator):
    season, (mentee, _other), mentors = pool(2, 3)
    run = run_matching(season, coordinator)
    approve_all(run, coordinator)
    ask_mentors(season=season, by=coordinator, now=NOW)
    line = run.proposals.get(mentee=mentee)
    answer_question(partnership=line.partnership, yes=False, by=mentor_of(line.partnership), now=NOW)
    declined = line.partnership
    (free,) = {mentor.pk for mentor in mentors} - set(run.proposals.values_list("mentor", flat=True))
    adjustment = change(run, coordinator, "repair")
    line.refresh_from_db()
    assert (line.mentor_id, line.state, line.partnership) == (free, "proposed", None)
    assert adjustment.moves.count() == 1
    assert Partnership.objects.get(pk=declined.pk).state == "declined"
    services.undo_adjustment(adjustment=adjustment, by=coordinator, now=LATER)
    line.refresh_from_db()
    assert (line.state, line.partnership) == ("approved", declined)


def test_a_late_applicant_joins_the_result_and_leaves_it_with_the_undo(trio, coordinator):
    run, _mentees, _mentors = trio
    late = MenteeFactory(season=run.season)
    mentor = MentorFactory(season=run.season)
    adjustment = change(run, coordinator, "repair")
    assert (late.pk, mentor.pk, "proposed", 50) in pairs(run)
    services.undo_adjustment(adjustment=adjustment, by=coordinator, now=LATER)
    assert not Proposal.objects.filter(run=run, mentee=late).exists()
    assert (adjustment.moves.get().state_before, Adjustment.objects.get().undone_by) == ("", coordinator)


def test_a_withdrawal_is_repaired(trio, coordinator):
    run, mentees, mentors = trio
    mentors[2].state = "withdrawn"
    mentors[2].save()
    spare = MentorFactory(season=run.season)
    change(run, coordinator, "repair")
    assert (mentees[2].pk, spare.pk, "proposed", 0) in pairs(run)


def test_what_was_rejected_is_not_brought_back_by_another_change(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    run = run_matching(season, coordinator)
    services.reject_proposal(proposal=run.proposals.get(), exclude=False, by=coordinator, now=NOW)
    with pytest.raises(services.NothingToChange):
        change(run, coordinator, "repair")


def test_a_rule_in_the_way_is_named_and_a_private_one_is_not(trio, coordinator):
    run, mentees, mentors = trio
    report_to(mentees[0].applicant, mentors[1].applicant)
    avoid(mentees[0], mentors[2].applicant)
    with pytest.raises(NotPossible) as refused:
        change(run, coordinator, "instead", mentee=mentees[0], mentor=mentors[1])
    assert refused.value.codes == ("supervisor_chain",)
    with pytest.raises(NotPossible) as refused:
        change(run, coordinator, "instead", mentee=mentees[0], mentor=mentors[2])
    assert refused.value.codes == ("other",)


def test_a_wish_to_keep_two_together_has_to_go_first(trio, coordinator):
    run, mentees, mentors = trio
    services.pin_pair(mentee=mentees[0], mentor=mentors[0], waived=[], reason="", by=coordinator, now=NOW)
    for kind, people in (
        ("instead", {"mentee": mentees[0], "mentor": mentors[1]}),
        ("swap", {"mentee": mentees[1], "other": mentees[0]}),
        ("apart", {"mentee": mentees[0], "mentor": mentors[0]}),
        ("unmatched", {"mentee": mentees[0]}),
    ):
        with pytest.raises(services.KeptTogether):
            change(run, coordinator, kind, **people)
    assert Adjustment.objects.count() == 0


def test_an_approved_pair_is_not_moved_by_any_change(trio, coordinator):
    run, mentees, mentors = trio
    line = run.proposals.get(mentee=mentees[1])
    services.approve_proposals(run=run, proposals=[line.pk], by=coordinator, now=NOW)
    with pytest.raises(NotPossible) as refused:
        change(run, coordinator, "instead", mentee=mentees[0], mentor=mentors[1])
    assert refused.value.codes == ("no_places",)
    with pytest.raises(NotPossible):
        change(run, coordinator, "unmatched", mentee=mentees[1])


def test_what_has_changed_since_the_preview_is_shown_anew_and_not_done(trio, coordinator):
    run, mentees, mentors = trio
    wanted = Change("instead", mentee=mentees[0].pk, mentor=mentors[1].pk)
    shown = services.preview_change(run=run, change=wanted, by=coordinator).fingerprint
    MentorFactory(season=run.season, capacity=1, languages=["es"])
    unmoved = services.preview_change(run=run, change=wanted, by=coordinator)
    assert unmoved.fingerprint == shown  # What isn't concerned may change.
    services.lock_proposal(proposal=run.proposals.get(mentee=mentees[2]), by=coordinator, now=NOW)
    before = pairs(run)
    with pytest.raises(services.Outdated) as outdated:
        services.apply_change(run=run, change=wanted, fingerprint=shown, by=coordinator, now=LATER)
    assert (pairs(run), Adjustment.objects.count()) == (before, 0)
    fresh = outdated.value.preview.fingerprint
    services.apply_change(run=run, change=wanted, fingerprint=fresh, by=coordinator, now=LATER)
    assert (mentees[0].pk, mentors[1].pk, "locked", 50) in pairs(run)


def test_nothing_is_changed_in_a_run_that_another_replaces(trio, coordinator):
    run, mentees, mentors = trio
    wanted = Change("instead", mentee=mentees[0].pk, mentor=mentors[1].pk)
    shown = services.preview_change(run=run, change=wanted, by=coordinator).fingerprint
    services.start_run(season=run.season, by=coordinator, now=NOW)
    with pytest.raises(services.RunUnderWay):
        services.apply_change(run=run, change=wanted, fingerprint=shown, by=coordinator, now=LATER)


def test_an_undo_gives_back_exactly_what_there_was(trio, coordinator):
    run, mentees, mentors = trio
    before = list(Proposal.objects.filter(run=run).order_by("pk").values("mentor", "state", "fit", "reasons"))
    adjustment = change(run, coordinator, "instead", mentee=mentees[0], mentor=mentors[1])
    services.undo_adjustment(adjustment=adjustment, by=coordinator, now=LATER)
    after = list(Proposal.objects.filter(run=run).order_by("pk").values("mentor", "state", "fit", "reasons"))
    assert after == before
    assert AuditEntry.objects.filter(verb="undo-adjustment", actor=coordinator).count() == 1
    with pytest.raises(services.CantUndo) as refused:
        services.undo_adjustment(adjustment=adjustment, by=coordinator, now=LATER)
    assert refused.value.why == "undone"


@pytest.mark.parametrize("decide", ["hold", "approve"])
def test_an_undo_is_refused_once_somebody_has_decided_on_what_was_moved(decide, trio, coordinator):
    run, mentees, mentors = trio
    adjustment = change(run, coordinator, "instead", mentee=mentees[0], mentor=mentors[1])
    displaced = run.proposals.get(mentee=mentees[1])
    if decide == "hold":
        services.lock_proposal(proposal=displaced, by=coordinator, now=NOW)
    else:
        services.approve_proposals(run=run, proposals=[displaced.pk], by=coordinator, now=NOW)
    before = pairs(run)
    with pytest.raises(services.CantUndo) as refused:
        services.undo_adjustment(adjustment=adjustment, by=coordinator, now=LATER)
    assert (refused.value.why, pairs(run)) == ("decided", before)


def test_an_undo_is_refused_where_the_place_has_gone_to_somebody_else(trio, coordinator):
    run, mentees, mentors = trio
    adjustment = change(run, coordinator, "unmatched", mentee=mentees[0])
    late = MenteeFactory(season=run.season)
    change(run, coordinator, "repair")
    assert Proposal.objects.get(run=run, mentee=late).mentor == mentors[0]
    with pytest.raises(services.CantUndo) as refused:
        services.undo_adjustment(adjustment=adjustment, by=coordinator, now=LATER)
    assert refused.value.why == "place"


def test_changes_are_undone_one_after_the_other(trio, coordinator):
    run, mentees, mentors = trio
    first = change(run, coordinator, "instead", mentee=mentees[0], mentor=mentors[1])
    second = change(run, coordinator, "swap", mentee=mentees[1], other=mentees[2])
    with pytest.raises(services.CantUndo):
        services.undo_adjustment(adjustment=first, by=coordinator, now=LATER)
    services.undo_adjustment(adjustment=second, by=coordinator, now=LATER)
    services.undo_adjustment(adjustment=first, by=coordinator, now=LATER)
    assert pairs(run) == {(mentees[n].pk, mentors[n].pk, "proposed", 100) for n in range(3)}


def concern_the_displaced(coordinator, mentees, mentors):
    mentees[1].applicant = coordinator
    mentees[1].save()


def concern_the_mentor(coordinator, mentees, mentors):
    report_to(mentors[1].applicant, coordinator)


def concern_the_displaced_report(coordinator, mentees, mentors):
    report_to(mentees[1].applicant, coordinator)


@pytest.mark.parametrize("concern", [concern_the_displaced, concern_the_mentor, concern_the_displaced_report])
def test_nobody_near_a_coordinator_is_moved_or_told_of_by_their_changes(concern, trio, coordinator):
    run, mentees, mentors = trio
    other = UserFactory(roles=["coordinator"])
    concern(coordinator, mentees, mentors)
    wanted = Change("instead", mentee=mentees[0].pk, mentor=mentors[1].pk)
    with pytest.raises((services.NotTheirs, NotPossible)):
        services.preview_change(run=run, change=wanted, by=coordinator)
    adjustment = change(run, other, "instead", mentee=mentees[0], mentor=mentors[1])
    assert list(Adjustment.objects.visible_to(coordinator)) == []
    assert list(Adjustment.objects.visible_to(other)) == [adjustment]
    with pytest.raises(services.NotTheirs):
        services.undo_adjustment(adjustment=adjustment, by=coordinator, now=LATER)


@pytest.mark.parametrize("answers", [True, False])
def test_what_is_shown_does_not_depend_on_what_anybody_gave_of_identity(answers, trio, coordinator):
    run, mentees, mentors = trio
    season = run.season
    season.identity_matching = True
    season.save()
    wanted = Change("instead", mentee=mentees[0].pk, mentor=mentors[1].pk)
    before = services.preview_change(run=run, change=wanted, by=coordinator)
    if answers:
        for application in (*mentees, *mentors[1:]):
            give_identity(application, gender={"values": ["woman"], "match": 2, "show": True})
    after = services.preview_change(run=run, change=wanted, by=coordinator)
    assert (after.effect, after.fingerprint) == (before.effect, before.fingerprint)
    assert all(not person.identity and not person.match_on for person in after.present.problem.mentees)


def test_late_changes_of_people_show_as_conflicts(trio, coordinator):
    from matching.admin.overview import proposals
    from matching.querysets import FORBIDDEN

    run, mentees, mentors = trio
    report_to(mentees[0].applicant, mentors[0].applicant)
    rows = proposals(run, coordinator, timezone.now())
    assert list(rows.filter(attention=FORBIDDEN).values_list("mentee", flat=True)) == [mentees[0].pk]
