"""How allauth signs our people in: no sign-up, sealed second-factor secrets, one tenant for directory accounts."""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.second_factor import seal_secret, unseal_secret
from mentorship.people.kept_answers import has_kept_answers
from mentorship.people.models import User
from mentorship.people.services import may_receive_codes

logger = logging.getLogger(__name__)


def display_name(person: User) -> str:
    """What allauth's pages and messages call a person."""
    return person.display_name


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come from the staff list, so nobody signs up; links in mail come from PUBLIC_URL."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The employee number or the password is not right."),
        # One text for both: which of the two somebody typed says nothing about who is here.
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right."),
        "incorrect_code": gettext_lazy("This code is not right."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait some minutes, then try again."),
        "rate_limited": gettext_lazy("Too many attempts. Wait some minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Whatever way somebody comes in passes here: with OIDC_ONLY, none but the directory's is one."""
        if settings.OIDC_ONLY and not any(
            record.get("method") == "socialaccount" for record in get_authentication_records(request, user)
        ):
            clear_login(request)
            return refused(request)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if has_kept_answers(request):
            return reverse("people:kept_answers")
        return str(super().get_login_redirect_url(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:profile")

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return settings.PUBLIC_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Refuse an address that the staff list gives to somebody else."""
        if User.objects.filter(email__iexact=email_address.email).exclude(pk=email_address.user_id).exists():
            return False
        return bool(super().confirm_email(request, email_address))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send within the request and keep nothing. A mail server that is down is said, and is no error page."""
        try:
            super().send_mail(template_prefix, email, {**context, "library": {"name": settings.LIBRARY_NAME}})
        except (OSError, smtplib.SMTPException):
            logger.exception("a sign-in mail could not be sent")
            messages.error(self.request, _("The mail could not be sent. Try again in some minutes."))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes are sealed; a passkey's row holds a public key alone."""

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_secret(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        return str(user.employee_number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.LIBRARY_NAME}


class DirectoryAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts of the library's own directory: linked within the configured tenant and domains, to people here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Check tenant and domain at each sign-in; link the account to its person at the first."""
        claims = claims_of(sociallogin.account.extra_data)
        address = trusted_address(claims)
        if not address:
            raise ImmediateHttpResponse(refused(request))
        if sociallogin.is_existing:
            return
        person = User.objects.active().filter(emailaddress__email=address, emailaddress__verified=True).first()
        if (
            person is None
            or not may_receive_codes(person, address)
            or (request.user.is_authenticated and request.user.pk != person.pk)
        ):
            raise ImmediateHttpResponse(refused(request))
        sociallogin.connect(request, person)


def claims_of(extra_data: dict[str, Any]) -> dict[str, Any]:
    """Return what the directory says; what it signed wins over what its information page adds."""
    return {**extra_data.get("userinfo", {}), **extra_data.get("id_token", {})}


def trusted_address(claims: dict[str, Any]) -> str:
    """Return the address in `claims` where tenant and domain are the configured ones, else "".

    Microsoft names its tenant `tid` and says nothing of verified addresses; Google names the domain `hd` and does.
    Without a tenant in the settings an address counts only where the directory says that it is verified.
    """
    address = str(claims.get("email") or "").lower()
    domain = address.rpartition("@")[2]
    in_tenant = bool(settings.OIDC_TENANT) and settings.OIDC_TENANT in {claims.get("tid"), claims.get("hd")}
    if settings.OIDC_TENANT and not in_tenant:
        return ""
    if claims.get("email_verified") is False or not (in_tenant or claims.get("email_verified") is True):
        return ""
    return address if domain and domain in settings.OIDC_DOMAINS else ""


def refused(request: HttpRequest) -> HttpResponse:
    """The same page whatever the reason: who is here isn't said."""
    return render(request, "people/not_let_in.html", status=403)
