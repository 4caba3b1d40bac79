"""How often a page asks the database doesn't depend on how many rows there are: every page at 1, 3 and 30 more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection

from matching.models import Adjustment, AdjustmentMove, Exclusion, Pin, Proposal
from mentorship.applications.models import EligibilityResult, Invitation
from mentorship.learning.models import Path, PathStep
from mentorship.partnerships import services as partnerships
from mentorship.partnerships.models import ChangeWish, CheckIn, HelpCase, HelpMessage, HourCorrection, PairGoal
from mentorship.people.admin.work import WorkUnitAdmin
from mentorship.people.models import Absence
from surveys.models import Comment, Release, Ticket, Wave
from tests import factories as make
from tests.guards.cast import Cast
from tests.guards.visiting import Address, Visitors, addresses

pytestmark = pytest.mark.django_db
READERS = ("applicant", "mentee", "mentor", "asked_mentor", "coordinator", "administrator")
# What is searched, shown whole or opened only when asked for.
QUERIES: dict[str, Callable[[Cast], str]] = {
    "apply/<uuid:pk>/favourites/": lambda cast: "?q=gi",
    "apply/<uuid:pk>/avoid/": lambda cast: "?q=gi",
    # Whichever match stands first is opened otherwise, and each asks for what its state needs.
    "admin/matching/matchrun/season/<uuid:season_id>/": lambda cast: f"?show=all&match={cast.match.pk}",
    "admin/people/user/": lambda cast: "?q=gi",
}


def grow(cast: Cast, n: int) -> None:
    """Add `n` of everything that a page may list."""
    for number in range(n):
        _grow_lists(cast)
        _grow_applying(cast)
        _grow_matching(cast)
        _grow_learning(cast)
        _grow_running(cast)
        _grow_meetings(cast, number)
        _grow_papers(cast, number)
        _grow_surveys(cast)
    # A long transaction is planned as if its tables were empty, which takes seconds for each of the larger queries.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _grow_lists(cast: Cast) -> None:
    goal = make.GoalFactory()
    for name in ("open", "review", "running"):
        cast.things[name].goals.add(goal)
    make.ExperienceTagFactory()
    make.IdentityOptionFactory()
    make.UnitKindFactory(slug=f"kind-{goal.slug}")
    make.QuestionFactory(questionnaire=make.QuestionnaireFactory(origin="shipped"))
    make.QuestionFactory(questionnaire=cast.own_questionnaire)
    make.SeasonFactory(
        **{
            name: getattr(cast.open, name)
            for name in "opens_on closes_on matches_on starts_on ends_on survey_on report_on published_at".split()
        }
    )


def _grow_applying(cast: Cast) -> None:
    """Somebody whose facts are in doubt, a listed mentor, somebody who could be invited and is."""
    goals = dict.fromkeys(cast.goals[:3], 2)
    for season in (cast.open, cast.review):
        doubtful = make.ApplicationFactory(season=season, questionnaire=season.questionnaire, wants=goals)
        EligibilityResult.objects.create(
            application=doubtful, kind="service-years", value=1, outcome="not-met", checked_at=cast.now
        )
    make.MentorFactory(season=cast.open, applicant__profile__in_directory=True, wants={cast.goals[0]: 2})
    Invitation.objects.create(
        season=cast.open,
        person=make.UserFactory(profile__job_class__rank=9),
        role="mentor",
        invited_by=cast.people["coordinator"],
        invited_at=cast.now,
    )
    make.ApplicationFactory(season=make.SeasonFactory(), applicant=cast.people["applicant"])


def _grow_matching(cast: Cast) -> None:
    """Suggested, kept together, kept apart, alone; a pair of the mentor, a question to the asked one."""
    by = {"by": cast.people["coordinator"], "at": cast.now}
    goals = dict.fromkeys(cast.goals[:3], 2)
    mentee = make.MenteeFactory(season=cast.review, wants=goals)
    mentor = make.MentorFactory(season=cast.review, wants={cast.goals[0]: 2})
    Proposal.objects.create(run=cast.run, mentee=mentee, mentor=mentor, fit=10, reasons=cast.match.reasons)
    Pin.objects.create(season=cast.review, mentee=mentee, mentor=mentor, **by)
    Exclusion.objects.create(season=cast.review, mentee=mentee.applicant, mentor=mentor.applicant, **by)
    adjustment = Adjustment.objects.create(run=cast.run, kind="instead", **by)
    AdjustmentMove.objects.create(
        adjustment=adjustment, place=0, mentee=mentee, after=mentor, state_before="proposed", state_after="proposed"
    )
    lonely = make.MenteeFactory(season=cast.review, wants=goals)
    Proposal.objects.create(run=cast.run, mentee=lonely, reasons={})
    for role, state in (("mentor", "announced"), ("asked_mentor", "asked")):
        season = make.SeasonFactory(announced_at=cast.now)
        partner = make.MenteeFactory(season=season, wants=goals)
        own = make.MentorFactory(season=season, applicant=cast.people[role])
        make.PartnershipFactory(
            season=season,
            state=state,
            pair=(partner, own),
            reasons=cast.match.reasons,
            announced_at=cast.now,
            answer_due=cast.now + timedelta(days=3),
        )
    make.MatchRunFactory(season=cast.open)


def _grow_learning(cast: Cast) -> None:
    """One more text on the mentor's path, read by them and by another mentor of the running season."""
    text = make.ResourceFactory()
    agenda = make.ResourceFactory(slug=f"agenda-{text.slug}", kind="checklist")
    for row in (text, agenda):
        make.SelfCheckQuestionFactory(resource=row)
        row.goals.add(make.GoalFactory())
    make.SelfCheckQuestionFactory(resource=cast.module)
    for path in Path.objects.filter(season=None):
        PathStep.objects.create(path=path, slug=text.slug, order=100)
    make.PathFactory(role="peer", season=make.SeasonFactory(), steps=[text.slug])
    mentor = make.MentorFactory(season=cast.running)
    make.PartnershipFactory(
        season=cast.running, pair=(make.MenteeFactory(season=cast.running), mentor), announced_at=cast.now
    )
    for person in (cast.people["mentor"], mentor.applicant):
        make.CompletionFactory(person=person, season=cast.running, resource=agenda)


def _grow_running(cast: Cast) -> None:
    """A pair of the mentor in which the mentor is asked and the mentee waits and was silent before; more said."""
    wants = dict.fromkeys(cast.goals[:3], 2)
    mentor = cast.silent.application
    mentee = make.MenteeFactory(season=cast.running, wants=wants)
    pair = make.PartnershipFactory(
        season=cast.running,
        pair=(mentee, mentor),
        announced_at=cast.now,
        liaison=cast.people["coordinator"],
        reasons=cast.match.reasons,
    )
    parts = {row.role: row for row in pair.memberships.all()}
    months = [cast.mentors_check_in.month]
    for _earlier in range(2):
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    for month in months:
        CheckIn.objects.create(membership=parts["mentor"], month=month, asked_at=cast.now)
    for going, fit in ((1, ""), (4, "different"), (5, "")):
        row = make.MenteeFactory(season=cast.running, wants=wants)
        other = make.PartnershipFactory(
            season=cast.running, pair=(row, mentor), announced_at=cast.now, liaison=cast.people["coordinator"]
        )
        CheckIn.objects.create(
            membership=other.memberships.get(role="mentee"),
            month=months[0],
            asked_at=cast.now,
            state="answered",
            going=going,
            fit=fit,
            wants_call=going == 5,
            waits_since=cast.now,
        )
    for membership in (parts["mentee"], cast.check_in.membership):
        case = HelpCase.objects.create(membership=membership, topic="match", opened_at=cast.now, waits_since=cast.now)
        HelpMessage.objects.create(case=case, author_id=membership.person_id, words="Help", written_at=cast.now)
    HelpMessage.objects.create(
        case=cast.help_case, author=cast.people["coordinator"], words="More", written_at=cast.now
    )


def _grow_meetings(cast: Cast, number: int) -> None:
    """Meetings, corrections, goals and notes of the announced pair; a quiet pair with a wish."""
    pair, mentee, now = cast.pair, cast.people["mentee"], cast.now
    plan = partnerships.Plan(now + timedelta(days=6, minutes=number), 45)
    partnerships.plan_meeting(partnership=pair, plan=plan, by=mentee, now=now)
    partnerships.log_unplanned_meeting(partnership=pair, starts_at=now, minutes=30, mode="phone", by=mentee, now=now)
    for shared in (True, False):
        partnerships.write_note(partnership=pair, text="A note", shared=shared, by=mentee, now=now)
    HourCorrection.objects.create(
        meeting=cast.held,
        before_minutes=30,
        after_minutes=31,
        before_present=2,
        after_present=2,
        reason="Again",
        by=make.UserFactory(),
        at=now,
    )
    PairGoal.objects.create(partnership=pair, goal=make.GoalFactory(), added_by=mentee, added_at=now, changed_at=now)
    quiet = make.PartnershipFactory(
        season=cast.running,
        pair=(
            make.MenteeFactory(season=cast.running, wants={cast.goals[0]: 2}),
            make.MentorFactory(season=cast.running, wants={cast.goals[0]: 2}),
        ),
        announced_at=now - timedelta(days=30),
        reasons={},
    )
    ChangeWish.objects.create(membership=quiet.memberships.get(role="mentee"), wished_at=now)


def _grow_papers(cast: Cast, number: int) -> None:
    applicant = cast.people["applicant"]
    make.DeliveryFactory(rule="application-received", recipient=applicant, subject_id=cast.sent.pk)
    make.WordingFactory(rule=f"rule-{make.GoalFactory().slug}")
    make.SignInCodeFactory()
    make.StaffImportFactory(uploaded_by=make.UserFactory())
    make.JobFactory(requested_by=cast.people["coordinator"])
    day = cast.now.date() + timedelta(days=10 + number)
    Absence.objects.create(person=applicant, first_day=day, last_day=day)


def _grow_surveys(cast: Cast) -> None:
    """A comment to read and one that is published, somebody invited, and surveys at each point of their way."""
    for state in ("waiting", "released", "withheld"):
        Comment.objects.create(wave=cast.released_wave, question="comment-helped", text="Time", state=state)
    Ticket.objects.create(wave=cast.open_wave, person=make.UserFactory())
    for state in ("open", "closed", "released"):
        season = make.SeasonFactory(announced_at=cast.now)
        wave = Wave.objects.create(
            season=season,
            questionnaire=cast.open_wave.questionnaire,
            state=state,
            opened_at=cast.now,
            closes_at=cast.now + timedelta(days=28),
            submitted=0 if state == "open" else 12,
            invited=0 if state == "open" else 12,
        )
        Ticket.objects.create(wave=wave, person=cast.people["mentor"])
        if state == "released":
            Comment.objects.create(wave=wave, question="comment-helped", text="Time")
            Release.objects.create(wave=wave, figures=cast.released_wave.release.figures, published_at=cast.now)


class Counter:
    """Counts the statements that go to the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, parameters, many, context)


def asked(cast: Cast, visitors: Visitors, found: list[Address]) -> dict[str, int]:
    """How many queries each page takes, by "role: address"."""
    counts = {}
    for address in found:
        for role in READERS:
            if address.expected(role, "GET")[0] != 200:
                continue
            url = address.url + QUERIES.get(address.route, lambda cast: "")(cast)
            queries = Counter()
            with connection.execute_wrapper(queries):
                status = visitors.ask(role, "GET", url).status_code
            counts[f"{role}: {address}"] = queries.count if status == 200 else -status
    return counts


def uneven(cast: Cast, found: list[Address]) -> tuple[dict[str, int], list[str]]:
    """The queries of each page, and the pages for which they grow with the rows."""
    visitors = Visitors(cast)
    taken = []
    for more in (1, 2, 27):
        grow(cast, more)
        if not taken:
            # What is kept for the process (content types, the site's own tables) is looked up once.
            asked(cast, visitors, found)
        taken.append(asked(cast, visitors, found))
    first, second, third = taken
    return third, [
        f"{page}: {first[page]}, {second[page]}, {third[page]}"
        for page in first
        if not first[page] == second[page] == third[page]
    ]


def test_no_page_asks_more_often_where_there_are_more_rows(cast: Cast, quick: None, summary: Any) -> None:
    found = [address for address in addresses(cast) if address.policy.html]
    counts, grown = uneven(cast, found)
    most = max(counts, key=lambda page: counts[page])
    summary(f"{len(counts)} pages at 1, 3 and 30 rows: {len(grown)} grow; the most queries: {counts[most]}, {most}")
    assert "\n".join(grown) == ""


def test_control_a_list_that_asks_for_each_row_is_found(cast: Cast, quick: None, monkeypatch: Any) -> None:

    def people(self: Any, unit: Any) -> int:
        return unit.profiles.count()

    monkeypatch.setattr(WorkUnitAdmin, "people", people, raising=False)
    model_admin = next(entry for entry in admin.site._registry.values() if isinstance(entry, WorkUnitAdmin))
    monkeypatch.setattr(model_admin, "list_display", ("__str__", "people"))
    # A page that is full already has no more rows to ask for.
    monkeypatch.setattr(model_admin, "list_per_page", 10_000)
    found = [address for address in addresses(cast) if address.route == "admin/people/workunit/"]
    _counts, grown = uneven(cast, found)
    assert [line.partition(" ")[2].split(":")[0] for line in grown] == ["admin/people/workunit/"] * 2
