"""Which runs and suggested matches one may see, and which of them a coordinator should look at first."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Aggregate, BooleanField, Case, Exists, IntegerField, OuterRef, Prefetch, Q, Value, When

from mentorship.applications import concerns

UNDECIDED = ["proposed", "locked"]
LOST = ["declined", "cancelled"]
# Why a suggested match is looked at first, the most pressing first.
NO_MATCH, WITHDREW, DECLINED, FORBIDDEN, OVERDUE, REJECTED, LOW_FIT, NO_TIMES, FINE, ANOTHERS = range(10)


class MatchRunQuerySet(models.QuerySet[Any]):
    """Filters on runs."""

    def visible_to(self, user: Any) -> "MatchRunQuerySet":
        return self.all() if user.has_role("coordinator") else self.none()

    def done(self) -> "MatchRunQuerySet":
        return self.filter(state="done")


class ProposalQuerySet(models.QuerySet[Any]):
    """Filters on suggested matches."""

    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """Those in which neither the coordinator nor their supervisor, a report or a partner takes part."""
        if not user.has_role("coordinator"):
            return self.none()
        rows: ProposalQuerySet = self.exclude(_concerning(user))
        return rows

    def marked_for(self, user: Any) -> "ProposalQuerySet":
        """Annotated with `barred`: another coordinator decides, and who it is isn't shown."""
        concerns = When(_concerning(user), then=Value(True))
        rows: ProposalQuerySet = self.annotate(
            barred=Case(concerns, default=Value(False), output_field=BooleanField())
        )
        return rows

    def named(self) -> "ProposalQuerySet":
        """With everything that a line of the workbench says."""
        people = [
            f"{side}__applicant__profile__{what}" for side in ("mentee", "mentor") for what in ("unit", "job_class")
        ]
        return self.select_related("partnership", *people)

    def standing(self) -> "ProposalQuerySet":
        """Those whose mentee is still in the pool."""
        return self.filter(mentee__state="eligible")

    def good(self) -> "ProposalQuerySet":
        """Those that give the mentee a mentor as things are: not rejected, declined or withdrawn from."""
        return self.filter(is_good())

    def approvable(self) -> "ProposalQuerySet":
        """Those that a coordinator can say yes to."""
        return self.filter(
            state__in=UNDECIDED, mentor__isnull=False, mentor__state="eligible", mentee__state="eligible"
        )

    def by_attention(self, cut: int, now: datetime, forbidden: Collection[Any] = ()) -> "ProposalQuerySet":
        """Annotated with `attention` (NO_MATCH … ANOTHERS) and ordered by it, then by fit.

        `cut` is the season's highest, `forbidden` are the mentees whose pair a rule has come to forbid. What a
        coordinator holds or has approved needs no look for its fit or times any more. The rows come from
        `marked_for`: a barred one stands last whatever became of it, since its place would tell its coordinator that
        their own mentor declined.
        """
        rows: ProposalQuerySet = self.annotate(
            attention=Case(
                When(barred=True, then=Value(ANOTHERS)),
                When(partnership__state__in=LOST, then=Value(DECLINED)),
                When(mentor=None, then=Value(NO_MATCH)),
                When(~Q(mentee__state="eligible") | ~Q(mentor__state="eligible"), then=Value(WITHDREW)),
                When(mentee__in=forbidden, state__in=UNDECIDED, then=Value(FORBIDDEN)),
                When(partnership__state="asked", partnership__answer_due__lte=now, then=Value(OVERDUE)),
                When(state="rejected", then=Value(REJECTED)),
                When(state="proposed", fit__lt=cut, then=Value(LOW_FIT)),
                When(state="proposed", reasons__has_key="no_common_slot", then=Value(NO_TIMES)),
                default=Value(FINE),
                output_field=IntegerField(),
            )
        ).order_by("attention", Case(When(barred=False, then="fit")), "mentee_id")
        return rows


class AdjustmentQuerySet(models.QuerySet[Any]):
    """Filters on coordinators' changes."""

    def visible_to(self, user: Any) -> "AdjustmentQuerySet":
        """Those of whose people none is the coordinator, their supervisor, a report or a partner."""
        if not user.has_role("coordinator"):
            return self.none()
        near = Q()
        for side in ("mentee", "before", "after"):
            near |= Q(**{f"{side}__applicant": user}) | concerns.near(user, f"{side}__applicant")
        kept_apart = Q()
        for side in ("exclusion__mentee", "exclusion__mentor"):
            kept_apart |= Q(**{side: user}) | concerns.near(user, side)
        moves = self.model._meta.get_field("moves").related_model.objects
        theirs = Exists(moves.filter(near, adjustment=OuterRef("pk")))
        rows: AdjustmentQuerySet = self.exclude(theirs).exclude(kept_apart, exclusion__isnull=False)
        return rows


class CircleRunQuerySet(models.QuerySet[Any]):
    """Filters on runs for circles."""

    def done(self) -> "CircleRunQuerySet":
        return self.filter(state="done")


class CircleProposalQuerySet(models.QuerySet[Any]):
    """Filters on suggested circles."""

    def visible_to(self, user: Any) -> "CircleProposalQuerySet":
        """Those in which neither the coordinator nor their supervisor, a report or a partner takes part."""
        if not user.has_role("coordinator"):
            return self.none()
        rows: CircleProposalQuerySet = self.exclude(self._concerning(user))
        return rows

    def marked_for(self, user: Any) -> "CircleProposalQuerySet":
        """Annotated with `barred`: another coordinator decides, and who is in it isn't shown."""
        rows: CircleProposalQuerySet = self.annotate(barred=self._concerning(user))
        return rows

    def loaded(self) -> "CircleProposalQuerySet":
        """With everything that a page says of them, in a constant number of queries."""
        seats = self.model._meta.get_field("seats").related_model.objects
        guides = self.model._meta.get_field("guides").related_model.objects
        work = ("unit", "job_class")
        peers = seats.select_related(*(f"application__applicant__profile__{what}" for what in work))
        leading = guides.select_related(*(f"person__profile__{what}" for what in work))
        return self.select_related("theme", "partnership").prefetch_related(
            Prefetch("seats", peers.order_by("application__applicant__family_name", "pk")),
            Prefetch("guides", leading.order_by("person__family_name", "pk")),
            "partnership__memberships",
        )

    def _concerning(self, user: Any) -> Q:
        seats = self.model._meta.get_field("seats").related_model.objects
        guides = self.model._meta.get_field("guides").related_model.objects
        peer = Q(application__applicant=user) | concerns.near(user, "application__applicant")
        guide = Q(person=user) | concerns.near(user, "person")
        return Q(Exists(seats.filter(peer, circle=OuterRef("pk")))) | Q(
            Exists(guides.filter(guide, circle=OuterRef("pk")))
        )


class Median(Aggregate):
    """The lower median of whole numbers."""

    function = "percentile_disc"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


def is_good() -> Q:
    """A proposal gives its mentee a mentor as things are."""
    return (
        Q(mentor__isnull=False, mentor__state="eligible", mentee__state="eligible")
        & ~Q(state="rejected")
        & (Q(partnership=None) | ~Q(partnership__state__in=LOST))
    )


def _concerning(user: Any) -> Q:
    """The mentee or the mentor is `user`, reports to them, supervises them or is their partner."""
    near = Q()
    for side in ("mentee", "mentor"):
        near |= Q(**{f"{side}__applicant": user}) | concerns.near(user, f"{side}__applicant")
    return near
