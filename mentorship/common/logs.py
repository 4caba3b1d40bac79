"""The log format: one JSON object a line, with the request id and no personal data."""

import json
import logging
from datetime import UTC, datetime

from mentorship.common.requests import request_id


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON. A traceback keeps its frames and the error's type, never the error's text or
    values: a database error quotes the row."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            # Django's request log ends with the path, which may hold a token.
            "message": record.getMessage().split(":")[0]
            if record.name.startswith(("django.request", "django.security"))
            else record.getMessage(),
        }
        if request_id.get():
            line["request"] = request_id.get()
        if record.exc_info and record.exc_info[1]:
            kind, _error, trace = record.exc_info
            frames = []
            while trace:
                code = trace.tb_frame.f_code
                frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
                trace = trace.tb_next
            line["error"] = kind.__name__ if kind else ""
            line["frames"] = frames[-8:]
        return json.dumps(line, ensure_ascii=False)
