"""The agreement, the goals that a pair shares, and its notes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mentorship.common.bilingual import localized
from mentorship.partnerships import services
from mentorship.partnerships.forms.writings import GoalForm, NoteForm, ProgressForm
from mentorship.partnerships.meeting_words import moment_words
from mentorship.partnerships.models import Agreement, Partnership
from mentorship.partnerships.reading import partners
from mentorship.partnerships.steps import has_agreement
from mentorship.partnerships.views.common import attempt, goes_on, pair_of, partner_names
from mentorship.seasons.models import Goal

NOTES_PER_PAGE = 10
MEETINGS_OFFERED = 12


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """Read what everybody of the season agrees to, and accept it; later, what one accepted."""
    pair = pair_of(request, partnership_id)
    if not has_agreement(pair):
        raise Http404
    if request.method == "POST":
        attempt(
            request,
            lambda: services.accept_agreement(
                partnership=pair, language=(get_language() or "en")[:2], by=request.user, now=timezone.now()
            ),
            _("Accepted. Thank you."),
        )
        return redirect("partnerships:detail", pair.pk)
    accepted = {row.membership_id: row for row in Agreement.objects.filter(membership__partnership=pair)}
    own = next(member for member in pair.memberships.all() if member.person_id == request.user.pk)
    mine = accepted.get(own.pk)
    names = partner_names(pair, request.user)
    context = {
        "mine": mine,
        "text": mine.text if mine else localized(pair.season, "agreement"),
        "acceptances": [
            {"name": names[member.pk], "accepted": accepted.get(member.pk)} for member in pair.memberships.all()
        ],
        "may_accept": mine is None and goes_on(pair),
    }
    return _page(request, "agreement", pair, **context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def goals(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """The shared goals: how far they are, and another one."""
    pair, now = pair_of(request, partnership_id), timezone.now()
    rows = list(pair.goals.visible_to(request.user).select_related("goal"))
    offered = _offered(pair, {row.goal_id for row in rows})
    adding = request.POST.get("do") == "add"
    posted = request.POST if request.method == "POST" else None
    progress = ProgressForm(None if adding else posted, goals=rows)
    more = GoalForm(posted if adding else None, goals=offered)
    if posted is not None and request.POST.get("do") == "take":
        attempt(
            request,
            lambda: services.add_goals(partnership=pair, goals=offered, by=request.user, now=now),
            _("Taken over."),
        )
        return redirect("partnerships:goals", pair.pk)
    if (
        adding
        and more.is_valid()
        and attempt(request, lambda: _add(pair, more, request.user, now), _("Added."), more)
    ):
        return redirect("partnerships:goals", pair.pk)
    if posted is not None and not adding and progress.is_valid():
        changed = progress.changed()
        if attempt(request, lambda: _set(changed, request.user, now), form=progress):
            messages.success(request, _("Saved.") if changed else _("It was so already; nothing was changed."))
            return redirect("partnerships:goals", pair.pk)
    context = {
        "rows": rows,
        "offered": offered,
        "progress": progress,
        "more": more,
        "form": more if adding else progress,
        "adding": adding,
        "going_on": goes_on(pair),
        "typed": more.non_field_errors(),
    }
    return _page(request, "goals", pair, **context)


@login_required
@require_POST
def remove_goal(request: HttpRequest, partnership_id: UUID, goal_id: UUID) -> HttpResponse:
    """Drop a goal."""
    pair = pair_of(request, partnership_id)
    goal = get_object_or_404(pair.goals.visible_to(request.user), pk=goal_id)
    attempt(
        request,
        lambda: services.remove_goal(goal=goal, by=request.user, now=timezone.now()),
        _("Dropped."),
    )
    return redirect("partnerships:goals", pair.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """Notes for both and notes for oneself, and a new one while the pair goes on."""
    pair = pair_of(request, partnership_id)
    held = pair.meetings.filter(state__in=["held", "planned"])[:MEETINGS_OFFERED]
    about = [(meeting, moment_words(meeting, pair.season)) for meeting in held]
    chosen = request.GET.get("meeting", "")
    form = NoteForm(request.POST if request.method == "POST" else None, meetings=about, chosen=chosen)
    if form.is_valid() and attempt(
        request,
        lambda: services.write_note(
            partnership=pair,
            text=form.cleaned_data["text"],
            shared=form.shared,
            meeting=form.about,
            by=request.user,
            now=timezone.now(),
        ),
        _("Your partner can read it now.") if form.shared else _("Kept. Only you can read it."),
        form,
    ):
        return redirect("partnerships:notes", pair.pk)
    words = {meeting.pk: text for meeting, text in about}
    shared = pair.shared_notes.visible_to(request.user).select_related("author__profile")
    private = pair.private_notes.visible_to(request.user)
    context = {
        "form": form,
        "going_on": goes_on(pair),
        # What was sent from a page that was open when the pair came to its end stays there to be copied.
        "typed": form.non_field_errors(),
        "words": words,
        "shared": Paginator(shared, NOTES_PER_PAGE).get_page(request.GET.get("shared")),
        "private": Paginator(private, NOTES_PER_PAGE).get_page(request.GET.get("private")),
    }
    return _page(request, "notes", pair, **context)


@login_required
@require_POST
def remove_note(request: HttpRequest, partnership_id: UUID, kind: str, note_id: UUID) -> HttpResponse:
    """Delete one's own note."""
    pair = pair_of(request, partnership_id)
    rows: Any = pair.shared_notes.filter(author=request.user.pk) if kind == "shared" else pair.private_notes
    note = get_object_or_404(rows.visible_to(request.user), pk=note_id)
    attempt(
        request,
        lambda: services.remove_note(note=note, by=request.user, now=timezone.now()),
        _("Deleted."),
    )
    return redirect("partnerships:notes", pair.pk)


def _offered(pair: Partnership, taken: set[Any]) -> list[Goal]:
    """The goals that the mentees, or the peers, named in their applications and that aren't shared yet."""
    found: dict[Any, Goal] = {}
    for member in pair.memberships.all():
        if member.application is not None and member.role not in {"mentor", "facilitator"}:
            for wish in member.application.goals.all():
                found.setdefault(wish.goal_id, wish.goal)
    return [goal for key, goal in found.items() if key not in taken]


def _add(pair: Partnership, form: GoalForm, by: Any, now: Any) -> None:
    if form.chosen is not None:
        services.add_goals(partnership=pair, goals=[form.chosen], by=by, now=now)
    else:
        services.add_own_goal(partnership=pair, words=form.cleaned_data["words"], by=by, now=now)


def _set(changed: list[tuple[Any, str]], by: Any, now: Any) -> None:
    for goal, progress in changed:
        services.set_progress(goal=goal, progress=progress, by=by, now=now)


def _page(request: HttpRequest, name: str, pair: Partnership, **context: Any) -> HttpResponse:
    shared = {"pair": pair, "season": pair.season, "partners": partners(pair, request.user)}
    return render(request, f"partnerships/{name}.html", {**shared, **context})
