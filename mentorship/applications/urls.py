"""The addresses of applications."""

from django.urls import path

from mentorship.applications.views import naming, sending, start, writing

app_name = "applications"
urlpatterns = [
    path("season/<slug:slug>/", start.start, name="start"),
    path("season/<slug:slug>/mentors/", naming.directory, name="directory"),
    path("<uuid:pk>/", start.tasks, name="tasks"),
    path("<uuid:pk>/check/", sending.check, name="check"),
    path("<uuid:pk>/withdraw/", sending.withdraw, name="withdraw"),
    path("<uuid:pk>/second-look/", sending.second_look, name="second-look"),
    path("<uuid:pk>/weights/", writing.weights, name="weights"),
    path("<uuid:pk>/favourites/", naming.favourites, name="favourites"),
    path("<uuid:pk>/avoid/", naming.avoid, name="avoid"),
    path("<uuid:pk>/<slug:key>/", writing.section, name="section"),
]
