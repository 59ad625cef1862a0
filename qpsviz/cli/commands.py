"""What each command does; the parser in ``parser.py`` says how it is called."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from qpsviz.cli.axes import read_axis, read_link
from qpsviz.cli.scenario_flags import scenario_from
from qpsviz.curves import evaluate, sweep
from qpsviz.quantities import output, outputs


class UsageError(ValueError):
    """The command was called in a way it cannot be; the message says how it can."""


def run_evaluate(arguments: argparse.Namespace) -> None:
    """Print outputs of one scenario: name, value, unit and label, or JSON."""
    chosen = [output(name) for name in arguments.outputs] or list(outputs())
    scenario = scenario_from(arguments)
    values = {declared.name: evaluate(scenario, declared.name) for declared in chosen}
    if arguments.json:
        print(json.dumps({name: value if abs(value) < float("inf") else None for name, value in values.items()}))
        return
    for declared in chosen:
        unit = "" if declared.unit == "1" else declared.unit
        print(f"{declared.name:22}{values[declared.name]:>14.6g} {unit:4} {declared.label}")


def run_sweep(arguments: argparse.Namespace) -> None:
    """Compute one output over the grid of the axes, as CSV or netCDF."""
    axes = dict(read_axis(text) for text in arguments.over)
    if len(axes) != len(arguments.over):
        raise UsageError("each --over needs a different parameter")
    linked = dict(read_link(text) for text in arguments.link)
    target = None if arguments.out is None else Path(arguments.out)
    if target is not None and target.suffix not in (".csv", ".nc"):
        raise UsageError(f"--out {arguments.out!r} must end in .csv or .nc")
    scenario = scenario_from(arguments)
    array = sweep(scenario, arguments.output, linked=linked, **axes)
    if target is not None and target.suffix == ".nc":
        array.attrs["scenario"] = scenario.to_json()
        array.to_netcdf(target, engine="scipy")
    else:
        array.to_dataframe().reset_index().to_csv(sys.stdout if target is None else target, index=False)
    if target is not None:
        print(f"wrote {array.size} values of {array.name} to {target}", file=sys.stderr)


def run_dashboard(arguments: argparse.Namespace) -> None:
    """Serve the dashboard until interrupted."""
    from qpsviz import serve

    serve.run_dashboard(port=_port(arguments.port), host=arguments.host, open_browser=not arguments.no_browser)


def run_lab(arguments: argparse.Namespace) -> None:
    """Serve the notebooks in JupyterLab until interrupted."""
    from qpsviz import serve

    serve.run_lab(port=_port(arguments.port), open_browser=not arguments.no_browser)


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) > 65535:
        raise UsageError(f"--port {text!r} must be a whole number 0 ... 65535")
    return int(text)
