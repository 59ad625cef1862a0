"""A run as the page animates it: typed columns, made once, from the run alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.noise.storage import kind_of
from qpsviz.protocols import epr
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.layout import Layout
from qpsviz.session.film import places
from qpsviz.session.film.ledger import ledger
from qpsviz.session.film.pairs import pair_fidelities
from qpsviz.session.film.sentences import TEMPLATES, kind_names, notes, number_of, templates
from qpsviz.session.film.signals import LOOKS, signal_kinds, signals
from qpsviz.sim.engine.marks import EventKind
from qpsviz.sim.results.photon_luck import photon_key
from qpsviz.sim.results.signals import Signal
from qpsviz.switch.fates import DROPS, REASONS, Fate
from qpsviz.switch.relay import Relay, kept_half
from qpsviz.units import Column, quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.film import EventColumns, FrameColumns, KeptHalf, LegColumns, Schedule, SignalColumns
    from qpsviz.sim import Run

__all__ = ["ARRIVED", "FLYING", "TEMPLATES", "schedule", "templates"]

FLYING, ARRIVED = -1, 0
_KEPT_STEPS = 129


def schedule(run: Run) -> Schedule:
    """Everything the player, the time line and the event log need.

    Parameters
    ----------
    run : Run
        What happened, on any network.

    Returns
    -------
    dict
        Nodes, links, numbers and the columns ``legs``, ``events``, ``signals`` and ``frames``; times in us, places in
        km. Frames are numbered by their row in ``run.frames``.

    Raises
    ------
    ValueError
        If the run kept only its frames.
    """
    scenario, messages = run.scenario, signals(run)
    events, words = _events(run, messages)
    legs = _legs(run)
    return {
        "network": run.network.name,
        "line": places.is_line(run.network),
        "nodes": places.nodes(run.network),
        "links": places.links(run.network),
        "paths": places.paths(run),
        "speed": scenario.fibre.speed_km_per_us,
        "duration": _duration(run, messages) + scenario.source.spacing_us,
        "payload": scenario.source.payload_us,
        "spacing": scenario.source.spacing_us,
        "qubits": scenario.source.n_qubits,
        "arms": _n_arms(run),
        "attempts": scenario.switch.max_attempts,
        "wavelengths": scenario.switch.n_wavelengths,
        "memory": scenario.memory.memory_qubits if math.isfinite(scenario.memory.memory_qubits) else None,
        "processing": scenario.switch.processing_us,
        "reads": scenario.switch.processing_us > 0 and Discipline(scenario.switch.discipline).reads_header,
        "reserves": Discipline(scenario.switch.discipline).sets_up,
        "dwells": Discipline(scenario.switch.discipline).stores,
        "erases": not kind_of(scenario.memory.storage).type.decoheres,
        "keeps": Layout(scenario.path.layout).keeps_half,
        "kept": _kept(run, legs),
        "key": photon_key(run),
        "fates": ["", *REASONS.values()],
        "refusal": 1 + DROPS.index(Fate.BLOCKED),
        "signalKinds": signal_kinds(),
        "dropKinds": [number_of("DROPPED"), number_of("BLOCKED")],
        "description": _description(run),
        "legs": legs,
        "signals": messages,
        "frames": _frames(run),
        "events": events,
        "notes": words,
        "ledger": ledger(run),
    }


def _n_arms(run: Run) -> int:
    return Layout(run.scenario.path.layout).n_arms


def _rows(run: Run, frame: Column) -> Column:
    """The number of a frame, which is its row in the table of frames."""
    return np.searchsorted(run.frames["frame"], frame).astype(np.int32)


def _frames(run: Run) -> FrameColumns:
    frames = run.frames
    return {
        "pair": frames["pair"],
        "session": frames["session"],
        "source": frames["source"],
        "destination": frames["destination"],
    }


def _duration(run: Run, messages: SignalColumns) -> float:
    """When the last thing happens that is drawn. [us]"""
    times = (run.events["time_us"], messages["in"], run.legs["trailer_in_us"])
    ends = [float(np.max(column)) for column in times if len(column)]
    return max(ends, default=1.0)


def _events(run: Run, messages: SignalColumns) -> tuple[EventColumns, list[str]]:
    """Events of the run and arrivals of messages, in order of time, and a note on each."""
    events = run.events
    numbers = {name: number_of(name) for name in TEMPLATES}
    arrivals = np.array([numbers[LOOKS[kind].arrival] for kind in Signal], dtype=np.int64)
    own = np.array([numbers[name] for name in kind_names(run)], dtype=np.int64)
    # The arrival of an answer at its source is an event of the run already.
    passing = messages["to"] != run.frames["source"][_rows(run, messages["frame"])]
    passing |= messages["kind"] == Signal.REFUSAL
    parts = {
        "time": (events["time_us"], messages["in"][passing]),
        "kind": (own, arrivals[messages["kind"][passing]]),
        "frame": (_rows(run, events["frame"]), _rows(run, messages["frame"][passing])),
        "attempt": (events["attempt"], messages["attempt"][passing]),
        "node": (events["node"], messages["to"][passing]),
    }
    columns = {name: np.concatenate(part) for name, part in parts.items()}
    # What a message brings about comes right behind its arrival.
    later = np.concatenate([np.ones(len(events), dtype=np.int8), np.zeros(int(passing.sum()), dtype=np.int8)])
    order = np.lexsort((later, columns["time"])) if passing.any() else np.arange(len(events))
    words = [*notes(run), *[""] * int(passing.sum())]
    ordered = {name: column[order] for name, column in columns.items()}
    return cast("EventColumns", ordered), [words[i] for i in order.tolist()]


def _legs(run: Run) -> LegColumns:
    legs, frames = run.legs, run.frames
    n = len(legs)
    frame, attempt, row = legs["frame"], legs["attempt"], _rows(run, legs["frame"])
    order = np.lexsort((legs["hop"], attempt, frame))
    after = np.full(n, -1)
    same = (frame[order][1:] == frame[order][:-1]) & (attempt[order][1:] == attempt[order][:-1])
    after[order[:-1][same]] = order[1:][same]
    end, end_us = _ends(run)
    f_out, f_in, f_end = pair_fidelities(run, after)
    return {
        "frame": row,
        "attempt": attempt,
        "hop": legs["hop"],
        "from": legs["from_node"],
        "to": legs["to_node"],
        "lane": places.lanes(run.network)[legs["link"]],
        "channel": legs["channel"],
        "home": legs["to_node"] == frames["destination"][row],
        "h0": legs["header_out_us"],
        "h1": legs["header_in_us"],
        "p0": legs["payload_out_us"],
        "t0": legs["trailer_out_us"],
        "lost": legs["lost_us"],
        "next": after,
        "end": np.where(after >= 0, FLYING, end),
        "endTime": end_us,
        "doneTime": frames["done_us"][row],
        "eta0": legs["eta_out"],
        "eta1": legs["eta_in"],
        "f0": f_out,
        "f1": f_in,
        "fEnd": f_end,
    }


def _kept(run: Run, legs: LegColumns) -> KeptHalf | None:
    """How the half that a sender keeps fades while it waits: fidelity at even steps of the longest wait."""
    if not Layout(run.scenario.path.layout).keeps_half:
        return None
    stay_us = legs["doneTime"] - legs["p0"]
    longest_us = float(np.max(stay_us, where=np.isfinite(stay_us), initial=0.0)) or 1.0
    waits_us = np.linspace(0.0, longest_us, _KEPT_STEPS)
    half = kept_half(Relay.of(run.scenario.values()), waits_us, decays=run.scenario.path.partner_noise)
    return {"longest": longest_us, "f": np.broadcast_to(epr.fidelity(half, QubitChannel.identity()), waits_us.shape)}


def _ends(run: Run) -> tuple[Column, Column]:
    """How and when the attempt ended that each leg belongs to."""
    legs, events, frames = run.legs, run.events, run.frames
    n_attempts = int(max(frames["attempts"].max(initial=1), events["attempt"].max(initial=1))) + 1
    name = _rows(run, legs["frame"]).astype(np.int64) * n_attempts + legs["attempt"]
    fate = np.full(len(frames) * n_attempts, FLYING)
    time_us = np.full(len(fate), np.inf)
    words = np.array(["", *REASONS])
    for kind in (EventKind.DROPPED, EventKind.DELIVERED):
        rows = np.flatnonzero(events["kind"] == kind)
        places_of = _rows(run, events["frame"][rows]).astype(np.int64) * n_attempts + events["attempt"][rows]
        found = np.argmax(events["reason"][rows][:, None] == words, axis=1) if kind is EventKind.DROPPED else ARRIVED
        fate[places_of], time_us[places_of] = found, events["time_us"][rows]
    return fate[name], time_us[name]


def _description(run: Run) -> str:
    path, network = run.scenario.path, run.network
    pairs = f" ({len(run.frames) // 2} pairs)" if _n_arms(run) == 2 else ""
    frames = f"{len(run.frames)} frames{pairs} of {run.scenario.source.n_qubits} qubits"
    where = f"network “{network.name}” of {network.n_nodes} nodes"
    if _is_own(run):
        where = f"a line of {quantity(path.length_km, 'km', n_digits=6, trimmed=True)}"
    elif places.is_line(network):
        where = f"a line of {network.n_nodes} nodes"
    discipline = Discipline(run.scenario.switch.discipline).label
    return f"{frames} on {where}, {discipline} switching, seed {run.seed}"


def _is_own(run: Run) -> bool:
    """Whether the line is the one that the scenario describes."""
    return run.network == type(run.network).of(run.scenario)
