"""The headers and trailers of a run, as a capture file that a network analyser opens."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qpsviz.errors import nearest
from qpsviz.frame import Dialect, Frame, FrameError, frame_packets, station_address, write_capture
from qpsviz.scenario import Scenario
from qpsviz.sim.results.run import Run
from qpsviz.switch.codes import CODES
from qpsviz.units import Array, Column


def write_headers(run: Run, path: str | Path, *, dialect: Dialect = "paper", node: str | None = None) -> int:
    """Write the classical ends of every frame, at both ends of every link, in order of time.

    Parameters
    ----------
    run : Run
        A run that kept its legs.
    path : str or path
        ``.pcapng`` or ``.pcap``.
    dialect : str
        ``"paper"`` or ``"lldp"``.
    node : str, optional
        Name of the only node whose headers are written: what a ``.pcap`` cannot say of each packet.

    Returns
    -------
    int
        Packets written.

    Raises
    ------
    ValueError
        If the run kept only its frames, or suffix, dialect or node are unknown.
    OSError
        If the file cannot be written.

    Notes
    -----
    Each header tells the payload and the guard as they are on that link, and the time spent in memories so far. Set-up
    messages and notices are left out: the paper gives them no format.
    """
    columns, names = _columns(run), run.network.node_names
    if node is not None:
        if node not in names:
            raise FrameError("node", f"the network has no node {node!r}{nearest(node, names)}")
        seen = columns["node"] == names.index(node)
        columns = {name: column[seen] for name, column in columns.items()}
    packets = frame_packets(template(run.scenario), dialect=dialect, **columns)
    return write_capture(path, packets, nodes=names)


def template(scenario: Scenario) -> Frame:
    """What every header of a scenario says alike.

    Raises
    ------
    FrameError
        If a value does not fit into a frame.
    """
    code = CODES.get(scenario.switch.correction)
    return Frame(
        destination=station_address(1),
        source=station_address(0),
        role="header",
        payload_duration_us=scenario.source.payload_us,
        n_qubits=scenario.source.n_qubits,
        spacing_us=scenario.source.spacing_us,
        cutoff_us=scenario.memory.cutoff_us,
        error_correction=code.symbol if code else None,
    )


def _columns(run: Run) -> dict[str, Column]:
    """One row per packet, in order of time: header out, header in, trailer out, trailer in of every leg."""
    legs, frames = run.legs, run.frames
    place = np.searchsorted(frames["frame"], legs["frame"])
    once = {
        "source": frames["source"][place],
        "destination": frames["destination"][place],
        "frame_id": legs["frame"],
        "attempt": legs["attempt"],
        "payload_duration_us": run.scenario.source.payload_us - legs["lost_us"],
        "memory_time_us": dwell_so_far_us(legs["dwell_us"], legs["hop"]),
        "guard_us": legs["payload_out_us"] + legs["lost_us"] - legs["header_out_us"],
    }
    ends = (("header_out_us", "from_node"), ("header_in_us", "to_node"),
            ("trailer_out_us", "from_node"), ("trailer_in_us", "to_node"))  # fmt: skip
    time_us = np.concatenate([legs[time] for time, _ in ends])
    order = np.argsort(time_us, kind="stable")
    order = order[time_us[order] >= 0]
    rows = {name: np.tile(column, 4)[order] for name, column in once.items()}
    for name in ("payload_duration_us", "guard_us", "memory_time_us"):
        rows[name] = np.maximum(rows[name], 0.0)
    kind = np.repeat(np.arange(4), len(legs))[order]
    node = np.concatenate([legs[node] for _, node in ends])[order]
    return rows | {"time_us": time_us[order], "node": node, "trailer": kind >= 2, "outbound": kind % 2 == 0}


def dwell_so_far_us(dwell_us: Array, hop: Column) -> Array:
    """Time in memories up to each leg, for legs sorted by flight and hop. [us]"""
    total = np.cumsum(dwell_us)
    first = np.flatnonzero(hop == 0)
    before = total[first] - dwell_us[first]
    return total - np.repeat(before, np.diff(np.append(first, hop.size)))
