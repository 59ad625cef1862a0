"""``qpsviz experiment``: a grid of simulations, kept while they are made."""

from __future__ import annotations

import argparse
import dataclasses
import math
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from qpsviz.cli.axes import AXIS_HELP, read_axis, read_link
from qpsviz.cli.networks import add_network_flags, read_network
from qpsviz.cli.scenario_flags import add_scenario_flags, scenario_from
from qpsviz.cli.usage import Parser, UsageError
from qpsviz.files import check_place, written_whole
from qpsviz.scenario import parameter, parameters
from qpsviz.scenario.declaration import Parameter, Value
from qpsviz.sim import Traffic

if TYPE_CHECKING:
    import xarray

    from qpsviz.experiments import Grid

SUFFIXES = (".csv", ".nc")
MAX_SEEDS = 10_000


def _of_traffic(name: str, default: float) -> Parameter:
    """A number of the traffic as an axis; the traffic itself knows its range."""
    return Parameter(
        name=name, group="traffic", unit="1", label=name, default=default, lo=0.0, hi=math.inf, shown=(0.0, 1.0),
        step=0.0, log=False, choices=(), choice_texts=(), claim="ours", source="", help="",
    )  # fmt: skip


#: Numbers of the traffic that no parameter of a scenario has the name of.
TRAFFIC_AXES = tuple(
    _of_traffic(field.name, field.default)
    for field in dataclasses.fields(Traffic)
    if isinstance(field.default, (int, float)) and not isinstance(field.default, bool)
    if field.name not in {p.name for p in parameters()}
)
#: Those of them that have a flag of their own.
_FLAGS = {"load": "load", "n_frames_per_session": "frames_per_session"}


def add_experiment(adder: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the ``qpsviz`` parser."""
    parser = adder.add_parser("experiment", help="simulate a grid of points, and keep them", allow_abbrev=False)
    names = ", ".join(p.name for p in TRAFFIC_AXES)
    parser.add_argument(
        "--over", action="append", default=[], metavar="AXIS", help=f"{AXIS_HELP}; NAME may also be {names}"
    )
    parser.add_argument(
        "--link", action="append", default=[], metavar="NAME=AXIS", help="a parameter that follows an axis"
    )
    add_many_runs_flags(parser, n_seeds=1, out="a .csv or .nc file")
    parser.set_defaults(run=run_experiment)


def add_many_runs_flags(parser: Parser, *, n_seeds: int, out: str) -> None:
    """Add the flags of a command that simulates many times: seeds, files, who computes, network and scenario."""
    many = f"so many seeds from 0, or these (default {n_seeds})"
    parser.add_argument("--seeds", default=str(n_seeds), metavar="N|A,B,C", help=many)
    parser.add_argument("--store", metavar="FILE", help="a .nc file for finished points, which are never run again")
    parser.add_argument("--out", metavar="FILE", help=f"{out} (default: CSV on standard output)")
    parser.add_argument("--workers", default="1", metavar="N", help="processes, or 'all' for one per core (default 1)")
    parser.add_argument("--dask", metavar="ADDRESS", help="the scheduler of a Dask cluster, as tcp://host:8786")
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    add_network_flags(parser)
    add_scenario_flags(parser)


def run_experiment(arguments: argparse.Namespace) -> None:
    """Run what is left of a grid, and write all of it."""
    from qpsviz import experiments

    workers = read_workers(arguments.workers)
    out = None if arguments.out is None else Path(arguments.out)
    if out is not None:
        if out.suffix.lower() not in SUFFIXES:
            raise UsageError(f"--out {arguments.out!r} must end in {' or '.join(SUFFIXES)}")
        check_place(out)
    if arguments.store is not None and Path(arguments.store).suffix.lower() != ".nc":
        raise UsageError(f"--store {arguments.store!r} must end in .nc")
    if out is not None and arguments.store is not None and out.resolve() == Path(arguments.store).resolve():
        raise UsageError("--out and --store must be different files")
    grid = _grid(arguments)
    with ExitStack() as stack:
        client = None if arguments.dask is None else stack.enter_context(experiments.connected(arguments.dask))
        found = experiments.run(
            grid, store=arguments.store, workers=workers, client=client, progress=not arguments.quiet
        )
    _write(found, out)


def _grid(arguments: argparse.Namespace) -> Grid:
    """The grid that the flags describe."""
    from qpsviz.experiments import Grid

    axes = dict(_axis(text) for text in arguments.over)
    if len(axes) != len(arguments.over):
        raise UsageError("each --over needs a different name")
    for name in set(_FLAGS) & set(axes):
        flag = _FLAGS[name]
        if getattr(arguments, flag) is not None:
            raise UsageError(f"--{flag.replace('_', '-')} and --over {name}=… exclude each other")
        setattr(arguments, flag, str(axes[name][0]))
    scenario = scenario_from(arguments)
    network, traffic = read_network(arguments, scenario)
    linked = dict(read_link(text) for text in arguments.link)
    return Grid(scenario, network=network, traffic=traffic, seeds=read_seeds(arguments.seeds), linked=linked, **axes)


def _axis(text: str) -> tuple[str, list[Value]]:
    """An axis whose whole numbers are whole."""
    name, values = read_axis(text, TRAFFIC_AXES)
    declared = next((p for p in TRAFFIC_AXES if p.name == name), None) or parameter(name)
    return name, [declared.check(value) for value in values]


def read_seeds(text: str) -> list[int]:
    """Seeds: so many from 0, or those that are listed."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise UsageError(f"--seeds {text!r} must be a whole number, or several with commas")
    seeds = [int(part) for part in parts]
    if len(seeds) > 1:
        return seeds
    if not 1 <= seeds[0] <= MAX_SEEDS:
        raise UsageError(f"--seeds {text!r} must be 1 … {MAX_SEEDS}, or several seeds with commas")
    return list(range(seeds[0]))


def read_workers(text: str) -> int | None:
    """A number of processes, None for one per core."""
    if text == "all":
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 1_000:
        raise UsageError(f"--workers {text!r} must be 1 … 1000, or all")
    return int(text)


def _write(found: xarray.Dataset, out: Path | None) -> None:
    if out is None:
        found.to_dataframe().reset_index().to_csv(sys.stdout, index=False)
        return
    with written_whole(out) as part:
        if out.suffix.lower() == ".nc":
            found.to_netcdf(part, engine="scipy")
        else:
            found.to_dataframe().reset_index().to_csv(part, index=False)
    n_points = math.prod(found.sizes.values())
    print(f"wrote {n_points} points to {out}", file=sys.stderr)
