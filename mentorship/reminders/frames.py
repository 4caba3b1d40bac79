"""The frame in which a mail is shown inside a page: an address of its own, no script, nothing from elsewhere."""

from collections.abc import Callable
from typing import Any, TypeVar

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.views.decorators.clickjacking import xframe_options_sameorigin

View = TypeVar("View", bound=Callable[..., Any])
POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


def mail_frame(view: View) -> View:
    """Let our own pages frame what `view` answers, under a policy that lets a mail's styles in and nothing else."""
    framed: Any = csp(POLICY)(xframe_options_sameorigin(view))
    return framed  # type: ignore[no-any-return]
