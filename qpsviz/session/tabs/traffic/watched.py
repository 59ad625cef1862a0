"""One run to watch: what every link and station did, when frames crossed links, and who waited where."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qpsviz.experiments.variants import VARIANTS
from qpsviz.network import Network
from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.session.tabs.traffic.choices import Choice
from qpsviz.sim import Run, simulate
from qpsviz.switch.fates import DROPS, REASONS, Fate
from qpsviz.table import Table
from qpsviz.units import Array, Column, quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.traffic import TrafficLegs, TrafficRun, TrafficWaits

#: Legs that a run to watch has at most, and frames; plain Python simulates them in about a second.
MOST_LEGS, MOST_FRAMES = 25_000, 4_000
#: Frames where circuits ask again, which takes up to a hundred set-ups each.
MOST_FRAMES_QUEUED = 400
#: Payloads that are on their way at the same time and drawn, about.
MOST_DRAWN = 240


class Waits(NamedTuple):
    """When the number that waits at a station changes, in order of time; for which link, -1 where that is not said."""

    time_us: Array
    node: Column
    link: Column
    step: Column


def watched_run(scenario: Scenario, network: Network, choice: Choice, seed: int) -> Run:
    """Simulate what the map shows.

    Parameters
    ----------
    scenario : Scenario
        Fibre, memories, switches and frames.
    network : Network
        Where.
    choice : Choice
        Who sends when, and how it is switched.
    seed : int
        That of the page.
    """
    hops = float(np.mean(network.hops_between_ends))
    switched = VARIANTS[choice.variant].of(scenario)
    asks_again = Discipline(switched.switch.discipline).sets_up and switched.switch.max_attempts > 1
    most = max(MOST_FRAMES_QUEUED, choice.n_frames_per_session * 20) if asks_again else MOST_FRAMES
    n_frames = max(200, min(most, int(MOST_LEGS / hops)))
    return simulate(
        switched, network=network, traffic=choice.traffic(n_frames), seed=seed, record="all", engine="python"
    )  # fmt: skip


def relay_waits(legs: Table) -> Waits:
    """Payloads that dwell at a relay before a leg."""
    dwelt = (legs["hop"] > 0) & (legs["dwell_us"] > 0)
    out_us = legs["payload_out_us"][dwelt]
    return _in_order(out_us - legs["dwell_us"][dwelt], out_us, legs["from_node"][dwelt], legs["link"][dwelt])


def source_waits(frames: Table) -> Waits:
    """Frames that are offered and whose first header has not left, or whose circuit is not there yet."""
    sent_us = np.where(np.isnan(frames["sent_us"]), frames["done_us"], frames["sent_us"])
    waits = sent_us > frames["offered_us"]
    source = frames["source"][waits]
    return _in_order(frames["offered_us"][waits], sent_us[waits], source, np.full(source.size, -1))


def _in_order(begin_us: Array, end_us: Array, node: Column, link: Column) -> Waits:
    time_us = np.concatenate([begin_us, end_us])
    step = np.repeat([1, -1], [begin_us.size, end_us.size])
    order = np.lexsort((-step, time_us))
    nodes, links, steps = (np.concatenate(c)[order].astype(np.int32) for c in ((node, node), (link, link), (step,)))
    return Waits(time_us[order], nodes, links, steps)


def lost_at(frames: Table, legs: Table) -> tuple[Column, Column]:
    """Rows of the frames that were dropped, and the station of each: the end of its last leg, or its source."""
    dropped = np.flatnonzero(np.isin(frames["fate"], [fate.value for fate in DROPS]))
    last: Column = frames["source"].astype(np.int64).copy()
    row = np.full(int(frames["frame"].max(initial=-1)) + 1, -1, dtype=np.int64)
    row[frames["frame"]] = np.arange(len(frames))
    of_last = legs["attempt"] == frames["attempts"][row[legs["frame"]]]
    last[row[legs["frame"][of_last]]] = legs["to_node"][of_last]
    return dropped, last[dropped]


def shown(run: Run, choice: Choice) -> TrafficRun:
    """A run as the tab draws it.

    Parameters
    ----------
    run : Run
        What :func:`watched_run` made.
    choice : Choice
        How it was made.

    Returns
    -------
    dict
        Times in us. ``legs``: of the frames that are drawn, in order of departure, the link, when the payload's first
        and last surviving parts leave, and the frame. ``lost``: when and where frames were dropped, and why. ``waits``
        and ``source_waits``: how many wait, in steps. ``links`` and ``nodes``: counts of the whole run.
    """
    frames, legs, network = run.frames, run.legs, run.network
    dropped, node = lost_at(frames, legs)
    words = [fate.value for fate in DROPS]
    reason = np.array([words.index(fate) for fate in frames["fate"][dropped]], dtype=np.int32)
    order = np.argsort(frames["done_us"][dropped], kind="stable")
    links = run.links
    n_lost = np.bincount(node, minlength=network.n_nodes)
    delivered = frames["fate"] == Fate.DELIVERED
    relay, source = relay_waits(legs), source_waits(frames)
    share = _drawn_share(run)
    return {
        "choice": choice.text,
        "duration": run.summary()["duration_us"],
        "payload": run.scenario.source.payload_us,
        "speed": run.scenario.fibre.speed_km_per_us,
        "one_of": share,
        "legs": _drawn_legs(frames, legs, run.scenario.source.payload_us, share),
        "lost": {"time": frames["done_us"][dropped][order], "node": node[order].astype(np.int32), "why": reason[order]},
        "reasons": list(REASONS.values()),
        "waits": _told(relay),
        "source_waits": _told(source),
        "links": {
            "utilisation": links["utilisation"],
            "n_frames": links["n_frames"].astype(np.int32),
            "n_waiting": links["n_waiting"],
            "offered": choice.traffic(1).offered_load(network),
        },
        "nodes": {
            "sent": np.bincount(frames["source"], minlength=network.n_nodes).astype(np.int32),
            "received": np.bincount(frames["destination"][delivered], minlength=network.n_nodes).astype(np.int32),
            "lost": n_lost.astype(np.int32),
        },
        "facts": facts(run),
    }


def _told(waits: Waits) -> TrafficWaits:
    return {"time": waits.time_us, "node": waits.node, "link": waits.link, "step": waits.step}


def _drawn_share(run: Run) -> int:
    """One of how many sessions is drawn."""
    legs, duration_us = run.legs, run.summary()["duration_us"]
    on_the_way_us = float(np.sum(legs["payload_in_us"] - legs["payload_out_us"] + run.scenario.source.payload_us))
    return max(1, math.ceil(on_the_way_us / max(duration_us, 1.0) / MOST_DRAWN))


def _drawn_legs(frames: Table, legs: Table, payload_us: float, one_of: int) -> TrafficLegs:
    session = np.zeros(int(frames["frame"].max(initial=-1)) + 1, dtype=np.int64)
    session[frames["frame"]] = frames["session"]
    chosen = np.flatnonzero(session[legs["frame"]] % one_of == 0)
    chosen = chosen[np.argsort(legs["payload_out_us"][chosen], kind="stable")]
    out_us = legs["payload_out_us"][chosen]
    return {
        "link": legs["link"][chosen].astype(np.int32),
        "first": out_us + legs["lost_us"][chosen],
        "last": out_us + payload_us,
        "frame": legs["frame"][chosen].astype(np.int32),
    }


def facts(run: Run) -> list[tuple[str, str]]:
    """What the run comes to, as pairs of a name and a number in words."""
    told = run.summary()
    found = [
        ("frames offered", f"{told['offered']:,}"),
        ("delivered", f"{100 * told['delivered_share']:.1f} %"),
        ("throughput", rate(told["throughput_qubits_hz"], "qubit")),
        ("time to arrival", quantity(told["latency_us"], "us")),
        ("fidelity", f"{told['fidelity']:.3f}"),
    ]
    return [(name, "none" if "nan" in text else text) for name, text in found]


def rate(rate_hz: float, of: str) -> str:
    """So many of something per second, with a prefix."""
    return quantity(rate_hz, "Hz").replace("Hz", f"{of}/s")
