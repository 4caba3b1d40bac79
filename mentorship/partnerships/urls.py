"""The addresses of partnerships."""

from django.urls import URLPattern, URLResolver, path

from mentorship.partnerships import views
from mentorship.partnerships.checkins import views as checkins
from mentorship.partnerships.helping import views as helping

app_name = "partnerships"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mine, name="mine"),
    path("<uuid:partnership_id>/", views.detail, name="detail"),
    path("<uuid:partnership_id>/question/", views.asked, name="asked"),
    path("check-in/<uuid:check_in_id>/", checkins.check_in, name="check_in"),
    path("check-in/link/<str:secret>", checkins.check_in_link, name="check_in_link"),
    path("help/", helping.overview, name="help"),
    path("help/<uuid:case_id>/", helping.help_case, name="help_case"),
    path("help/<uuid:case_id>/settled/", helping.close, name="help_close"),
    path("<uuid:partnership_id>/help/", helping.topics, name="ask_for_help"),
    path("<uuid:partnership_id>/help/<slug:topic>/", helping.ask, name="ask_about"),
]
