"""At which loads packets deliver more than circuits, or circuits more than packets: it follows from the runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qpsviz.experiments.intervals import over_seeds
from qpsviz.experiments.steadiness import State
from qpsviz.experiments.variants import Variant
from qpsviz.units import Array

MIN_SEEDS = 4
#: What can be compared, and what a sentence says of whoever has more of it.
MEASURES = {
    "throughput_qubits_hz": "delivers more qubits per second than",
    "throughput_hz": "delivers more frames per second than",
    "pairs_key_hz": "makes more secret key than",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Won:
    """Loads, one after the other, at which one variant has more than every one of the other side, and most of its own.

    Parameters
    ----------
    variant : Variant
        Who has more.
    loads : tuple of float
        The first and the last. [1]
    """

    variant: Variant
    loads: tuple[float, float]

    @property
    def text(self) -> str:
        """The loads in words."""
        first, last = map(_number, self.loads)
        return f"at load {first}" if first == last else f"from load {first} to {last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Who has more of a measure, and where.

    Parameters
    ----------
    measure : str
        One of :data:`MEASURES`.
    won : tuple of Won
        Every stretch of loads that a variant won, packets first.
    sentence : str
        The verdict.
    n_seeds : int
        Seeds that every point has. [1]
    """

    measure: str
    won: tuple[Won, ...]
    sentence: str
    n_seeds: int


def verdict_of(
    values: Array,
    *,
    measure: str,
    loads: Sequence[float],
    variants: Sequence[Variant],
    states: Sequence[Sequence[State]],
) -> Verdict:
    """Compare packets with circuits, seed by seed.

    Parameters
    ----------
    values : ndarray, shape (n_variants, n_loads, n_seeds)
        The measure, not a number where a point is not finished. In its unit.
    measure : str
        One of :data:`MEASURES`.
    loads : sequence of float
        In order. [1]
    variants : sequence of Variant
        Who is compared.
    states : sequence
        The state of each load of each variant.

    Returns
    -------
    Verdict
        A variant wins a load where the 95 % interval of its mean difference from every variant of the other side is
        above 0. Who has no steady state there is not compared, and nobody is with fewer than four seeds.

    Notes
    -----
    Differences are paired: a seed has the same arrivals for all variants (common random numbers). Each interval is one
    of its own, so that one comparison of equals in 40 is won by chance.
    Assumption: with fewer than four seeds an interval rests on too little to name a winner.
    """
    won = [stretch for side in (True, False) for stretch in _stretches(_leaders(values, side, variants, states), loads)]
    n_seeds = int(np.isfinite(values).sum(axis=-1).min())
    if n_seeds < MIN_SEEDS:
        won = []
    return Verdict(measure=measure, won=tuple(won), sentence=_sentence(measure, won, n_seeds), n_seeds=n_seeds)


def _leaders(
    values: Array, side: bool, variants: Sequence[Variant], states: Sequence[Sequence[State]]
) -> list[Variant | None]:
    """At each load the one with most of those of a side that have more than all others; None where none has."""
    mine = [i for i, variant in enumerate(variants) if variant.is_packet is side]
    others = [i for i, variant in enumerate(variants) if variant.is_packet is not side]
    leaders = []
    for at in range(values.shape[1]):
        rivals = [other for other in others if states[other][at] == State.STEADY]
        able = [one for one in mine if states[one][at] == State.STEADY and _has_more(values[:, at], one, rivals)]
        best = max(able, key=lambda one: float(np.nanmean(values[one, at])), default=None)
        leaders.append(None if best is None else variants[best])
    return leaders


def _has_more(values: Array, one: int, rivals: Sequence[int]) -> bool:
    return bool(rivals) and bool(np.all(over_seeds(values[one] - values[list(rivals)]).lo > 0))


def _stretches(leaders: Sequence[Variant | None], loads: Sequence[float]) -> list[Won]:
    found: list[Won] = []
    for at, leader in enumerate(leaders):
        if leader is None:
            continue
        goes_on = at > 0 and leaders[at - 1] is leader
        first = found.pop().loads[0] if goes_on else loads[at]
        found.append(Won(variant=leader, loads=(first, loads[at])))
    return found


def _sentence(measure: str, won: Sequence[Won], n_seeds: int) -> str:
    if n_seeds < MIN_SEEDS:
        return f"Packets and circuits are compared once every point has {MIN_SEEDS} seeds; {n_seeds} are there."
    parts = []
    for side, rivals in ((True, "any circuits"), (False, "any packets")):
        who = " and ".join(f"{w.text} {w.variant.name}" for w in won if w.variant.is_packet is side)
        if who:
            parts.append(f"{who} {MEASURES[measure]} {rivals}")
    if not parts:
        return f"At no load the difference between packets and circuits is larger than chance, with {n_seeds} seeds."
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _number(load: float) -> str:
    return f"{load:.3g}"
