"""The retention registry: what it accepts, and that "my data" and erasure obey it."""

import pytest

from mentorship.people.models import Absence
from mentorship.records import retention
from mentorship.records.retention import Erasure, Keep, Kept, Reader


def note(fields, erasure=Erasure.STAY):
    return Kept(fields, "why", Keep.SEASON, (Reader.OWNER,), erasure)


@pytest.fixture(autouse=True)
def _registry_left_as_it_was(monkeypatch):
    monkeypatch.setattr(retention, "_notes", dict(retention._notes))


def test_a_field_that_no_note_names_is_missing():
    retention.register(Absence, owner="person", kept=[note("id person first_day")])
    assert "people.Absence.last_day" in retention.missing()


def test_a_field_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="last_hour"):
        retention.register(Absence, owner="person", kept=[note("id person first_day last_hour")])


def test_a_field_named_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        retention.register(Absence, owner="person", kept=[note("id person"), note("person first_day last_day")])


def test_a_model_without_any_note_is_missing_whole(monkeypatch):
    monkeypatch.setattr(retention, "_notes", {})
    assert [name for name in retention.missing() if name.startswith("people.Absence.")] == [
        "people.Absence.first_day",
        "people.Absence.id",
        "people.Absence.last_day",
        "people.Absence.person",
    ]
