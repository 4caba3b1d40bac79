"""The addresses of learning. "everything" is the list, so no text has it as its key."""

from django.urls import URLPattern, URLResolver, path

from mentorship.learning import views

app_name = "learning"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mine, name="mine"),
    path("everything/", views.everything, name="everything"),
    path("<slug:slug>/", views.resource, name="resource"),
    path("<slug:slug>/check/", views.check, name="check"),
    path("<slug:slug>/read/", views.read, name="read"),
]
