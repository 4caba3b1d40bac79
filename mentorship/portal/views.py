"""The front door: home, language, help, privacy, health and error pages."""

from dataclasses import replace

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from mentorship.common.registries import registries
from mentorship.portal import health
from mentorship.records.my_data import kept_tables


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The one next action of the person, then whatever else concerns them now."""
    found = [section for source in registries.home if (section := source(request))]
    sections = sorted(found, key=lambda section: (not section.next_action, section.order))
    # One next action a page: whatever else could be done stays quiet.
    sections = [
        replace(section, next_action=section.next_action and place == 0) for place, section in enumerate(sections)
    ]
    return render(
        request,
        "portal/home.html",
        {
            "main": [section for section in sections if not section.aside],
            "aside": [section for section in sections if section.aside],
        },
    )


@require_GET
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Each part's health as JSON; 503 where one is not well."""
    parts = health.check(now=timezone.now())
    return JsonResponse(parts, status=200 if all(part["ok"] for part in parts.values()) else 503)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language on the person, or in a cookie for visitors, and go back to the page."""
    language = request.POST.get("language", "")
    next_url = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(next_url, {request.get_host()}, require_https=request.is_secure()):
        next_url = "/"
    response = HttpResponseRedirect(next_url)
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
        translation.activate(language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The table of what is kept, straight from the registry that erasure and "my data" obey."""
    return render(request, "portal/privacy.html", {"kept": kept_tables(), "identity": settings.IDENTITY != "never"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context, since the database may be what failed."""
    from django.template.loader import render_to_string

    return HttpResponse(render_to_string("500.html"), status=500)
