"""Which accounts may sign in at all."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class ActivePersonBackend(ModelBackend):
    """Django's own backend: employee number and password, active people only."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Permissions follow from roles in each ModelAdmin; none are stored."""
        return False
