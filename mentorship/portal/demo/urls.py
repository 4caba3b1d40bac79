"""The addresses of the demo; a real installation doesn't have them."""

from django.urls import path

from mentorship.portal.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.doors, name="doors"),
    path("enter", views.enter, name="enter"),
    path("mail", views.mailbox, name="mailbox"),
    path("mail/every", views.letters, name="letters"),
    path("mail/every/<slug:key>/<slug:language>", views.letter, name="letter"),
    path("mail/every/<slug:key>/<slug:language>/body", views.letter_body, name="letter-body"),
    path("mail/<str:key>", views.message, name="message"),
    path("mail/<str:key>/body", views.message_body, name="message-body"),
]
