"""What became of every photon of a frame, as lines of a trace: made, sent along each fibre, and gone with a reason."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qpsviz.noise.storage import kind_of
from qpsviz.scenario.layout import Layout
from qpsviz.sim.engine.chance import uniform
from qpsviz.sim.engine.marks import EventKind
from qpsviz.sim.results.photon_luck import photon_key, share_until_lost
from qpsviz.sim.results.run import Run
from qpsviz.switch.fates import REASONS
from qpsviz.units import Column

Moment = tuple[float, dict[str, object]]
"""When a line belongs [us], and the line without its time."""
CUT_OFF, IN_FIBRE, IN_SWITCH = "cut off", "lost in the fibre", "lost in the switch"
#: The word with which Q2NSViz tells a qubit that somebody gave up from one that was lost.
DISCARDED = "discarded"
_LEG = (
    "attempt", "from_node", "to_node", "payload_out_us", "payload_in_us", "lost_us", "eta_out", "eta_in",
    "header_out_us", "header_in_us", "trailer_out_us", "trailer_in_us",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """One attempt to send a frame: its legs in order, as rows, and how it ended."""

    row: int
    attempt: int
    legs: tuple[dict[str, float], ...]
    end_us: float
    reason: str

    @property
    def name(self) -> str:
        """The frame by its number, and the attempt after the first."""
        return f"{self.row}" if self.attempt == 1 else f"{self.row}.{self.attempt}"


def rows_of(run: Run, frame: Column) -> Column:
    """Numbers of frames: their rows in the table of frames."""
    return np.searchsorted(run.frames["frame"], frame)


def flights_of(run: Run, chosen: Column) -> list[Flight]:
    """Every attempt of the chosen frames that left its source, by frame and attempt."""
    legs = run.legs
    row = rows_of(run, legs["frame"])
    kept = np.flatnonzero(np.isin(row, chosen))
    kept = kept[np.lexsort((legs["hop"][kept], legs["attempt"][kept], row[kept]))]
    rows = zip(*(legs[name][kept].tolist() for name in _LEG), strict=True)
    grouped: dict[tuple[int, int], list[dict[str, float]]] = {}
    for frame, values in zip(row[kept].tolist(), rows, strict=True):
        leg = dict(zip(_LEG, values, strict=True))
        grouped.setdefault((frame, leg["attempt"]), []).append(leg)
    ends = _ends(run)
    flights = []
    for (frame, attempt), found in grouped.items():
        end_us, reason = ends.get((frame, attempt), (math.inf, ""))
        flights.append(Flight(row=frame, attempt=attempt, legs=tuple(found), end_us=end_us, reason=reason))
    return flights


def _ends(run: Run) -> dict[tuple[int, int], tuple[float, str]]:
    """When each attempt ended, and why it was dropped (empty: it was delivered)."""
    events = run.events
    ended = np.flatnonzero(np.isin(events["kind"], (EventKind.DROPPED, EventKind.DELIVERED)))
    columns = (rows_of(run, events["frame"]), events["attempt"], events["time_us"], events["reason"])
    rows = zip(*(column[ended].tolist() for column in columns), strict=True)
    return {(row, attempt): (time_us, REASONS.get(reason, "")) for row, attempt, time_us, reason in rows}


def photon_lines(run: Run, group: list[Flight]) -> Iterator[Moment]:
    """Lines of the photons of one attempt of a pair of frames: of one arm, or of both.

    Parameters
    ----------
    run : Run
        With its legs.
    group : list of Flight
        Attempts of the same number; photons of two arms with the same place are a pair.

    Yields
    ------
    tuple
        Time and line, those of one photon in the order in which they happen. [us]
    """
    names, source = run.network.node_names, run.scenario.source
    key, keeps = photon_key(run), Layout(run.scenario.path.layout).keeps_half
    erases = not kind_of(run.scenario.memory.storage).type.decoheres
    for i in range(source.n_qubits):
        behind_us = (i + 0.5) * source.spacing_us
        made = []
        for flight in group:
            start, bit = flight.legs[0], f"q{flight.name}:{i}"
            out_us = start["payload_out_us"] + behind_us
            yield out_us, {"type": "createQubit", "label": bit, "node": names[int(start["from_node"])]}
            made.append((out_us, bit))
            if keeps:
                yield out_us, {"type": "createQubit", "label": f"kept {bit}", "node": names[int(start["from_node"])]}
                made.append((out_us, f"kept {bit}"))
        if len(made) == 2:
            yield max(out_us for out_us, _ in made), {"type": "entangle", "bits": [bit for _, bit in made]}
        for flight in group:
            luck = uniform(key, flight.row, flight.attempt, i)
            yield from _travels(flight, names, f"q{flight.name}:{i}", behind_us, luck, erases, keeps)


def _travels(
    flight: Flight, names: Sequence[str], bit: str, behind_us: float, luck: float, erases: bool, keeps: bool
) -> Iterator[Moment]:
    """One photon along its fibres, until it is delivered, lost, cut off, or dropped with its frame."""
    gone = None
    before = None
    for leg in flight.legs:
        gone = _gone_in_switch(before, leg, behind_us, luck, erases)
        if gone is not None:
            break
        out_us, in_us = leg["payload_out_us"] + behind_us, leg["payload_in_us"] + behind_us
        ends = {"from": names[int(leg["from_node"])], "to": names[int(leg["to_node"])]}
        yield out_us, {"type": "sendQubit", "t1_us": in_us, "bit": bit, **ends}
        share = share_until_lost(luck, leg["eta_out"], leg["eta_in"])
        if share is not None:
            gone = (out_us + share * (in_us - out_us), IN_FIBRE)
            break
        before = leg
    if gone is None and flight.reason:
        # What is under way when its frame is dropped still comes to the node that drops it.
        gone = (max(flight.end_us, flight.legs[-1]["payload_in_us"] + behind_us), flight.reason)
    if gone is not None:
        yield gone[0], {"type": "removeQubit", "bit": bit, "reason": gone[1]}
    if keeps and gone is not None and math.isfinite(flight.end_us):
        yield max(flight.end_us, gone[0]), {"type": "removeQubit", "bit": f"kept {bit}", "reason": DISCARDED}


def _gone_in_switch(
    before: dict[str, float] | None, leg: dict[str, float], behind_us: float, luck: float, erases: bool
) -> tuple[float, str] | None:
    """Whether a photon never enters a fibre, when and why: cut off by a switch that was not set yet, or lost in it."""
    eta_before = 1.0 if before is None else before["eta_in"]
    came_us = (leg["payload_out_us"] if before is None else before["payload_in_us"]) + behind_us
    if behind_us < leg["lost_us"]:
        return came_us, CUT_OFF
    share = share_until_lost(luck, eta_before, leg["eta_out"])
    if share is None:
        return None
    stay_us = leg["payload_out_us"] + behind_us - came_us
    return came_us + (share * stay_us if erases else 0.0), IN_SWITCH
