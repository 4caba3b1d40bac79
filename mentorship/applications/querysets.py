"""Which applications one may see."""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from mentorship.applications import concerns

MATCHABLE = ["eligible"]
OPEN = ["draft", "submitted", "eligible", "ineligible", "waiting"]
# Sent, and as far as the applicant knows still in: a decision that nobody was told changes nothing for others.
STANDING = Q(state__in=["submitted", "eligible", "waiting"]) | Q(state="ineligible", released_at=None)

# What a coordinator has to do with an application, the most pressing first.
SECOND_LOOK, TO_DECIDE, CLEAR, TO_TELL, SETTLED = range(5)


class ApplicationQuerySet(models.QuerySet[Any]):
    """Filters on applications."""

    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """One's own; coordinators also see those that were sent, not of those near them (`concerns`)."""
        own = Q(applicant=user)
        if not user.has_role("coordinator"):
            return self.filter(own)
        others = Q(pk__in=self.model.objects.sent().exclude(concerns.near(user, "applicant")).values("pk"))
        return self.filter(own | others)

    def screenable_by(self, user: Any) -> "ApplicationQuerySet":
        """Those that a coordinator may decide on: never their own."""
        return self.visible_to(user).sent().exclude(applicant=user)

    def sent(self) -> "ApplicationQuerySet":
        """Without drafts, also those that were withdrawn before they were sent."""
        return self.exclude(state="draft").exclude(submitted_at=None)

    def open(self) -> "ApplicationQuerySet":
        return self.exclude(state="withdrawn")

    def matchable(self) -> "ApplicationQuerySet":
        return self.filter(state__in=MATCHABLE)

    def in_directory(self) -> "ApplicationQuerySet":
        """Mentors who asked to be listed; withdrawn ones and those told "not this season" are gone from it."""
        return self.filter(STANDING, role="mentor", applicant__is_active=True, applicant__profile__in_directory=True)

    def by_urgency(self) -> "ApplicationQuerySet":
        """Annotated with `urgency` (SECOND_LOOK … SETTLED) and ordered by it, then by who waits longest."""
        results = apps.get_model("applications", "EligibilityResult").objects.all()
        doubtful = results.filter(application=OuterRef("pk")).exclude(outcome="met")
        ordered: ApplicationQuerySet = self.annotate(
            urgency=Case(
                When(state="ineligible", second_look__decision="open", then=Value(SECOND_LOOK)),
                When(Q(state="submitted") & Exists(doubtful), then=Value(TO_DECIDE)),
                When(state="submitted", then=Value(CLEAR)),
                When(state__in=["eligible", "ineligible", "waiting"], released_at=None, then=Value(TO_TELL)),
                default=Value(SETTLED),
                output_field=IntegerField(),
            )
        ).order_by("urgency", "submitted_at", "id")
        return ordered
