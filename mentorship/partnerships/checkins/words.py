"""Check-ins in words: what a coordinator reads of one, and the letters that are ready for them to send."""

from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _

from mentorship.partnerships.checkins.querysets import CALL, DIFFERENT, LOW_MARK
from mentorship.partnerships.models import CheckIn, Membership
from mentorship.partnerships.words import together

QUIET = LOW_MARK + 1


def going_words(check_in: CheckIn) -> str:
    """The mark with what it means, "Well (4 of 5)"; "" where nothing was answered."""
    if check_in.going is None:
        return ""
    return _("%(words)s (%(mark)d of 5)") % {"words": check_in.get_going_display(), "mark": check_in.going}


def month_words(check_in: CheckIn) -> str:
    return formats.date_format(check_in.month, "YEAR_MONTH_FORMAT")


def partner_names(membership: Membership) -> str:
    """The first names of those whom a member meets with; the rows come with their people."""
    return together(
        other.person.get_short_name()
        for other in membership.partnership.memberships.all()
        if other.person_id != membership.person_id
    )


def reason_of(check_in: CheckIn) -> int:
    """Why the answer waits for a coordinator: CALL, DIFFERENT or LOW_MARK."""
    if check_in.wants_call:
        return CALL
    return DIFFERENT if check_in.fit == CheckIn.Fit.DIFFERENT else LOW_MARK


def ready_letter(membership: Membership, reason: int, author: Any) -> str:
    """What a coordinator may send as it stands, in the language of the one who gets it."""
    person = membership.person
    with translation.override(person.language):
        middle = {
            CALL: _(
                "You asked for a call. When would it suit you this week, and at which number? If you'd rather meet, "
                "tell me where."
            ),
            DIFFERENT: _(
                "Thank you for telling us that you would like a different match. That happens, it is nobody's fault, "
                "and %(partner)s doesn't learn that you asked. May I call you this week to hear what would suit you "
                "better?"
            ),
            LOW_MARK: _(
                "Thank you for answering so openly. I am sorry that it isn't going well. What would help most: some "
                "ideas for your meetings, a call with me, or something else? %(partner)s doesn't learn of this."
            ),
            QUIET: _(
                "We haven't heard from you for a while. How is it going with %(partner)s? One line is enough, and if "
                "this isn't a good time, tell me that too."
            ),
        }[reason] % {"partner": partner_names(membership)}
        hello = _("Hello %(name)s,") % {"name": person.get_short_name()}
    return f"{hello}\n\n{middle}\n\n{author.display_name}"
