"""Reading what was published: everybody who took part the totals, those whom it is made for the breakdowns too."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from surveys.models import Release, Wave
from surveys.querysets import READERS
from surveys.reading import results_of
from surveys.tables import breakdown_tables, choice_tables, comment_groups, statement_rows

ON_A_PAGE = 20


@login_required
@require_GET
def results(request: Any, wave_id: UUID) -> HttpResponse:
    """The published results of one survey."""
    rows = Release.objects.visible_to(request.user).select_related("wave__season")
    release: Release = get_object_or_404(rows, wave=wave_id)
    request.season = release.wave.season
    found = results_of(release)
    breakdowns = breakdown_tables(found) if request.user.has_role(*READERS) else []
    context = {
        "season": release.wave.season,
        "results": found,
        "growth": found.growth,
        "statements": statement_rows(found),
        "breakdowns": breakdowns,
        "choices": choice_tables(found),
        "comments": comment_groups(found),
        "definitions": [found.definition(key) for key in ("agreement", "n", "response", "hidden")],
    }
    return render(request, "surveys/results.html", context)


@login_required
@require_GET
def results_list(request: HttpRequest) -> HttpResponse:
    """Every survey whose results this person may read, the newest first."""
    waves = Wave.objects.published_to(request.user).select_related("season", "release")
    page = Paginator(waves.order_by("-closes_at", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "surveys/results_list.html", {"page": page})
