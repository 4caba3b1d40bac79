"""Every address of the site, composed from the apps."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("mentorship.portal.urls")),
    path("account/", include("mentorship.people.urls")),
    path("account/", include("allauth.urls")),
    path("work/", include("mentorship.jobs.urls")),
    path("my-data/", include("mentorship.records.urls")),
    path("messages/", include("mentorship.reminders.urls")),
    path("seasons/", include("mentorship.seasons.urls")),
    path("apply/", include("mentorship.applications.urls")),
    path("matches/", include("matching.urls")),
    path("partnerships/", include("mentorship.partnerships.urls")),
    path("learn/", include("mentorship.learning.urls")),
    path("survey/", include("surveys.urls")),
    path("reports/", include("mentorship.reports.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("mentorship.portal.demo.urls")))

handler400 = "mentorship.portal.views.bad_request"
handler403 = "mentorship.portal.views.forbidden"
handler404 = "mentorship.portal.views.not_found"
handler500 = "mentorship.portal.views.server_error"
