"""Writes the tables of ``docs/storing.md``: which memory is good enough, and what cut-offs bring on a network.

Usage: ``.venv/bin/python docs/storing.py [--quick]``. Without ``--quick`` the runs on the network take ten minutes.
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence
from pathlib import Path

import qpsviz as qps
from qpsviz import experiments
from qpsviz.units import time_text

PAGE = Path(__file__).with_name("storing.md")
PART = re.compile(r"<!-- written: ([a-z -]+) -->\n(.*?)\n<!-- end -->", re.DOTALL)
LINE = qps.preset("fig7").replace(length_km=50.0)
P_FREE = (0.9, 0.7, 0.5, 0.3, 0.1)
#: Frames of 50 µs, memories of 1 ms, and enough guard for three relays.
FRAMES = LINE.replace(
    length_km=15.0, guard_us=2.0, n_qubits=100, spacing_us=0.5, release="after_header", t1_us=1000.0, t2_us=1000.0,
    p_free=1.0,
)  # fmt: skip
LOADS = (0.1, 0.3, 0.5, 0.7, 0.9)
CUTOFFS_US = (25.0, 50.0, 100.0, 200.0, 400.0, 800.0)
N_FRAMES, SEEDS = 4000, range(6)
STORAGES = ("t1t2", "delay_line")


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def good_enough() -> str:
    """The smallest T1 = T2 with which storing gives as much key as dropping, and what fibre gives."""
    rows = []
    for n_relays in (1, 3):
        for release, words in (("after_frame", "whole frame"), ("after_header", "header")):
            line = LINE.replace(n_relays=n_relays, release=release)
            found = qps.store_or_drop(line, p_free=P_FREE, t_us=[500.0])
            even = ["none" if math.isnan(t) else time_text(t) for t in found["even_t_us"].values.tolist()]
            fibre = (found["delay_line"] / found["burst"]).values.tolist()
            rows.append([str(n_relays), words, *(f"{t}; {share:.2f}" for t, share in zip(even, fibre, strict=True))])
    return table(["relays", "waits for the", *(f"P = {p:g}" for p in P_FREE)], rows)


def study(loads: Sequence[float] = LOADS, storages: Sequence[str] = STORAGES) -> experiments.CutoffCurves:
    """The runs behind the table of cut-offs."""
    return experiments.cutoff_study(
        FRAMES, network=experiments.users_around_routers(), loads=loads, cutoffs_us=CUTOFFS_US, storages=storages,
        traffic=qps.Traffic(n_frames=N_FRAMES, warm_up=0.1), seeds=SEEDS, progress=False,
    )  # fmt: skip


def row(curves: experiments.CutoffCurves, storage: str, at: int) -> str:
    """What one storage gives at one load, as a cell of the table."""
    gain, none, best = (
        curves.gain(storage),
        curves.over_bursts(storage, cut=False),
        curves.over_bursts(storage, cut=True),
    )
    told = [f"{x.mean[at]:.2f} ({x.lo[at]:.2f} … {x.hi[at]:.2f})" for x in (none, best, gain)]
    return " | ".join([told[0], time_text(float(curves.best_us(storage)[at])), told[1], told[2]])


def cut_offs(curves: experiments.CutoffCurves) -> str:
    """Key of stored payloads over that of bursts, without and with the best cut-off."""
    rows = [
        [f"{load:g} ({curves.max_load[at]:.2f})", word, row(curves, storage, at)]
        for storage, word in zip(STORAGES, ("memory", "fibre"), strict=True)
        for at, load in enumerate(curves.loads.tolist())
    ]
    titles = ["load (busiest link)", "storage", "no cut-off / bursts", "best cut-off", "best / bursts", "best / none"]
    return table(titles, rows)


def with_part(page: str, name: str, text: str) -> str:
    """A page with one of its parts written anew."""
    return PART.sub(lambda m: f"<!-- written: {name} -->\n{text}\n<!-- end -->" if m[1] == name else m[0], page)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="leave the runs on the network out")
    text = with_part(PAGE.read_text(encoding="utf-8"), "good enough", good_enough())
    if not asked.parse_args().quick:
        text = with_part(text, "cut-offs", cut_offs(study()))
    PAGE.write_text(text, encoding="utf-8")
