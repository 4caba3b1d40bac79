"""The context processor that gives every page its frame: the library, the navigation and the season ribbon."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mentorship.common.registries import NavItem, registries


def _nav_items(request: HttpRequest) -> list[dict[str, Any]]:
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    items: list[NavItem] = [item for source in registries.navigation for item in source(request)]
    return [
        {
            "label": item.label,
            "url": item.url,
            "current": (request.path.startswith(item.url) and item.url != "/") or request.path == item.url,
        }
        for item in sorted(items, key=lambda item: item.order)
    ]


def _ribbon(request: HttpRequest) -> Any:
    for source in registries.ribbon:
        if ribbon := source(request):
            return ribbon
    return None


def page(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html reads; the parts that query are lazy, so fragments pay nothing for them."""
    return {
        "library": {
            "name": settings.LIBRARY_NAME,
            "demo": settings.DEMO,
            "directory_only": settings.OIDC_ONLY,
        },
        "nav_items": SimpleLazyObject(lambda: _nav_items(request)),
        "season_ribbon": SimpleLazyObject(lambda: _ribbon(request)),
    }
