"""The addresses of partnerships."""

from django.urls import URLPattern, URLResolver, path

from mentorship.partnerships import views

app_name = "partnerships"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mine, name="mine"),
    path("<uuid:partnership_id>/", views.detail, name="detail"),
    path("<uuid:partnership_id>/question/", views.asked, name="asked"),
]
