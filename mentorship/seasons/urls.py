"""The addresses of seasons."""

from django.urls import URLPattern, URLResolver

app_name = "seasons"
urlpatterns: list[URLPattern | URLResolver] = []
