"""Which partnerships one may see, and which a coordinator may decide on."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from mentorship.applications import concerns
from mentorship.reminders.season_rules import day_of, waited_since

TOLD = ["announced", "running", "completed", "completed-early", "ended"]
HELD = ["approved", "asked", "confirmed", "announced", "running"]
ASKED = ["asked", "confirmed"]
MENTORING = ["mentor", "facilitator"]
GOING_ON = ["announced", "running"]
# Facilitators may take part without an application.
WITHDREW = Q(application__isnull=False) & ~Q(application__state="eligible")
# The messages to a pair that hasn't met. How many days each waits is the season's, and so is what it calls quiet.
NO_FIRST_MEETING, NO_RECENT_MEETING = "no-first-meeting", "no-recent-meeting"


class PartnershipQuerySet(models.QuerySet[Any]):
    """Filters on partnerships."""

    def visible_to(self, user: Any) -> "PartnershipQuerySet":
        """Its members once they were told, a mentor who is asked, and coordinators who aren't concerned."""
        member = Q(pk__in=self._all().told_to(user).values("pk")) | Q(pk__in=self._all().asking(user).values("pk"))
        if user.has_role("coordinator"):
            member |= Q(pk__in=self._all().decidable_by(user).values("pk"))
        return self.filter(member)

    def told_to(self, user: Any) -> "PartnershipQuerySet":
        """Those of a member that were announced."""
        return self.filter(state__in=TOLD, memberships__person=user)

    def asking(self, user: Any) -> "PartnershipQuerySet":
        """Those that a mentor is asked about, or said yes to, before anybody is told."""
        return self.filter(state__in=ASKED, memberships__person=user, memberships__role__in=MENTORING)

    def asked_of(self, user: Any) -> "PartnershipQuerySet":
        """Those that a mentor was asked about, whatever became of them."""
        mentoring = self.filter(memberships__person=user, memberships__role__in=MENTORING)
        return mentoring.exclude(asked_at=None).exclude(state="approved")

    def decidable_by(self, user: Any) -> "PartnershipQuerySet":
        """Those that a coordinator may decide on: none with themselves or somebody near them in it."""
        if not user.has_role("coordinator"):
            return self.none()
        return self.exclude(self._concerning(user))

    def concerning(self, user: Any) -> "PartnershipQuerySet":
        """Those with `user` or somebody near them in it, of which another coordinator knows."""
        return self.filter(self._concerning(user))

    def held(self) -> "PartnershipQuerySet":
        """Those that take a place: approved up to running."""
        return self.filter(state__in=HELD)

    def someone_withdrew(self) -> "PartnershipQuerySet":
        """Those in which somebody's application no longer stands."""
        return self.filter(Exists(self._members(WITHDREW)))

    def all_stand(self) -> "PartnershipQuerySet":
        """Those in which everybody's application still stands."""
        return self.exclude(Exists(self._members(WITHDREW)))

    def going_on(self) -> "PartnershipQuerySet":
        """Those whose members were told and that haven't come to their end."""
        return self.filter(state__in=GOING_ON)

    def never_met(self, now: datetime) -> "PartnershipQuerySet":
        """Those without a meeting so many days after they could have had one, and without one to come."""
        since = waited_since(NO_FIRST_MEETING, "season", now)
        return self._quiet(now).filter(
            state="announced", announced_at__lte=since, season__starts_on__lte=day_of(since, "season__zone")
        )

    def gone_quiet(self, now: datetime) -> "PartnershipQuerySet":
        """Those whose latest meeting was so many days ago, and without one to come."""
        since = waited_since(NO_RECENT_MEETING, "season", now)
        return self._quiet(now).filter(state="running", last_met_at__lte=since)

    def _quiet(self, now: datetime) -> "PartnershipQuerySet":
        meetings = self.model._meta.get_field("meetings").related_model.objects
        to_come = meetings.filter(partnership=OuterRef("pk"), state="planned", starts_at__gt=now)
        return self.filter(~Exists(to_come), season__ends_on__gte=now.date(), season__archived_at=None)

    def _all(self) -> "PartnershipQuerySet":
        rows: PartnershipQuerySet = self.model.objects.all()
        return rows

    def _concerning(self, user: Any) -> Exists:
        return Exists(self._members(Q(person=user) | concerns.near(user, "person")))

    def _members(self, condition: Q) -> models.QuerySet[Any]:
        members: models.QuerySet[Any] = self.model._meta.get_field("memberships").related_model.objects
        return members.filter(condition, partnership=OuterRef("pk"))
