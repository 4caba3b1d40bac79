"""When and by which rules: seasons, the goals people choose from, and what a season asks of those who apply."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.bilingual import localized
from mentorship.common.content import ShippedRow
from mentorship.common.keys import UUIDModel
from mentorship.questionnaires.models import Questionnaire
from mentorship.seasons.querysets import SeasonQuerySet, SeasonTemplateQuerySet


class ParticipationRole(models.TextChoices):
    """In which role a person takes part in a season. Peers share a circle, or the workshops of a cohort."""

    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")
    PEER = "peer", _("peer")


class Goal(ShippedRow):
    """Something that people want to work on and mentors can help with."""

    slug = models.SlugField(_("key"), unique=True)
    family = models.SlugField(_("family"))
    family_en = models.CharField(_("family in English"), max_length=80)
    family_es = models.CharField(_("family in Spanish"), max_length=80, blank=True)
    title_en = models.CharField(_("title in English"), max_length=120)
    title_es = models.CharField(_("title in Spanish"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def family_title(self) -> str:
        return localized(self, "family")


class ExperienceTag(ShippedRow):
    """A shared experience that people may choose openly ("started as a page", "new to the city")."""

    slug = models.SlugField(_("key"), unique=True)
    title_en = models.CharField(_("title in English"), max_length=120)
    title_es = models.CharField(_("title in Spanish"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("shared experience")
        verbose_name_plural = _("shared experiences")
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return localized(self, "title")


class IdentityOption(ShippedRow):
    """One choice on the optional identity page; the lists are a library's to edit."""

    class Dimension(models.TextChoices):
        ETHNICITY = "ethnicity", _("race and ethnicity")
        GENDER = "gender", _("gender")

    dimension = models.CharField(_("dimension"), max_length=10, choices=Dimension)
    slug = models.SlugField(_("key"))
    title_en = models.CharField(_("title in English"), max_length=120)
    title_es = models.CharField(_("title in Spanish"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("identity option")
        verbose_name_plural = _("identity options")
        ordering = ["dimension", "order", "slug"]
        constraints = [models.UniqueConstraint(fields=["dimension", "slug"], name="one_option_per_dimension")]

    def __str__(self) -> str:
        return localized(self, "title")


class SeasonTemplate(UUIDModel):
    """What a new season starts from, as shipped: its dates in days from the opening, rules, policies and texts.

    `plan` is what the file says, checked when it is loaded (`seasons.templates`). A library's own template is an
    earlier season, which it clones.
    """

    slug = models.SlugField(_("key"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    title_en = models.CharField(_("title in English"), max_length=120)
    title_es = models.CharField(_("title in Spanish"), max_length=120)
    summary_en = models.CharField(_("in a sentence, in English"), max_length=300)
    summary_es = models.CharField(_("in a sentence, in Spanish"), max_length=300)
    licence = models.CharField(_("licence"), max_length=80)
    source = models.CharField(_("source"), max_length=300)
    plan = models.JSONField(default=dict)

    objects = SeasonTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("season template")
        verbose_name_plural = _("season templates")
        ordering = ["slug", "-version"]
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_season_template_version")]

    def __str__(self) -> str:
        return localized(self, "title")


class Season(UUIDModel):
    """One run of a programme. Its phase is a pure function of its dates (`seasons.phases.phase`).

    Days are meant in `zone`: applications are open from the start of `opens_on` to 17:00 of `closes_on`; the work
    runs from `starts_on` to `ends_on`, both included.
    """

    slug = models.SlugField(_("key"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_es = models.CharField(_("name in Spanish"), max_length=120, blank=True)
    template_slug = models.SlugField(_("made from"), max_length=60, blank=True, editable=False)
    has_pairs = models.BooleanField(_("pairs of mentor and mentee"), default=True)
    has_circles = models.BooleanField(_("peer circles"), default=False)
    has_workshops = models.BooleanField(_("workshops"), default=False)

    zone = models.CharField(_("time zone"), max_length=60, default="America/Los_Angeles")
    opens_on = models.DateField(_("applications open on"))
    closes_on = models.DateField(_("applications close on"))
    matches_on = models.DateField(_("matches are announced on"))
    starts_on = models.DateField(_("meetings start on"))
    ends_on = models.DateField(_("meetings end on"))
    survey_on = models.DateField(_("survey opens on"))
    report_on = models.DateField(_("report is due on"))
    blackout_weeks = ArrayField(
        models.DateField(),
        default=list,
        blank=True,
        verbose_name=_("weeks without reminders"),
        help_text=_("The Monday of each week, separated by commas, as 2027-03-29."),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    announced_at = models.DateTimeField(_("matches announced"), null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    capacity = models.PositiveIntegerField(
        _("places for mentees"),
        null=True,
        blank=True,
        help_text=_("Empty: as many as there are mentors for."),
    )
    max_mentees_per_mentor = models.PositiveSmallIntegerField(
        _("most mentees a mentor may take"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    meetings_per_month = models.PositiveSmallIntegerField(_("meetings a month"), default=1)
    allow_same_unit = models.BooleanField(_("may pair people of one work unit"), default=False)
    allow_repeat_pairs = models.BooleanField(_("may pair people who were a pair before"), default=False)
    min_shared_slots = models.PositiveSmallIntegerField(
        _("fewest common times"),
        default=0,
        help_text=_("0: too few is a warning, not a bar."),
    )
    rank_gap_least = models.SmallIntegerField(_("mentor's rank at least this much higher"), null=True, blank=True)
    rank_gap_most = models.SmallIntegerField(_("mentor's rank at most this much higher"), null=True, blank=True)
    cuts = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)]),
        default=list,
        blank=True,
        verbose_name=_("minimum fit"),
        help_text=_("As few people as possible are matched below these goal fits, for example 25, 50."),
    )
    seed = models.CharField(
        _("tie-break"),
        max_length=40,
        blank=True,
        help_text=_("Published; decides among equals."),
    )
    quiet_guard = models.BooleanField(_("skipping the identity page never lowers your goal fit"), default=True)
    identity_matching = models.BooleanField(_("match on identities"), default=False, editable=False)
    identity_note = models.TextField(_("note of the legal review"), blank=True, editable=False)
    identity_reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    identity_reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)

    second_coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("second coordinator"),
        help_text=_("Whatever has waited for a week goes to them too. Empty: to every coordinator."),
    )
    contact_name = models.CharField(_("contact outside the programme"), max_length=120, blank=True)
    contact_email = models.EmailField(_("their e-mail"), blank=True)
    contact_phone = models.CharField(_("their phone"), max_length=40, blank=True)
    intro_en = models.TextField(_("what it is, in English"), blank=True)
    intro_es = models.TextField(_("what it is, in Spanish"), blank=True)
    agreement_en = models.TextField(_("mentoring agreement in English"), blank=True)
    agreement_es = models.TextField(_("mentoring agreement in Spanish"), blank=True)
    start_en = models.TextField(_("how to start, in English"), blank=True)
    start_es = models.TextField(_("how to start, in Spanish"), blank=True)
    instead_en = models.TextField(_("what those without a match can join, in English"), blank=True)
    instead_es = models.TextField(_("what those without a match can join, in Spanish"), blank=True)
    goals = models.ManyToManyField(Goal, blank=True, related_name="seasons", verbose_name=_("goals to choose from"))
    questionnaire = models.ForeignKey(
        Questionnaire,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("further questions to those who apply"),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SeasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["-opens_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on"))
                & models.Q(matches_on__gte=models.F("closes_on"))
                & models.Q(starts_on__gte=models.F("matches_on"))
                & models.Q(ends_on__gt=models.F("starts_on")),
                name="season_dates_in_order",
                violation_error_message=_(
                    "The dates must follow one another: open, close, matches, start, end of meetings."
                ),
            )
        ]

    def __str__(self) -> str:
        return localized(self, "name")

    @property
    def roles(self) -> list[ParticipationRole]:
        """The roles that one can apply for: both of a pair, and peer where there are circles or workshops."""
        pairs = [ParticipationRole.MENTEE, ParticipationRole.MENTOR] if self.has_pairs else []
        return pairs + ([ParticipationRole.PEER] if self.has_circles or self.has_workshops else [])

    @property
    def uses_identity(self) -> bool:
        """Whether this season matches on identities: switched on here, and not ruled out for the installation."""
        return self.identity_matching and settings.IDENTITY != "never"


class EligibilityRule(UUIDModel):
    """One condition for taking part in a season in one role, in the library's own words.

    `kind` names a check in `seasons.eligibility`, `value` its parameter (years of service, a rank …). A fact that
    isn't known makes the result "unknown", which a person decides.
    """

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="eligibility_rules")
    role = models.CharField(_("for"), max_length=8, choices=ParticipationRole)
    kind = models.SlugField(_("rule"), max_length=40)
    value = models.IntegerField(_("value"), null=True, blank=True)
    wording_en = models.CharField(_("wording in English"), max_length=200, blank=True)
    wording_es = models.CharField(_("wording in Spanish"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("eligibility rule")
        verbose_name_plural = _("eligibility rules")
        ordering = ["role", "order", "kind"]
        constraints = [models.UniqueConstraint(fields=["season", "role", "kind"], name="one_rule_of_a_kind")]

    def __str__(self) -> str:
        return localized(self, "wording") or self.kind
