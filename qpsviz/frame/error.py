"""The one error of the frame room: which field breaks the format, how, and at which octet."""

from __future__ import annotations


class FrameError(ValueError):
    """A frame, or the octets of one, break the format of ``docs/frame-format.md``.

    Parameters
    ----------
    field : str
        The field at fault, named as in `Frame.fields`.
    problem : str
        What is wrong with it, with the value and the range.
    offset : int or None
        Octet of the frame where the fault shows; None for a value that is not on the wire yet.
    """

    def __init__(self, field: str, problem: str, offset: int | None = None) -> None:
        super().__init__(field, problem, offset)
        self.field = field
        self.problem = problem
        self.offset = offset

    def __str__(self) -> str:
        place = self.field if self.offset is None else f"octet {self.offset}, {self.field}"
        return f"{place}: {self.problem}"
