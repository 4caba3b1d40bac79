"""How anything is asked: versioned questions as data, one questionnaire with its texts in every language."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentorship.common.bilingual import localized
from mentorship.common.content import Origin
from mentorship.common.keys import UUIDModel


class Questionnaire(UUIDModel):
    """One version of a set of questions. A version that somebody has answered is frozen and never changes.

    `origin` tells texts shipped in files, which `load_content` keeps up to date, from a library's own copies, which
    it never touches. Copies count their versions from `FIRST_LOCAL`, out of the way of versions still to be shipped.
    """

    FIRST_LOCAL = 1001

    slug = models.SlugField(_("key"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    title_en = models.CharField(_("title in English"), max_length=160)
    title_es = models.CharField(_("title in Spanish"), max_length=160, blank=True)
    intro_en = models.TextField(_("introduction in English"), blank=True)
    intro_es = models.TextField(_("introduction in Spanish"), blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    modifiable = models.BooleanField(_("wording may be changed"), default=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.LOCAL)
    scales = models.JSONField(_("scales"), default=list, blank=True)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True, editable=False)

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
    def version_words(self) -> str:
        """The version as people say it: a library's own copies have a count of their own."""
        if self.version >= self.FIRST_LOCAL:
            return gettext("your version %(number)d") % {"number": self.version - self.FIRST_LOCAL + 1}
        return gettext("version %(number)d") % {"number": self.version}

    @property
    def editable(self) -> bool:
        """Whether it may be changed as it stands: the library's own, and not yet answered by anybody."""
        return self.origin == Origin.LOCAL and self.frozen_at is None and self.modifiable


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
            pgtrigger.Trigger(
                name="frozen",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM questionnaires_questionnaire
                        WHERE frozen_at IS NOT NULL
                          AND id IN (
                            CASE WHEN TG_OP = 'INSERT' THEN NEW.questionnaire_id ELSE OLD.questionnaire_id END,
                            CASE WHEN TG_OP = 'DELETE' THEN OLD.questionnaire_id ELSE NEW.questionnaire_id END
                          )
                    ) THEN
                        RAISE EXCEPTION 'the questionnaire is frozen: somebody has answered it';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return localized(self, "label")
