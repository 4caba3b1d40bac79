"""The addresses of a person's own data."""

from django.urls import path

from mentorship.records import views

app_name = "records"
urlpatterns = [
    path("", views.my_data, name="my-data"),
    path("download", views.download, name="download"),
]
