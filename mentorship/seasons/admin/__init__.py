"""Where coordinators make, edit and publish seasons, and keep the lists that people choose from."""

from mentorship.seasons.admin import lists, season

__all__ = ["lists", "season"]
