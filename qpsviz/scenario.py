"""A :class:`Scenario`: everything a model or a simulation needs to know, as frozen data."""

from __future__ import annotations

import dataclasses
import json
import math
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from qpsviz.groups import GROUPS, Detector, Fibre, Memory, Path, Source, Switch
from qpsviz.parameter import Parameter, ParameterError, Value, declared, nearest


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """All that a model or a simulation needs to know; frozen.

    Examples
    --------
    >>> Scenario().replace(n_relays=2, t1_us=1e3, t2_us=1e3).memory.t1_us
    1000.0
    """

    path: Path = field(default_factory=Path)
    fibre: Fibre = field(default_factory=Fibre)
    switch: Switch = field(default_factory=Switch)
    memory: Memory = field(default_factory=Memory)
    source: Source = field(default_factory=Source)
    detector: Detector = field(default_factory=Detector)

    def __post_init__(self) -> None:
        for name, cls in GROUPS.items():
            if not isinstance(getattr(self, name), cls):
                raise ParameterError(name, f"{name} = {getattr(self, name)!r} must be a {cls.__name__}")

    def replace(self, **values: Any) -> Scenario:
        """A copy with some flat parameters changed, checked together.

        Raises
        ------
        ParameterError
            For an unknown name or a bad value, naming parameter, value and range.
        """
        changed: dict[str, dict[str, Any]] = {}
        for name, value in values.items():
            changed.setdefault(parameter(name).group, {})[name] = value
        groups = {g: dataclasses.replace(getattr(self, g), **new) for g, new in changed.items()}
        return dataclasses.replace(self, **groups)

    def flat(self) -> dict[str, Value]:
        """Every parameter value by its flat name."""
        return {p.name: getattr(getattr(self, p.group), p.name) for p in parameters()}

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
        return json.dumps({g: {k: _to_json(v) for k, v in t.items()} for g, t in nested.items()})

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
    def from_nested(cls, nested: Any) -> Scenario:
        """Build from ``{group: {name: value}}``.

        Raises
        ------
        ParameterError
            For an unknown group or name, a misplaced name or a bad value.
        """
        if not isinstance(nested, dict):
            raise ParameterError("scenario", f"a scenario is a table of groups, not {type(nested).__name__}")
        flat: dict[str, Any] = {}
        for group, table in nested.items():
            if group not in GROUPS:
                raise ParameterError(str(group), f"unknown group {group!r}{nearest(group, GROUPS)}")
            if not isinstance(table, dict):
                raise ParameterError(group, f"{group} must be a table, not {table!r}")
            for name, value in table.items():
                if parameter(name).group != group:
                    raise ParameterError(name, f"{name} belongs to {parameter(name).group}, not {group}")
                flat[name] = _from_json(value, parameter(name))
        return cls().replace(**flat)

    @classmethod
    def load(cls, path: str | FilePath) -> Scenario:
        """Read a ``.toml`` or ``.json`` scenario file.

        Raises
        ------
        ValueError
            If the file is not a scenario; the message names it.
        OSError
            If it cannot be read.
        """
        file = FilePath(path)
        try:
            text = file.read_text(encoding="utf-8")
            return cls.from_json(text) if file.suffix == ".json" else cls.from_toml(text)
        except ValueError as error:
            raise ValueError(f"{file.name}: {error}") from None


def _to_json(value: Value) -> Value:
    return "inf" if isinstance(value, float) and math.isinf(value) else value


def _from_json(value: Any, declared_as: Parameter) -> Any:
    return math.inf if value == "inf" and declared_as.kind == "number" else value
