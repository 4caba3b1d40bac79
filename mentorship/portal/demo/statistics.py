"""Lets the database count what a long transaction has written, which it otherwise does only after the commit."""

from django.db import connection

from matching.models import Proposal
from mentorship.applications.models import Application
from mentorship.partnerships.models import Membership, Partnership
from mentorship.people.models import Profile, User
from mentorship.reminders.models import Delivery

GROWING = (User, Profile, Application, Proposal, Partnership, Membership, Delivery)


def take_stock() -> None:
    """Without it, queries over several of these tables are planned as if they were empty, and take seconds."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in GROWING)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
