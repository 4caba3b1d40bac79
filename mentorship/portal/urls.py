"""The addresses of the front door."""

from django.urls import path

from mentorship.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("language", views.set_language, name="language"),
    path("help", views.help_page, name="help"),
    path("privacy", views.privacy, name="privacy"),
]
