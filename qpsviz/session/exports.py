"""Files that the page offers: the curves, the run, the headers."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.closed_form.outputs import output
from qpsviz.closed_form.sweep import grid
from qpsviz.scenario import Scenario
from qpsviz.units import Column

if TYPE_CHECKING:
    from qpsviz.session.protocol.spec import ExportSpec
    from qpsviz.sim import Run

EXPORTS: list[ExportSpec] = [
    {
        "name": "curves.csv",
        "title": "Curves (CSV)",
        "hint": "Key rate and fidelity against length, 0 to 3 relays and now.",
    },
    {"name": "run.json", "title": "Run (JSON)", "hint": "Every frame and event; qps.Run.load reads it."},
    {"name": "headers.pcapng", "title": "Headers (pcapng)", "hint": "Every header and trailer, for Wireshark."},
    {"name": "trace.json", "title": "Trace (Q2NSViz)", "hint": "Every qubit and packet; Q2NSViz and qps.film play it."},
    {"name": "scenario.toml", "title": "Scenario (TOML)", "hint": "The parameters; the command line takes it."},
    {"name": "figures.png", "title": "Figures (PNG)", "hint": "What this tab shows, with title, legend and scenario."},
    {"name": "figures.svg", "title": "Figures (SVG)", "hint": "The same as vectors, to print or edit."},
    {"name": "network.png", "title": "Network (PNG)", "hint": "The moving picture as it stands now."},
]


def make(name: str, scenario: Scenario, run: Run | None) -> tuple[str, str, bytes]:
    """One file of the export list.

    Parameters
    ----------
    name : str
        Name in :data:`EXPORTS` that a session makes.
    scenario : Scenario
        The present state.
    run : Run or None
        The run on screen, where there is one.

    Returns
    -------
    tuple
        File name, media type and content.

    Raises
    ------
    ValueError
        If a session makes no such file, or makes it of a run and there is none.
    """
    if name == "curves.csv":
        return name, "text/csv", curves_csv(scenario).encode()
    if name == "scenario.toml":
        return name, "application/toml", scenario.to_toml().encode()
    if name not in ("run.json", "headers.pcapng", "trace.json"):
        raise ValueError(f"no export called {name!r}")
    if run is None:
        raise ValueError(f"there is no run to make {name} of")
    if name == "run.json":
        return name, "application/json", _through_file(run.save, name)
    if name == "trace.json":
        return name, "application/json", _through_file(run.to_q2nsviz, name)
    return name, "application/x-pcapng", _through_file(run.to_pcap, name)


def curves_csv(scenario: Scenario) -> str:
    """Key rate and fidelity against length, with units in the header."""
    lengths = np.linspace(0.0, max(600.0, scenario.path.length_km), 601)
    counts = sorted({0, 1, 2, 3, scenario.path.n_relays})
    columns: list[tuple[str, Column]] = [("length [km]", lengths)]
    for name in ("key_rate", "fidelity"):
        data = grid(scenario, name, {"n_relays": np.asarray(counts), "length_km": lengths})
        columns += [(f"{name} n={n} [{output(name).unit}]", row) for n, row in zip(counts, data, strict=True)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([title for title, _ in columns])
    writer.writerows(zip(*(values.tolist() for _, values in columns), strict=True))
    return text.getvalue()


def _through_file(write: Callable[[Path], object], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
