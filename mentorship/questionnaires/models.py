"""How anything is asked: versioned questions as data, one questionnaire with its texts in every language."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.bilingual import localized
from mentorship.common.keys import UUIDModel
from mentorship.common.versions import Version, guard_of_parts


class Questionnaire(Version):
    """One version of a set of questions. A version that somebody has answered is frozen and never changes."""

    intro_en = models.TextField(_("introduction in English"), blank=True)
    intro_es = models.TextField(_("introduction in Spanish"), blank=True)
    modifiable = models.BooleanField(_("wording may be changed"), default=True)
    scales = models.JSONField(_("scales"), default=list, blank=True)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["slug", "-version"]
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_questionnaire_version")]
        triggers = [
            pgtrigger.Protect(
                name="frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{localized(self, 'title')} ({self.version_words})"

    @property
    def editable(self) -> bool:
        """Whether it may be changed as it stands; an instrument whose wording is fixed never may."""
        return super().editable and self.modifiable


class Question(UUIDModel):
    """One question. Answers are kept by `key`; `options` is a list of {"key", "en", "es"}.

    Choices and rankings need options. Likert has the five points of agreement, or its own with the keys "1" to "5",
    and "na" where not applicable is an answer. `limits` narrows an answer: {"min", "max", "max_length",
    "max_choices"} as far as the kind knows them (`questionnaires.definitions`).
    """

    class Kind(models.TextChoices):
        SHORT_TEXT = "short-text", _("Short text")
        LONG_TEXT = "long-text", _("Long text")
        SINGLE = "single", _("One of several")
        MULTIPLE = "multiple", _("Any of several")
        LIKERT = "likert", _("Agreement, 1 to 5")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        RANKING = "ranking", _("Ranking")
        FILE = "file", _("File")

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(_("key"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    required = models.BooleanField(_("must be answered"), default=False)
    label_en = models.CharField(_("question in English"), max_length=300)
    label_es = models.CharField(_("question in Spanish"), max_length=300, blank=True)
    hint_en = models.CharField(_("hint in English"), max_length=300, blank=True)
    hint_es = models.CharField(_("hint in Spanish"), max_length=300, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    limits = models.JSONField(_("limits"), default=dict, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "key"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "key"], name="one_question_per_key")]
        triggers = [
            guard_of_parts(
                name="frozen",
                table="questionnaires_questionnaire",
                column="questionnaire_id",
                refusal="the questionnaire is frozen: somebody has answered it",
                indent=16,
            )
        ]

    def __str__(self) -> str:
        return localized(self, "label")
