"""Flags that describe a scenario, generated from the declared parameters."""

from __future__ import annotations

import argparse

from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario, parameter, parameters
from qpsviz.scenario.declaration import Parameter, Value
from qpsviz.scenario.presets import preset, presets
from qpsviz.units import parse_quantity

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
            *flags(declared),
            dest=declared.name,
            metavar=declared.unit.upper() if declared.unit != "1" else "VALUE",
            help=f"{declared.label}: {declared.range_text} (default {declared.default})".replace("%", "%%"),
        )
    parser.epilog = (
        "Values may carry a unit, as in --t1 1ms or --length '20 km'; without one they are in the flag's own."
    )


def flags(declared: Parameter) -> list[str]:
    """The flags of a parameter: its whole name, and its name without the unit.

    Examples
    --------
    >>> from qpsviz.scenario import parameter
    >>> flags(parameter("t1_us")), flags(parameter("n_relays"))
    (['--t1-us', '--t1'], ['--n-relays'])
    """
    ending = "_" + declared.unit.replace("/", "_per_").lower()
    short = declared.name.removesuffix(ending)
    return [flag(name) for name in dict.fromkeys((declared.name, short))]


def parameter_named(text: str) -> Parameter:
    """The parameter of a name as people write it: with hyphens, or without its unit.

    Raises
    ------
    ParameterError
        If there is no such parameter.

    Examples
    --------
    >>> parameter_named("length").name, parameter_named("t1-us").name
    ('length_km', 't1_us')
    """
    wanted = "--" + text.strip().lstrip("-").replace("_", "-")
    found = next((p for p in parameters() if wanted in flags(p)), None)
    return found or parameter(text.strip().replace("-", "_"))


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
    """Read one parameter value from text, with a unit or in the parameter's own.

    Raises
    ------
    ParameterError
        If the text is not such a value, naming parameter, value and range.

    Examples
    --------
    >>> from qpsviz.scenario import parameter
    >>> read_value(parameter("n_relays"), "3"), read_value(parameter("cutoff_us"), "inf")
    (3, inf)
    >>> read_value(parameter("t1_us"), "1 ms"), read_value(parameter("length_km"), "500m")
    (1000.0, 0.5)
    """
    word = text.strip().lower()
    if declared.kind == "choice":
        return declared.check(word)
    if declared.kind == "flag":
        if word not in _YES + _NO:
            raise ParameterError(declared.name, f"{declared.name} = {text!r} must be {declared.range_text}")
        return word in _YES
    try:
        number = float(word)
    except ValueError:
        number = _with_unit(declared, text)
    return declared.check(number)


def _with_unit(declared: Parameter, text: str) -> float:
    try:
        return parse_quantity(text, declared.unit)
    except ValueError as error:
        problem = f"{declared.name} = {text!r} must be {declared.range_text} ({error})"
        raise ParameterError(declared.name, problem) from None
