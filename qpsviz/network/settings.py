"""How a setting of traffic is declared once: what is allowed, in which unit, and what it is called."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

from qpsviz.errors import ParameterError
from qpsviz.units.checks import in_short, number, one_of, truth, whole

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

V = TypeVar("V")
Kind = Literal["number", "count", "flag", "choice", "numbers", "counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a setting may be; ``lo`` and ``hi`` are in ``unit``, and bound each entry of a list.

    ``open_lo`` and ``open_hi`` leave the bound itself out. ``words`` are those of a choice.
    ``or_twos``: an entry of a list may be a list of two itself.
    """

    kind: Kind
    label: str
    unit: str = "1"
    lo: float = 0.0
    hi: float = math.inf
    open_lo: bool = False
    open_hi: bool = False
    words: tuple[str, ...] = ()
    or_twos: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it is a list of numbers or counts."""
        return self.kind in ("numbers", "counts")

    def check(self, name: str, value: object) -> None:
        """Refuse a value that is not allowed; what a list holds is checked where it meets a network.

        Raises
        ------
        ParameterError
            Naming setting, value and range.
        """
        if self.kind == "choice":
            one_of(name, value, self.words)
        elif self.kind == "count":
            whole(name, value, int(self.lo))
        elif self.kind == "flag":
            truth(name, value)
        elif self.kind == "number":
            number(name, value, lo=self.lo, hi=self.hi, open_lo=self.open_lo, open_hi=self.open_hi)

    def read(self, name: str, value: object) -> object:
        """A value as JSON has it, checked for its type: 3.0 is a count, and the entries of a list are checked too.

        Raises
        ------
        ParameterError
            Naming setting, value and range.
        """
        if value is None:
            raise ParameterError(name, f"{name} is null; leave it out to say nothing")
        if self.kind == "count" and isinstance(value, float) and value.is_integer():
            return int(value)
        if not self.is_list:
            return value
        if not isinstance(value, list):
            raise ParameterError(name, f"{name} = {in_short(value)} must be a list")
        return [self._entry(name, entry) for entry in value]

    def _entry(self, name: str, value: object) -> object:
        """One entry of a list, or two where it may be two."""
        if self.or_twos and isinstance(value, list):
            if len(value) != 2:
                raise ParameterError(name, f"{name} has {in_short(value)}, which must be one number or two")
            return [dataclasses.replace(self, or_twos=False)._entry(name, one) for one in value]
        of_each = dataclasses.replace(self, kind="number" if self.kind == "numbers" else "count")
        entry = of_each.read(name, value)
        of_each.check(name, entry)
        return entry


def setting(
    default: V, kind: Kind, label: str, *, unit: str = "1", lo: float = 0.0, hi: float = math.inf,
    open_lo: bool = False, open_hi: bool = False, words: Iterable[str] = (), or_twos: bool = False,
) -> V:  # fmt: skip
    """Declare a setting once.

    Parameters
    ----------
    default : object
        Value when nothing is said; None for one that may be left out.
    kind : str
        ``"number"``, ``"count"``, ``"flag"``, ``"choice"``, or a list of ``"numbers"`` or ``"counts"``.
    label : str
        What it is called.
    unit : str
        Unit, ``"1"`` for none.
    lo, hi : float
        Bounds, of each entry of a list, in ``unit``. [1] or [us]
    open_lo, open_hi : bool
        Whether the bound itself is left out.
    words : iterable of str
        Words of a choice.
    or_twos : bool
        Whether an entry of a list may be a list of two.

    Returns
    -------
    dataclasses.Field
        The field, with all of this in its metadata.
    """
    declared = Setting(
        kind=kind, label=label, unit=unit, lo=lo, hi=hi, open_lo=open_lo, open_hi=open_hi, words=tuple(words),
        or_twos=or_twos,
    )  # fmt: skip
    return field(default=default, metadata={"setting": declared})


def settings_of(cls: type[DataclassInstance] | DataclassInstance) -> dict[str, Setting]:
    """Every setting that a data class declares."""
    return {f.name: f.metadata["setting"] for f in dataclasses.fields(cls)}


def check_settings(values: DataclassInstance) -> None:
    """Check every setting of a data class that is not left out.

    Raises
    ------
    ParameterError
        Naming the first that is wrong, its value and its range.
    """
    for f in dataclasses.fields(values):
        value = getattr(values, f.name)
        if value is not None or f.default is not None:
            f.metadata["setting"].check(f.name, value)
