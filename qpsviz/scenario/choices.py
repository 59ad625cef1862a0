"""Choices of a relay beside its discipline: each states what follows from it, and nothing else compares its word."""

from __future__ import annotations

from enum import StrEnum

from qpsviz.scenario.discipline import Discipline


class Reservation(StrEnum):
    """How a relay books the port of a payload that flies on; a scenario holds the word of one that books ahead."""

    IMMEDIATE = "immediate"
    DELAYED = "delayed"
    NONE = "none"

    @classmethod
    def of(cls, discipline: Discipline, word: str) -> Reservation:
        """How a discipline reserves where the scenario says ``word``: one whose payloads do not fly on, not at all."""
        return cls(word) if discipline.overtakes else cls.NONE

    @property
    def is_ahead(self) -> bool:
        """Whether a port is booked before its payload is there."""
        return self is not Reservation.NONE

    @property
    def holds_guard(self) -> bool:
        """Whether the guard takes channel time, and not only the payload."""
        return self is not Reservation.DELAYED


class LatePayload(StrEnum):
    """What a relay does with a payload that overtakes its header (paper, Section II.B and Eq. 2)."""

    TRUNCATE = "truncate"
    DISCARD = "discard"

    @property
    def label(self) -> str:
        """What happens to it, in a few words."""
        return "drop the frame" if self.drops_frame else "cut its head"

    @property
    def drops_frame(self) -> bool:
        """Whether the frame is dropped; else its head is cut off."""
        return self is LatePayload.DISCARD


class Release(StrEnum):
    """What a stored payload waits for (paper, Section IV.B)."""

    AFTER_FRAME = "after_frame"
    AFTER_HEADER = "after_header"

    @property
    def label(self) -> str:
        """What must have happened, in a few words."""
        return "whole frame in" if self.waits_for_frame else "header read"

    @property
    def waits_for_frame(self) -> bool:
        """Whether the whole payload must be in; else only its header must be read."""
        return self is Release.AFTER_FRAME


class Device(StrEnum):
    """The q-ROADM of every relay (paper, Section III)."""

    IDEAL = "ideal"
    NEAR_TERM = "near_term"
    LONG_TERM = "long_term"

    @property
    def label(self) -> str:
        """Name in a sentence."""
        return self.value.replace("_", "-")

    @property
    def figure(self) -> str:
        """The paper's figure of it; the ideal one is that of Fig. 5."""
        return "Fig. 4" if self is Device.NEAR_TERM else "Fig. 5"

    @property
    def loses_light(self) -> bool:
        """Whether its components have losses of their own."""
        return self is not Device.IDEAL

    @property
    def has_processor(self) -> bool:
        """Whether it has a quantum processor, which corrects errors."""
        return self is not Device.NEAR_TERM

    @property
    def has_converter(self) -> bool:
        """Whether it can send a payload on at another wavelength."""
        return self is not Device.NEAR_TERM
