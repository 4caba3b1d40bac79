"""A decision holds only for the run that stands: not for one that was replaced, nor while another is being made."""

import pytest

from matching import services
from matching.models import Exclusion
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.services import NotTheirs
from mentorship.records.models import AuditEntry
from tests.factories import NOW, UserFactory
from tests.matching.cast import approve_all, pool, report_to, run_matching


@pytest.mark.django_db
@pytest.mark.parametrize(
    "decide",
    [
        lambda line, by: services.lock_proposal(proposal=line, by=by, now=NOW),
        lambda line, by: services.reject_proposal(proposal=line, exclude=True, by=by, now=NOW),
    ],
)
@pytest.mark.parametrize("finished", [True, False])
def test_nothing_is_decided_on_a_run_that_another_replaces(decide, finished, coordinator):
    season, _mentees, _mentors = pool(1, 1)
    line = run_matching(season, coordinator).proposals.get()
    if finished:
        run_matching(season, coordinator)
    else:
        services.start_run(season=season, by=coordinator, now=NOW)
    with pytest.raises(services.RunUnderWay):
        decide(line, coordinator)
    line.refresh_from_db()
    assert (line.state, Exclusion.objects.count()) == ("proposed", 0)


@pytest.mark.django_db
def test_an_approval_is_not_taken_back_on_an_old_page(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    run = run_matching(season, coordinator)
    approve_all(run, coordinator)
    line = run.proposals.get()
    run_matching(season, coordinator)
    with pytest.raises(services.RunUnderWay):
        services.take_back_proposal(proposal=line, by=coordinator, now=NOW)
    assert Partnership.objects.get().state == "approved"


@pytest.mark.django_db
def test_lifting_a_bar_between_two_is_on_record_and_for_those_alone_who_may(coordinator):
    season, (mentee,), _mentors = pool(1, 1)
    line = run_matching(season, coordinator).proposals.get()
    services.reject_proposal(proposal=line, exclude=True, by=coordinator, now=NOW)
    near = UserFactory(roles=["coordinator"])
    report_to(mentee.applicant, near)
    with pytest.raises(NotTheirs):
        services.allow_pair(exclusion=Exclusion.objects.get(), by=near, now=NOW)
    services.restore_proposal(proposal=line, by=coordinator, now=NOW)
    assert Exclusion.objects.count() == 0
    assert AuditEntry.objects.filter(verb="allow-pair", actor=coordinator).count() == 1
