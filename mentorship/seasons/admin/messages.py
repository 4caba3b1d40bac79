"""The messages of one season: when each goes, to whom, on or off, in which words, and what it looks like."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.reminders import previews, registry, season_rules, services
from mentorship.reminders.forms import SeasonRulesForm, SeasonWordingForm
from mentorship.reminders.models import Wording
from mentorship.seasons.models import Season


def overview(request: HttpRequest, season: Season) -> HttpResponse:
    """Every message of the season on one page, with its switch and its days."""
    rules = registry.season_rules()
    form = SeasonRulesForm(
        request.POST if request.method == "POST" else None,
        rules=rules,
        choices=season_rules.choices(rules, season.pk),
        locked=season.archived_at is not None,
    )
    if request.method == "POST":
        _demand_open(season)
        if form.is_valid():
            count = season_rules.change_rules(
                season_id=season.pk, changes=form.changes(), by=request.user, now=timezone.now()
            )
            text = ngettext("%(count)d message is changed.", "%(count)d messages are changed.", count)
            messages.success(request, text % {"count": count})
            return redirect(address("messages", season))
    own = {(row.rule, row.language) for row in Wording.objects.filter(season_id=season.pk)}
    rows = [
        {
            "rule": rule,
            "when": rule.when(form.days_of(rule)),
            "switch": form.switch(rule),
            "days": form.days(rule),
            "texts": [
                (code, name, (rule.key, code) in own, previews.preview(rule, code, season.pk))
                for code, name in settings.LANGUAGES
            ],
        }
        for rule in rules
    ]
    # What has a switch first: the page is opened for that.
    rows.sort(key=lambda row: row["rule"].essential)
    return _page(request, "messages", season, {"title": _("Messages"), "form": form, "rows": rows})


def words(request: HttpRequest, season: Season, rule: str, language: str) -> HttpResponse:
    """One message in one language: the season's own words, and the message as it arrives."""
    found = _rule(rule, language)
    own = Wording.objects.filter(rule=rule, language=language, season_id=season.pk).first()
    wording = own or Wording(rule=rule, language=language, season_id=season.pk)
    there = address("messages_words", season, rule, language)
    form = SeasonWordingForm(request.POST if request.method == "POST" else None, instance=wording)
    if request.method == "POST":
        _demand_open(season)
        if request.POST.get("what") == "shipped":
            if own is not None:
                services.delete_wording(wording=own, by=request.user, now=timezone.now())
            messages.success(request, _("The message speaks in its usual words again."))
            return redirect(there)
        if form.is_valid():
            services.save_wording(wording=form.save(commit=False), by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(there)
    return _page(
        request,
        "words",
        season,
        {
            "title": str(found.title),
            "rule": found,
            "language": language,
            "languages": [
                (code, name, address("messages_words", season, rule, code)) for code, name in settings.LANGUAGES
            ],
            "preview": previews.preview(found, language, season.pk),
            "frame_url": address("messages_frame", season, rule, language),
            "form": form,
            "own": own,
            "messages_url": address("messages", season),
        },
    )


def frame(request: HttpRequest, season: Season, rule: str, language: str) -> HttpResponse:
    """The message's HTML alone, for the sandboxed frame of the page around it."""
    shown = previews.preview(_rule(rule, language), language, season.pk)
    if shown is None:
        raise Http404
    return HttpResponse(shown.html)


def address(page: str, season: Season, *parts: str) -> str:
    return reverse(f"admin:seasons_season_{page}", args=[season.pk, *parts])


def _rule(key: str, language: str) -> registry.Rule:
    """Return the rule of a season's message. Raises Http404."""
    for rule in registry.season_rules():
        if rule.key == key and language in dict(settings.LANGUAGES):
            return rule
    raise Http404


def _demand_open(season: Season) -> None:
    if season.archived_at is not None:
        raise PermissionDenied


def _page(request: HttpRequest, name: str, season: Season, context: dict[str, Any]) -> HttpResponse:
    frame = {
        "season": season,
        "is_archived": season.archived_at is not None,
        "seasons_url": reverse("admin:seasons_season_changelist"),
        "change_url": address("change", season),
    }
    return render(request, f"admin/seasons/{name}.html", frame | context)
