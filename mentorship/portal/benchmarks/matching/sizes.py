"""How large a season is, and what is asked at which size."""

from argparse import ArgumentTypeError
from dataclasses import dataclass
from typing import Self

SMALL = 500 * 500
"""So many pairs a program in plain Python can match while one waits."""
ONE_TABLE = 5_000 * 5_000
"""So many pairs fit into one table of scores."""
ROUNDS = ((10_000, 51), (SMALL, 9), (ONE_TABLE, 3))
"""Up to so many pairs, so many rounds; beyond, one."""


@dataclass(frozen=True)
class Size:
    """So many mentors and mentees."""

    mentors: int
    mentees: int

    @classmethod
    def read(cls, raw: str) -> Self:
        """Read "33x34". Raises ArgumentTypeError."""
        mentors, _x, mentees = raw.partition("x")
        if not (mentors.isdecimal() and mentees.isdecimal() and int(mentors) and int(mentees)):
            raise ArgumentTypeError(f"“{raw}” is not a size such as 33x34 (mentors, mentees)")
        return cls(int(mentors), int(mentees))

    def __str__(self) -> str:
        return f"{self.mentors}x{self.mentees}"

    @property
    def pairs(self) -> int:
        """Every mentee with every mentor."""
        return self.mentors * self.mentees

    @property
    def rounds(self) -> int:
        """How often a season of this size is measured unless somebody says otherwise."""
        return next((rounds for most, rounds in ROUNDS if self.pairs <= most), 1)


USUAL = (Size(33, 34), Size(500, 500), Size(5_000, 5_000))
