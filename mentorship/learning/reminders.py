"""The one message about training: it hasn't been begun, around the start of the season. Sent once."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.learning.figures import not_begun
from mentorship.learning.models import PARTICIPANTS, Resource
from mentorship.learning.participation import Part, parts_of
from mentorship.learning.reading import Course, courses, slugs_of_paths
from mentorship.people.models import User
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, add_due_source, register, rule_of
from mentorship.reminders.samples import sample_of
from mentorship.reminders.season_rules import choice_of, switched_off, waits
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season
from mentorship.seasons.phases import phase, today, zone
from mentorship.seasons.states import Phase

RULE = "training-not-begun"
# How many days before the start, and after it; a season may choose others, up to the second.
DAYS, MOST_DAYS = 7, 28
# A tick may be missed; what is older than this is no longer worth a message.
LATE = timedelta(days=7)


def register_rules() -> None:
    """Called once, when the program starts."""
    register(
        Rule(
            key=RULE,
            title=gettext_lazy("Your training hasn't begun (around the start of the season)"),
            context=_context,
            unless=_unless,
            audience=gettext_lazy("whoever takes part and hasn't begun their training"),
            when=_around_the_start,
            days=DAYS,
            most_days=MOST_DAYS,
            season_of=lambda delivery: delivery.subject_id,
            sample=sample_of(RULE),
            placeholders=("name", "title", "minutes", "season", "action_url"),
        )
    )
    add_due_source(remind_of_training)


def remind_of_training(now: datetime) -> None:
    """Queue the reminder for whoever hasn't begun: so many days before the season's start, or as many after.

    Those who were told by the first of these days are reminded then, those told later at the second; each once.
    """
    day = now.date()
    # A day more on both sides than any zone needs; the season's own days decide.
    around = timedelta(days=MOST_DAYS + 1)
    near = (
        Season.objects.current(now)
        .filter(~switched_off(RULE, "pk"), starts_on__gte=day - around - LATE, starts_on__lte=day + around)
        .annotate(wait=waits(RULE, "pk"))
    )
    drafts = [draft for season in near for draft in _due(season, now)]
    if drafts:
        queue_deliveries(drafts=drafts, now=now)


def _due(season: Any, now: datetime) -> list[Draft]:
    """What is due in a season annotated with `wait`."""
    moments = [_start_of(season, season.starts_on + shift) for shift in (-season.wait, season.wait)]
    open_ones = [moment for moment in moments if moment <= now < moment + LATE]
    if not open_ones:
        return []
    (moment,) = open_ones[:1]
    there = set(Resource.objects.in_use().values_list("slug", flat=True))
    paths = slugs_of_paths([season])
    # By its key, of which the database knows at any time that each is there once.
    prefix = f"{RULE}:{season.pk}:"
    key = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()))
    reminded = Delivery.objects.filter(dedupe_key=key)
    people: dict[Any, User] = {}
    for role in PARTICIPANTS:
        if slugs := [slug for slug in paths[season.pk, role] if slug in there]:
            for person in not_begun(season, role, slugs, told_by=moment).exclude(Exists(reminded)):
                people[person.pk] = person
    return [
        Draft(rule=RULE, recipient=person, dedupe_key=f"{prefix}{person.pk}", subject=season)
        for person in people.values()
    ]


def _start_of(season: Season, day: date) -> datetime:
    return datetime.combine(day, time.min, zone(season))


def _season(delivery: Delivery) -> Season | None:
    found: Season | None = Season.objects.filter(pk=delivery.subject_id or UUID(int=0)).first()
    return found


def _courses(delivery: Delivery, now: datetime) -> list[Course]:
    """The recipient's paths in the season of the message, as far as they take part as things stand."""
    return courses(
        delivery.recipient, [part for part in parts_of(delivery.recipient, now) if _counts(part, delivery)]
    )


def _counts(part: Part, delivery: Delivery) -> bool:
    return part.going_on and part.season.pk == delivery.subject_id and part.role in PARTICIPANTS


def _unless(delivery: Delivery, now: datetime) -> str:
    season = _season(delivery)
    if season is None or phase(season, now) not in {Phase.APPLYING, Phase.REVIEWING, Phase.RUNNING}:
        return "season-over"
    wait = timedelta(days=choice_of(rule_of(RULE), season.pk).days or 0)
    if today(season, now) >= season.starts_on + wait + LATE + LATE:
        return "too-late"
    found = _courses(delivery, now)
    if not found:
        return "takes-no-part"
    return "begun" if any(course.done for course in found) else ""


def _around_the_start(days: int | None) -> str:
    text = ngettext(
        "%(days)d day before the season's start; to whoever joins later, as many after it",
        "%(days)d days before the season's start; to whoever joins later, as many after it",
        days or 0,
    )
    return text % {"days": days}


def _context(delivery: Delivery) -> dict[str, Any]:
    season = _season(delivery)
    if season is None:
        return _invented(delivery)
    # Read again later, the message may be about somebody who has gone on since: then it speaks of the whole path.
    course = next(iter(_courses(delivery, delivery.due_at)), None)
    step = course.next or course.steps[0] if course else None
    return {
        "name": delivery.recipient.get_short_name(),
        "title": str(step.resource) if step else "",
        "minutes": step.resource.minutes if step else 0,
        "season": str(season),
        "starts": date_format(season.starts_on, "MONTH_DAY_FORMAT"),
        "action_url": absolute(reverse("learning:resource", args=[step.resource.slug]) if step else _mine()),
        "action": _("Begin"),
    }


def _mine() -> str:
    return reverse("learning:mine")


def _invented(delivery: Delivery) -> dict[str, Any]:
    """What a sample says, for the preview alone."""
    season = Season(name_en=_("Spring 2027"), starts_on=date(2027, 3, 8), zone=settings.LIBRARY_ZONE)
    return {
        "name": delivery.recipient.given_name,
        "title": _("Being a mentor: where to begin"),
        "minutes": 8,
        "season": season.name_en,
        "starts": date_format(season.starts_on, "MONTH_DAY_FORMAT"),
        "action_url": absolute(_mine()),
        "action": _("Begin"),
    }
