"""What coordinators see of partnerships and decide on them."""

from mentorship.partnerships.admin import partnerships

__all__ = ["partnerships"]
