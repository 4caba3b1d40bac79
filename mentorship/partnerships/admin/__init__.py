"""What coordinators see of partnerships and decide on them."""

from mentorship.partnerships.admin import partnerships
from mentorship.partnerships.checkins import admin as checkins
from mentorship.partnerships.helping import admin as helping

__all__ = ["checkins", "helping", "partnerships"]
