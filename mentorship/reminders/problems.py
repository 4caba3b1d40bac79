"""The codes in `Delivery.problem` in words that coordinators may read.

Why a rule called a message off ("unless") and that somebody wants no reminders are among the codes but not among
the words: they say something of the recipient that coordinators don't see.
"""

from django.utils.translation import gettext as _

from mentorship.reminders.models import Delivery


def in_words(delivery: Delivery) -> str:
    """Return what went wrong in words for the outbox, or "" where nothing did or it isn't to be told."""
    code, _colon, detail = delivery.problem.partition(":")
    if code == "refused":
        return _("The mail server refused it (%(code)s).") % {"code": detail}
    return {
        "week": _("Waits: this person got a reminder within the last week."),
        "switched-off": _("Its season doesn't send it."),
        "no-mailbox": _("No mailbox: it stands in their messages on the site."),
        "deactivated": _("This person may no longer sign in."),
        "unreachable": _("The mail server can't be reached."),
        "broken-off": _("The connection broke while it was being sent."),
        "sender-lost": _("The program was interrupted while sending it."),
        "maker-lost": _("The program was interrupted before it was sent."),
        "database-away": _("The database was away while it was being made; it is tried again soon."),
        "text": _("Its text can't be made; the log says more."),
    }.get(code, "")
