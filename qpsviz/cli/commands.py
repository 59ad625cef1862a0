"""What each command does; the parser in ``parser.py`` says how it is called."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from qpsviz.cli.axes import read_axis, read_link
from qpsviz.cli.scenario_flags import scenario_from
from qpsviz.curves import evaluate, sweep
from qpsviz.outputs import output, outputs
from qpsviz.sim import simulate


class UsageError(ValueError):
    """The command was called in a way it cannot be; the message says how it can."""


def run_evaluate(arguments: argparse.Namespace) -> None:
    """Print outputs of one scenario: name, value, unit and label, or JSON."""
    chosen = [output(name) for name in arguments.outputs] or list(outputs())
    scenario = scenario_from(arguments)
    values = {declared.name: evaluate(scenario, declared.name) for declared in chosen}
    if arguments.json:
        print(json.dumps({name: _or_null(value) for name, value in values.items()}))
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


def _announce(sentence: str) -> None:
    print(f"qpsviz: {sentence}", file=sys.stderr)


def run_simulate(arguments: argparse.Namespace) -> None:
    """Simulate one scenario; print what became of its frames, and keep the run where asked to."""
    if not arguments.seed.isdecimal():
        raise UsageError(f"--seed {arguments.seed!r} must be a whole number, 0 or more")
    target = None if arguments.out is None else Path(arguments.out)
    if target is not None and target.suffix != ".json":
        raise UsageError(f"--out {arguments.out!r} must end in .json")
    if arguments.pcap is not None and Path(arguments.pcap).suffix not in (".pcap", ".pcapng"):
        raise UsageError(f"--pcap {arguments.pcap!r} must end in .pcap or .pcapng")
    run = simulate(scenario_from(arguments), seed=int(arguments.seed), announce=_announce)
    summary = run.summary()
    if arguments.json:
        print(json.dumps({name: _or_null(value) for name, value in summary.items()}))
    else:
        rows = {**summary, "dropped": ", ".join(f"{n} {fate}" for fate, n in summary["dropped"].items()) or "none"}
        width = max(map(len, rows)) + 2
        for name, value in rows.items():
            print(f"{name:{width}}{value:.6g}" if isinstance(value, float) else f"{name:{width}}{value}")
    if target is not None:
        run.save(target)
        print(f"wrote {len(run.frames)} frames to {target}", file=sys.stderr)
    if arguments.pcap is not None:
        n_packets = run.to_pcap(arguments.pcap, dialect=arguments.dialect)
        print(f"wrote {n_packets} headers and trailers to {arguments.pcap}", file=sys.stderr)


def _or_null(value: Any) -> Any:
    """JSON has no number for infinity, and none for what is not a number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
