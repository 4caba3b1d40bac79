"""A message of the tests' own, in their own templates, for tests and for the worker that one of them starts."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from django.template import engines

from mentorship.reminders import links, registry
from mentorship.reminders.registry import Rule

TEMPLATES = Path(__file__).parent / "templates"
AFTERNOON = datetime(2027, 2, 1, 22, 30, tzinfo=UTC)  # 14:30 in Los Angeles


def register_note(**changes) -> SimpleNamespace:
    """Register the rule "note"; what it does can be steered by setting attributes of the result."""
    steer = SimpleNamespace(
        greeting="Hello",
        action_url=links.absolute("/somewhere"),
        unless=lambda delivery, now: "",
        wait_until=lambda delivery, now: now,
        season_of=lambda delivery: None,
        sample=lambda: None,
        context=lambda delivery: {
            "greeting": steer.greeting,
            "moment": AFTERNOON,
            "action": "Go there",
            "action_url": steer.action_url,
        },
    )
    registry.register(
        Rule(
            **{
                "key": "note",
                "title": "A note",
                "context": lambda delivery: steer.context(delivery),
                "unless": lambda delivery, now: steer.unless(delivery, now),
                "wait_until": lambda delivery, now: steer.wait_until(delivery, now),
                "season_of": lambda delivery: steer.season_of(delivery),
                "sample": lambda: steer.sample(),
                "placeholders": ("greeting",),
                **changes,
            }
        )
    )
    engine = engines["django"].engine
    if TEMPLATES not in engine.dirs:
        engine.dirs.append(TEMPLATES)
    return steer
