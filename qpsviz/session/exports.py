"""Files that the page offers: the curves, the run, the headers."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from qpsviz.closed_form.outputs import output
from qpsviz.closed_form.sweep import grid
from qpsviz.scenario import Scenario

EXPORTS = [
    {
        "name": "curves.csv",
        "title": "Curves (CSV)",
        "hint": "Key rate and fidelity against length, 0 to 3 relays and now.",
    },
    {"name": "run.json", "title": "Run (JSON)", "hint": "Every frame and event; qps.Run.load reads it."},
    {"name": "headers.pcapng", "title": "Headers (pcapng)", "hint": "Every header and trailer, for Wireshark."},
    {"name": "scenario.toml", "title": "Scenario (TOML)", "hint": "The parameters; the command line takes it."},
    {"name": "figures.png", "title": "Figures (PNG)", "hint": "What this tab shows, with title, legend and scenario."},
    {"name": "figures.svg", "title": "Figures (SVG)", "hint": "The same as vectors, to print or edit."},
    {"name": "network.png", "title": "Network (PNG)", "hint": "The moving picture as it stands now."},
]


def make(name: str, scenario: Scenario, run: Any) -> tuple[str, str, bytes]:
    """One file of the export list.

    Parameters
    ----------
    name : str
        Name in :data:`EXPORTS` that the kernel makes.
    scenario : Scenario
        The present state.
    run : Run
        The run on screen.

    Returns
    -------
    tuple
        File name, media type and content.

    Raises
    ------
    ValueError
        If the kernel makes no such file.
    """
    if name == "curves.csv":
        return name, "text/csv", curves_csv(scenario).encode()
    if name == "scenario.toml":
        return name, "application/toml", scenario.to_toml().encode()
    if name == "run.json":
        return name, "application/json", _through_file(run.save, name)
    if name == "headers.pcapng":
        return name, "application/x-pcapng", _through_file(run.to_pcap, name)
    raise ValueError(f"no export called {name!r}")


def curves_csv(scenario: Scenario) -> str:
    """Key rate and fidelity against length, with units in the header."""
    lengths = np.linspace(0.0, max(600.0, scenario.path.length_km), 601)
    counts = sorted({0, 1, 2, 3, scenario.path.n_relays})
    columns: list[tuple[str, Any]] = [("length [km]", lengths)]
    for name in ("key_rate", "fidelity"):
        data = grid(scenario, name, {"n_relays": np.asarray(counts), "length_km": lengths})
        columns += [(f"{name} n={n} [{output(name).unit}]", row) for n, row in zip(counts, data, strict=True)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([title for title, _ in columns])
    writer.writerows(zip(*(values.tolist() for _, values in columns), strict=True))
    return text.getvalue()


def _through_file(write: Any, name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
