"""What messages are made of: values, packed arrays, tiles, and the head of a run."""

from typing import Literal, NotRequired, TypedDict

Value = float | int | bool | str | None
ColourMode = Literal["light", "dark"]


class Packed(TypedDict):
    """An array: its type and its little-endian octets; a matrix also has a shape."""

    type: Literal["f4", "f8", "i4", "u1"]
    data: memoryview
    shape: NotRequired[list[int]]


class Tile(TypedDict):
    """A number as it is written; ``bad`` where it means that nothing works.

    ``how`` it was found and what its ``tip`` adds, where that is not as the tile's declaration says.
    """

    text: str
    unit: str
    note: str
    bad: bool
    how: NotRequired[str]
    tip: NotRequired[str]


class Run(TypedDict):
    """Of which state a film is; ``error`` stands in its place."""

    revision: int
    scene: int
    error: NotRequired[str]
    tiles: NotRequired[dict[str, Tile]]
