"""A page with every component in every state, for the browser tests alone: no installation serves it."""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from mentorship.common.forms import Choice

TEMPLATE = Path(__file__).with_name("gallery.html")


class GalleryForm(forms.Form):
    """One field of each kind that the crispy pack lays out."""

    name = forms.CharField(label="Preferred name", help_text="The name your partner will see.")
    bio = forms.CharField(label="About you", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    unit = forms.ChoiceField(label="Work unit", choices=[("", "Choose one"), ("c", "Central, Reference")])
    role = forms.ChoiceField(
        label="Role",
        widget=forms.RadioSelect,
        help_text="You may apply in both roles, one at a time.",
        choices=[("mentee", Choice("Mentee", "About two hours a month")), ("mentor", "Mentor")],
    )
    goals = forms.MultipleChoiceField(
        label="Goals",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("Career path", [("school", "Library school"), ("roles", "Explore roles")]),
            ("Leadership", [("supervise", "Supervise")]),
        ],
    )
    consent = forms.BooleanField(label="These facts are right", help_text="Your unit and your start date.")
    start = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    hours = forms.IntegerField(label="Hours a month", min_value=1, max_value=20)
    resume = forms.FileField(label="Resume", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("Choose a season that is still open.")


def ribbon(linked: bool) -> dict[str, Any]:
    steps = [
        ("Apply", "closed 12 Feb", "done"),
        ("Review", "to 26 Feb", "done"),
        ("Matches", "1 Mar", "done"),
        ("Meet", "month 3 of 6", "now"),
        ("Survey", "from 1 Sep", "later"),
        ("Report", "October", "later"),
    ]
    url = "#main" if linked else ""
    return {"steps": [{"label": a, "detail": b, "state": c, "url": url} for a, b, c in steps]}


def gallery(request: HttpRequest) -> HttpResponse:
    """`?errors` binds the form, `?theme=dark` sets the theme, `?linked` links the ribbon's steps."""
    form = GalleryForm({}) if "errors" in request.GET else GalleryForm()
    context = {
        "form": form,
        "page": Paginator(range(300), 10).page(7),
        "season_ribbon": ribbon("linked" in request.GET),
        "library": {"name": "Riverbend Mentorship"},
        "nav_items": [{"label": "Home", "url": "#main", "current": True}, {"label": "Learn", "url": "#main"}],
        "theme": request.GET.get("theme", ""),
        "user": AnonymousUser(),
    }
    return HttpResponse(engines["django"].from_string(TEMPLATE.read_text()).render(context, request))


urlpatterns = [path("gallery/", gallery)]
