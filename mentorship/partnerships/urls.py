"""The addresses of partnerships."""

from django.urls import URLPattern, URLResolver, path

from mentorship.partnerships.views import pairs

app_name = "partnerships"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pairs.mine, name="mine"),
    path("<uuid:partnership_id>/", pairs.detail, name="detail"),
    path("<uuid:partnership_id>/question/", pairs.asked, name="asked"),
]
