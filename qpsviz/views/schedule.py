"""A run as the page animates it: typed columns, made once, from the run alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qpsviz.sim.marks import KINDS
from qpsviz.units import quantity
from qpsviz.views.ledger import ledger
from qpsviz.views.pairs import pair_fidelities

if TYPE_CHECKING:
    from qpsviz.sim import Run

#: What each kind of event says; a number on screen belongs to the frame as people count, from 1.
TEMPLATES: dict[str, str] = {
    "SETUP": "{node} reserves a channel for the session of frame {frame}.",
    "BLOCKED": "{node} has no free channel: the set-up for frame {frame} is blocked.",
    "CONFIRMED": "The whole path is reserved: frame {frame} may start.",
    "TEARDOWN": "{node} frees the reserved channel.",
    "NOTICE": "The sender learns that frame {frame} was dropped.",
    "RETRANSMIT": "Frame {frame} will be sent again, with more guard time.",
    "HEADER_OUT": "{node} sends the header of frame {frame}; {note}.",
    "HEADER_IN": "The header of frame {frame} reaches {node}.",
    "HEADER_READ": "{node} has read the header of frame {frame}.",
    "PAYLOAD_OUT": "The first qubit of frame {frame} leaves {node}, unmeasured.",
    "PAYLOAD_IN": "The first qubit of frame {frame} reaches {node}.",
    "STORED": "{node} holds the qubits of frame {frame} in its memory.",
    "RELEASED": "{node} releases the qubits of frame {frame} from its memory.",
    "TRAILER_OUT": "{node} sends the trailer of frame {frame}.",
    "TRAILER_IN": "The trailer of frame {frame} reaches {node}.",
    "DELIVERED": "Frame {frame} is delivered to {node}.",
    "DROPPED": "{node} drops frame {frame}: {note}.",
}

#: A drop's reason as a person reads it, beside the mark and in the sentence.
REASONS: dict[str, str] = {
    "CONTENTION": "port busy",
    "LATE": "header late",
    "EXPIRED": "stored too long",
    "MEMORY_FULL": "memory full",
    "BLOCKED": "path taken",
}
FLYING, ARRIVED = -1, 0


def schedule(run: Run) -> dict[str, Any]:
    """Everything the player, the time line and the event log need.

    Parameters
    ----------
    run : Run
        What happened.

    Returns
    -------
    dict
        Nodes, links, numbers and the columns ``legs`` and ``events``; times in us, places in km.
    """
    scenario = run.scenario
    nodes = _nodes(run)
    legs = _legs(run)
    events = run.events
    kinds = sorted(TEMPLATES)
    number_of = {name: kinds.index(name) for name in kinds}
    numbers = np.array([number_of[name] for name in KINDS], dtype=np.int64)
    kind = numbers[events["kind"]] if len(events) else np.zeros(0, dtype=np.int64)
    duration = float(events["time_us"][-1]) if len(events) else 1.0
    keeps = scenario.path.layout == "sender"
    return {
        "nodes": nodes,
        "links": _links(run),
        "speed": scenario.fibre.speed_km_per_us,
        "duration": duration + scenario.source.spacing_us,
        "payload": scenario.source.n_qubits * scenario.source.spacing_us,
        "spacing": scenario.source.spacing_us,
        "qubits": scenario.source.n_qubits,
        "processing": scenario.switch.processing_us,
        "reads": scenario.switch.processing_us > 0 and scenario.switch.discipline != "circuit",
        "dwells": scenario.switch.discipline == "store",
        "keeps": keeps,
        "sourceNode": next(i for i, node in enumerate(nodes) if node["role"] in ("sender", "source")),
        "fates": ["", *REASONS.values()],
        "dropKinds": [number_of["DROPPED"], number_of["BLOCKED"]],
        "description": _description(run),
        "legs": legs,
        "events": {
            "time": events["time_us"],
            "kind": kind,
            "frame": run.frames["pair"][events["frame"]],
            "node": events["node"],
        },
        "notes": _notes(run),
        "ledger": ledger(run),
    }


def templates() -> list[str]:
    """Templates by the number that :func:`schedule` gives their kind."""
    return [TEMPLATES[name] for name in sorted(TEMPLATES)]


def _nodes(run: Run) -> list[dict[str, Any]]:
    network = run.network
    rows = zip(network.node_names, network.roles, network.x_km.tolist(), network.y_km.tolist(), strict=True)
    return [{"name": name, "role": role, "x": x, "y": y} for name, role, x, y in rows]


def _links(run: Run) -> list[dict[str, Any]]:
    """Fibres, each drawn once even when light goes both ways."""
    network = run.network
    ends = zip(network.link_from.tolist(), network.link_to.tolist(), network.link_km.tolist(), strict=True)
    fibres = {tuple(sorted((tail, head))): length for tail, head, length in ends}
    return [{"from": a, "to": b, "length": length} for (a, b), length in fibres.items()]


def _legs(run: Run) -> dict[str, Any]:
    legs, frames, x_km = run.legs, run.frames, np.asarray(run.network.x_km, dtype=np.float64)
    n = len(legs)
    frame, attempt = legs["frame"], legs["attempt"]
    order = np.lexsort((legs["hop"], attempt, frame))
    after = np.full(n, -1)
    same = (frame[order][1:] == frame[order][:-1]) & (attempt[order][1:] == attempt[order][:-1])
    after[order[:-1][same]] = order[1:][same]
    end, end_us = _ends(run)
    f_out, f_in, f_end = pair_fidelities(run, after)
    return {
        "frame": frame,
        "hop": legs["hop"],
        "to": legs["to_node"],
        "x0": x_km[legs["from_node"]],
        "x1": x_km[legs["to_node"]],
        "h0": legs["header_out_us"],
        "h1": legs["header_in_us"],
        "p0": legs["payload_out_us"],
        "lost": legs["lost_us"],
        "next": after,
        "end": np.where(after >= 0, FLYING, end),
        "endTime": end_us,
        "doneTime": frames["done_us"][frame],
        "f0": f_out,
        "f1": f_in,
        "fEnd": f_end,
    }


def _ends(run: Run) -> tuple[Any, Any]:
    """How and when the attempt ended that each leg belongs to."""
    legs, events, frames = run.legs, run.events, run.frames
    n_attempts = int(frames["attempts"].max(initial=1)) + 1
    name = legs["frame"].astype(np.int64) * n_attempts + legs["attempt"]
    fate = np.full(len(frames) * n_attempts, FLYING)
    time_us = np.full(len(fate), np.inf)
    words = np.array(["", *REASONS])
    for kind in ("DROPPED", "DELIVERED"):
        rows = np.flatnonzero(events["kind"] == KINDS.index(kind))
        places = events["frame"][rows].astype(np.int64) * n_attempts + events["attempt"][rows]
        found = np.argmax(events["reason"][rows][:, None] == words, axis=1) if kind == "DROPPED" else ARRIVED
        fate[places], time_us[places] = found, events["time_us"][rows]
    return fate[name], time_us[name]


def _notes(run: Run) -> list[str]:
    """A few words per event where its kind alone does not say enough."""
    legs = run.legs
    guards = {
        key: quantity(guard, "us", trimmed=True)
        for key, guard in zip(
            zip(legs["frame"].tolist(), legs["attempt"].tolist(), legs["from_node"].tolist(), strict=True),
            (legs["payload_out_us"] - legs["header_out_us"]).tolist(),
            strict=True,
        )
    }
    notes = []
    events = run.events
    rows = zip(
        events["kind"].tolist(),
        events["frame"].tolist(),
        events["attempt"].tolist(),
        events["node"].tolist(),
        events["reason"].tolist(),
        strict=True,
    )
    for kind, frame, attempt, node, reason in rows:
        name = KINDS[kind]
        if name == "HEADER_OUT":
            notes.append(f"guard now {guards.get((frame, attempt, node), '0')}")
        elif name == "DROPPED":
            notes.append(REASONS[reason])
        else:
            notes.append("")
    return notes


def _description(run: Run) -> str:
    path = run.scenario.path
    return (
        f"{len(run.frames)} frames of {run.scenario.source.n_qubits} qubits on a line of "
        f"{quantity(path.length_km, 'km', n_digits=6, trimmed=True)}, {run.scenario.switch.discipline} switching"
    )
