"""Where the pairs of a path are made: each layout states what follows from it, and nothing else compares its name."""

from __future__ import annotations

from enum import StrEnum


class Layout(StrEnum):
    """Where the source of pairs sits (paper, Fig. 8); a scenario holds the word."""

    SPLIT = "split"
    SENDER = "sender"

    @property
    def keeps_half(self) -> bool:
        """Whether the sender keeps one half of each pair; else both travel."""
        return self is Layout.SENDER

    @property
    def n_arms(self) -> int:
        """How many halves of a pair travel, each along an arm of its own."""
        return 1 if self.keeps_half else 2

    @property
    def other(self) -> Layout:
        """The layout to compare with."""
        return Layout.SPLIT if self.keeps_half else Layout.SENDER

    @property
    def label(self) -> str:
        """Where the source sits."""
        return "at the sender" if self.keeps_half else "in the middle"

    @property
    def summary(self) -> str:
        """What it means, in a few words."""
        return "the sender keeps one half" if self.keeps_half else "the pair source sits in the middle"
