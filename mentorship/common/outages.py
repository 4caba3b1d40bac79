"""A database that goes away in the middle of the work: how its driver says so."""

from django.db import DatabaseError, InterfaceError, OperationalError


def is_away(error: BaseException) -> bool:
    """Whether the database gave no answer, or kept us waiting too long for one; what was asked for is not to blame.

    Of a server that ends in the middle of an answer the driver only says that something is wrong, without a code.
    """
    if isinstance(error, (InterfaceError, OperationalError)):
        return True
    return type(error) is DatabaseError and getattr(error.__cause__, "pgcode", "") is None
