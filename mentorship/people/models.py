"""Who there is: people, where they work and what they do there."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from mentorship.common.bilingual import localized
from mentorship.common.content import ShippedRow
from mentorship.common.encryption import EncryptedField
from mentorship.common.keys import UUIDModel
from mentorship.people.querysets import UserQuerySet


class Role(models.TextChoices):
    """The roles that are given to a person; participant and facilitator follow from what they take part in."""

    COORDINATOR = "coordinator", _("Coordinator")
    ANALYST = "analyst", _("Analyst")
    LEADERSHIP = "leadership", _("Leadership")
    ADMINISTRATOR = "administrator", _("Administrator")


class Source(models.TextChoices):
    """Where an HR fact comes from."""

    IMPORTED = "imported", _("from the staff list")
    DECLARED = "declared", _("told by yourself")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people by employee number."""

    def create_user(self, employee_number: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(employee_number=employee_number, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        person: User = self.get(employee_number=username)
        return person


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff. The employee number is the user name; an e-mail address is optional.

    `is_staff` means "may enter the admin" and follows from the roles (`people.services.set_roles`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employee_number = models.CharField(
        _("employee number"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("Somebody with this employee number is here already.")},
    )
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), null=True, blank=True)
    mailbox_is_shared = models.BooleanField(
        _("several people read this mailbox"),
        default=False,
        help_text=_("Mail then says only that there is a message."),
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False, editable=False)
    joined_at = models.DateTimeField(_("added"), auto_now_add=True)
    deactivated_at = models.DateTimeField(_("deactivated"), null=True, blank=True)
    session_epoch = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Counting it up ends every session of this person.")
    )

    USERNAME_FIELD = "employee_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["given_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["employee_number"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_person_per_mailbox",
                violation_error_message=_("Somebody with this e-mail address is here already."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # An absent address is NULL, never "": two people without one must not collide.
        self.email = self.email or None
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions are bound to the password and to the epoch."""
        return salted_hmac(
            "people.User.session", f"{self.session_epoch}:{self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def display_name(self) -> str:
        """The name others see: the preferred one where the person gave one."""
        preferred = self.profile.preferred_name if hasattr(self, "profile") else ""
        return preferred or self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def get_short_name(self) -> str:
        preferred = self.profile.preferred_name if hasattr(self, "profile") else ""
        return (preferred or self.given_name).split(" ")[0]

    def role_set(self) -> set[str]:
        """The roles given to this person; read once per instance."""
        if not hasattr(self, "_roles"):
            self._roles = set(self.groups.values_list("name", flat=True))
        return self._roles

    def has_role(self, *roles: str) -> bool:
        """True where an active person has one of `roles`."""
        return self.is_active and bool(self.role_set() & set(roles))


class UnitKind(ShippedRow):
    """A kind of work unit (branch, circulation, technical services …), editable."""

    slug = models.SlugField(_("key"), unique=True)
    title_en = models.CharField(_("title in English"), max_length=80)
    title_es = models.CharField(_("title in Spanish"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("kind of work unit")
        verbose_name_plural = _("kinds of work unit")
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return localized(self, "title")


class WorkUnit(UUIDModel):
    """Where people work together: a department at a location. A central library is many units."""

    location = models.CharField(_("location"), max_length=120)
    department = models.CharField(_("department"), max_length=120, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    kind = models.ForeignKey(
        UnitKind,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("kind"),
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("work unit")
        verbose_name_plural = _("work units")
        ordering = ["location", "department"]
        constraints = [
            models.UniqueConstraint(
                Lower("location"),
                Lower("department"),
                name="one_unit_per_place",
                violation_error_message=_("There is a work unit of this name already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.location} · {self.department}" if self.department else self.location


class JobClass(ShippedRow):
    """A job title of the library, with what eligibility rules and matching need to know of it."""

    slug = models.SlugField(_("key"), unique=True)
    title_en = models.CharField(_("title in English"), max_length=120)
    title_es = models.CharField(_("title in Spanish"), max_length=120, blank=True)
    family = models.CharField(_("family"), max_length=80, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), help_text=_("1 is the first step; higher is further up."))
    managerial = models.BooleanField(_("managerial"), default=False)
    degree_required = models.BooleanField(_("needs a library degree"), default=False)

    class Meta:
        verbose_name = _("job class")
        verbose_name_plural = _("job classes")
        ordering = ["rank", "title_en"]

    def __str__(self) -> str:
        return localized(self, "title")


class Degree(models.TextChoices):
    """Whether a person holds a library degree (MLS or the like)."""

    UNKNOWN = "unknown", _("not said")
    NONE = "none", _("no library degree")
    MLS = "mls", _("library degree")


class Profile(UUIDModel):
    """What is known of a person at work. HR facts say where they come from; what a person wrote is theirs.

    `languages` are two-letter codes, `modes` keys of `people.meeting.MODES`, `slots` keys such as "mon-am".
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    preferred_name = models.CharField(_("preferred name"), max_length=100, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    show_pronouns_to_partners = models.BooleanField(_("show my pronouns to those I meet with"), default=False)
    show_pronouns_in_directory = models.BooleanField(_("show my pronouns in the directory"), default=False)
    in_directory = models.BooleanField(
        _("list me in the directory when I mentor"),
        default=False,
        help_text=_("Colleagues who apply can then name you as a mentor they would like."),
    )
    bio = models.TextField(_("about me"), max_length=600, blank=True)
    listed_email = models.EmailField(
        _("mailbox on the staff list"),
        blank=True,
        editable=False,
        help_text=_("An import replaces the person's address only while it is this one."),
    )
    unit = models.ForeignKey(
        WorkUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="profiles",
        verbose_name=_("work unit"),
    )
    unit_source = models.CharField(
        _("source of the work unit"), max_length=10, choices=Source, default=Source.DECLARED
    )
    job_class = models.ForeignKey(
        JobClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("job class"),
    )
    job_class_source = models.CharField(
        _("source of the job class"), max_length=10, choices=Source, default=Source.DECLARED
    )
    managerial = models.BooleanField(_("supervises people"), null=True, blank=True)
    managerial_source = models.CharField(
        _("source of whether one supervises"), max_length=10, choices=Source, default=Source.DECLARED
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("supervisor"),
    )
    supervisor_source = models.CharField(
        _("source of the supervisor"), max_length=10, choices=Source, default=Source.DECLARED
    )
    scheduler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who makes my schedule"),
    )
    service_start = models.DateField(_("at the library since"), null=True, blank=True)
    service_start_source = models.CharField(
        _("source of the first day"), max_length=10, choices=Source, default=Source.DECLARED
    )
    degree = models.CharField(_("library degree"), max_length=10, choices=Degree, default=Degree.UNKNOWN)
    degree_source = models.CharField(
        _("source of the degree"), max_length=10, choices=Source, default=Source.DECLARED
    )
    languages = ArrayField(
        models.CharField(max_length=5),
        default=list,
        blank=True,
        verbose_name=_("languages"),
    )
    modes = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        verbose_name=_("ways to meet"),
    )
    slots = ArrayField(
        models.CharField(max_length=8),
        default=list,
        blank=True,
        verbose_name=_("times"),
    )
    schedule_rotates = models.BooleanField(_("my schedule rotates"), default=False)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return self.user.display_name


class Absence(UUIDModel):
    """Days on which a person is away: reminders wait."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="absences",
        verbose_name=_("person"),
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="absence_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m-%d} – {self.last_day:%Y-%m-%d}"


class SignInCode(UUIDModel):
    """A printed one-time code for a first sign-in without a mailbox; only its hash is kept."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_in_codes", verbose_name=_("person")
    )
    code_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("good until"))
    used_at = models.DateTimeField(_("used"), null=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class ColumnMapping(UUIDModel):
    """Which column of a staff list means what, remembered for the next file with the same heading line."""

    heading_hash = models.CharField(max_length=64, unique=True)
    columns = models.JSONField(default=dict)
    date_order = models.CharField(max_length=3, default="")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")

    def __str__(self) -> str:
        return self.heading_hash[:8]


class StaffImport(UUIDModel):
    """One staff list on its way in: the file (encrypted), what each row would do, and what was done.

    `content` is the file in base64; `rows` the preview, a list of row results. Both are emptied 30 days later.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("needs its columns named")
        PREVIEWED = "previewed", _("ready to look through")
        IMPORTING = "importing", _("being imported")
        DONE = "done", _("imported")
        DISCARDED = "discarded", _("thrown away")

    file_name = models.CharField(_("file"), max_length=200)
    content = EncryptedField(label="people.staffimport.content", pad_to=4096, default="")
    rows = EncryptedField(label="people.staffimport.rows", pad_to=4096, default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    columns = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    job_id = models.UUIDField(null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"))
    imported_at = models.DateTimeField(_("imported"), null=True)

    class Meta:
        verbose_name = _("staff import")
        verbose_name_plural = _("staff imports")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name
