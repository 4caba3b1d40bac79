"""What a storm is to be, and what came of it: what the command and the storm's own process tell each other."""

import json
from dataclasses import asdict, dataclass
from typing import Any

# Set in the environment of workers that are to send inside a transaction.
INSIDE_TRANSACTION = "STORM_INSIDE_TRANSACTION"


@dataclass(frozen=True)
class Plan:
    """`inside_transaction` has the workers make the mistake that the outbox is there to avoid: the control."""

    deliveries: int
    workers: int
    kills: int
    broker_kills: int = 1
    database_restarts: int = 1
    inside_transaction: bool = False
    seed: int = 1

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        return cls(**json.loads(text))


@dataclass(frozen=True)
class StormFigures:
    """What came of it: `lost` and `duplicates` are messages, `uncertain` the mails that a person must decide on.

    `wakes_lost` are the tasks that went with the broker; `seconds` don't count the making of the servers.
    """

    deliveries: int
    workers: int
    lost: int
    duplicates: int
    uncertain: int
    kills: int
    broker_kills: int
    database_restarts: int
    wakes_lost: int
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
