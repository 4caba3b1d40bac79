"""Each person's pages are in their own language, a visitor's in the one they chose or their browser asks for."""

import pytest
from django.urls import reverse

from mentorship.people.models import User

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def lang(response):
    return response["Content-Language"], f'<html lang="{response["Content-Language"]}"' in response.content.decode()


def test_a_visitor_gets_the_browsers_language(client):
    assert lang(client.get(LOGIN, headers={"accept-language": "es-MX,es;q=0.9"})) == ("es", True)
    assert lang(client.get(LOGIN, headers={"accept-language": "de"})) == ("en", True)


def test_a_visitors_choice_wins_over_the_browser(client):
    client.post(reverse("portal:language"), {"language": "es", "next": LOGIN})

    assert lang(client.get(LOGIN, headers={"accept-language": "en"})) == ("es", True)


def test_the_persons_own_language_wins_over_cookie_and_browser(member, sign_in):
    User.objects.filter(pk=member.pk).update(language="es")
    client = sign_in(member)
    client.cookies["django_language"] = "en"

    assert lang(client.get(reverse("people:profile"), headers={"accept-language": "en"})) == ("es", True)


def test_one_persons_language_does_not_stay_for_the_next(member, stranger, sign_in):
    User.objects.filter(pk=member.pk).update(language="es")
    answers = [sign_in(person).get(reverse("people:profile"))["Content-Language"] for person in (member, stranger)]

    assert answers == ["es", "en"]


def test_caches_are_told_that_visitors_pages_depend_on_the_browser(client):
    assert "Accept-Language" in client.get(LOGIN)["Vary"]
