"""The addresses of jobs."""

from django.urls import path

from mentorship.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<uuid:job_id>", views.progress, name="progress"),
    path("<uuid:job_id>/now", views.fragment, name="fragment"),
    path("<uuid:job_id>/cancel", views.cancel, name="cancel"),
]
