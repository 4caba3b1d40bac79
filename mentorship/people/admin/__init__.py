"""People in the admin: who there is, where they work, and the codes that were printed for them."""

from mentorship.people.admin import codes, people, work

__all__ = ["codes", "people", "work"]
