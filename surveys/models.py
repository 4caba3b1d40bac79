"""What people say of a season: waves, who was invited, anonymous responses, comments, and the one release of each."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.keys import UUIDModel
from mentorship.partnerships.models import Membership
from mentorship.people.tenure import Tenure
from mentorship.questionnaires.models import Questionnaire
from mentorship.seasons.models import Season
from surveys.querysets import CommentQuerySet, ReleaseQuerySet, TicketQuerySet, WaveQuerySet


class Wave(UUIDModel):
    """One survey of a season, from the invitation to the published results.

    `invited` and `submitted` are counted at the close, when nothing can be added any more.
    """

    class Kind(models.TextChoices):
        END_OF_SEASON = "end-of-season", _("end of season")

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        OPEN = "open", _("taking answers")
        CLOSED = "closed", _("closed")
        RELEASED = "released", _("published")

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="waves", verbose_name=_("season"))
    kind = models.CharField(_("survey"), max_length=20, choices=Kind, default=Kind.END_OF_SEASON)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="+", verbose_name=_("questions")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    opened_at = models.DateTimeField(_("opened"), null=True)
    closes_at = models.DateTimeField(_("closes"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    invited = models.PositiveIntegerField(_("invited"), null=True)
    submitted = models.PositiveIntegerField(_("answered"), null=True)

    objects = WaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-closes_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["season", "kind"], name="one_wave_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "open", "closed", "released"]), name="wave_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} · {self.get_kind_display()}"


class Ticket(UUIDModel):
    """That a person was invited, and whether they have answered; never what, and never when.

    The close writes every ticket anew, so that nothing of the order in which people answered is left.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="tickets", verbose_name=_("survey"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="survey_tickets", verbose_name=_("person")
    )
    answered = models.BooleanField(_("answered"), default=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a survey")
        verbose_name_plural = _("invitations to surveys")
        constraints = [models.UniqueConstraint(fields=["wave", "person"], name="one_ticket_per_person")]

    def __str__(self) -> str:
        return str(self.pk)


class Response(UUIDModel):
    """One person's answers with the three attributes that they were told of; no person, no ticket, no time.

    `answers` is JSON by question key. The close copies the rows of a wave to new random keys in random order, and
    takes the comments out of them.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="responses")
    role = models.CharField(max_length=11, choices=Membership.Role)
    unit_kind = models.CharField(max_length=50, blank=True)
    tenure = models.CharField(max_length=10, choices=Tenure, blank=True)
    answers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("response to a survey")
        verbose_name_plural = _("responses to surveys")

    def __str__(self) -> str:
        return str(self.pk)


class Comment(UUIDModel):
    """A comment whose writer agreed to see it published, cut off from their other answers at the close.

    `role` is empty unless they agreed to be quoted by it. Comments without consent are deleted unread.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to read")
        RELEASED = "released", _("in the results")
        WITHHELD = "withheld", _("left out")

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="comments", verbose_name=_("survey"))
    question = models.CharField(_("question"), max_length=60)
    text = models.TextField(_("comment"))
    role = models.CharField(_("role"), max_length=11, choices=Membership.Role, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment in a survey")
        verbose_name_plural = _("comments in surveys")
        ordering = ["question", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "released", "withheld"]), name="comment_state"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Release(UUIDModel):
    """The published figures of a wave, with their definitions, as they were when they were published.

    There is one for each wave and it never changes: two releases could be subtracted from one another.
    """

    wave = models.OneToOneField(Wave, on_delete=models.PROTECT, related_name="release", verbose_name=_("survey"))
    figures = models.JSONField(_("figures"))
    published_at = models.DateTimeField(_("published"))

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("published results")
        verbose_name_plural = _("published results")
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.wave_id)
