"""A :class:`Scenario`: everything a model or a simulation needs to know, as frozen data."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qpsviz.errors import ParameterError, nearest
from qpsviz.scenario.declaration import Parameter, Value, declared, in_json
from qpsviz.scenario.detector import Detector
from qpsviz.scenario.groups import GROUPS, Fibre, Memory, PathGroup, Source, Switch
from qpsviz.scenario.light import ClassicalLight
from qpsviz.scenario.values import Values
from qpsviz.units.checks import in_short

_MAX_OCTETS = 1 << 20  # of a scenario file


@cache
def parameters() -> tuple[Parameter, ...]:
    """Every parameter: name, group, unit, label, default, bounds, claim and source.

    Examples
    --------
    >>> {p.name: p.unit for p in parameters()}["t1_us"]
    'us'
    """
    return tuple(p for group, cls in GROUPS.items() for p in declared(group, cls))


@cache
def _groups() -> dict[str, str]:
    """The group of each flat parameter."""
    return {p.name: p.group for p in parameters()}


@cache
def parameter(name: str) -> Parameter:
    """The declaration of one flat parameter name.

    Raises
    ------
    ParameterError
        If there is no such parameter.
    """
    by_name = {p.name: p for p in parameters()}
    if name not in by_name:
        raise ParameterError(name, f"unknown parameter {name!r}{nearest(name, by_name)}")
    return by_name[name]


def _named(name: str, value: object) -> Parameter:
    """The parameter of a name; a name without its unit says what to write."""
    if name in _groups():
        return parameter(name)
    whole = next((p for p in parameters() if p.name.removesuffix("_" + p.unit.replace("/", "_per_")) == name), None)
    if whole is None:
        return parameter(name)
    told = whole.in_own_unit(value) if isinstance(value, str) else value
    if told is value and isinstance(value, str):
        raise ParameterError(name, f"unknown parameter {name!r}; did you mean {whole.name}?")
    raise ParameterError(name, f"unknown parameter {name!r}; write {whole.name}={in_short(told)} [{whole.unit}]")


@dataclass(frozen=True, slots=True, kw_only=True, init=False)
class Scenario:
    """All that a model or a simulation needs to know; frozen.

    Parameters
    ----------
    **values
        Flat parameters by name, whole groups by theirs, or both; what is left out keeps its default.

    Raises
    ------
    ParameterError
        For an unknown name or a bad value, naming parameter, value and range.

    Examples
    --------
    >>> Scenario(length_km=50, n_relays=2).length_km
    50.0
    >>> Scenario().replace(n_relays=2, t1_us=1e3, t2_us=1e3).memory.t1_us
    1000.0
    """

    path: PathGroup = field(default_factory=PathGroup)
    fibre: Fibre = field(default_factory=Fibre)
    switch: Switch = field(default_factory=Switch)
    memory: Memory = field(default_factory=Memory)
    source: Source = field(default_factory=Source)
    detector: Detector = field(default_factory=Detector)
    light: ClassicalLight = field(default_factory=ClassicalLight)

    def __init__(self, **values: object) -> None:
        changed: dict[str, dict[str, Any]] = {name: {} for name in GROUPS}
        for name, value in values.items():
            if name not in GROUPS:
                changed[_named(name, value).group][name] = value
        for name, cls in GROUPS.items():
            group: Any = values.get(name)
            if group is None:
                group = cls()
            elif not isinstance(group, cls):
                raise ParameterError(name, f"{name} = {group!r} must be a {cls.__name__}")
            object.__setattr__(self, name, dataclasses.replace(group, **changed[name]) if changed[name] else group)

    if not TYPE_CHECKING:  # a type checker shall still find misspelt groups

        def __getattr__(self, name: str) -> Value:
            """A flat parameter's value."""
            group = _groups().get(name)
            if group is None:
                raise AttributeError(f"a scenario has no {name!r}{nearest(name, _groups())}")
            return getattr(getattr(self, group), name)

    def replace(self, **values: object) -> Scenario:
        """A copy with some flat parameters changed, checked together.

        Raises
        ------
        ParameterError
            For an unknown name or a bad value, naming parameter, value and range.
        """
        return Scenario(**values, **{name: getattr(self, name) for name in GROUPS if name not in values})

    def flat(self) -> dict[str, Value]:
        """Every parameter value by its flat name."""
        return {p.name: getattr(getattr(self, p.group), p.name) for p in parameters()}

    def values(self) -> Values:
        """Every parameter value by attribute, as closed forms take them."""
        return Values.of(self.flat())

    def changes(self) -> dict[str, Value]:
        """The flat parameters that differ from the defaults."""
        return {p.name: v for p, v in zip(parameters(), self.flat().values(), strict=True) if v != p.default}

    def to_toml(self) -> str:
        """The scenario as TOML, one table per group."""
        import tomli_w

        return tomli_w.dumps(dataclasses.asdict(self))

    @classmethod
    def from_toml(cls, text: str) -> Scenario:
        """Read what :meth:`to_toml` wrote; absent parameters keep their defaults.

        Raises
        ------
        ValueError
            For broken TOML, or a ParameterError for an unknown name or bad value.
        """
        try:
            return cls.from_nested(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"not a TOML scenario: {error}") from None
        except RecursionError:
            raise ValueError("not a TOML scenario: nested too deeply") from None

    def to_json(self) -> str:
        """The scenario as JSON; "never" is the text ``"inf"`` because JSON has no infinity."""
        nested = dataclasses.asdict(self)
        return json.dumps({g: {k: in_json(v) for k, v in t.items()} for g, t in nested.items()})

    @classmethod
    def from_json(cls, text: str) -> Scenario:
        """Read what :meth:`to_json` wrote; absent parameters keep their defaults.

        Raises
        ------
        ValueError
            For broken JSON, or a ParameterError for an unknown name or bad value.
        """
        try:
            nested = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ValueError(f"not a JSON scenario: {error}") from None
        return cls.from_nested(nested)

    @classmethod
    def from_nested(cls, nested: object) -> Scenario:
        """Build from ``{group: {name: value}}``.

        Raises
        ------
        ParameterError
            For an unknown group or name, a misplaced name or a bad value.
        """
        if not isinstance(nested, dict):
            raise ParameterError("scenario", f"a scenario is a table of groups, not {type(nested).__name__}")
        flat: dict[str, object] = {}
        for group, table in nested.items():
            if group not in GROUPS:
                raise ParameterError(str(group), f"unknown group {group!r}{nearest(group, GROUPS)}")
            if not isinstance(table, dict):
                raise ParameterError(group, f"{group} must be a table, not {table!r}")
            for name, value in table.items():
                if parameter(name).group != group:
                    raise ParameterError(name, f"{name} belongs to {parameter(name).group}, not {group}")
                flat[name] = parameter(name).from_json(value)
        return cls().replace(**flat)

    @classmethod
    def load(cls, path: str | Path) -> Scenario:
        """Read a ``.toml`` or ``.json`` scenario file; another is told apart by its first character.

        Raises
        ------
        ValueError
            If the file is not a scenario; the message names it.
        OSError
            If it cannot be read.
        """
        from qpsviz.files import read_text

        file = Path(path)
        try:
            text, suffix = read_text(file, max_octets=_MAX_OCTETS), file.suffix.lower()
            is_json = suffix == ".json" or (suffix != ".toml" and text.lstrip().startswith("{"))
            return cls.from_json(text) if is_json else cls.from_toml(text)
        except ValueError as error:
            raise ValueError(f"{file.name}: {error}") from None

    def save(self, path: str | Path) -> None:
        """Write a ``.toml`` or ``.json`` file that :meth:`load` reads.

        Raises
        ------
        ValueError
            If the suffix is another one.
        OSError
            If it cannot be written; an older file is then left as it was.
        """
        from qpsviz.files import written_whole

        text = {".toml": self.to_toml, ".json": self.to_json}.get(Path(path).suffix.lower())
        if text is None:
            raise ValueError(f"path = {str(path)!r} must end in .toml or .json")
        with written_whole(path) as part:
            part.write_text(text(), encoding="utf-8")


def _refuse_change(_: Scenario, name: str, *__: object) -> None:
    raise dataclasses.FrozenInstanceError(f"a scenario does not change; write scenario.replace({name}=…) for a new one")


# What dataclasses make for a frozen class with slots fails with other words for a name that is no field of its own.
Scenario.__setattr__ = _refuse_change  # type: ignore[assignment, method-assign]
Scenario.__delattr__ = _refuse_change  # type: ignore[assignment, method-assign]
