"""Making, publishing, changing and archiving seasons: what each does, refuses, and writes into the audit trail."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from mentorship.records.models import AuditEntry
from mentorship.seasons import actions, publishing, services
from mentorship.seasons.models import EligibilityRule, Goal, Season
from mentorship.seasons.phases import phase
from mentorship.seasons.services import SeasonError
from mentorship.seasons.states import Phase
from tests.factories import (
    NOW,
    ApplicationFactory,
    EligibilityRuleFactory,
    GoalFactory,
    QuestionnaireFactory,
    SeasonFactory,
)

pytestmark = pytest.mark.django_db


def verbs() -> list[str]:
    return sorted(AuditEntry.objects.values_list("verb", flat=True))


@pytest.fixture
def _content() -> None:
    call_command("load_content", verbosity=0)


@pytest.mark.usefixtures("_content")
def test_a_season_from_a_template_needs_a_name_and_a_day_and_then_the_contact(
    coordinator: Any, settings: Any
) -> None:
    settings.LIBRARY_ZONE = "America/Denver"
    season = services.create_season(
        template="six-month-mentoring",
        name_en="Spring 2027",
        name_es="Primavera de 2027",
        opens_on=date(2027, 2, 8),
        by=coordinator,
        now=NOW,
    )
    assert phase(season, NOW) == Phase.DRAFT
    assert (season.slug, season.zone, season.seed) == ("spring-2027", "America/Denver", "spring-2027")
    assert [getattr(season, name) for name in services.DATES] == [
        date(2027, 2, 8),
        date(2027, 3, 5),
        date(2027, 3, 22),
        date(2027, 3, 29),
        date(2027, 9, 24),
        date(2027, 9, 27),
        date(2027, 11, 8),
    ]
    assert season.goals.count() == 31
    assert [(rule.role, rule.kind, rule.value) for rule in season.eligibility_rules.all()] == [
        ("mentor", "service-years", 2)
    ]
    assert season.questionnaire is not None
    assert season.questionnaire.slug == "mentoring-application"
    assert season.roles == ["mentee", "mentor"]
    assert (season.cuts, season.quiet_guard, season.identity_matching) == ([25, 50], True, False)
    assert [check.label for check in publishing.checks(season, NOW) if check.required and not check.done] == [
        "A contact outside the programme, with an address or a number"
    ]
    assert verbs() == ["create-season"]


@pytest.mark.usefixtures("_content")
def test_the_nine_month_season_asks_for_one_year_no_degree_and_nobody_to_supervise(coordinator: Any) -> None:
    season = services.create_season(
        template="nine-month-career-development",
        name_en="Cohort 2027",
        name_es="",
        opens_on=date(2027, 2, 8),
        by=coordinator,
        now=NOW,
    )
    assert {(rule.role, rule.kind, rule.value) for rule in season.eligibility_rules.all()} == {
        ("peer", "not-managerial", None),
        ("peer", "service-years", 1),
        ("peer", "no-library-degree", None),
    }
    assert season.roles == ["peer"]
    assert (season.has_pairs, season.has_workshops, season.capacity) == (False, True, 12)
    assert (season.ends_on - season.starts_on).days == 270


@pytest.mark.usefixtures("_content")
def test_two_seasons_of_one_name_have_keys_of_their_own(coordinator: Any) -> None:
    made = []
    for _time in range(3):
        season = services.create_season(
            template="six-month-mentoring",
            name_en="Año 2027",
            name_es="",
            opens_on=NOW.date(),
            by=coordinator,
            now=NOW,
        )
        made.append(season.slug)
    assert made == ["ano-2027", "ano-2027-2", "ano-2027-3"]


def test_an_unknown_template_is_refused(coordinator: Any) -> None:
    with pytest.raises(SeasonError, match="no season template"):
        services.create_season(template="none", name_en="X", name_es="", opens_on=NOW.date(), by=coordinator, now=NOW)


TEXTS = [f"{name}_{language}" for name in ("intro", "agreement", "start", "instead") for language in ("en", "es")]


def full_season() -> Season:
    """A season in which every column has a value of its own."""
    season: Season = SeasonFactory(
        template_slug="six-month-mentoring",
        has_pairs=False,
        has_circles=True,
        has_workshops=True,
        zone="America/Denver",
        blackout_weeks=[date(2027, 3, 29), date(2027, 7, 5)],
        capacity=34,
        max_mentees_per_mentor=2,
        meetings_per_month=2,
        allow_same_unit=True,
        allow_repeat_pairs=True,
        min_shared_slots=1,
        rank_gap_least=1,
        rank_gap_most=5,
        cuts=[30],
        quiet_guard=False,
        contact_name="Pat",
        contact_email="pat@elsewhere.example",
        contact_phone="555",
        questionnaire=QuestionnaireFactory(),
        announced_at=NOW,
        **{name: f"Text of {name}" for name in TEXTS},
    )
    season.goals.set(GoalFactory.create_batch(3))
    EligibilityRuleFactory(season=season, wording_en="Own", wording_es="Propia", order=3)
    return season


OF_ITS_OWN = {
    "id",
    "slug",
    "name_en",
    "name_es",
    "seed",
    "created_at",
    "published_at",
    "announced_at",
    "archived_at",
    "identity_matching",
    "identity_note",
    "identity_reviewed_by",
    "identity_reviewed_at",
    "blackout_weeks",
    *services.DATES,
}


def test_a_clone_takes_everything_over_but_people_moves_the_dates_and_keeps_identity_off(coordinator: Any) -> None:
    season = full_season()
    season = services.set_identity_matching(season=season, on=False, note="", by=coordinator, now=NOW)
    Season.objects.filter(pk=season.pk).update(
        identity_matching=True,
        identity_note="Reviewed",
        identity_reviewed_by=coordinator,
        identity_reviewed_at=NOW,
        second_coordinator=coordinator,
    )
    season.refresh_from_db()
    application = ApplicationFactory(season=season)
    clone = services.clone_season(
        season=season, name_en="Autumn", name_es="Otoño", opens_on=date(2027, 8, 16), by=coordinator, now=NOW
    )
    clone.refresh_from_db()
    assert {field.name for field in Season._meta.concrete_fields} == OF_ITS_OWN | set(services.COPIED)
    for name in services.COPIED:
        assert getattr(clone, name) == getattr(season, name) != Season._meta.get_field(name).get_default(), name
    moved = timedelta(days=210)
    assert [getattr(clone, name) - getattr(season, name) for name in services.DATES] == [moved] * 7
    assert clone.blackout_weeks == [date(2027, 10, 25), date(2028, 1, 31)]
    assert set(clone.goals.all()) == set(season.goals.all())
    assert [(rule.kind, rule.value, rule.wording_es, rule.order) for rule in clone.eligibility_rules.all()] == [
        ("service-years", 1, "Propia", 3)
    ]
    assert phase(clone, NOW) == Phase.DRAFT
    assert (clone.identity_matching, clone.identity_note, clone.identity_reviewed_by, clone.identity_reviewed_at) == (
        False,
        "",
        None,
        None,
    )
    assert list(clone.applications.all()) == []
    assert list(season.applications.all()) == [application]
    assert EligibilityRule.objects.count() == 2


def test_a_clone_leaves_out_goals_that_are_out_of_use(coordinator: Any) -> None:
    season = full_season()
    retired = Goal.objects.first()
    assert retired is not None
    retired.active = False
    retired.save()
    clone = services.clone_season(
        season=season, name_en="Autumn", name_es="", opens_on=date(2027, 8, 16), by=coordinator, now=NOW
    )
    assert clone.goals.count() == 2
    assert retired not in clone.goals.all()


def ready_draft(**values: Any) -> Season:
    season: Season = SeasonFactory(
        published_at=None, intro_en="About", agreement_en="We", contact_name="Pat", contact_phone="555", **values
    )
    season.goals.set([GoalFactory()])
    return season


def test_a_ready_draft_is_published_once(coordinator: Any) -> None:
    season = services.publish_season(season=ready_draft(), by=coordinator, now=NOW)
    assert season.published_at == NOW
    assert phase(season, NOW) == Phase.APPLYING
    assert verbs() == ["publish-season"]
    with pytest.raises(SeasonError, match="already"):
        services.publish_season(season=season, by=coordinator, now=NOW)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"has_pairs": False}, "What people do together"),
        ({"survey_on": date(2027, 8, 1)}, "Dates that follow one another"),
        ({"closes_on": date(2027, 1, 29)}, "A closing day that is still to come"),
        ({"intro_en": " "}, "What it is, in English"),
        ({"agreement_en": ""}, "The agreement, in English"),
        ({"contact_name": ""}, "A contact outside the programme"),
        ({"contact_phone": ""}, "A contact outside the programme"),
    ],
)
def test_a_draft_that_lacks_something_stays_one(change: dict[str, Any], missing: str, coordinator: Any) -> None:
    season = ready_draft()
    Season.objects.filter(pk=season.pk).update(**change)
    with pytest.raises(SeasonError, match=missing):
        services.publish_season(season=season, by=coordinator, now=NOW)
    season.refresh_from_db()
    assert season.published_at is None


def test_a_draft_without_goals_is_not_published(coordinator: Any) -> None:
    season = ready_draft()
    season.goals.clear()
    with pytest.raises(SeasonError, match="Goals"):
        services.publish_season(season=season, by=coordinator, now=NOW)


def test_texts_and_dates_that_fit_are_changed_and_noted(coordinator: Any) -> None:
    season = services.edit_season(
        season=SeasonFactory(), changes={"intro_en": "New", "closes_on": date(2027, 2, 19)}, by=coordinator, now=NOW
    )
    season.refresh_from_db()
    assert (season.intro_en, season.closes_on) == ("New", date(2027, 2, 19))
    assert verbs() == ["edit-season"]


@pytest.mark.parametrize(
    ("moments", "changes", "now"),
    [
        ({}, {"opens_on": date(2027, 2, 2)}, NOW),  # people may have applied already
        ({}, {"zone": "Pacific/Auckland", "opens_on": date(2027, 2, 3)}, NOW),
        ({"archived_at": NOW}, {"intro_en": "New"}, NOW),
    ],
)
def test_dates_that_undo_what_has_happened_are_refused(
    moments: dict[str, Any], changes: dict[str, Any], now: datetime, coordinator: Any
) -> None:
    season = SeasonFactory(**moments)
    with pytest.raises(SeasonError):
        services.edit_season(season=season, changes=changes, by=coordinator, now=now)
    assert verbs() == []


def test_the_close_can_be_moved_back_as_long_as_matches_are_not_announced(coordinator: Any) -> None:
    after = datetime(2027, 2, 15, 18, tzinfo=UTC)
    season = SeasonFactory()
    assert phase(season, after) == Phase.REVIEWING
    season = services.edit_season(season=season, changes={"closes_on": date(2027, 2, 19)}, by=coordinator, now=after)
    assert phase(season, after) == Phase.APPLYING


def test_identity_matching_starts_off_and_needs_the_note_of_its_review(coordinator: Any) -> None:
    season = SeasonFactory()
    assert season.identity_matching is False
    with pytest.raises(SeasonError, match="Write down who reviewed this"):
        services.set_identity_matching(season=season, on=True, note="  ", by=coordinator, now=NOW)
    season = services.set_identity_matching(season=season, on=True, note=" Attorney, 4 Jan ", by=coordinator, now=NOW)
    season.refresh_from_db()
    assert season.uses_identity is True
    assert (season.identity_note, season.identity_reviewed_by, season.identity_reviewed_at) == (
        "Attorney, 4 Jan",
        coordinator,
        NOW,
    )
    season = services.set_identity_matching(season=season, on=False, note="", by=coordinator, now=NOW)
    assert season.uses_identity is False
    assert season.identity_note == "Attorney, 4 Jan"
    assert verbs() == ["identity-matching-off", "identity-matching-on"]


def test_identity_matching_is_refused_where_the_installation_rules_it_out(coordinator: Any, settings: Any) -> None:
    season = SeasonFactory()
    already_on = SeasonFactory(identity_matching=True)
    settings.IDENTITY = "never"
    with pytest.raises(SeasonError, match="ruled out"):
        services.set_identity_matching(season=season, on=True, note="Reviewed", by=coordinator, now=NOW)
    assert already_on.uses_identity is False


def test_identity_matching_is_not_switched_on_once_nobody_can_be_asked(coordinator: Any) -> None:
    with pytest.raises(SeasonError, match="closed"):
        services.set_identity_matching(
            season=SeasonFactory(), on=True, note="Reviewed", by=coordinator, now=NOW + timedelta(days=14)
        )


@pytest.fixture
def purged(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    rows: list[Any] = []
    monkeypatch.setattr(actions, "_archive_steps", [lambda season, now: rows.append((season.pk, now))])
    return rows


def test_archiving_purges_what_upper_apps_named_and_ends_the_identity_review(
    coordinator: Any, purged: list[Any]
) -> None:
    later = datetime(2028, 1, 10, tzinfo=UTC)
    season = SeasonFactory(announced_at=NOW, identity_matching=True)
    season = services.archive_season(season=season, by=coordinator, now=later)
    season.refresh_from_db()
    assert (season.archived_at, season.identity_matching) == (later, False)
    assert purged == [(season.pk, later)]
    assert verbs() == ["archive-season"]


@pytest.mark.parametrize("moments", [{}, {"announced_at": NOW}, {"archived_at": NOW}])
def test_a_season_that_people_are_in_is_not_archived(
    moments: dict[str, Any], coordinator: Any, purged: list[Any]
) -> None:
    with pytest.raises(SeasonError):
        services.archive_season(season=SeasonFactory(**moments), by=coordinator, now=NOW)
    assert purged == []
