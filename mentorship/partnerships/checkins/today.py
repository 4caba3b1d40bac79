"""What check-ins put on a coordinator's Today: calls, other matches, low marks, and who has fallen silent."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.common.registries import Task
from mentorship.partnerships import care
from mentorship.partnerships.checkins import asking
from mentorship.partnerships.checkins.querysets import CALL, DIFFERENT, GOING_ON, LOW_MARK
from mentorship.partnerships.checkins.words import going_words
from mentorship.partnerships.models import CheckIn, CoordinatorMessage, Membership, Partnership

SHOWN = 5
ORDER = {CALL: 3, DIFFERENT: 4, LOW_MARK: 5}
QUIET_ORDER = 6


def tasks(user: Any, now: datetime) -> list[Task]:
    """One line for each of the first five of a kind, and one for the rest of them."""
    if not user.has_role("coordinator"):
        return []
    return [*_answers(user, now), *_quiet(user, now)]


def quiet_members(user: Any, now: datetime) -> QuerySet[Membership]:
    """Members of this coordinator's pairs who answered no check-in for two months, and whom nobody has written to.

    A pair without a contact is everybody's to look after, but for those whom it concerns.
    """
    silent = Q(pk__in=[])
    for season in asking.running(now):
        this = asking.month_of(season, now)
        last = _month_before(this)
        silent |= Q(season=season) & _unanswered(_month_before(last)) & _unanswered(last) & ~_answered(this)
    written = CoordinatorMessage.objects.filter(
        membership=OuterRef("pk"), check_in=None, written_at__gt=now - timedelta(days=30)
    )
    contact = Exists(care.coordinators().filter(pk=OuterRef("partnership__liaison")))
    return (
        Membership.objects.filter(
            silent,
            Q(partnership__liaison=user) | ~contact,
            ~Exists(written),
            active=True,
            partnership__state__in=GOING_ON,
            partnership__in=Partnership.objects.decidable_by(user).values("pk"),
        )
        .exclude(person=user)
        .select_related("person__profile", "partnership__season")
        .order_by("pk")
    )


def _answers(user: Any, now: datetime) -> Iterable[Task]:
    rows = CheckIn.objects.waiting_for(user, now).first_of_each_reason(SHOWN).named()
    seen: dict[int, int] = {}
    for row in rows.order_by("reason", "place"):
        seen[row.reason] = seen.get(row.reason, 0) + 1
        url = reverse("admin:partnerships_checkin_change", args=[row.pk])
        yield Task(
            _sentence(row),
            url,
            _action(row),
            order=ORDER[row.reason],
            urgent=True,
            since=row.waits_since,
            kind=_kind(row.reason),
        )
        if seen[row.reason] == SHOWN and row.alike > SHOWN:
            yield _rest(row.alike - SHOWN, ORDER[row.reason], _kind(row.reason))


def _quiet(user: Any, now: datetime) -> Iterable[Task]:
    rows = quiet_members(user, now).annotate(place=Window(RowNumber(), order_by=["pk"]), alike=Window(Count("pk")))
    kind = _("No check-in answered for two months")
    for place, member in enumerate(rows.filter(place__lte=SHOWN).order_by("place"), start=1):
        name = {"name": member.person.display_name}
        url = reverse("admin:partnerships_checkin_quiet", args=[member.pk])
        text = _("%(name)s has answered no check-in for two months") % name
        action = _("Write to %(name)s") % {"name": member.person.get_short_name()}
        yield Task(text, url, action, order=QUIET_ORDER, kind=kind)
        if place == SHOWN and member.alike > SHOWN:
            text = ngettext(
                "%(n)d more has answered no check-in for two months",
                "%(n)d more have answered no check-in for two months",
                member.alike - SHOWN,
            )
            yield Task(
                text % {"n": member.alike - SHOWN},
                reverse("admin:partnerships_checkin_quiet_list"),
                _("See them all"),
                order=QUIET_ORDER,
                count=member.alike - SHOWN,
                kind=kind,
            )


def _sentence(row: Any) -> str:
    name = row.membership.person.display_name
    if row.reason == CALL:
        return _("%(name)s would like a call") % {"name": name}
    if row.reason == DIFFERENT:
        return _("%(name)s would like a different match") % {"name": name}
    return _("%(name)s says how it is going: %(words)s") % {"name": name, "words": going_words(row)}


def _action(row: Any) -> str:
    name = {"name": row.membership.person.get_short_name()}
    return _("Call %(name)s") % name if row.reason == CALL else _("Write to %(name)s") % name


def _kind(reason: int) -> str:
    return {CALL: _("Wishes for a call"), DIFFERENT: _("Wishes for a different match"), LOW_MARK: _("Low marks")}[
        reason
    ]


def _rest(count: int, order: int, kind: str) -> Task:
    text = ngettext("%(n)d more: %(what)s", "%(n)d more: %(what)s", count) % {"n": count, "what": kind}
    url = f"{reverse('admin:partnerships_checkin_changelist')}?waits=yes"
    return Task(text, url, _("See them all"), order=order, count=count, urgent=True, kind=kind)


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _unanswered(month: date) -> Q:
    return Q(Exists(CheckIn.objects.filter(membership=OuterRef("pk"), month=month, state=CheckIn.State.ASKED)))


def _answered(month: date) -> Q:
    rows = CheckIn.objects.filter(membership=OuterRef("pk"), month=month).exclude(state=CheckIn.State.ASKED)
    return Q(Exists(rows))
