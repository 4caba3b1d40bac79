"""Answering: what is promised, one group of questions a screen, a look at all answers, and thanks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mentorship.common.bilingual import localized
from mentorship.questionnaires.answers import Answers, AnswersError, validate, worded
from surveys import drafts
from surveys.asking import Attributes, Screen, attributes_of, screens_for
from surveys.forms import ScreenForm
from surveys.models import Wave
from surveys.release import SMALLEST, SMALLEST_FOR_COMMENTS
from surveys.services import AlreadyAnswered, SurveyClosed, submit_response


@dataclass(frozen=True)
class Row:
    """One question with the answer in words; no lines where there is none."""

    label: str
    lines: list[str]


@login_required
@require_GET
def start(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """What is anonymous, who is invited, what is published, and the limit of it: all before the first question."""
    wave = _own(request, wave_id)
    if not _may_answer(request, wave):
        return redirect("surveys:thanks", wave.pk)
    attributes, screens = _asked(request, wave)
    context = {
        **_frame(wave),
        "attributes": attributes.words,
        "invited": wave.tickets.count(),
        "screens": screens,
        "begun": bool(drafts.load(request, wave)),
        "intro": localized(wave.questionnaire, "intro"),
        "smallest": SMALLEST,
        "smallest_for_comments": SMALLEST_FOR_COMMENTS,
    }
    return render(request, "surveys/start.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: HttpRequest, wave_id: UUID, key: str) -> HttpResponse:
    """One group of questions."""
    wave = _own(request, wave_id)
    if not _may_answer(request, wave):
        return redirect("surveys:thanks", wave.pk)
    _attributes, screens = _asked(request, wave)
    place = next((place for place, part in enumerate(screens) if part.key == key), None)
    if place is None:
        raise Http404
    part, answers = screens[place], drafts.load(request, wave)
    if request.method == "POST":
        form = ScreenForm(request.POST, questions=part.questions)
        done = form.is_valid()
        asked = {question.key for question in part.questions}
        answers = {name: value for name, value in answers.items() if name not in asked} | form.answers
        drafts.save(request, wave, answers)
        if done:
            following = screens[place + 1 : place + 2]
            return redirect("surveys:screen", wave.pk, following[0].key) if following else _to_check(wave)
    else:
        form = ScreenForm(questions=part.questions, given=answers)
    context = {
        **_frame(wave),
        "part": part,
        "form": form,
        "number": place + 1,
        "total": len(screens),
        "previous": screens[place - 1] if place else None,
        "so_far": drafts.sealed(request, wave, answers),
        "so_far_name": drafts.FIELD,
    }
    return render(request, "surveys/screen.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """All answers on one page; a POST sends them, once."""
    wave = _own(request, wave_id)
    if not _may_answer(request, wave):
        return redirect("surveys:thanks", wave.pk)
    answers = drafts.load(request, wave)
    if request.method == "POST":
        return _send(request, wave, answers)
    attributes, screens = _asked(request, wave)
    parts = [(part, _rows(part, answers), _problems(part, answers)) for part in screens]
    context = {
        **_frame(wave),
        "parts": parts,
        "missing": [part for part, _rows, missing in parts if missing],
        "attributes": attributes.words,
        "so_far": drafts.sealed(request, wave, answers),
        "so_far_name": drafts.FIELD,
    }
    return render(request, "surveys/check.html", context)


@login_required
@require_GET
def thanks(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """That the answers have arrived and can't be seen any more; or that the survey is closed."""
    wave = _own(request, wave_id)
    if _may_answer(request, wave):
        return redirect("surveys:start", wave.pk)
    answered = wave.tickets.filter(person=request.user, answered=True).exists()  # type: ignore[misc]
    published = wave.state == Wave.State.RELEASED
    return render(request, "surveys/thanks.html", {**_frame(wave), "answered": answered, "published": published})


def _send(request: HttpRequest, wave: Wave, answers: Answers) -> HttpResponse:
    try:
        submit_response(wave=wave, answers=answers, by=request.user, now=timezone.now())
    except AnswersError:
        drafts.save(request, wave, answers)
        messages.warning(request, _("Some questions still wait for an answer. Nothing was sent."))
        return _to_check(wave)
    except (AlreadyAnswered, SurveyClosed):
        pass  # the page they come to says how it stands
    drafts.drop(request, wave)
    return redirect("surveys:thanks", wave.pk)


def _own(request: Any, wave_id: UUID) -> Wave:
    rows = Wave.objects.inviting(request.user).exclude(state=Wave.State.DRAFT)
    wave: Wave = get_object_or_404(rows.select_related("season", "questionnaire"), pk=wave_id)
    request.season = wave.season
    return wave


def _may_answer(request: HttpRequest, wave: Wave) -> bool:
    return Wave.objects.to_answer(request.user, timezone.now()).filter(pk=wave.pk).exists()


def _asked(request: HttpRequest, wave: Wave) -> tuple[Attributes, list[Screen]]:
    attributes = attributes_of(wave, request.user)
    return attributes, screens_for(wave, attributes.role)


def _frame(wave: Wave) -> dict[str, Any]:
    return {"wave": wave, "season": wave.season, "title": localized(wave.questionnaire, "title")}


def _to_check(wave: Wave) -> HttpResponse:
    return redirect("surveys:check", wave.pk)


def _rows(part: Screen, answers: Answers) -> list[Row]:
    return [Row(str(question), worded(question, answers.get(question.key))) for question in part.questions]


def _problems(part: Screen, answers: Answers) -> bool:
    asked = {question.key for question in part.questions}
    try:
        validate(part.questions, {key: value for key, value in answers.items() if key in asked})
    except AnswersError:
        return True
    return False
