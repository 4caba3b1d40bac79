"""What happens to texts and paths: read, taken back, copied so that a library can change them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mentorship.common.content import Origin
from mentorship.learning.models import TEXTS, Completion, Path, PathStep, Resource, SelfCheckQuestion, values_of
from mentorship.learning.participation import parts_of
from mentorship.people.models import User
from mentorship.records.audit import record
from mentorship.seasons.models import Season

CHECK_FIELDS = ["key", "order", "label_en", "label_es", "options", "right", "why_en", "why_es"]


class LearningError(Exception):
    """It can't be done in this way; the text says why, for a person to read."""


@transaction.atomic
def mark_read(*, resource: Resource, by: User, now: datetime) -> int:
    """Write down that `by` has read `resource` in each current season they take part in; return how many are new.

    From its first reader on, the version's texts never change. Raises LearningError where they take part in none.
    """
    seasons = {part.season.pk: part.season for part in parts_of(by, now)}
    if not seasons:
        raise LearningError(_("You take part in no season at the moment, so there is nothing to mark."))
    # A coordinator may be changing the text: whoever comes second sees what the first one did.
    resource = Resource.objects.select_for_update(of=("self",)).get(pk=resource.pk)
    before = Completion.objects.filter(person=by, resource=resource).count()
    Completion.objects.bulk_create(
        [Completion(person=by, resource=resource, season=season, completed_at=now) for season in seasons.values()],
        ignore_conflicts=True,
    )
    new = Completion.objects.filter(person=by, resource=resource).count() - before
    if new:
        Resource.objects.filter(pk=resource.pk, frozen_at=None).update(frozen_at=now)
        record(by=by, verb="mark-read", target=resource, now=now)
    return new


@transaction.atomic
def take_back_reading(*, resource: Resource, by: User, now: datetime) -> int:
    """Forget that `by` has read a text, in whichever version, in the seasons they take part in; return how many."""
    seasons = {part.season.pk for part in parts_of(by, now)}
    rows = Completion.objects.filter(person=by, resource__slug=resource.slug, season__in=seasons)
    count: int = rows.delete()[0]
    if count:
        record(by=by, verb="mark-unread", target=resource, now=now)
    return count


@transaction.atomic
def copy_resource(*, resource: Resource, by: User, now: datetime) -> Resource:
    """Make the library's own next version, which can be edited and isn't in use yet."""
    copy = Resource.objects.create(
        slug=resource.slug,
        version=resource.next_local_version(),
        origin=Origin.LOCAL,
        roles=resource.roles,
        **values_of(resource, TEXTS),
    )
    copy.goals.set(resource.goals.all())
    SelfCheckQuestion.objects.bulk_create(
        SelfCheckQuestion(resource=copy, **values_of(question, CHECK_FIELDS))
        for question in resource.check_questions.all()
    )
    record(by=by, verb="copy-resource", target=copy, now=now)
    return copy


@transaction.atomic
def copy_path(*, path: Path, season: Season, by: User, now: datetime) -> Path:
    """Give `season` a path of its own that starts like `path`. Raises LearningError where it has one for the role."""
    if Path.objects.filter(role=path.role, season=season).exists():
        raise LearningError(
            _("%(season)s has a path of its own for this role already: change that one.") % {"season": season}
        )
    copy = Path(role=path.role, season=season)
    copy.save(force_insert=True)
    PathStep.objects.bulk_create(PathStep(path=copy, slug=step.slug, order=step.order) for step in path.steps.all())
    record(by=by, verb="copy-path", target=copy, now=now)
    return copy


def write_check(resource: Resource, questions: list[dict[str, Any]]) -> None:
    """Replace a text's self-check; the database refuses where the version was read."""
    resource.check_questions.all().delete()
    SelfCheckQuestion.objects.bulk_create(SelfCheckQuestion(resource=resource, **values) for values in questions)
