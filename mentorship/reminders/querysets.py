"""Which deliveries and wordings one may see."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from mentorship.people.models import Profile


class DeliveryQuerySet(models.QuerySet[Any]):
    """Filters on the outbox."""

    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """What was said to them; coordinators see of others that, when and whether, never what.

        What was said to a coordinator's supervisor or reports is another coordinator's to look at, and so is what
        was said to anybody about a subject that concerns them (`Rule.concerns`).
        """
        from mentorship.reminders.registry import private_keys  # the registry knows the model, which knows this

        if not user.has_role("coordinator"):
            return self.filter(recipient=user.pk)
        # Two EXISTS, since excluding over two joins to one table ties the wrong rows together.
        report = Exists(Profile.objects.filter(user=OuterRef("recipient"), supervisor=user))
        supervisor = Exists(Profile.objects.filter(user=user, supervisor=OuterRef("recipient")))
        rows = self.exclude(report).exclude(supervisor)
        rows = rows.exclude(Q(rule__in=private_keys()) & ~Q(recipient=user.pk))
        for keys, subjects in _concerning(user):
            rows = rows.exclude(
                ~Q(recipient=user.pk), rule__in=keys, subject_id__isnull=False, subject_id__in=subjects
            )
        return rows

    def reached(self) -> "DeliveryQuerySet":
        """What a person can read: what was sent, or would have been if they had a mailbox."""
        return self.filter(Q(state__in=["sent", "uncertain"]) | Q(state="skipped", problem=NO_MAILBOX))

    def due(self, now: datetime) -> "DeliveryQuerySet":
        return self.filter(state="due", due_at__lte=now)

    def abandoned(self, now: datetime) -> "DeliveryQuerySet":
        """Held by a sender that hasn't finished within its lease."""
        return self.filter(state__in=["making", "claimed"], lease_until__lt=now)


def _concerning(user: Any) -> list[tuple[list[str], models.QuerySet[Any]]]:
    """The subjects that concern `user`, each hook asked once for all the rules that share it."""
    from mentorship.reminders.registry import all_rules  # the registry's rules are about deliveries

    shared: dict[Any, list[str]] = {}
    for rule in all_rules():
        if rule.concerns is not None:
            shared.setdefault(rule.concerns, []).append(rule.key)
    return [(keys, hook(user)) for hook, keys in shared.items()]


class SeasonRuleQuerySet(models.QuerySet[Any]):
    """Filters on what seasons changed."""

    def visible_to(self, user: Any) -> "SeasonRuleQuerySet":
        return self.all() if user.has_role("coordinator") else self.none()


class WordingQuerySet(models.QuerySet[Any]):
    """Filters on a library's own words."""

    def visible_to(self, user: Any) -> "WordingQuerySet":
        return self.all() if user.has_role("coordinator") else self.none()

    def speaking(self, rule: str, language: str, season_id: Any) -> "WordingQuerySet":
        """The words for `rule` in `language`, the season's own before those for everywhere."""
        rows = self.filter(rule=rule, language=language)
        rows = rows.filter(Q(season_id=season_id) | Q(season_id=None)) if season_id else rows.filter(season_id=None)
        return rows.order_by(models.F("season_id").asc(nulls_last=True))


# Why a delivery was skipped; kept as a code in `Delivery.problem`.
NO_MAILBOX = "no-mailbox"
