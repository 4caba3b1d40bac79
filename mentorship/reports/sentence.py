"""The sentence that leadership quotes: the season's figures in words, right for every number and in each language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.common.numbers import count, percent, unbroken
from mentorship.reports.counting import Counts
from mentorship.reports.numbers import whole_hours


def headline(counts: Counts, *, months: int, over: bool, agreement: int | None) -> str:
    """Return the sentence: who met, for how long, and how many per cent agreed where that is published.

    While the season goes on (`over` is false) it says how it stands so far.
    """
    people, units, minutes = counts.announced, counts.work_units, counts.person_minutes
    if not people:
        return _("Nobody was matched this season.") if over else _("Nobody has been matched so far.")
    words = {
        "people": _who(people, units),
        "hours": ngettext("%(n)s hour (counted per person)", "%(n)s hours (counted per person)", whole_hours(minutes))
        % {"n": count(whole_hours(minutes))},
        "months": ngettext("%(n)s month", "%(n)s months", months) % {"n": count(months)},
    }
    if not counts.meetings:
        sentence = (
            ngettext(
                "%(people)s was matched; no meeting was logged",
                "%(people)s were matched; no meeting was logged",
                people,
            )
            if over
            else ngettext(
                "%(people)s is matched; no meeting is logged so far",
                "%(people)s are matched; no meeting is logged so far",
                people,
            )
        )
    elif over:
        sentence = ngettext(
            "%(people)s met for %(hours)s over %(months)s", "%(people)s met for %(hours)s over %(months)s", people
        )
    else:
        sentence = ngettext(
            "%(people)s has met for %(hours)s so far", "%(people)s have met for %(hours)s so far", people
        )
    if agreement is None:
        return unbroken(_("%(sentence)s.") % {"sentence": sentence % words})
    told = {"sentence": sentence % words, "percent": percent(agreement)}
    return unbroken(_("%(sentence)s; %(percent)s agreed that it helped them grow.") % told)


def _who(people: int, units: int) -> str:
    """So many people from so many units; without the units where none is known."""
    staff = ngettext("%(n)s member of staff", "%(n)s staff", people) % {"n": count(people)}
    if not units:
        return staff
    places = ngettext("%(n)s work unit", "%(n)s work units", units) % {"n": count(units)}
    return _("%(staff)s from %(units)s") % {"staff": staff, "units": places}
