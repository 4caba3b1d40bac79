"""What a season needs before it is published, as a list of checks that a person can work through."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from mentorship.seasons.models import Season
from mentorship.seasons.phases import closes_at


@dataclass(frozen=True)
class Check:
    """One thing to have done. `required`: without it the season isn't published; else it is advice."""

    label: str
    done: bool
    required: bool = True


def checks(season: Season, now: datetime) -> list[Check]:
    """Return every check of `season`, the required ones first."""
    shapes = season.has_pairs or season.has_circles or season.has_workshops
    return [
        Check(_("What people do together: pairs, circles or workshops"), shapes),
        Check(_("Dates that follow one another"), _in_order(season)),
        Check(_("A closing day that is still to come"), closes_at(season) > now),
        Check(_("Goals to choose from"), season.goals.exists()),
        Check(_("What it is, in English"), bool(season.intro_en.strip())),
        Check(_("The agreement, in English"), bool(season.agreement_en.strip())),
        Check(
            _("A contact outside the programme, with an address or a number"),
            bool(season.contact_name and (season.contact_email or season.contact_phone)),
        ),
        Check(_("The name in Spanish"), bool(season.name_es.strip()), required=False),
        Check(_("All texts in Spanish"), not _untranslated(season), required=False),
        Check(_("How to start, for those who are matched"), bool(season.start_en.strip()), required=False),
        Check(_("What else to join, for those without a match"), bool(season.instead_en.strip()), required=False),
        Check(_("Who may apply"), season.eligibility_rules.exists(), required=False),
    ]


def _in_order(season: Season) -> bool:
    days = [season.opens_on, season.closes_on, season.matches_on, season.starts_on, season.ends_on]
    return days == sorted(days) and season.starts_on < season.ends_on <= season.survey_on <= season.report_on


def _untranslated(season: Season) -> bool:
    names = ("intro", "agreement", "start", "instead")
    return any(getattr(season, f"{name}_en") and not getattr(season, f"{name}_es") for name in names)
