"""A season under way with told pairs, for the tests of check-ins, of help and of Today."""

from datetime import date, datetime, timedelta
from typing import Any

from mentorship.partnerships.helping.services import ask_for_help
from mentorship.partnerships.models import CheckIn, HelpCase, Membership, Partnership
from tests.factories import MenteeFactory, MentorFactory, PartnershipFactory, SeasonFactory

# Monday, April 12th, 10:00 in Los Angeles.
APRIL = datetime.fromisoformat("2027-04-12T10:00:00-07:00")
TOLD = datetime.fromisoformat("2027-03-01T10:00:00-08:00")


def season_under_way(**fields: Any) -> Any:
    return SeasonFactory(
        opens_on=date(2027, 1, 18),
        closes_on=date(2027, 2, 12),
        announced_at=fields.pop("announced_at", TOLD),
        **{"contact_name": "Noor Haddad", "contact_email": "noor@city.example", **fields},
    )


def told_pair(liaison: Any = None, *, season: Any = None, mentor: Any = None, told: datetime = TOLD) -> Partnership:
    """Rosa and Sam, told on March 1st."""
    season = season or season_under_way()
    mentee = MenteeFactory(season=season, applicant__given_name="Rosa", applicant__family_name="Santos")
    mentor = mentor or MentorFactory(season=season, applicant__given_name="Sam", applicant__family_name="Tran")
    return PartnershipFactory(
        season=season, state="announced", pair=(mentee, mentor), announced_at=told, liaison=liaison
    )


def member(pair: Partnership, role: str = "mentee") -> Membership:
    return pair.memberships.select_related("person").get(role=role)


def asked(pair: Partnership, role: str = "mentee", month: date = date(2027, 4, 1), **fields: Any) -> CheckIn:
    """A check-in as the tick makes it; `fields` as an answer sets them."""
    at = datetime.combine(month, datetime.min.time(), tzinfo=APRIL.tzinfo) + timedelta(hours=9)
    return CheckIn.objects.create(membership=member(pair, role), month=month, asked_at=at, **fields)


def low(pair: Partnership, role: str = "mentee", since: datetime = APRIL, **fields: Any) -> CheckIn:
    """An answer that waits for a coordinator."""
    return asked(pair, role, state="answered", answered_at=since, waits_since=since, **{"going": 2, **fields})


def help_case(pair: Partnership, role: str = "mentee", now: datetime = APRIL, **fields: Any) -> HelpCase:
    who = member(pair, role)
    given = {"topic": "match", "words": "We don't fit.", "about_partner": True, "kept_from": None, **fields}
    return ask_for_help(membership=who, by=who.person, now=now, **given)
