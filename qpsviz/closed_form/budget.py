"""Hop by hop: which element costs how much rate and how much fidelity."""

from __future__ import annotations

from collections.abc import Iterator

from qpsviz.closed_form.costs import Cost, CostKind, Element, between_db, path_elements
from qpsviz.closed_form.key_costs import key_elements
from qpsviz.closed_form.quantities import Quantities
from qpsviz.closed_form.sweep import quantities_of
from qpsviz.errors import ParameterError, nearest
from qpsviz.noise import QubitChannel
from qpsviz.protocols import epr
from qpsviz.scenario import Scenario

GOALS = ("fidelity", "key_rate", "key_rate_decoy", "key_rate_finite")


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
    quantities = quantities_of(scenario)
    return _charged(_pair_elements(quantities) if of == "fidelity" else key_elements(quantities, of))


def _charged(elements: Iterator[Element]) -> list[Cost]:
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


def _pair_elements(quantities: Quantities) -> Iterator[Element]:
    arm, values = quantities.arm, quantities.values
    if values.layout.keeps_half:
        yield from path_elements(arm)
        if values.partner_noise:
            pair, kept = quantities.pair, arm.kept_half
            yield Element(
                name="kept half", kind=CostKind.PARTNER_MEMORY, position_km=0.0, so_far=kept, second_half=True,
                loss_db=between_db(arm.frame_channel.eta, pair.eta), pair=pair,
            )  # fmt: skip
        return
    middle_km = float(arm.length_km)
    left = path_elements(arm, start_km=middle_km, leftwards=True, prefix="left ")
    right = path_elements(arm, start_km=middle_km, prefix="right ", second_half=True)
    for both in zip(left, right, strict=True):
        yield from both
