"""Flags that describe a scenario, generated from the declared parameters."""

from __future__ import annotations

import argparse

from qpsviz.parameter import Parameter, ParameterError, Value
from qpsviz.presets import preset, presets
from qpsviz.scenario import Scenario, parameters

_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def add_scenario_flags(parser: argparse.ArgumentParser) -> None:
    """Add ``--preset``, ``--scenario`` and one flag per parameter, grouped as in the dashboard."""
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--preset", metavar="NAME", help="start from one of: " + ", ".join(presets()))
    start.add_argument("--scenario", metavar="FILE", help="start from a .toml or .json scenario file")
    groups: dict[str, argparse._ArgumentGroup] = {}
    for declared in parameters():
        if declared.group not in groups:
            groups[declared.group] = parser.add_argument_group(declared.group)
        groups[declared.group].add_argument(
            flag(declared.name),
            dest=declared.name,
            metavar=declared.unit.upper() if declared.unit != "1" else "VALUE",
            help=f"{declared.label}: {declared.range_text} (default {declared.default})".replace("%", "%%"),
        )


def flag(name: str) -> str:
    """The flag of a flat parameter name.

    Examples
    --------
    >>> flag("t1_us")
    '--t1-us'
    """
    return "--" + name.replace("_", "-")


def scenario_from(arguments: argparse.Namespace) -> Scenario:
    """Build the scenario that the flags describe.

    Raises
    ------
    ParameterError
        For an unknown preset or a bad value, naming parameter, value and range.
    ValueError
        If the scenario file is broken; OSError if it cannot be read.
    """
    scenario = Scenario()
    if arguments.preset is not None:
        scenario = preset(arguments.preset)
    elif arguments.scenario is not None:
        scenario = Scenario.load(arguments.scenario)
    given = {p.name: getattr(arguments, p.name) for p in parameters()}
    chosen = {p.name: read_value(p, given[p.name]) for p in parameters() if given[p.name] is not None}
    return scenario.replace(**chosen)


def read_value(declared: Parameter, text: str) -> Value:
    """Read one parameter value from text, in the parameter's own unit and type.

    Raises
    ------
    ParameterError
        If the text is not such a value, naming parameter, value and range.

    Examples
    --------
    >>> from qpsviz.scenario import parameter
    >>> read_value(parameter("n_relays"), "3"), read_value(parameter("cutoff_us"), "inf")
    (3, inf)
    """
    word = text.strip().lower()
    if declared.kind == "choice":
        return declared.check(word)
    if declared.kind == "flag" and word in _YES + _NO:
        return word in _YES
    try:
        number = float(word)
    except ValueError:
        raise ParameterError(declared.name, f"{declared.name} = {text!r} must be {declared.range_text}") from None
    return declared.check(number)
