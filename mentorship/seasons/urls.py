"""The addresses of seasons."""

from django.urls import path

from mentorship.seasons import views

app_name = "seasons"
urlpatterns = [
    path("", views.season_list, name="list"),
    path("<slug:slug>/", views.season_detail, name="detail"),
]
