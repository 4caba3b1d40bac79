"""Where coordinators make the texts and paths their own, and see who has read what."""

from mentorship.learning.admin import completions, paths, resources

__all__ = ["completions", "paths", "resources"]
