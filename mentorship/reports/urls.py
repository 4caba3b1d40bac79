"""The addresses of reports."""

from django.urls import path

from mentorship.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.side_by_side, name="list"),
    path("<slug:slug>/", views.season_report, name="season"),
    path("<slug:slug>/report.pdf", views.season_pdf, name="pdf"),
    path("<slug:slug>/report.csv", views.season_csv, name="csv"),
    path("<slug:slug>/report.xlsx", views.season_xlsx, name="xlsx"),
]
