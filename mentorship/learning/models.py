"""What is taught: texts in versions, the path of each role through them, and who has read what."""

from functools import reduce
from operator import or_
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentorship.common.bilingual import localized
from mentorship.common.content import LANGUAGES, Origin, ShippedRow
from mentorship.common.keys import UUIDModel
from mentorship.common.versions import Version, guard_of_parts
from mentorship.learning.querysets import CompletionQuerySet, PathQuerySet, ResourceQuerySet
from mentorship.questionnaires.models import Question
from mentorship.seasons.models import Goal, Season


class LearnerRole(models.TextChoices):
    """For whom a text is. Supervisors take no part: what is for them is open to everybody on the staff."""

    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")
    PEER = "peer", _("peer")
    FACILITATOR = "facilitator", _("facilitator")
    COORDINATOR = "coordinator", _("coordinator")
    SUPERVISOR = "supervisor", _("supervisor")


# Those who take part, and are reminded and counted.
PARTICIPANTS = [LearnerRole.MENTOR, LearnerRole.MENTEE, LearnerRole.PEER, LearnerRole.FACILITATOR]
WITH_PATHS = [*PARTICIPANTS, LearnerRole.COORDINATOR]
# What a version says: fixed once somebody has read it. Whether it is in use, for whom and for which goals is not.
TEXTS = [
    "kind", "title_en", "title_es", "summary_en", "summary_es", "minutes",
    "body_en", "body_es", "url_en", "url_es", "licence", "source",
]  # fmt: skip


def _changed(*names: str) -> pgtrigger.Q:
    """A trigger's condition: that one of these columns changes."""
    return reduce(or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in names))


class Resource(Version):
    """One version of a text, a link or a checklist. What is shown is the newest version in use of its slug.

    `body` is Markdown. A library's own version in use comes before every shipped one, whose numbers are lower. A
    version that somebody has read is frozen: its texts never change.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", _("article")
        CHECKLIST = "checklist", _("checklist")
        LINK = "link", _("link")

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ARTICLE)
    summary_en = models.CharField(_("in a sentence, in English"), max_length=300)
    summary_es = models.CharField(_("in a sentence, in Spanish"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=5, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    body_en = models.TextField(_("text in English"), blank=True)
    body_es = models.TextField(_("text in Spanish"), blank=True)
    url_en = models.URLField(_("address in English"), blank=True, validators=[URLValidator(["https"])])
    url_es = models.URLField(_("address in Spanish"), blank=True, validators=[URLValidator(["https"])])
    goals = models.ManyToManyField(Goal, blank=True, related_name="+", verbose_name=_("goals it helps with"))
    roles = ArrayField(
        models.CharField(max_length=12, choices=LearnerRole),
        default=list,
        blank=True,
        verbose_name=_("for whom"),
    )
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.LOCAL, editable=False)
    active = models.BooleanField(
        _("in use"),
        default=False,
        help_text=_("The newest version in use is the one that people read."),
    )
    frozen_at = models.DateTimeField(_("first read"), null=True, blank=True, editable=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("text to learn from")
        verbose_name_plural = _("texts to learn from")
        ordering = ["slug", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="one_resource_version"),
            models.CheckConstraint(
                condition=Q(kind="link") & ~Q(url_en="") | Q(kind__in=["article", "checklist"]) & ~Q(body_en=""),
                name="resource_has_its_text",
                violation_error_message=_("A link needs its address in English, anything else its text in English."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="read",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__frozen_at__isnull=False) & _changed("slug", "version", *TEXTS),
            )
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def languages(self) -> list[str]:
        """The languages in which it can be read."""
        field = "url" if self.kind == self.Kind.LINK else "body"
        return [language for language in LANGUAGES if getattr(self, f"{field}_{language}")]

    @property
    def open_to_all(self) -> bool:
        """Whether everybody on the staff may read it: supervisors are in no list of ours."""
        return LearnerRole.SUPERVISOR in self.roles

    @property
    def credit(self) -> str:
        """Whom to name below a text that a library took from somewhere; the shipped ones ask for none."""
        parts = [] if self.origin == Origin.SHIPPED else [self.source, self.licence]
        return " · ".join(part for part in parts if part)

    def get_absolute_url(self) -> str:
        return reverse("learning:resource", args=[self.slug])


class SelfCheckQuestion(UUIDModel):
    """One question of a text's self-check: which option is right, and why. What anybody answers is kept nowhere.

    `options` is a list of {"key", "en", "es"}, as in questionnaires, whose form asks the question.
    """

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="check_questions")
    key = models.SlugField(_("key"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=10)
    label_en = models.CharField(_("question in English"), max_length=300)
    label_es = models.CharField(_("question in Spanish"), max_length=300, blank=True)
    options = models.JSONField(_("options"), default=list)
    right = models.SlugField(_("key of the right option"), max_length=60)
    why_en = models.CharField(_("why, in English"), max_length=400)
    why_es = models.CharField(_("why, in Spanish"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("question of the self-check")
        verbose_name_plural = _("questions of the self-check")
        ordering = ["order", "key"]
        constraints = [models.UniqueConstraint(fields=["resource", "key"], name="one_check_question_per_key")]
        triggers = [
            guard_of_parts(
                name="read",
                table="learning_resource",
                column="resource_id",
                refusal="the text is frozen: somebody has read it",
            )
        ]

    def __str__(self) -> str:
        return localized(self, "label")

    def as_question(self) -> Question:
        """The question as the one form builder and the one validator know it; never saved."""
        return Question(
            key=self.key,
            kind=Question.Kind.SINGLE,
            required=True,
            label_en=self.label_en,
            label_es=self.label_es,
            options=self.options,
        )


class Path(ShippedRow):
    """What a role reads, in order: in one season, in seasons made from a template, or (both empty) anywhere.

    The narrowest one counts. Steps name texts by their slug, so that a new version takes its place by itself.
    """

    role = models.CharField(_("for"), max_length=12, choices=[(role.value, role.label) for role in WITH_PATHS])
    template_slug = models.SlugField(_("in seasons made from"), max_length=60, blank=True)
    season = models.ForeignKey(
        Season,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in the season"),
    )

    objects = PathQuerySet.as_manager()

    class Meta:
        verbose_name = _("learning path")
        verbose_name_plural = _("learning paths")
        ordering = ["role", "template_slug", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "template_slug", "season"],
                name="one_path",
                nulls_distinct=False,
                violation_error_message=_("There is such a path already: change that one."),
            ),
            models.CheckConstraint(
                condition=Q(season=None) | Q(template_slug=""),
                name="path_of_a_season_or_a_template",
                violation_error_message=_("A path is for one season or for a kind of season, not for both."),
            ),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in WITH_PATHS]), name="path_role"),
        ]

    def __str__(self) -> str:
        return gettext("Path of the %(role)s") % {"role": self.get_role_display()}


class PathStep(UUIDModel):
    """One text on a path."""

    path = models.ForeignKey(Path, on_delete=models.CASCADE, related_name="steps")
    slug = models.SlugField(_("text"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=10)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["order", "slug"]
        constraints = [models.UniqueConstraint(fields=["path", "slug"], name="a_text_once_on_a_path")]

    def __str__(self) -> str:
        return self.slug


class Completion(UUIDModel):
    """That somebody has read a text in a season; nothing of how their self-check went."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="completions",
        verbose_name=_("person"),
    )
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="completions", verbose_name=_("text")
    )
    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="+", verbose_name=_("season"))
    completed_at = models.DateTimeField(_("read"))

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("text read")
        verbose_name_plural = _("texts read")
        ordering = ["-completed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "resource", "season"], name="a_text_read_once_a_season")
        ]
        indexes = [models.Index(fields=["season", "person"], name="completion_season")]

    def __str__(self) -> str:
        return str(self.resource)


def values_of(row: Any, names: list[str]) -> dict[str, Any]:
    """Return the named columns of a row, for copying and comparing."""
    return {name: getattr(row, name) for name in names}
