"""Every mail that the programme can send, in each language, made the way in which it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from mentorship.people.models import User
from mentorship.reminders import previews
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, all_rules
from mentorship.reminders.rendering import matter_of
from mentorship.reminders.sender import compose

ACCOUNT = "account/email/"
SECOND_FACTOR = "mfa/email/"
SINGLE = "socialaccount/email/"
# Of signing in: sent at once by the one who acts, never through the outbox.
AT_ONCE = {
    f"{ACCOUNT}email_confirmation": gettext_lazy("Confirm your address"),
    f"{ACCOUNT}email_confirmation_signup": gettext_lazy("Confirm your address (the first time)"),
    f"{ACCOUNT}email_confirm": gettext_lazy("Your address is confirmed"),
    f"{ACCOUNT}email_changed": gettext_lazy("Your address has changed"),
    f"{ACCOUNT}email_deleted": gettext_lazy("An address was removed"),
    f"{ACCOUNT}account_already_exists": gettext_lazy("There is an account already"),
    f"{ACCOUNT}unknown_account": gettext_lazy("There is no account with this address"),
    f"{ACCOUNT}login_code": gettext_lazy("The code to sign in with"),
    f"{ACCOUNT}password_reset_code": gettext_lazy("The code for a new password"),
    f"{ACCOUNT}password_reset_key": gettext_lazy("The link for a new password"),
    f"{ACCOUNT}password_changed": gettext_lazy("Your password has changed"),
    f"{ACCOUNT}password_reset": gettext_lazy("Your password was set anew"),
    f"{ACCOUNT}password_set": gettext_lazy("Your account has a password"),
    f"{SECOND_FACTOR}totp_activated": gettext_lazy("The second step is on"),
    f"{SECOND_FACTOR}totp_deactivated": gettext_lazy("The second step is off"),
    f"{SECOND_FACTOR}recovery_codes_generated": gettext_lazy("There are new recovery codes"),
    f"{SECOND_FACTOR}webauthn_added": gettext_lazy("A passkey was added"),
    f"{SINGLE}account_connected": gettext_lazy("Your library's sign-in was connected"),
    f"{SINGLE}account_disconnected": gettext_lazy("Your library's sign-in was disconnected"),
    f"{SECOND_FACTOR}webauthn_removed": gettext_lazy("A passkey was removed"),
}
MOMENT = datetime(2027, 3, 9, 17, 42, tzinfo=UTC)
MERGED = ("no-recent-meeting", "training-not-begun")


@dataclass(frozen=True)
class Letter:
    """One kind of mail; `write(language)` makes it, or returns None where there is nothing yet to make it from."""

    key: str
    title: str
    audience: str
    when: str
    write: Callable[[str], previews.Preview | None]

    @property
    def languages(self) -> list[tuple[str, str, previews.Preview | None]]:
        """(code, name, mail) of each language."""
        return [(code, str(name), self.write(code)) for code, name in settings.LANGUAGES]


def every_letter() -> list[Letter]:
    """The messages of the outbox by their titles, then its two special forms, then those of signing in."""
    ruled = sorted((_of_rule(rule) for rule in all_rules()), key=lambda letter: letter.title)
    return [*ruled, *_special_forms(), *(_at_once(template) for template in AT_ONCE)]


def letter_of(key: str) -> Letter | None:
    """Return the mail of this key, None where there is none."""
    return next((letter for letter in every_letter() if letter.key == key), None)


def _of_rule(rule: Rule) -> Letter:
    return Letter(
        rule.key,
        str(rule.title),
        str(rule.audience),
        rule.when(rule.days),
        partial(previews.preview, rule),
    )


def _special_forms() -> list[Letter]:
    return [
        Letter(
            "merged",
            _("Several reminders in one mail"),
            _("whoever has more than one reminder in a week"),
            _("in place of the single ones"),
            _merged,
        ),
        Letter(
            "shared-mailbox",
            _("Any message, to a mailbox that several people read"),
            _("whoever shares their mailbox"),
            _("in place of the message itself"),
            _to_shared_mailbox,
        ),
    ]


def _merged(language: str) -> previews.Preview:
    deliveries = [_sample(key, language) for key in MERGED]
    return _read(compose(deliveries[0], [matter_of(delivery) for delivery in deliveries]))


def _to_shared_mailbox(language: str) -> previews.Preview:
    delivery = _sample(MERGED[0], language)
    delivery.recipient.mailbox_is_shared = True
    return _read(compose(delivery))


def _sample(key: str, language: str) -> Delivery:
    delivery = next(rule for rule in all_rules() if rule.key == key).sample()
    assert delivery is not None
    delivery.recipient = User(given_name="Sam", family_name="Tran", email="sam@library.example", language=language)
    return delivery


def _at_once(template: str) -> Letter:
    return Letter(
        template.replace("/", "-"),
        str(AT_ONCE[template]),
        _("whoever does it, or whose account it is"),
        _("at once"),
        partial(_sign_in_mail, template),
    )


def _sign_in_mail(template: str, language: str) -> previews.Preview:
    context: dict[str, Any] = {
        "library": {"name": settings.LIBRARY_NAME},
        "user": User(given_name="Sam", family_name="Tran"),
        "email": "sam@library.example",
        "from_email": "sam@old.example",
        "to_email": "sam@library.example",
        "deleted_email": "sam@old.example",
        "code": "" if template.endswith(("confirmation", "signup", "key")) else "7KQ-4MX",
        "activate_url": absolute("/account/confirm-email/…"),
        "password_reset_url": absolute("/account/password/reset/…"),
        "signup_url": absolute("/account/signup/"),
        "provider": settings.LIBRARY_NAME,
        "ip": "192.0.2.17",
        "user_agent": "Firefox",
    }
    with override(language):
        context["timestamp"] = date_format(MOMENT, "DATETIME_FORMAT")
        message = get_adapter().render_mail(template, "sam@library.example", context)
        assert isinstance(message, EmailMultiAlternatives)
        return _read(message)


def _read(message: EmailMultiAlternatives) -> previews.Preview:
    html, _kind = message.alternatives[0]
    return previews.Preview(str(message.subject), str(message.body), str(html))
