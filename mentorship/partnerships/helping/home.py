"""Get help on the home page: a quiet card for everybody in a pair, and the answer when there is one."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from mentorship.common.registries import HomeSection
from mentorship.partnerships.models import HelpCase, Membership
from mentorship.partnerships.querysets import TOLD


def own_memberships(person: Any) -> QuerySet[Membership]:
    """Their part in each pair that they were told of, ended ones too, until the season is archived."""
    return (
        Membership.objects.filter(person=person.pk, partnership__state__in=TOLD, season__archived_at=None)
        .select_related("partnership__season")
        .prefetch_related("partnership__memberships__person__profile")
        .order_by("-joined_at", "pk")
    )


def own_cases(person: Any) -> QuerySet[HelpCase]:
    """What they asked for and isn't settled."""
    rows: QuerySet[HelpCase] = HelpCase.objects.visible_to(person).filter(membership__person=person.pk)
    return rows.going_on().named()  # type: ignore[attr-defined,no-any-return]


def answer_card(request: HttpRequest) -> HomeSection | None:
    """A coordinator has answered: said without a word of what it is about."""
    case = own_cases(request.user).filter(state=HelpCase.State.ANSWERED).order_by("opened_at").first()
    if case is None:
        return None
    return HomeSection("partnerships/home_help_answered.html", {"case": case}, order=15, next_action=True)


def help_card(request: HttpRequest) -> HomeSection | None:
    """Where to get help, for everybody in a pair."""
    if not own_memberships(request.user).exists():
        return None
    return HomeSection("partnerships/home_help.html", {}, order=90, aside=True)
