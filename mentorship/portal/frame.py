"""The first entries of the header, for everybody; what upper and lower apps add stands between them."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mentorship.common.registries import NavItem


def nav_items(request: HttpRequest) -> list[NavItem]:
    """Home, for those who run the season their desk, and in the demo the way to be somebody else."""
    items = [NavItem(_("Home"), reverse("portal:home"), order=0)]
    if request.user.is_staff:
        items.append(NavItem(_("Today"), reverse("admin:index"), order=10))
    if settings.DEMO:
        items.append(NavItem(_("Demo"), reverse("demo:doors"), order=900))
    return items
