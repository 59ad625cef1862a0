"""``qpsviz figures``: the paper's figures as files."""

from __future__ import annotations

import argparse

from qpsviz.cli.usage import Parser
from qpsviz.paper.datasets import figures


def add_figures(adder: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the ``qpsviz`` parser."""
    parser = adder.add_parser("figures", help="draw the paper's figures as PNG, SVG and CSV", allow_abbrev=False)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"of {', '.join(figures())} (default: all)")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the files; made if need be")
    parser.set_defaults(run=run_figures)


def run_figures(chosen: argparse.Namespace) -> None:
    """Draw the figures asked for and name every file written."""
    from qpsviz.figures.paper import save_figures

    for file in save_figures(chosen.out, tuple(chosen.figures)):
        print(file)
