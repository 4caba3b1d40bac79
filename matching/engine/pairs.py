"""Pairs of one season, as rules and scores see them: what the two are and name, whichever pairs these are."""

from abc import ABC, abstractmethod
from functools import cached_property

import numpy as np

from matching.engine.sides import Lists, Marks, Sides
from matching.engine.tables import Counts, Mask, Points, Values


class Pairs(ABC):
    """Some pairs of a season. Arrays have its shape: mentees × mentors, or a number per pair of a list."""

    def __init__(self, sides: Sides, shape: tuple[int, ...]) -> None:
        self.sides = sides
        self.shape = shape

    @abstractmethod
    def of_mentees(self, values: Values) -> Values:
        """Per pair, or broadcast to it: the mentee's of these values, one per mentee of the season."""

    @abstractmethod
    def of_mentors(self, values: Values) -> Values:
        """Per pair, or broadcast to it: the mentor's of these values, one per mentor of the season."""

    @abstractmethod
    def dot(self, lists: Lists) -> Counts:
        """Per pair: the sum of the products of what the two have in these lists."""

    @abstractmethod
    def numbers(self, marks: Marks) -> Points:
        """Per pair: its number in these marks, or 0."""

    @cached_property
    def nobody(self) -> Mask:
        """The mask of a rule that the season does not have, or that keeps none of these apart."""
        return np.zeros(self.shape, dtype=bool)

    def marked(self, marks: Marks) -> Mask:
        """Whether each pair is among these."""
        return self.numbers(marks) != 0 if len(marks) else self.nobody
