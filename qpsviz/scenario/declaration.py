"""How a parameter is declared once, listed and checked."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from qpsviz.errors import ParameterError
from qpsviz.units.checks import in_short

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = float | int | bool | str
V = TypeVar("V", bound=Value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One declared parameter, as sliders, labels, the command line and share links read it.

    ``lo`` and ``hi`` bound what is valid, ``shown`` what a slider offers; all in ``unit``.
    ``choice_texts`` are what people call the ``choices``, one for each.
    """

    name: str
    group: str
    unit: str
    label: str
    default: Value
    lo: float
    hi: float
    shown: tuple[float, float]
    step: float
    log: bool
    choices: tuple[str, ...]
    choice_texts: tuple[str, ...]
    claim: str
    source: str
    help: str

    @property
    def kind(self) -> Literal["choice", "flag", "count", "number"]:
        """``"choice"``, ``"flag"``, ``"count"`` or ``"number"``."""
        if self.choices:
            return "choice"
        if isinstance(self.default, bool):
            return "flag"
        return "count" if isinstance(self.default, int) else "number"

    @property
    def range_text(self) -> str:
        """What is allowed, in words for an error message."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.kind == "flag":
            return "true or false"
        unit = "" if self.unit == "1" else f" {self.unit}"
        whole = "a whole number " if self.kind == "count" else ""
        if math.isinf(self.hi):
            return f"{whole}at least {self.lo:g}{unit}"
        return f"{whole}{self.lo:g} … {self.hi:g}{unit}"

    def check(self, value: object) -> Value:
        """Return ``value`` in the parameter's type.

        Raises
        ------
        ParameterError
            Naming parameter, value and range.
        """
        if self.kind == "choice":
            if isinstance(value, str) and value in self.choices:
                return str(value)
        elif self.kind == "flag":
            if isinstance(value, bool) or type(value).__name__ == "bool_":
                return bool(value)
        else:
            number = _as_number(value)
            if self.lo <= number <= self.hi:
                if self.kind == "number" or math.isinf(number):
                    return number + 0.0  # of the two zeros the one that is not negative
                if number == int(number):
                    return int(number)
        own = self.in_own_unit(value) if isinstance(value, str) else value
        hint = "" if own is value else f"; write {self.name}={own!r}"
        raise ParameterError(self.name, f"{self.name} = {in_short(value)} must be {self.range_text}{hint}")

    def read(self, text: str) -> Value:
        """A value from text without units, as links and stored tables have it.

        Raises
        ------
        ParameterError
            If the text is no value of the parameter.
        """
        word = text.strip()
        if self.kind == "flag":
            return self.check({"true": True, "false": False}.get(word.lower(), text))
        if self.kind == "choice":
            return self.check(word)
        try:
            return self.check(float(word))
        except ValueError:
            raise ParameterError(self.name, f"{self.name} = {text!r} must be {self.range_text}") from None

    def from_json(self, value: object) -> object:
        """A value as :func:`in_json` wrote it."""
        return math.inf if value == "inf" and self.kind in ("number", "count") else value

    def in_own_unit(self, text: str) -> Value:
        """The number that a text with a unit means, in the parameter's unit; the text itself if it means none."""
        from qpsviz.units import parse_quantity

        try:
            number = parse_quantity(text, self.unit) if self.kind in ("number", "count") else math.nan
        except ValueError:
            number = math.nan
        if math.isnan(number):
            return text
        return int(number) if self.kind == "count" and number.is_integer() else number


def in_json(value: Value) -> Value:
    """A value as JSON and a page hold it: what is without end is a word there."""
    return "inf" if isinstance(value, float) and math.isinf(value) else value


def _as_number(value: Any) -> float:  # whatever float() takes, but flags and texts
    if isinstance(value, (bool, str)) or getattr(value, "ndim", 0) != 0:
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def param(
    default: V,
    *,
    lo: float = 0.0,
    hi: float = math.inf,
    unit: str = "1",
    label: str,
    claim: str,
    source: str,
    help: str = "",
    shown: tuple[float, float] | None = None,
    step: float = 0.0,
    log: bool = False,
    choices: Mapping[str, str] | tuple[str, ...] = (),
) -> V:
    """Declare a parameter once.

    Parameters
    ----------
    default : float, int, bool or str
        Value when nothing is said; its type is the parameter's type.
    lo, hi : float
        Bounds of what is valid, in ``unit``.
    unit : str
        Unit, ``"1"`` for none.
    label : str
        Text beside a slider and on an axis.
    claim : str
        Whose number the default is: ``"paper"``, ``"standard"`` or ``"ours"``.
    source : str
        Where the default comes from.
    help : str
        One sentence on what it does.
    shown : tuple of float, optional
        Range of a slider, when narrower than what is valid. [unit]
    step : float
        Step of a linear slider, 0 for a smooth one. [unit]
    log : bool
        Whether the slider is logarithmic.
    choices : mapping of str to str, or tuple of str
        Allowed words of a choice, with what people call them where that is another word.

    Returns
    -------
    dataclasses.Field
        The field, with all of this in its metadata.
    """
    metadata = {
        "lo": lo,
        "hi": hi,
        "unit": unit,
        "label": label,
        "claim": claim,
        "source": source,
        "help": help,
        "shown": shown or (lo, hi),
        "step": step,
        "log": log,
        "choices": tuple(choices),
        "choice_texts": tuple(choices.values() if isinstance(choices, Mapping) else choices),
    }
    return field(default=default, metadata=metadata)


@cache
def declared(group: str, cls: type[DataclassInstance]) -> tuple[Parameter, ...]:
    """Every parameter that the dataclass ``cls`` declares, as members of ``group``."""
    fields: tuple[Any, ...] = dataclasses.fields(cls)  # of which a type checker sees defaults that may be missing
    return tuple(Parameter(name=f.name, group=group, default=f.default, **f.metadata) for f in fields)


def check_bounds(group: DataclassInstance) -> None:
    """Check and coerce every field of a frozen group of parameters.

    Raises
    ------
    ParameterError
        Naming the first parameter that is wrong, its value and its range.
    """
    for parameter in declared("", type(group)):
        object.__setattr__(group, parameter.name, parameter.check(getattr(group, parameter.name)))
