"""Who wants to take part: an application per person, season and role, and what only its owner may read."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.applications.querysets import ApplicationQuerySet
from mentorship.applications.states import DECIDED
from mentorship.common.encryption import EncryptedField
from mentorship.common.keys import UUIDModel
from mentorship.questionnaires.models import Questionnaire
from mentorship.seasons.models import ExperienceTag, Goal, ParticipationRole, Season


class Application(UUIDModel):
    """A person's wish to take part in a season in one role.

    `sections` lists the sections that were saved, in order; the identity page is never among them. `slots`, `modes`
    and `languages` use the keys of `people.meeting`. A decision is the applicant's to see from `released_at`.
    `changed_on` is the day, in the season's zone, on which it was begun or a part that isn't private was last saved.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("sent")
        ELIGIBLE = "eligible", _("eligible")
        INELIGIBLE = "ineligible", _("not this season")
        WAITING = "waiting", _("on the waiting list")
        WITHDRAWN = "withdrawn", _("withdrawn")

    season = models.ForeignKey(
        Season,
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("season"),
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("applicant"),
    )
    role = models.CharField(_("role"), max_length=8, choices=ParticipationRole)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    sections = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("sections saved"),
    )
    capacity = models.PositiveSmallIntegerField(_("mentees"), default=1)
    slots = ArrayField(
        models.CharField(max_length=8),
        default=list,
        blank=True,
        verbose_name=_("times"),
    )
    schedule_rotates = models.BooleanField(_("my schedule rotates"), default=False)
    modes = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        verbose_name=_("ways to meet"),
    )
    languages = ArrayField(
        models.CharField(max_length=5),
        default=list,
        blank=True,
        verbose_name=_("languages"),
    )
    tags = models.ManyToManyField(ExperienceTag, blank=True, verbose_name=_("shared experiences"))
    questionnaire = models.ForeignKey(
        Questionnaire,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("questions asked"),
    )
    answers = models.JSONField(_("answers"), default=dict)
    facts_confirmed = models.BooleanField(_("work details are right"), default=False)
    facts_note = models.CharField(_("what is wrong in them"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    changed_on = models.DateField(_("last changed"), null=True)
    submitted_at = models.DateTimeField(_("sent"), null=True)
    screened_at = models.DateTimeField(_("screened"), null=True)
    screened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("screened by"),
    )
    released_at = models.DateTimeField(_("decision told"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    exception_reason = models.CharField(_("reason for an exception"), max_length=300, blank=True)
    exception_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("exception made by"),
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-submitted_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "applicant", "role"],
                condition=~models.Q(state="withdrawn"),
                name="one_open_application_per_role",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "draft",
                        "submitted",
                        "eligible",
                        "ineligible",
                        "waiting",
                        "withdrawn",
                    ]
                ),
                name="application_state",
            ),
        ]
        indexes = [models.Index(fields=["season", "state", "role"], name="application_pool")]

    def __str__(self) -> str:
        return f"{self.applicant} · {self.get_role_display()}"

    @property
    def is_told(self) -> bool:
        """Whether there is a decision that the applicant was told."""
        return self.state in DECIDED and self.released_at is not None

    @property
    def told_state(self) -> str:
        """The state as the applicant may know it: a decision that nobody told them is still "sent"."""
        if self.state in DECIDED and self.released_at is None:
            return self.State.SUBMITTED
        return self.state


class ApplicationGoal(UUIDModel):
    """A goal that somebody wants (weight 1–3, importance) or offers (weight 1 some, 2 strong)."""

    application = models.ForeignKey(
        Application,
        on_delete=models.CASCADE,
        related_name="goals",
        verbose_name=_("application"),
    )
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="+", verbose_name=_("goal"))
    weight = models.PositiveSmallIntegerField(_("importance"))

    class Meta:
        verbose_name = _("goal of an application")
        verbose_name_plural = _("goals of applications")
        ordering = ["-weight", "goal__order"]
        constraints = [
            models.UniqueConstraint(fields=["application", "goal"], name="one_goal_once"),
            models.CheckConstraint(condition=models.Q(weight__gte=1, weight__lte=3), name="goal_weight"),
        ]

    def __str__(self) -> str:
        return str(self.goal_id)


class Favourite(UUIDModel):
    """A colleague whom the applicant would like to work with, first to fifth. The colleague never learns of it."""

    application = models.ForeignKey(
        Application,
        on_delete=models.CASCADE,
        related_name="favourites",
        verbose_name=_("application"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("colleague"),
    )
    rank = models.PositiveSmallIntegerField(_("place in your order"))

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="one_favourite_once"),
            models.UniqueConstraint(
                fields=["application", "rank"],
                name="one_favourite_per_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=models.Q(rank__gte=1, rank__lte=5), name="favourite_rank"),
        ]

    def __str__(self) -> str:
        return str(self.rank)


class Avoidance(UUIDModel):
    """The applicant's own "please not with": keys of people, encrypted, made with the application and never shown."""

    application = models.OneToOneField(
        Application,
        on_delete=models.CASCADE,
        related_name="avoidance",
        verbose_name=_("application"),
    )
    people = EncryptedField(
        label="applications.avoidance.people", pad_to=1024, default=list, verbose_name=_("colleagues")
    )

    class Meta:
        verbose_name = _("please not with")
        verbose_name_plural = _("please not with")

    def __str__(self) -> str:
        return str(self.application_id)


class IdentityAnswer(UUIDModel):
    """What the applicant gave on the optional identity page, or nothing: a dump can't tell which.

    Made with the application, no times, no mark of completion. `given` holds, per dimension, {"values": [keys],
    "own_words": text, "match": 0|1|2, "show": bool, "count": bool}; `{}` where the page was skipped.
    """

    application = models.OneToOneField(
        Application,
        on_delete=models.CASCADE,
        related_name="identity",
        verbose_name=_("application"),
    )
    given = EncryptedField(
        label="applications.identityanswer.given", pad_to=2048, default=dict, verbose_name=_("what you gave")
    )

    class Meta:
        verbose_name = _("identity answer")
        verbose_name_plural = _("identity answers")

    def __str__(self) -> str:
        return str(self.application_id)


class EligibilityResult(UUIDModel):
    """What one rule says of one application, checked when it was sent and again when it is screened.

    `fact` is what the rule read, in the form that `seasons.eligibility.fact_words` turns into words.
    """

    class Outcome(models.TextChoices):
        MET = "met", _("met")
        NOT_MET = "not-met", _("not met")
        UNKNOWN = "unknown", _("not known")

    application = models.ForeignKey(
        Application,
        on_delete=models.CASCADE,
        related_name="eligibility",
        verbose_name=_("application"),
    )
    kind = models.SlugField(_("rule"), max_length=40)
    value = models.IntegerField(_("what it asks at least or at most"), null=True)
    outcome = models.CharField(_("result"), max_length=8, choices=Outcome)
    fact = models.CharField(_("what it was checked on"), max_length=120, blank=True)
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("result of a rule")
        verbose_name_plural = _("results of rules")
        ordering = ["kind"]
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="one_result_per_rule")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.outcome}"


class SecondLook(UUIDModel):
    """An applicant's request that somebody else looks at a "not this season"."""

    class Decision(models.TextChoices):
        OPEN = "open", _("open")
        UPHELD = "upheld", _("stays as it was")
        CHANGED = "changed", _("changed")

    application = models.OneToOneField(
        Application,
        on_delete=models.CASCADE,
        related_name="second_look",
        verbose_name=_("application"),
    )
    words = models.TextField(_("what we should know"), max_length=2000)
    asked_at = models.DateTimeField(_("asked"))
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, default=Decision.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return str(self.application_id)


class Invitation(UUIDModel):
    """A coordinator's invitation to a colleague to apply in a role, since the season lacks it for a goal."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("season"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="invitations",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=8, choices=ParticipationRole)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("goal"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("invited by"),
    )
    invited_at = models.DateTimeField(_("invited"))

    class Meta:
        verbose_name = _("invitation to apply")
        verbose_name_plural = _("invitations to apply")
        ordering = ["-invited_at"]
        constraints = [models.UniqueConstraint(fields=["season", "person", "role"], name="invited_once")]

    def __str__(self) -> str:
        return str(self.person_id)
