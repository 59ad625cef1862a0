"""The parser of the ``qpsviz`` command, and its exit codes: 0 done, 1 failed, 2 badly called."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from qpsviz import __version__
from qpsviz.cli import commands
from qpsviz.cli.audit import add_audit
from qpsviz.cli.axes import AXIS_HELP
from qpsviz.cli.experiments import add_experiment
from qpsviz.cli.figures import add_figures
from qpsviz.cli.frame import add_frame
from qpsviz.cli.load_study import add_load_study
from qpsviz.cli.networks import add_network_flags
from qpsviz.cli.scenario_flags import add_scenario_flags
from qpsviz.cli.schema import add_schema
from qpsviz.cli.serving import add_serving
from qpsviz.cli.trace import FRAMES_HELP, add_trace
from qpsviz.cli.usage import UsageError
from qpsviz.closed_form.outputs import outputs
from qpsviz.errors import ParameterError

FAILED, BAD_USAGE, INTERRUPTED = 1, 2, 130


class _OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and where help is, then leave with 2."""
        self.exit(BAD_USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; anything that goes wrong is one line on standard error.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows ``qpsviz`` on the command line; by default the process's own.

    Returns
    -------
    int
        0 when done, 1 when it failed, 2 when it was badly called.
    """
    chosen = build_parser().parse_args(arguments)
    try:
        chosen.run(chosen)
        sys.stdout.flush()
        return 0
    except (ParameterError, UsageError) as error:
        return _print_error(error, BAD_USAGE)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        return _print_error(f"{name}{error.strerror or error}", FAILED)
    except (ValueError, RuntimeError, ImportError) as error:
        return _print_error(error, FAILED)
    except KeyboardInterrupt as stop:
        return _print_error(stop, INTERRUPTED) if stop.args else INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command that works."""
    parser = _OneLineParser(
        prog="qpsviz", description="Explorer of packet switching in quantum networks.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"qpsviz {__version__}")
    adder = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_serving(adder)
    _add_evaluate(adder)
    _add_sweep(adder)
    _add_simulate(adder)
    add_experiment(adder)
    add_load_study(adder)
    _add_listings(adder)
    add_figures(adder)
    add_audit(adder)
    add_frame(adder)
    add_trace(adder)
    add_schema(adder)
    return parser


def _add_evaluate(adder: argparse._SubParsersAction[_OneLineParser]) -> None:
    evaluate = adder.add_parser("evaluate", help="print outputs of one scenario", allow_abbrev=False)
    evaluate.add_argument("outputs", nargs="*", metavar="OUTPUT", help=_OUTPUT_HELP)
    evaluate.add_argument("--json", action="store_true", help="print JSON; null stands for infinity")
    add_scenario_flags(evaluate)
    evaluate.set_defaults(run=commands.run_evaluate)


def _add_sweep(adder: argparse._SubParsersAction[_OneLineParser]) -> None:
    sweep = adder.add_parser("sweep", help="compute one output over a grid", allow_abbrev=False)
    sweep.add_argument("output", metavar="OUTPUT", help=_OUTPUT_HELP)
    sweep.add_argument("--over", action="append", required=True, metavar="AXIS", help=AXIS_HELP)
    sweep.add_argument(
        "--link", action="append", default=[], metavar="NAME=AXIS", help="a parameter that follows an axis"
    )
    sweep.add_argument("--out", metavar="FILE", help="a .csv or .nc file (default: CSV on standard output)")
    add_scenario_flags(sweep)
    sweep.set_defaults(run=commands.run_sweep)


def _add_simulate(adder: argparse._SubParsersAction[_OneLineParser]) -> None:
    simulate = adder.add_parser("simulate", help="send frames, event by event", allow_abbrev=False)
    simulate.add_argument("--seed", default="0", metavar="N", help="equal seeds give equal runs (default 0)")
    simulate.add_argument("--out", metavar="FILE", help="write the whole run to a .json file")
    simulate.add_argument("--pcap", metavar="FILE", help="write headers and trailers to a .pcapng or .pcap file")
    simulate.add_argument("--node", metavar="NAME", help="only what passes this node; a .pcap cannot tell nodes apart")
    simulate.add_argument(
        "--dialect", choices=("paper", "lldp"), default="paper", help="of the capture; default: paper"
    )
    simulate.add_argument("--q2nsviz", metavar="FILE", help="write a trace for Q2NSViz to a .json or .ndjson file")
    simulate.add_argument("--frames", metavar="FIRST-LAST", help=FRAMES_HELP)
    simulate.add_argument("--json", action="store_true", help="print the summary as JSON")
    add_network_flags(simulate)
    add_scenario_flags(simulate)
    simulate.set_defaults(run=commands.run_simulate)


def _add_listings(adder: argparse._SubParsersAction[_OneLineParser]) -> None:
    presets = adder.add_parser("presets", help="list the presets and their stories", allow_abbrev=False)
    presets.add_argument("--json", action="store_true", help="print JSON: names and stories")
    presets.set_defaults(run=commands.run_presets)
    recompute = adder.add_parser("recompute", help="compute a stored sweep anew and compare", allow_abbrev=False)
    recompute.add_argument("file", metavar="FILE", help="a .csv or .nc file that sweep --out wrote")
    recompute.set_defaults(run=commands.run_recompute)


def _print_error(error: object, code: int) -> int:
    print("qpsviz: " + " ".join(str(error).split()), file=sys.stderr)
    return code


_OUTPUT_HELP = "one of: " + ", ".join(declared.name for declared in outputs())
