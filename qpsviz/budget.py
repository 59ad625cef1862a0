"""Hop by hop: which element costs how much rate and how much fidelity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from qpsviz.applications import epr
from qpsviz.journey import Journey
from qpsviz.noise import QubitChannel
from qpsviz.parameter import ParameterError, nearest
from qpsviz.quantities import Point
from qpsviz.scenario import Scenario
from qpsviz.units import Array, ArrayLike, db_from_eta

GOALS = ("fidelity", "key_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one element costs: a loss in dB, and the fidelity before and after it.

    ``kind`` is fibre, switch, memory, partner memory, routing, detector or distillation.
    """

    name: str
    kind: str
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
    """One element of the way of one half: where it stands, what it does, and its loss."""

    name: str
    kind: str
    position_km: float
    channel: QubitChannel = field(default_factory=QubitChannel.identity)
    loss_db: float = 0.0
    second_half: bool = False


def budget(scenario: Scenario, of: str = "fidelity") -> list[Cost]:
    """Where the fidelity of a pair, or the rate of a key, goes.

    Parameters
    ----------
    scenario : Scenario
        The scenario, on an idle path.
    of : str
        ``"fidelity"``: a pair on its layout's ways, from the source outwards, left before right, the kept half last.
        ``"key_rate"``: a pulse on the single path that BB84 uses, then its detection and distillation.

    Returns
    -------
    list of Cost
        In that order; positions count from the sender, or from the left receiver of a split source. [km]

    Raises
    ------
    ParameterError
        If ``of`` is neither.

    Notes
    -----
    Each element is charged what it changes when it is added to all elements before it, so the parts sum to the whole
    exactly: the lost fidelities to 1 - F, the losses to -10 log10 of the chance that both halves arrive, or of the
    key rate R (infinite where there is none). The order of the list decides how noise that overlaps is shared out.
    For a key, the fidelity is that of the pulse with a perfect partner, and one loss is a gain where dark counts add
    clicks.

    Examples
    --------
    >>> from qpsviz import preset
    >>> [(cost.name, round(cost.loss_db, 2)) for cost in budget(preset("fig7").replace(n_relays=1), "key_rate")]
    [('fibre 1', 10.0), ('busy port of relay 1', 3.01), ('late payload at relay 1', 0.04), ('fibre 2', 10.0),
     ('detector', 3.01), ('distillation', 0.01)]
    """
    if of not in GOALS:
        raise ParameterError("of", f"of = {of!r} must be one of {', '.join(GOALS)}{nearest(str(of), GOALS)}")
    point = Point(scenario.flat())
    return _charged(_pair_elements(point) if of == "fidelity" else _key_elements(point))


def _charged(elements: Iterator[_Element]) -> list[Cost]:
    """Charge each element what it changes on top of all before it."""
    halves = [QubitChannel.identity(), QubitChannel.identity()]
    before, costs = 1.0, []
    for element in elements:
        halves[element.second_half] = halves[element.second_half].then(element.channel)
        after = float(epr.fidelity(*halves))
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


def _pair_elements(point: Point) -> Iterator[_Element]:
    arm, values = point.arm, point.values
    if values["layout"] == "sender":
        yield from _way(arm)
        if values["partner_noise"]:
            kept = arm.hold(arm.delay_us)
            yield _Element(name="kept half", kind="partner memory", position_km=0.0, channel=kept, second_half=True)
        return
    middle_km = float(arm.length_km)
    left = _way(arm, start_km=middle_km, outwards=-1, prefix="left ")
    right = _way(arm, start_km=middle_km, prefix="right ", second_half=True)
    for pair in zip(left, right, strict=True):
        yield from pair


def _way(
    way: Journey, *, start_km: float = 0.0, outwards: int = 1, prefix: str = "", second_half: bool = False
) -> Iterator[_Element]:
    """Fibres, memories and switches of one way in the order met; what changes nothing is left out."""
    n_relays, length_km = int(way.n_relays), float(way.length_km)
    fibre_db_per_km, switch_db = float(way.values["loss_db_per_km"]), float(way.values["insertion_loss_db"])
    span_km = length_km / (n_relays + 1)
    element = partial(_Element, second_half=second_half)
    for i in range(n_relays + 1):
        at_km = start_km + outwards * (i + 0.5) * span_km
        name = f"{prefix}fibre {i + 1}"
        yield element(
            name=name, kind="fibre", position_km=at_km, channel=way.segment, loss_db=fibre_db_per_km * span_km
        )
        if i < n_relays:
            at_km, relay = start_km + outwards * (i + 1) * span_km, f"{prefix}relay {i + 1}"
            if way.dwells_us[i] > 0:
                held = way.hold(way.dwells_us[i])
                yield element(name=f"memory of {relay}", kind="memory", position_km=at_km, channel=held)
            if switch_db > 0:
                yield element(name=f"switch of {relay}", kind="switch", position_km=at_km, loss_db=switch_db)


def _key_elements(point: Point) -> Iterator[_Element]:
    way, values = point.single_path, point.values
    n_relays, length_km = int(way.n_relays), float(way.length_km)
    payload_us, guard_us = float(way.payload_us), float(values["guard_us"])
    yield from _priced("guard time", "routing", 0.0, db_from_eta(payload_us / (payload_us + guard_us)))
    busy_db = 0.0 if values["discipline"] == "store" else float(db_from_eta(values["p_free"]))
    refused = "late payload" if values["discipline"] == "burst" else "cut-off or full memory"
    lost_db, relay = _lost_db(point), 0
    for element in _way(way):
        yield element
        if element.kind == "fibre" and relay < n_relays:
            relay += 1
            at_km = relay * length_km / (n_relays + 1)
            yield from _priced(f"busy port of relay {relay}", "routing", at_km, busy_db)
            yield from _priced(f"{refused} at relay {relay}", "routing", at_km, lost_db[relay - 1])
    detected_db = float(db_from_eta(point.gain())) - float(point.loss_db())
    yield from _priced("detector", "detector", length_km, detected_db)
    yield from _priced("distillation", "distillation", length_km, db_from_eta(max(0.0, float(point.secret_share()))))


def _lost_db(point: Point) -> Array:
    """Payload that each relay cuts off, discards or lets expire, beyond what the relays before it did. [dB]"""
    up_to = Point(point.values | {"n_relays": np.arange(int(point.single_path.n_relays) + 1)}).payload_kept()
    kept = np.broadcast_to(up_to, int(point.single_path.n_relays) + 1)
    left = np.where(kept[:-1] > 0, kept[1:] / np.where(kept[:-1] > 0, kept[:-1], 1.0), 1.0)
    return db_from_eta(left)


def _priced(name: str, kind: str, position_km: float, loss_db: ArrayLike) -> Iterator[_Element]:
    """An element that costs rate and no fidelity, unless it costs nothing."""
    if float(np.asarray(loss_db)) != 0:
        yield _Element(name=name, kind=kind, position_km=position_km, loss_db=float(np.asarray(loss_db)))
