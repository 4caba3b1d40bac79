"""Moving people between circles: where they could go, what exactly would happen, and then the one button."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from matching import circle_snapshot
from matching.admin.access import for_coordinators, say_changed_meanwhile
from matching.admin.circles.access import circle_of, circle_url, peer_of
from matching.admin.circles.lines import Line, lines_of
from matching.circle_words import kind_words, rules_in_words
from matching.engine.circles import what_if_moved
from matching.models import CircleRun
from matching.services import RunUnderWay
from matching.services.circles import (
    CircleChange,
    CirclePreview,
    MeanwhileChanged,
    NothingMoves,
    RulesBroken,
    apply_circle_change,
    preview_circle_change,
)
from matching.services.circles.changes import BY_HAND, MERGE, MOVE, SWAP
from mentorship.applications.models import Application
from mentorship.partnerships.services import NotTheirs


class OtherForm(forms.Form):
    """With whom somebody would change places."""

    other = forms.ChoiceField(label=gettext_lazy("With whom"))

    def __init__(self, *args: Any, lines: list[Line], peer: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            (
                _("Circle %(n)d: %(theme)s") % {"n": line.row.number, "theme": line.row.theme},
                [(str(seat.application_id), seat.application.applicant.display_name) for seat in line.peers],
            )
            for line in lines
            if peer.pk not in {seat.application_id for seat in line.peers}
        ]


@for_coordinators
@require_GET
def places(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Every circle that somebody could move to, with the rules that it would break, the fewest first."""
    peer, run = peer_of(request, application_id)
    shot = circle_snapshot.take(peer.season)
    lines = [line for line in lines_of(run, request.user, timezone.now())[0] if not line.settled]
    by_key = {str(line.row.pk): line for line in lines}
    circles = [circle for circle in shot.circles if circle.id in by_key]
    person = str(peer.applicant_id)
    own = next((by_key[circle.id] for circle in circles if person in circle.members), None)
    if person in shot.settled or person not in shot.applications:
        raise Http404
    found = []
    for circle in circles:
        if own is not None and circle.id == str(own.row.pk):
            continue
        effect = what_if_moved(shot.problem, circles, person, circle.id)
        codes = [each.code for each in effect.broken if each.circle == circle.id]
        left = [each.code for each in effect.broken if each.circle != circle.id]
        found.append(
            {
                "line": by_key[circle.id],
                "broken": rules_in_words(codes),
                "small": "too_small" in left,
                "refused": any(code not in BY_HAND for code in codes),
            }
        )
    found.sort(key=lambda each: (each["refused"], len(each["broken"]), each["line"].row.number))  # type: ignore[arg-type,attr-defined]
    context = {
        "title": _("Another circle"),
        "season": peer.season,
        "peer": peer,
        "own": own,
        "places": found,
        "other_form": OtherForm(lines=lines, peer=peer) if own is not None and len(lines) > 1 else None,
    }
    return render(request, "admin/matching/circles/places.html", context)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, application_id: UUID, circle_id: UUID) -> HttpResponse:
    """Into that circle."""
    peer, run = peer_of(request, application_id)
    change = CircleChange(MOVE, peer=peer.pk, to=circle_id)
    return _change(request, run, change, reverse("admin:matching_circle_places", args=[peer.pk]))


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Into no circle."""
    peer, run = peer_of(request, application_id)
    return _change(
        request, run, CircleChange(MOVE, peer=peer.pk), reverse("admin:matching_circle_places", args=[peer.pk])
    )


@for_coordinators
@require_GET
def swap_with(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Go to the preview of a swap with the one who was chosen from the list."""
    peer, _run = peer_of(request, application_id)
    try:
        other = UUID(request.GET.get("other", ""))
    except ValueError:
        return redirect("admin:matching_circle_places", peer.pk)
    return redirect("admin:matching_circle_swap", peer.pk, other)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest, application_id: UUID, other_id: UUID) -> HttpResponse:
    """These two in each other's place."""
    peer, run = peer_of(request, application_id)
    other, _run = peer_of(request, other_id)
    change = CircleChange(SWAP, peer=peer.pk, other=other.pk)
    return _change(request, run, change, reverse("admin:matching_circle_places", args=[peer.pk]))


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    """The people of a circle that is too small, to others with the least change."""
    line = circle_of(request, circle_id, timezone.now())
    return _change(request, line.row.run, CircleChange(MERGE, to=line.row.pk), circle_url(line.row))


def _change(request: HttpRequest, run: CircleRun, change: CircleChange, back: str) -> HttpResponse:
    board = reverse("admin:matching_circles", args=[run.season_id])
    try:
        if request.method == "POST":
            shown = request.POST.get("shown", "")
            apply_circle_change(run=run, change=change, shown=shown, by=request.user, now=timezone.now())
            messages.success(request, _("Done. Nobody is told."))
            return redirect(board)
        preview = preview_circle_change(run=run, change=change, by=request.user)
    except NotTheirs:
        raise Http404 from None
    except (MeanwhileChanged, RulesBroken):
        messages.warning(request, _("It would come to something else now. Nothing was changed; look at it again."))
        return redirect(request.path)
    except RunUnderWay:
        say_changed_meanwhile(request)
        return redirect(board)
    except NothingMoves:
        messages.info(request, _("No other circle of this theme can take anybody in. Nothing was changed."))
        return redirect(back)
    return render(request, "admin/matching/circles/change.html", _told(request, run, preview, back))


def _told(request: HttpRequest, run: CircleRun, preview: CirclePreview, back: str) -> dict[str, Any]:
    """What a preview says: who moves from where to where, which rules break, who is left, what is closed."""
    lines = {str(line.row.pk): line for line in lines_of(run, request.user, timezone.now())[0]}
    people = {key: row.applicant.display_name for key, row in preview.shot.applications.items()}
    moves = [
        {
            "name": people[move.person],
            "before": lines[move.before].row if move.before else None,
            "after": lines[move.after].row if move.after else None,
        }
        for move in preview.moves
    ]
    codes = dict.fromkeys((lines[each.circle].row.number, each.code) for each in preview.broken)
    return {
        "title": _("What would happen"),
        "season": run.season,
        "moves": moves,
        "broken": [
            _("Circle %(n)d: %(rule)s.") % {"n": number, "rule": rules_in_words([code])[0]} for number, code in codes
        ],
        "refused": bool(preview.refused),
        "closed": [lines[key].row.number for key in preview.closed],
        "placed": preview.placed,
        "left_out": sum(1 for move in preview.moves if not move.after),
        "meets": " · ".join(kind_words(preview.kind.slot, preview.kind.mode, preview.kind.language))
        if preview.kind
        else "",
        "fingerprint": preview.fingerprint,
        "cancel_url": back,
        "here": request.path,
    }
