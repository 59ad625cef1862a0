"""What one element of a path costs, and the elements of a path in the order met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from qpsviz.closed_form.idle_path import IdlePath
from qpsviz.closed_form.path import RelayPath
from qpsviz.noise import QubitChannel, loss
from qpsviz.protocols import epr
from qpsviz.switch.path_channel import PathChannel
from qpsviz.units import ArrayLike, db_from_eta


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
class Element:
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


def path_elements(
    path: RelayPath, *, start_km: float = 0.0, leftwards: bool = False, prefix: str = "", second_half: bool = False
) -> Iterator[Element]:
    """Fibres, memories, switches and corrections of one path in the order met, with place [km] and cost [dB]."""
    before = QubitChannel.identity()
    for name, kind, share, so_far in _stages(path, prefix):
        at_km = start_km + (-1 if leftwards else 1) * share * float(path.length_km)
        yield Element(
            name=name, kind=kind, position_km=at_km, so_far=so_far, loss_db=between_db(before.eta, so_far.eta),
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
        channel = path.through_relay(channel, i)
        if relay.corrects:
            yield f"q-processor of {place}", CostKind.CORRECTION, share, channel.now
    if relay.corrects:
        yield f"{prefix}decoding", CostKind.CORRECTION, 1.0, channel.arrived


def between_db(eta_before: ArrayLike, eta_after: ArrayLike) -> float:
    """Loss from one chance to the next [1]; nothing is left to lose once no light is left. [dB]"""
    left = float(np.asarray(eta_before))
    return float(db_from_eta(float(np.asarray(eta_after)) / left)) if left > 0 else 0.0


def priced(name: str, kind: CostKind, position_km: float, loss_db: ArrayLike) -> Iterator[Element]:
    """An element that costs rate and no fidelity, at its place [km], unless it costs nothing [dB]."""
    if float(np.asarray(loss_db)) != 0:
        yield Element(name=name, kind=kind, position_km=position_km, loss_db=float(np.asarray(loss_db)))
