"""Publishing: one release of a survey's figures, frozen with its definitions, and comments one by one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentorship.common.content import LANGUAGES
from mentorship.partnerships.models import Membership
from mentorship.people.models import UnitKind
from mentorship.people.tenure import Tenure
from mentorship.questionnaires.definitions import Kind
from mentorship.questionnaires.models import Question
from mentorship.records.audit import record
from surveys.asking import SKILL
from surveys.models import Comment, Release, Response, Wave
from surveys.release import Respondent, Statement, comments_allowed, figures
from surveys.states import COMMENT, WAVE

Texts = dict[str, str]
DEFINITIONS: dict[str, Promise] = {
    "agreement": _(
        "Agreement: those who agree or strongly agree, out of all who gave an answer from 1 to 5, "
        "as a whole per cent."
    ),
    "n": _("n: how many gave such an answer. Those for whom a statement doesn't apply are not counted."),
    "response": _("Response rate: answers that were sent, out of everybody who was told of a match this season."),
    "hidden": _(
        "Hidden (small group): a group has at least five people who answered, and so has whatever is hidden beside "
        "it. A breakdown from which one could tell for certain what fewer than five people answered is left out."
    ),
}


class TooFewForComments(Exception):
    """Fewer than ten people answered: comments are not published."""


@transaction.atomic
def publish_release(*, wave: Wave, by: Any, now: datetime) -> Release:
    """Freeze and publish what may be published of a closed survey; once and for good. Raises IllegalMove."""
    wave = Wave.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=wave.pk)
    WAVE.check(wave.state, Wave.State.RELEASED)
    wave.state = Wave.State.RELEASED
    wave.save(update_fields=["state"])
    release = Release.objects.create(wave=wave, figures=_frozen(wave), published_at=now)
    record(by=by, verb="publish-survey", target=wave, now=now)
    return release


@transaction.atomic
def release_comment(*, comment: Comment, by: Any, now: datetime) -> Comment:
    """Publish one comment as it stands. Raises TooFewForComments, IllegalMove."""
    comment = _locked(comment)
    if not comments_allowed(comment.wave.submitted or 0):
        raise TooFewForComments
    return _move(comment, Comment.State.RELEASED, "release-comment", by, now)


@transaction.atomic
def withhold_comment(*, comment: Comment, by: Any, now: datetime) -> Comment:
    """Don't publish a comment, or take it back. Raises IllegalMove."""
    return _move(_locked(comment), Comment.State.WITHHELD, "withhold-comment", by, now)


def _locked(comment: Comment) -> Comment:
    """The comment of a published survey, locked. Raises Comment.DoesNotExist."""
    rows = Comment.objects.select_for_update(of=("self",)).select_related("wave")
    found: Comment = rows.get(pk=comment.pk, wave__state=Wave.State.RELEASED)
    return found


def _move(comment: Comment, state: Comment.State, verb: str, by: Any, now: datetime) -> Comment:
    COMMENT.check(comment.state, state)
    comment.state = state
    comment.save(update_fields=["state"])
    record(by=by, verb=verb, target=comment, now=now)
    return comment


def _frozen(wave: Wave) -> dict[str, Any]:
    """The figures with every text that they need, in both languages: later edits of a list change nothing here."""
    questions = list(wave.questionnaire.questions.all())
    statements = [question for question in questions if question.kind == Kind.LIKERT]
    choices = [question for question in questions if question.kind == Kind.MULTIPLE]
    released = figures(
        [
            Respondent(row.role, row.unit_kind, row.tenure, row.answers)
            for row in Response.objects.filter(wave=wave).order_by("pk")
        ],
        invited=wave.invited or 0,
        statements=[
            Statement(question.key, Membership.Role.MENTOR if question.key.startswith(SKILL) else "")
            for question in statements
        ],
        choices={question.key: [option["key"] for option in question.options] for question in choices},
    )
    return {
        **released,
        "definitions": {key: _in_both(text) for key, text in DEFINITIONS.items()},
        # Objects in the database's JSON keep no order.
        "order": [question.key for question in questions],
        "titles": {question.key: _title(question) for question in questions},
        "options": {
            question.key: {option["key"]: {"en": option["en"], "es": option["es"]} for option in question.options}
            for question in choices
        },
        "group_titles": {
            "role": {role.value: _in_both(role.label) for role in Membership.Role},
            "tenure": {band.value: _in_both(band.label) for band in Tenure},
            "unit_kind": {
                kind.slug: {"en": kind.title_en, "es": kind.title_es or kind.title_en}
                for kind in UnitKind.objects.all()
            },
        },
    }


def _title(question: Question) -> Texts:
    return {"en": question.label_en, "es": question.label_es or question.label_en}


def _in_both(text: Any) -> Texts:
    texts = {}
    for language in LANGUAGES:
        with translation.override(language):
            texts[language] = str(text)
    return texts
