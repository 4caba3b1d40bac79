"""The pages of reports: seasons side by side, one season's report, the sentence for members, and the files."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mentorship.reports.exports import to_csv, to_pdf, to_xlsx
from mentorship.reports.page import page_of
from mentorship.reports.querysets import announced, closed, reads_reports, with_report, with_sentence
from mentorship.reports.report import Report, report_of, summaries_of
from mentorship.seasons.models import Season
from mentorship.seasons.phases import WORDS, phase

ON_A_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def side_by_side(request: HttpRequest) -> HttpResponse:
    """Closed seasons with the same figures, the newest first, and the seasons that still go on."""
    now = timezone.now()
    if not reads_reports(request.user):
        raise Http404
    seasons = with_report(request.user)
    page = Paginator(closed(seasons, now), ON_A_PAGE).get_page(request.GET.get("page"))
    going_on = announced(seasons, now).exclude(pk__in=closed(seasons, now).order_by().values("pk"))[:ON_A_PAGE]
    summaries = summaries_of(page, now)
    return render(
        request,
        "reports/side_by_side.html",
        {
            "page": page,
            "summaries": summaries,
            "columns": summaries[0].side_by_side if summaries else [],
            "going_on": going_on,
        },
    )


@login_required
@require_GET
def season_report(request: Any, slug: str) -> HttpResponse:
    """The whole report for those it is made for; for the season's members, after its close, the sentence."""
    now = timezone.now()
    if not reads_reports(request.user):
        season = get_object_or_404(with_sentence(request.user, now), slug=slug)
        request.season = season
        [summary] = summaries_of([season], now)
        return render(request, "reports/sentence.html", {"season": season, "summary": summary})
    season = get_object_or_404(with_report(request.user), slug=slug)
    request.season = season
    stage = phase(season, now)
    context: dict[str, Any] = {"season": season, "words": WORDS[stage]}
    if season.announced_at is None or season.announced_at > now:
        return render(request, "reports/too_early.html", context)
    context |= page_of(request.user, report_of(season, now), stage)
    return render(request, "reports/season.html", context)


@login_required
@require_GET
def season_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    return _file(request, slug, "pdf", "application/pdf", lambda report: to_pdf(report, now))


@login_required
@require_GET
def season_csv(request: HttpRequest, slug: str) -> HttpResponse:
    return _file(request, slug, "csv", "text/csv; charset=utf-8", to_csv)


@login_required
@require_GET
def season_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    return _file(request, slug, "xlsx", XLSX, to_xlsx)


def _file(
    request: HttpRequest, slug: str, ending: str, content_type: str, write: Callable[[Report], bytes]
) -> HttpResponse:
    """The report of an announced season as an attachment."""
    now = timezone.now()
    season: Season = get_object_or_404(announced(with_report(request.user), now), slug=slug)
    response = HttpResponse(write(report_of(season, now)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{season.slug}-report.{ending}"'
    return response
