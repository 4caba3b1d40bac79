"""The addresses of surveys."""

from django.urls import URLPattern, URLResolver, path

from surveys.views import answering, reading

app_name = "surveys"
urlpatterns: list[URLPattern | URLResolver] = [
    path("results/", reading.results_list, name="results_list"),
    path("<uuid:wave_id>/", answering.start, name="start"),
    path("<uuid:wave_id>/check/", answering.check, name="check"),
    path("<uuid:wave_id>/thank-you/", answering.thanks, name="thanks"),
    path("<uuid:wave_id>/results/", reading.results, name="results"),
    path("<uuid:wave_id>/<slug:key>/", answering.screen, name="screen"),
]
