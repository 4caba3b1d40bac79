"""The addresses of those who have no match; coordinators work in the admin."""

from django.urls import path

from matching import views

app_name = "matching"
urlpatterns = [
    path("<uuid:application_id>/", views.alone, name="alone"),
    path("<uuid:application_id>/waiting/", views.waiting, name="waiting"),
]
