"""What each command does; the parser in ``parser.py`` says how it is called."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TypeVar

import numpy as np

from qpsviz.cli.axes import read_axis, read_link
from qpsviz.cli.networks import read_network
from qpsviz.cli.scenario_flags import scenario_from
from qpsviz.cli.trace import frames_from
from qpsviz.cli.usage import UsageError
from qpsviz.closed_form import sweep_file
from qpsviz.closed_form.outputs import output, outputs
from qpsviz.closed_form.sweep import evaluate, sweep
from qpsviz.files import check_place
from qpsviz.frame.capture_writer import SUFFIXES as CAPTURES
from qpsviz.scenario import Scenario
from qpsviz.scenario.presets import presets
from qpsviz.sim import Network, simulate
from qpsviz.sim.results.trace_file import SUFFIXES as TRACES

SAME = 1e-12
"""Relative difference up to which a value computed anew is the stored one: last bits differ between processors."""

_T = TypeVar("_T")


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
    target = _target("--out", arguments.out, sweep_file.SUFFIXES)
    array = sweep(scenario_from(arguments), arguments.output, linked=linked, **axes)
    if target is None:
        sweep_file.rows(array).to_csv(sys.stdout, index=False)
        return
    sweep_file.save(array, target)
    print(f"wrote {array.size} values of {array.name} to {target}", file=sys.stderr)


def run_recompute(arguments: argparse.Namespace) -> None:
    """Compute a stored sweep anew, and fail if a value differs."""
    stored, again = sweep_file.recompute(arguments.file)
    equal = np.isclose(stored, again, rtol=SAME, atol=0.0, equal_nan=True)
    if not equal.all():
        place = int(np.flatnonzero(~equal)[0])
        text = f"value {place + 1} is {stored[place]!r} in the file and {again[place]!r} now"
        raise ValueError(f"{arguments.file}: {np.count_nonzero(~equal)} of {stored.size} values differ; {text}")
    print(f"{stored.size} values computed anew, all equal")


def run_presets(arguments: argparse.Namespace) -> None:
    """Print the presets with their stories."""
    if arguments.json:
        print(json.dumps(presets(), ensure_ascii=False))
        return
    for name, story in presets().items():
        print(f"{name:14}{story}")


def _announce(sentence: str) -> None:
    print(f"qpsviz: {sentence}", file=sys.stderr)


def run_simulate(arguments: argparse.Namespace) -> None:
    """Simulate one scenario; print what became of its frames, and keep the run where asked to."""
    if not arguments.seed.isdecimal():
        raise UsageError(f"--seed {arguments.seed!r} must be a whole number, 0 or more")
    target = _target("--out", arguments.out, (".json",))
    capture = _target("--pcap", arguments.pcap, CAPTURES)
    trace, frames = _target("--q2nsviz", arguments.q2nsviz, TRACES), frames_from(arguments.frames)
    scenario = scenario_from(arguments)
    network, traffic = read_network(arguments, scenario)
    if capture is not None:
        _check_capture(arguments, scenario, network)
    record = "auto" if capture is None and trace is None else "all"
    run = simulate(
        scenario, network=network, traffic=traffic, seed=int(arguments.seed), record=record, announce=_announce
    )
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
    if trace is not None:
        print(f"wrote {run.to_q2nsviz(trace, frames=frames)} lines to {trace}", file=sys.stderr)
    if capture is not None:
        n_packets = run.to_pcap(capture, dialect=arguments.dialect, node=arguments.node)
        print(f"wrote {n_packets} headers and trailers to {capture}", file=sys.stderr)
        if capture.suffix.lower() == ".pcap" and arguments.node is None:
            hint = "write .pcapng, or one node with --node NAME"
            print(f"a .pcap file does not say at which node a header was seen: {hint}", file=sys.stderr)


def _target(option: str, text: str | None, suffixes: tuple[str, ...]) -> Path | None:
    """Where a file shall go, refused before any work if it cannot."""
    if text is None:
        return None
    if Path(text).suffix.lower() not in suffixes:
        raise UsageError(f"{option} {text!r} must end in {' or '.join(suffixes)}")
    check_place(text)
    return Path(text)


def _check_capture(arguments: argparse.Namespace, scenario: Scenario, network: Network | None) -> None:
    """Refuse what would refuse the headers of the run, before it is simulated."""
    from qpsviz.sim.results.capture_file import template

    template(scenario)
    names = (network or Network.of(scenario)).node_names
    if arguments.node is not None and arguments.node not in names:
        raise UsageError(f"--node {arguments.node!r} is not one of {', '.join(names[:12])}")


def _or_null(value: _T) -> _T | None:
    """JSON has no number for infinity, and none for what is not a number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
