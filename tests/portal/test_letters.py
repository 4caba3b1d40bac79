"""The gallery of every mail: nothing is missing from it, and each speaks its language and leads somewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.html import strip_tags

from mentorship.portal.demo.letters import AT_ONCE, every_letter
from mentorship.reminders.registry import all_rules

pytestmark = pytest.mark.django_db
LETTERS = {letter.key: letter for letter in every_letter()}
# Whose words are somebody's own, or which hold no address that one could follow.
NO_LINK = re.compile(r"account-|mfa-|socialaccount-")


def test_every_rule_and_every_mail_of_signing_in_is_there(client):
    folder = Path(settings.BASE_DIR) / "templates"
    subjects = {
        str(path.relative_to(folder)).removesuffix("_subject.txt") for path in folder.glob("*/email/*_subject.txt")
    }
    assert subjects == set(AT_ONCE)
    assert {rule.key for rule in all_rules()} < set(LETTERS)
    assert [key for key, letter in LETTERS.items() if not (letter.when and letter.audience)] == []
    page = client.get("/demo/mail/every").content.decode()
    assert [key for key in LETTERS if f'id="{key}"' not in page] == []
    assert "There is nothing yet to make it from" not in page


@pytest.mark.parametrize("key", LETTERS)
def test_it_is_written_in_both_languages_without_a_gap(key):
    english, spanish = (mail for _code, _name, mail in LETTERS[key].languages)
    for mail in (english, spanish):
        text = f"{mail.subject}\n{mail.text}\n{strip_tags(mail.html)}"
        assert re.findall(r"\{\{|\{%|%\(|None|\[\]|\.\.|,\s*\.|  +,| \.(?=\s)", mail.subject + mail.text) == []
        assert len(mail.subject) < 80
        assert settings.LIBRARY_NAME in text
        assert NO_LINK.match(key) or f"{settings.PUBLIC_URL}/" in mail.text
    # A mailbox that several people read is greeted by no name, and by none at all.
    for mail, greeting in ((english, r"Hello( Sam)?,\n\n[A-Z0-9]"), (spanish, r"Hola(, Sam)?:\n\n[¿A-ZÁÉÍÓÚ0-9]")):
        assert key == "shared-mailbox" or re.match(greeting, mail.text), mail.text[:60]
    assert english.subject != spanish.subject
    assert english.text != spanish.text


def test_its_html_stands_in_a_frame_that_lets_nothing_in(client):
    page = client.get("/demo/mail/every/login-code/en")
    assert page.status_code == 404
    page = client.get("/demo/mail/every/check-in/es").content.decode()
    assert 'src="/demo/mail/every/check-in/es/body"' in page
    body = client.get("/demo/mail/every/check-in/es/body")
    assert body["Content-Security-Policy"].count("'none'") == 3
    assert 'lang="es"' in body.content.decode()
