"""The addresses of people."""

from django.urls import URLPattern, URLResolver, path

from mentorship.people.views import profile, shared_computer, sign_in

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("code/", sign_in.code, name="code"),
    path("first-steps/", sign_in.first_steps, name="first_steps"),
    path("second-factor/", sign_in.second_factor, name="second_factor"),
    path("still-there/", shared_computer.still_there, name="still_there"),
    path("stay/", shared_computer.stay, name="stay"),
    path("this-computer/", shared_computer.this_computer, name="this_computer"),
    path("kept/", shared_computer.kept_answers, name="kept_answers"),
    path("profile/", profile.profile, name="profile"),
    path("profile/absences/", profile.add_absence, name="add_absence"),
    path("profile/absences/<uuid:absence_id>/remove/", profile.remove_absence, name="remove_absence"),
]
