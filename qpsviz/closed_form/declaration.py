"""How a closed-form output is declared once, above the method that computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Protocol, TypeVar

from qpsviz.units import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A quantity that :func:`evaluate` and :func:`sweep` can compute."""

    name: str
    unit: str
    label: str
    source: str


class Keeps(Protocol):
    """An object that keeps the outputs that it has computed, by name."""

    known: dict[str, Array]


Keeper = TypeVar("Keeper", bound=Keeps)


def computes(unit: str, label: str, source: str) -> Callable[[Callable[[Keeper], Array]], Callable[[Keeper], Array]]:
    """Declare that a method computes the output of its name; it runs once for an object, when first asked.

    Parameters
    ----------
    unit : str
        Unit, ``"1"`` for none.
    label : str
        Text on an axis and beside a number.
    source : str
        Where the equation comes from.

    Returns
    -------
    callable
        Decorator of a method without arguments.
    """

    def declare(method: Callable[[Keeper], Array]) -> Callable[[Keeper], Array]:
        name = method.__name__

        @wraps(method)
        def kept(self: Keeper) -> Array:
            if name not in self.known:
                self.known[name] = method(self)
            return self.known[name]

        kept.__dict__["output"] = Output(name=name, unit=unit, label=label, source=source)
        return kept

    return declare


def declared(cls: type) -> tuple[Output, ...]:
    """The outputs that methods of a class compute, in the order of their declaration."""
    found = (getattr(member, "output", None) for member in vars(cls).values())
    return tuple(output for output in found if isinstance(output, Output))
