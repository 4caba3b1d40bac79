"""The log: one JSON object a line, a request id, and nothing of people."""

import json
import logging
import sys

from mentorship.common.logs import JsonFormatter
from mentorship.common.requests import request_id


def line(name, message, *values, error=None):
    record = logging.LogRecord(name, logging.ERROR, "file.py", 1, message, values, error)
    return json.loads(JsonFormatter().format(record))


def test_a_line_is_json_with_the_id_of_its_request():
    token = request_id.set("abc")
    try:
        assert line("mentorship", "sent %d", 3) | {"time": ""} == {
            "time": "",
            "level": "ERROR",
            "logger": "mentorship",
            "message": "sent 3",
            "request": "abc",
        }
    finally:
        request_id.reset(token)


def test_a_path_that_may_hold_a_token_is_left_out():
    assert line("django.request", "%s: %s", "Not Found", "/stop/SECRET")["message"] == "Not Found"
    assert line("django.security.csrf", "Forbidden (%s): %s", "why", "/stop/SECRET")["message"] == "Forbidden (why)"


def test_an_error_keeps_its_frames_and_not_its_text():
    try:
        raise ValueError("canary")
    except ValueError:
        told = line("mentorship", "failed", error=sys.exc_info())
    assert told["error"] == "ValueError"
    assert told["frames"][-1].endswith("test_an_error_keeps_its_frames_and_not_its_text")
    assert "canary" not in json.dumps(told)


def test_each_request_gets_an_id_of_its_own_and_a_client_cannot_choose_it(client):
    ids = {client.get("/livez", headers={"X-Request-ID": "mine"})["X-Request-ID"] for _round in range(2)}
    assert len(ids) == 2
    assert "mine" not in ids
