"""Hop by hop: which element costs how much rate and how much fidelity."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from qpsviz.closed_form.idle_path import IdlePath
from qpsviz.closed_form.path import RelayPath
from qpsviz.closed_form.quantities import Quantities
from qpsviz.closed_form.routing import Routing
from qpsviz.errors import ParameterError, nearest
from qpsviz.noise import QubitChannel, loss
from qpsviz.noise.classical_light import has_light
from qpsviz.protocols import epr
from qpsviz.scenario import Scenario
from qpsviz.switch.path_channel import PathChannel
from qpsviz.switch.relay import kept_half
from qpsviz.units import Array, ArrayLike, db_from_eta

GOALS = ("fidelity", "key_rate", "key_rate_decoy", "key_rate_finite")


class CostKind(StrEnum):
    """What kind of element costs rate or fidelity."""

    FIBRE = "fibre"
    SWITCH = "switch"
    MEMORY = "memory"
    PARTNER_MEMORY = "partner memory"
    CORRECTION = "correction"
    ROUTING = "routing"
    DETECTOR = "detector"
    DISTILLATION = "distillation"
    LIGHT = "light"
    SOURCE = "source"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one element costs: a loss in dB, and the fidelity before and after it."""

    name: str
    kind: CostKind
    position_km: float
    loss_db: float
    before_fidelity: float
    after_fidelity: float

    @property
    def lost_fidelity(self) -> float:
        """Fidelity that this element costs; negative where relaxation brings two halves back together. [1]"""
        return self.before_fidelity - self.after_fidelity


@dataclass(frozen=True, kw_only=True)
class _Element:
    """One element of the path of one half: where it stands, its loss, and the half's whole path once it is behind.

    The whole path, because a correction changes what came before it; None where the half is left alone. ``pair`` is the
    state behind it where that is more than both halves by themselves.
    """

    name: str
    kind: CostKind
    position_km: float
    so_far: QubitChannel | None = None
    loss_db: float = 0.0
    second_half: bool = False
    pair: epr.PairState | None = None


def budget(scenario: Scenario, of: str = "fidelity") -> list[Cost]:
    """Where the fidelity of a pair, or the rate of a key, goes.

    Parameters
    ----------
    scenario : Scenario
        The scenario, on an idle path.
    of : str
        ``"fidelity"``: a pair on its layout's paths, from the source outwards, left before right, the kept half last.
        ``"key_rate"``: a pulse on the single path that BB84 uses, its detection and distillation, and last what
        classical light beside it adds to these. ``"key_rate_decoy"``: the same, and what weak pulses with decoys make
        less than perfect photons; ``"key_rate_finite"``: and what a block with an end makes less than an endless one.

    Returns
    -------
    list of Cost
        In that order; positions count from the sender, or from the left receiver of a split source. [km]

    Raises
    ------
    ParameterError
        If ``of`` is none of these.

    Notes
    -----
    Each element is charged what it changes when it is added to all elements before it, so the parts sum to the whole
    exactly: the lost fidelities to 1 - F, the losses to -10 log10 of the chance that both halves arrive, or of the
    key rate (infinite where there is none; what comes after that costs nothing). The order of the list decides how
    noise that overlaps is shared out. For a key, the fidelity is that of the pulse with a perfect partner, and one loss
    is a gain where dark counts add clicks.

    Examples
    --------
    >>> from qpsviz import preset
    >>> [(cost.name, round(cost.loss_db, 2)) for cost in budget(preset("fig7").replace(n_relays=1), "key_rate")]
    [('fibre 1', 10.0), ('busy port of relay 1', 3.01), ('late payload at relay 1', 0.04), ('fibre 2', 10.0),
     ('detector', 3.01), ('distillation', 0.01)]
    """
    if of not in GOALS:
        raise ParameterError("of", f"of = {of!r} must be one of {', '.join(GOALS)}{nearest(str(of), GOALS)}")
    quantities = Quantities(scenario.values())
    return _charged(_pair_elements(quantities) if of == "fidelity" else _key_elements(quantities, of))


def _charged(elements: Iterator[_Element]) -> list[Cost]:
    """Charge each element what it changes on top of all before it."""
    halves = [QubitChannel.identity(), QubitChannel.identity()]
    before, costs = 1.0, []
    for element in elements:
        if element.so_far is not None:
            halves[element.second_half] = element.so_far
        after = float((element.pair or epr.PairState.of(*halves)).fidelity)
        costs.append(
            Cost(
                name=element.name,
                kind=element.kind,
                position_km=element.position_km,
                loss_db=element.loss_db,
                before_fidelity=before,
                after_fidelity=after,
            )
        )
        before = after
    return costs


def _pair_elements(quantities: Quantities) -> Iterator[_Element]:
    arm, values = quantities.arm, quantities.values
    if values.layout.keeps_half:
        yield from _path(arm)
        if values.partner_noise:
            kept = kept_half(arm.relay, arm.delay_us, decays=True)
            yield _Element(
                name="kept half", kind=CostKind.PARTNER_MEMORY, position_km=0.0, so_far=kept, second_half=True,
                pair=quantities.pair,
            )  # fmt: skip
        return
    middle_km = float(arm.length_km)
    left = _path(arm, start_km=middle_km, outwards=-1, prefix="left ")
    right = _path(arm, start_km=middle_km, prefix="right ", second_half=True)
    for pair in zip(left, right, strict=True):
        yield from pair


def _path(
    path: RelayPath, *, start_km: float = 0.0, outwards: int = 1, prefix: str = "", second_half: bool = False
) -> Iterator[_Element]:
    """Fibres, memories, switches and corrections of one path in the order met, each with what it costs."""
    before = QubitChannel.identity()
    for name, kind, share, so_far in _stages(path, prefix):
        at_km = start_km + outwards * share * float(path.length_km)
        yield _Element(
            name=name, kind=kind, position_km=at_km, so_far=so_far, loss_db=_between_db(before, so_far),
            second_half=second_half,
        )  # fmt: skip
        before = so_far


def _stages(path: RelayPath, prefix: str) -> Iterator[tuple[str, CostKind, float, QubitChannel]]:
    """Name, kind, share of the length and the whole path so far; what changes nothing is left out."""
    if path.drawn is None:
        yield from _stages_of(path, prefix)
        return
    for name, kind, share, so_far in _stages_of(path.drawn, prefix):
        yield name, kind, share, path.drawn.mean_channel(so_far, of_photons=False)


def _stages_of(path: IdlePath, prefix: str) -> Iterator[tuple[str, CostKind, float, QubitChannel]]:
    n_relays, relay = int(np.max(path.n_relays)), path.relay
    channel = PathChannel.start(relay)
    for i in range(n_relays + 1):
        channel = channel.along(path.segment)
        yield f"{prefix}fibre {i + 1}", CostKind.FIBRE, (i + 0.5) / (n_relays + 1), channel.now
        if i == n_relays:
            break
        share, place = (i + 1) / (n_relays + 1), f"{prefix}relay {i + 1}"
        waited, held = path.waited(i), channel.along(relay.hold(path.held_us(i)))
        if np.any(path.held_us(i) > 0):
            yield f"memory of {place}", CostKind.MEMORY, share, held.now
        if waited is not None:
            held = held.along(waited)
            yield f"busy port of {place}", CostKind.MEMORY, share, held.now
        if float(relay.loss_db) > 0:
            yield f"switch of {place}", CostKind.SWITCH, share, held.along(loss(relay.loss_db)).now
        channel = channel.through(path.dwells_us[i])
        if path.port is not None and waited is not None:
            channel = channel.along(waited)
        if relay.corrects:
            yield f"q-processor of {place}", CostKind.CORRECTION, share, channel.now
    if relay.corrects:
        yield f"{prefix}decoding", CostKind.CORRECTION, 1.0, channel.arrived


def _between_db(before: QubitChannel, after: QubitChannel) -> float:
    """Loss from one stage of a path to the next; nothing is left to lose once no light is left. [dB]"""
    left = float(before.eta)
    return float(db_from_eta(float(after.eta) / left)) if left > 0 else 0.0


def _key_elements(quantities: Quantities, of: str) -> Iterator[_Element]:
    yield from _perfect_photons(quantities)
    rate = quantities.key_rate()
    if of != "key_rate":
        before, rate = rate, quantities.key_rate_decoy()
        yield from _priced("weak pulses with decoys", CostKind.SOURCE, 0.0, _less_db(before, rate))
    if of == "key_rate_finite":
        lost_db = _less_db(rate, quantities.key_rate_finite())
        yield from _priced("finite block", CostKind.BLOCK, float(quantities.single_path.length_km), lost_db)


def _less_db(before: Array, after: Array) -> float:
    """From one key rate to the next; nothing is left to lose once there is no key. [dB]"""
    return float(db_from_eta(after)) - float(db_from_eta(before)) if before > 0 else 0.0


def _perfect_photons(quantities: Quantities) -> Iterator[_Element]:
    path, length_km, relay = quantities.single_path, float(quantities.single_path.length_km), 0
    at_relay = list(_refusals(quantities))
    yield from _attempts(quantities)
    for element in _path(path):
        yield element
        if element.kind is CostKind.FIBRE and relay < len(at_relay):
            at_km = (relay + 1) * length_km / (len(at_relay) + 1)
            for name, refused_db in at_relay[relay]:
                yield from _priced(name, CostKind.ROUTING, at_km, refused_db)
            relay += 1
    is_lit = has_light(quantities.values)
    unlit = Quantities(quantities.values.without_light()) if is_lit else quantities
    detected_db = float(db_from_eta(unlit.gain())) - float(db_from_eta(path.channel.eta))
    yield from _priced("detector", CostKind.DETECTOR, length_km, detected_db)
    yield from _priced("distillation", CostKind.DISTILLATION, length_km, _distilled_db(unlit))
    if is_lit:
        yield from _priced("classical light", CostKind.LIGHT, length_km, _light_db(unlit, quantities))


def _distilled_db(quantities: Quantities) -> float:
    """What distillation takes of the clicks. [dB]"""
    return float(db_from_eta(max(0.0, float(quantities.secret_share()))))


def _light_db(unlit: Quantities, lit: Quantities) -> float:
    """What stray light takes of the key: more to distil, less the clicks that it adds; nothing without a key. [dB]"""
    before_db, after_db = _distilled_db(unlit), _distilled_db(lit)
    if math.isinf(before_db):
        return 0.0
    return after_db - before_db + float(db_from_eta(lit.gain())) - float(db_from_eta(unlit.gain()))


def _only_later_attempts(routing: Routing) -> bool:
    """Whether the first attempt never gets through and a later one may: then no relay can be charged for it."""
    return bool(routing.retention == 0 and routing.retention_per_channel_time > 0)


def _attempts(quantities: Quantities) -> Iterator[_Element]:
    """Channel time of the guard, and what attempts after the first cost or bring."""
    routing = quantities.key_routing
    in_the_end_db = float(db_from_eta(routing.retention_per_channel_time))
    if _only_later_attempts(routing):
        yield from _priced("all attempts", CostKind.ROUTING, 0.0, in_the_end_db)
        return
    yield from _priced("guard time", CostKind.ROUTING, 0.0, db_from_eta(routing.payload_share))
    if in_the_end_db < math.inf and np.any(np.asarray(quantities.values.max_attempts) > 1):
        yield from _priced(
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


def _priced(name: str, kind: CostKind, position_km: float, loss_db: ArrayLike) -> Iterator[_Element]:
    """An element that costs rate and no fidelity, unless it costs nothing."""
    if float(np.asarray(loss_db)) != 0:
        yield _Element(name=name, kind=kind, position_km=position_km, loss_db=float(np.asarray(loss_db)))
