"""How a closed-form output is declared once, above the method that computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Protocol, TypeVar

from qpsviz.units import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A quantity that :func:`evaluate` and :func:`sweep` can compute.

    ``short`` is its name where there is little room. ``less_is_better`` says that a smaller value is the better
    one, ``any_length`` that a scenario has it whatever its own length is, ``searched`` that each value takes a search
    for the best settings, and so milliseconds.
    """

    name: str
    unit: str
    label: str
    source: str
    short: str
    less_is_better: bool = False
    any_length: bool = False
    searched: bool = False

    @property
    def heading(self) -> str:
        """Its short name and unit, as above a column."""
        unit = self.unit.replace("us", "µs")
        return self.short if unit == "1" else f"{self.short} [{unit}]"


class HasComputed(Protocol):
    """An object that stores the outputs that it has computed, by name."""

    computed: dict[str, Array]


Owner = TypeVar("Owner", bound=HasComputed)
Method = Callable[[Owner], Array]


def computes(
    unit: str,
    label: str,
    source: str,
    *,
    short: str = "",
    less_is_better: bool = False,
    any_length: bool = False,
    searched: bool = False,
) -> Callable[[Method[Owner]], Method[Owner]]:
    """Declare that a method computes the output of its name; it runs once for an object, when first asked.

    Parameters
    ----------
    unit : str
        Unit, ``"1"`` for none.
    label : str
        Text on an axis and beside a number.
    source : str
        Where the equation comes from.
    short : str
        What it is called where there is little room; the label when empty.
    less_is_better : bool
        Whether a smaller value is the better one, as of errors, delays and loss.
    any_length : bool
        Whether a scenario has it whatever its own length is, as a reach.
    searched : bool
        Whether each value takes a search for the best settings.

    Returns
    -------
    callable
        Decorator of a method without arguments.
    """

    def declare(method: Method[Owner]) -> Method[Owner]:
        name = method.__name__

        @wraps(method)
        def once(self: Owner) -> Array:
            if name not in self.computed:
                self.computed[name] = method(self)
            return self.computed[name]

        once.__dict__["output"] = Output(
            name=name, unit=unit, label=label, source=source, short=short or label,
            less_is_better=less_is_better, any_length=any_length, searched=searched,
        )  # fmt: skip
        return once

    return declare


def declared(cls: type) -> tuple[Output, ...]:
    """The outputs that methods of a class compute, in the order of their declaration."""
    found = (getattr(member, "output", None) for member in vars(cls).values())
    return tuple(output for output in found if isinstance(output, Output))
