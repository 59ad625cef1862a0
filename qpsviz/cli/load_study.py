"""``qpsviz load-study``: disciplines side by side under more and more load."""

from __future__ import annotations

import argparse
import csv
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from qpsviz.cli.axes import read_axis
from qpsviz.cli.experiments import TRAFFIC_AXES, add_many_runs_flags, read_seeds, read_workers
from qpsviz.cli.networks import read_network
from qpsviz.cli.scenario_flags import scenario_from
from qpsviz.cli.usage import Parser, UsageError
from qpsviz.files import check_place, written_whole

if TYPE_CHECKING:
    from qpsviz.experiments import LoadCurves

#: The words of :data:`qpsviz.experiments.VARIANTS`, which are too much to load for a help text; a test compares.
USUAL = ("store", "burst_delayed", "burst_immediate", "circuit_blocked", "circuit_queued")
DISCIPLINES = (*USUAL, "burst_delayed_deflected", "burst_immediate_deflected")
_SHOWN = ("throughput_qubits_hz", "dropped_share", "latency_us", "fidelity", "pairs_key_hz")


def add_load_study(adder: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the ``qpsviz`` parser."""
    parser = adder.add_parser("load-study", help="compare disciplines under load", allow_abbrev=False)
    parser.add_argument("--loads", default="0.1:0.9:5", metavar="A:B:N|A,B,C", help="loads (default 0.1:0.9:5)")
    parser.add_argument(
        "--disciplines", metavar="A,B", help=f"some of {', '.join(DISCIPLINES)} (default: the first {len(USUAL)})"
    )
    add_many_runs_flags(parser, n_seeds=5, out="a .csv file")
    parser.set_defaults(run=run_load_study)


def run_load_study(arguments: argparse.Namespace) -> None:
    """Run what is left of a study, write its means with their intervals, and say who delivers more."""
    from qpsviz import experiments

    out = None if arguments.out is None else Path(arguments.out)
    if out is not None:
        if out.suffix.lower() != ".csv":
            raise UsageError(f"--out {arguments.out!r} must end in .csv")
        check_place(out)
    if arguments.store is not None and Path(arguments.store).suffix.lower() != ".nc":
        raise UsageError(f"--store {arguments.store!r} must end in .nc")
    if arguments.network is None:
        raise UsageError("load-study needs --network, for example --network nsfnet")
    if arguments.load is not None:
        raise UsageError("--load belongs to one run: write --loads")
    _, loads = read_axis(f"load={arguments.loads}", TRAFFIC_AXES)
    arguments.load = str(loads[0])
    scenario = scenario_from(arguments)
    network, traffic = read_network(arguments, scenario)
    assert network is not None
    assert traffic is not None
    with ExitStack() as stack:
        client = None if arguments.dask is None else stack.enter_context(experiments.connected(arguments.dask))
        curves = experiments.load_study(
            scenario, network=network, traffic=traffic, loads=[float(load) for load in loads],
            disciplines=USUAL if arguments.disciplines is None else arguments.disciplines.split(","),
            seeds=read_seeds(arguments.seeds), store=arguments.store, workers=read_workers(arguments.workers),
            client=client, progress=not arguments.quiet,
        )  # fmt: skip
    _write(curves, out)
    for sentence in (curves.verdict().sentence, *curves.notes()):
        print(sentence, file=sys.stderr)


def _write(curves: LoadCurves, out: Path | None) -> None:
    if out is None:
        csv.writer(sys.stdout).writerows(_rows(curves))
        return
    with written_whole(out) as part, part.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(_rows(curves))


def _rows(curves: LoadCurves) -> list[list[object]]:
    """A head, then a row for each discipline and load: means, ends of intervals, and whether it is steady."""
    intervals = {name: curves.interval(name) for name in _SHOWN}
    rows: list[list[object]] = [
        ["discipline", "load", *(name + end for name in _SHOWN for end in ("", "_lo", "_hi")), "state"]
    ]
    for i, variant in enumerate(curves.variants):
        for at, load in enumerate(curves.loads.tolist()):
            numbers = [float(part[i, at]) for interval in intervals.values() for part in interval]
            rows.append([variant.word, load, *numbers, curves.states[i][at].value])
    return rows
