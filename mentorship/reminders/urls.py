"""The addresses of reminders."""

from django.urls import path

from mentorship.reminders import views

app_name = "reminders"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("reminders", views.preferences, name="preferences"),
    path("stop/<str:secret>", views.stop, name="stop"),
    path("<uuid:delivery_id>", views.read, name="read"),
]
