"""The person behind a request, for views that let nobody else in."""

from django.http import HttpRequest

from mentorship.people.models import User


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in. Raises TypeError where a view forgot to ask for that."""
    if not isinstance(request.user, User):
        raise TypeError("nobody is signed in: the view needs login_required")
    return request.user
