"""What is true of every request: a question with a zero byte is none, on the pages and in the lists alike."""

import pytest
from django.urls import reverse

from mentorship.common.requests import ReadableQueryMiddleware

pytestmark = pytest.mark.django_db
PAGES = (
    ("learning:everything", "goal"),
    ("admin:surveys_wave_changelist", "state__exact"),
    ("admin:jobs_job_changelist", "state__exact"),
    ("admin:partnerships_meeting_changelist", "state__exact"),
    ("admin:partnerships_helpcase_changelist", "state__exact"),
    ("admin:reminders_delivery_changelist", "state__in"),
    ("admin:learning_resource_changelist", "kind__exact"),
)


@pytest.mark.parametrize(("page", "name"), PAGES)
def test_a_zero_byte_in_a_question_is_not_understood(coordinator, sign_in, page, name):
    response = sign_in(coordinator).get(f"{reverse(page)}?{name}=a%00b")
    said = "That request was not understood" in response.content.decode()
    assert (response.status_code, said) == (400, True)


def test_what_merely_looks_like_a_zero_byte_is_a_question(coordinator, sign_in):
    assert sign_in(coordinator).get(f"{reverse('learning:everything')}?goal=%2500").status_code == 200


def test_control_without_the_gate_a_zero_byte_reaches_the_database(coordinator, sign_in, monkeypatch):
    monkeypatch.setattr(ReadableQueryMiddleware, "__call__", lambda self, request: self.get_response(request))
    with pytest.raises(ValueError, match="NUL"):
        sign_in(coordinator).get(f"{reverse('learning:everything')}?goal=a%00b")
