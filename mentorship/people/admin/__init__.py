"""People in the admin: who there is, where they work, and the codes that were printed for them."""

from mentorship.people.admin import codes, people, staff_import, work

__all__ = ["codes", "people", "staff_import", "work"]
