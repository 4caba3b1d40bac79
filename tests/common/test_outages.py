"""A database that is away is told from one that says no."""

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection
from django.db.utils import DataError

from mentorship.common.outages import is_away


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the database system is starting up"),
        InterfaceError("connection already closed"),
        caused(DatabaseError("server closed the connection"), psycopg2.DatabaseError("server closed the connection")),
    ],
)
def test_a_connection_that_broke_or_could_not_be_made_is_an_outage(error):
    assert is_away(error) is True


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        IntegrityError("duplicate key"),
        DataError("division by zero"),
        DatabaseError("Save with update_fields did not affect any rows."),  # Django's own words
    ],
)
def test_an_answer_that_is_no_is_none(error):
    assert is_away(error) is False


@pytest.mark.django_db(transaction=True)
def test_a_server_process_that_is_ended_is_an_outage():
    with pytest.raises(DatabaseError) as failure, connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert is_away(failure.value) is True
