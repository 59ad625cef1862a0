"""What the elements of a key cost: path, ports, detection and distillation, light beside it, source and block."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from qpsviz.closed_form.costs import CostKind, Element, path_elements, priced
from qpsviz.closed_form.quantities import Quantities
from qpsviz.closed_form.routing import Routing
from qpsviz.noise.classical_light import has_light
from qpsviz.units import Array, db_from_eta


def key_elements(quantities: Quantities, of: str) -> Iterator[Element]:
    """Elements of a key in the order of :func:`qpsviz.closed_form.budget.budget`, which lists what ``of`` may be."""
    yield from _perfect_photons(quantities)
    rate = quantities.key_rate()
    if of != "key_rate":
        before, rate = rate, quantities.key_rate_decoy()
        yield from priced("weak pulses with decoys", CostKind.SOURCE, 0.0, _less_db(before, rate))
    if of == "key_rate_finite":
        lost_db = _less_db(rate, quantities.key_rate_finite())
        yield from priced("finite block", CostKind.BLOCK, float(quantities.single_path.length_km), lost_db)


def _less_db(before: Array, after: Array) -> float:
    """From one key rate to the next; nothing is left to lose once there is no key. [dB]"""
    return float(db_from_eta(after)) - float(db_from_eta(before)) if before > 0 else 0.0


def _perfect_photons(quantities: Quantities) -> Iterator[Element]:
    path, length_km, relay = quantities.single_path, float(quantities.single_path.length_km), 0
    at_relay = list(_refusals(quantities))
    yield from _attempts(quantities)
    for element in path_elements(path):
        yield element
        if element.kind is CostKind.FIBRE and relay < len(at_relay):
            at_km = (relay + 1) * length_km / (len(at_relay) + 1)
            for name, refused_db in at_relay[relay]:
                yield from priced(name, CostKind.ROUTING, at_km, refused_db)
            relay += 1
    is_lit = has_light(quantities.values)
    unlit = Quantities(quantities.values.without_light()) if is_lit else quantities
    yield from priced("detector", CostKind.DETECTOR, length_km, _detected_db(unlit))
    yield from priced("distillation", CostKind.DISTILLATION, length_km, _distilled_db(unlit))
    if is_lit:
        yield from priced("classical light", CostKind.LIGHT, length_km, _light_db(unlit, quantities))


def _detected_db(quantities: Quantities) -> float:
    """From light that arrives to clicks, negative where most of these are dark. [dB]

    Where too little arrives for a number, its loss is still one.
    """
    path, clicked_db = quantities.single_path, float(db_from_eta(quantities.gain()))
    arrived = float(path.channel.eta)
    arrived_db = float(db_from_eta(arrived)) if arrived > 0 else float(path.loss_db)
    return clicked_db - (arrived_db if arrived_db < math.inf else 0.0)


def _distilled_db(quantities: Quantities) -> float:
    """What distillation takes of the clicks. [dB]"""
    return float(db_from_eta(max(0.0, float(quantities.secret_share()))))


def _light_db(unlit: Quantities, lit: Quantities) -> float:
    """What stray light takes of the key: more to distil, less the clicks that it adds; nothing without a key. [dB]"""
    before_db, after_db = _distilled_db(unlit), _distilled_db(lit)
    if math.isinf(before_db):
        return 0.0
    if math.isinf(after_db):  # then clicks that the light adds, to however few, are worth nothing
        return math.inf
    return after_db - before_db + float(db_from_eta(lit.gain())) - float(db_from_eta(unlit.gain()))


def _only_later_attempts(routing: Routing) -> bool:
    """Whether the first attempt never gets through and a later one may: then no relay can be charged for it."""
    return bool(routing.retention == 0 and routing.retention_per_channel_time > 0)


def _attempts(quantities: Quantities) -> Iterator[Element]:
    """Channel time of the guard, and what attempts after the first cost or bring."""
    routing = quantities.key_routing
    in_the_end_db = float(db_from_eta(routing.retention_per_channel_time))
    if _only_later_attempts(routing):
        yield from priced("all attempts", CostKind.ROUTING, 0.0, in_the_end_db)
        return
    yield from priced("guard time", CostKind.ROUTING, 0.0, db_from_eta(routing.payload_share))
    if in_the_end_db < math.inf and np.any(np.asarray(quantities.values.max_attempts) > 1):
        yield from priced(
            "further attempts", CostKind.ROUTING, 0.0, in_the_end_db - float(db_from_eta(routing.retention))
        )


def _refusals(quantities: Quantities) -> Iterator[tuple[tuple[str, float], ...]]:
    """What each relay costs one attempt: its port that may be taken, and the payload that it cuts off or drops. [dB]"""
    values = quantities.values
    busy_db = 0.0 if values.discipline.stores else float(db_from_eta(values.p_free))
    refused = "late payload" if values.discipline.overtakes else "cut-off or full memory"
    if values.discipline.stores and np.any(np.equal(values.p_free, 0)):
        refused = "port that is never free"
    for i, lost_db in enumerate(_lost_db(quantities)):
        if _only_later_attempts(quantities.key_routing):
            yield ()
        else:
            yield (f"busy port of relay {i + 1}", busy_db), (f"{refused} at relay {i + 1}", float(lost_db))


def _lost_db(quantities: Quantities) -> Array:
    """Payload that each relay cuts off, discards or lets expire, beyond what the relays before it did. [dB]"""
    up_to = Quantities(
        quantities.values.replace(n_relays=np.arange(int(quantities.single_path.n_relays) + 1))
    ).payload_kept()
    kept = np.broadcast_to(up_to, int(quantities.single_path.n_relays) + 1)
    left = np.where(kept[:-1] > 0, kept[1:] / np.where(kept[:-1] > 0, kept[:-1], 1.0), 1.0)
    return db_from_eta(left)
