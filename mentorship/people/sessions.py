"""The session store: Django's own in the database, with what a session holds encrypted.

A session holds login codes, second-factor secrets on their way and answers that were sent too late.
"""

import base64
import json
import logging
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from mentorship.common.encryption import DecryptionError, seal, unseal

CONTEXT = "people.session"
logger = logging.getLogger(__name__)


class SessionStore(DatabaseStore):
    """A session whose data only the program can read."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        plain = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(seal(plain, context=CONTEXT, pad_to=256)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return the session's data; nothing where it is damaged or its key is gone: the person signs in again."""
        try:
            return dict(json.loads(unseal(base64.b64decode(session_data), context=CONTEXT)))
        except (DecryptionError, ValueError):
            logger.warning("a session does not decrypt")
            return {}
