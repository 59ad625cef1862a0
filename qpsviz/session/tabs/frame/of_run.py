"""The header that a frame of a run carries at one moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.frame import Frame, station_address
from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.sim.engine.marks import EventKind
from qpsviz.sim.results.capture_file import template
from qpsviz.switch.fates import REASONS
from qpsviz.units import Array, Column

if TYPE_CHECKING:
    from qpsviz.sim import Run

#: Code that a header names for each error correction of the scenario.


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameAtTime:
    """A frame of the run and where it is.

    Parameters
    ----------
    frame : Frame
        Its header as sent last, or, while the payload is in a memory, as it would be sent now.
    row : int
        Its row in the run's frame table, -1 without a run.
    title, place : str
        Which frame, and where, in words.
    previous_us, next_us : float or None
        When the frame before and the frame after it are sent. [us]
    """

    frame: Frame
    row: int
    title: str
    place: str
    previous_us: float | None = None
    next_us: float | None = None


def scenario_frame(scenario: Scenario) -> Frame:
    """Header of the first frame as it leaves the source.

    Parameters
    ----------
    scenario : Scenario
        Payload, guard time, cut-off and error correction.

    Returns
    -------
    Frame
        From node 0 to the last node of the line.

    Notes
    -----
    States what `Run.to_pcap` states, and the error-correction code where relays have one.
    """
    return replace(
        template(scenario),
        destination=station_address(scenario.path.n_relays + 1),
        memory_time_us=0.0,
        guard_us=scenario.switch.guard_us,
        frame_id=0,
        attempt=1,
    )


def frame_at_time(scenario: Scenario, run: Run | None, time_us: float, row: int = -1) -> FrameAtTime:
    """The header under the cursor.

    Parameters
    ----------
    scenario : Scenario
        For a page without a run.
    run : Run or None
        What happened.
    time_us : float
        Where the cursor is. [us]
    row : int
        Row of the frame followed so far; it is kept while it is on its way.

    Returns
    -------
    FrameAtTime
        Of that frame, else of the one sent last that is still on its way, else of the next.
    """
    if run is None:
        return FrameAtTime(frame=scenario_frame(scenario), row=-1, title="Frame 0", place="before it leaves")
    sent_us, done_us = run.frames["sent_us"], run.frames["done_us"]
    left = np.flatnonzero(~np.isnan(sent_us))
    if not left.size:
        return FrameAtTime(frame=scenario_frame(run.scenario), row=-1, title="Frame 0", place="never leaves its source")
    row = _choose(sent_us, done_us, left, time_us, row)
    before, after = left[sent_us[left] < sent_us[row]], left[sent_us[left] > sent_us[row]]
    frame, place = _at(run, row, time_us)
    return FrameAtTime(
        frame=frame,
        row=row,
        title=_title(run, row, frame),
        place=place,
        previous_us=float(sent_us[before].max()) if before.size else None,
        next_us=float(sent_us[after].min()) if after.size else None,
    )


def _choose(sent_us: Array, done_us: Array, left: Column, time_us: float, row: int) -> int:
    flying = left[(sent_us[left] <= time_us) & ~(done_us[left] <= time_us)]
    if row in flying:
        return row
    if flying.size:
        return int(flying[np.argmax(sent_us[flying])])
    later = left[sent_us[left] > time_us]
    return int(later[np.argmin(sent_us[later])] if later.size else left[np.argmax(sent_us[left])])


def _title(run: Run, row: int, frame: Frame) -> str:
    parts = [f"Frame {row}"]
    if int(run.frames["arm"].max()):
        parts.append(f"pair {int(run.frames['pair'][row])}")
        parts.append(f"half to {run.network.node_names[int(run.frames['destination'][row])]}")
    if (frame.attempt or 1) > 1:
        parts.append(f"attempt {frame.attempt}")
    return ", ".join(parts)


def _at(run: Run, row: int, time_us: float) -> tuple[Frame, str]:
    """Header of a frame of the run at one moment, and where the frame is then."""
    number = int(run.frames["frame"][row])
    legs = {name: column[run.legs["frame"] == number] for name, column in run.legs.items()}
    order = np.argsort(legs["header_out_us"], kind="stable")
    last = int(order[max(0, int(np.searchsorted(legs["header_out_us"][order], time_us, side="right")) - 1)])
    leg = {name: column[last] for name, column in legs.items()}
    attempt = int(leg["attempt"])
    gone = (legs["attempt"] == attempt) & (legs["hop"] <= leg["hop"])
    end_us, kind, reason = _end(run, number, attempt)
    held_us = _held_us(run, leg, min(time_us, end_us))
    stored_us = float(legs["dwell_us"][gone].sum()) + held_us
    frame = scenario_frame(run.scenario)
    payload_us = run.scenario.source.payload_us
    frame = replace(
        frame,
        destination=station_address(int(run.frames["destination"][row])),
        source=station_address(int(run.frames["source"][row])),
        payload_duration_us=max(0.0, payload_us - float(leg["lost_us"])),
        memory_time_us=stored_us,
        guard_us=max(0.0, float(leg["payload_out_us"] + leg["lost_us"] - leg["header_out_us"])),
        frame_id=number,
        attempt=attempt,
    )
    tail, head = (run.network.node_names[int(leg[end])] for end in ("from_node", "to_node"))
    if time_us >= end_us:
        return frame, f"delivered to {head}" if kind == EventKind.DELIVERED else f"dropped at {head}: {REASONS[reason]}"
    if time_us < leg["header_out_us"]:
        return frame, f"before it leaves {tail}"
    if held_us:
        return frame, f"in the memory of {head}, header as it would leave now"
    if time_us < leg["header_in_us"]:
        return frame, f"header on its way from {tail} to {head}"
    reads = Discipline(run.scenario.switch.discipline).reads_header and leg["to_node"] != run.frames["destination"][row]
    if reads and time_us < leg["header_in_us"] + run.scenario.switch.processing_us:
        return frame, f"header being read by {head}"
    return frame, f"header at {head}, payload behind it"


def _held_us(run: Run, leg: dict[str, np.generic], time_us: float) -> float:
    """How long the payload has been in the memory it is in; zero when it is in none. [us]"""
    events = run.events
    mine = (
        (events["frame"] == leg["frame"]) & (events["attempt"] == leg["attempt"]) & (events["node"] == leg["to_node"])
    )
    stored = events["time_us"][mine & (events["kind"] == EventKind.STORED) & (events["time_us"] <= time_us)]
    return float(time_us - stored[-1]) if stored.size else 0.0


def _end(run: Run, number: int, attempt: int) -> tuple[float, int, str]:
    """When and how an attempt ended; infinity for one that is still on its way. [us]"""
    events = run.events
    mine = (events["frame"] == number) & (events["attempt"] == attempt)
    ends = np.flatnonzero(mine & ((events["kind"] == EventKind.DROPPED) | (events["kind"] == EventKind.DELIVERED)))
    if not ends.size:
        return np.inf, -1, ""
    return float(events["time_us"][ends[-1]]), int(events["kind"][ends[-1]]), str(events["reason"][ends[-1]])
