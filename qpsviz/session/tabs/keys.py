"""Keys that can be made here: what light, source and the end of a block leave of the paper's key, and two figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from qpsviz.closed_form.block import decoy_block
from qpsviz.closed_form.budget import budget
from qpsviz.closed_form.costs import Cost, CostKind
from qpsviz.closed_form.outputs import compute
from qpsviz.closed_form.sweep import evaluate
from qpsviz.errors import ParameterError
from qpsviz.figures.column_parts import without
from qpsviz.figures.key_columns import AXES, axis_range, drawn, finite_line
from qpsviz.figures.parts import KEY_FLOOR
from qpsviz.noise.classical_light import HEADER_LIGHT
from qpsviz.scenario import Scenario
from qpsviz.scenario.layout import Layout
from qpsviz.session.controls.rows import text_of
from qpsviz.session.executor import Executor, Once
from qpsviz.units import bits_text, db_from_eta, decibel, long_time_text, quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import KeyRow, KeysAnswer, KeysData, KeysLine, Loading
    from qpsviz.sim import Run

#: Kinds of cost that a key of perfect photons meets without light beside it.
_OF_PROTOCOL = tuple(set(CostKind) - {CostKind.LIGHT, CostKind.SOURCE, CostKind.BLOCK})


def data(scenario: Scenario, _run: Run | None) -> KeysData:
    """What every move shows at once: all but the finite block.

    Parameters
    ----------
    scenario : Scenario
        The present state.

    Returns
    -------
    dict
        ``rows`` of protocol, classical light and source; ``instead``, those of other protocols and sources; ``state``,
        a word for all that the finite block depends on, and in ``lines`` one for all that its line in each figure does.
    """
    costs, dark = budget(scenario, "key_rate_decoy"), compute(scenario.values().without_light(), "key_rate")
    rates = evaluate(scenario, ("key_rate", "key_rate_decoy"))
    return {
        "rows": [
            _row("Protocol", "BB84 with perfect photons: Eq. 1", float(dark), _cost(costs, *_OF_PROTOCOL)),
            _row("Light beside", _light_text(scenario), rates["key_rate"], _cost(costs, CostKind.LIGHT)),
            _row("Source", "weak pulses, two decoys", rates["key_rate_decoy"], _cost(costs, CostKind.SOURCE)),
        ],
        "instead": _instead(scenario, rates["key_rate"]),
        "state": _word(scenario),
        "lines": {figure: _word(_of_line(scenario, figure)) for figure in AXES},
    }


def _instead(scenario: Scenario, rate: float) -> list[KeyRow]:
    """Other protocols and sources with the same detectors and light; what they cost is over a rate. [bit/pulse]"""
    source = scenario.source
    one = f"g² {quantity(source.g2, trimmed=True)}, efficiency {quantity(source.eta_source, trimmed=True)}"
    announced = f", {quantity(source.p_herald, trimmed=True)} of slots announced" if source.p_herald < 1 else ""
    kept = "one half kept at the sender" if Layout(scenario.path.layout).keeps_half else "source in the middle"
    told = (
        ("Photon source", f"{one}{announced}; no decoys", "key_rate_source"),
        ("Six states", "perfect photons, three bases", "key_rate_six_state"),
        ("Pairs, BBM92", kept, "key_rate_bbm92"),
    )
    found = evaluate(scenario, tuple(name for *_, name in told))
    over_db = {name: float(db_from_eta(other / rate)) if rate > 0 else math.inf for name, other in found.items()}
    return [_row(label, setting, found[name], over_db[name]) for label, setting, name in told]


def _light_text(scenario: Scenario) -> str:
    light, lit = scenario.light, []
    if light.n_signals:
        each = text_of("launch_dbm", light.launch_dbm)
        lit = [f"1 signal of {each}" if light.n_signals == 1 else f"{light.n_signals} signals of {each} each"]
    if light.header_light != HEADER_LIGHT[0]:
        lit.append("headers")
    if not lit:
        return "none beside the photons"
    return f"{', '.join(lit)}: {quantity(evaluate(scenario, 'raman_per_gate'))} photons/gate"


def _of_line(scenario: Scenario, figure: str) -> object:
    """All that the finite line of a figure depends on."""
    chosen = drawn(scenario, figure)
    return None if chosen is None else (without(chosen, AXES[figure]), axis_range(scenario, figure))


def _word(held: object) -> str:
    """A short word, the same for what is equal in this process."""
    return f"{hash(held) % 2**64:x}"


def _cost(costs: list[Cost], *kinds: CostKind) -> float:
    """What all elements of some kinds cost together. [dB]"""
    return math.fsum(cost.loss_db for cost in costs if cost.kind in kinds)


def _row(label: str, setting: str, rate: float, cost_db: float) -> KeyRow:
    cost = "no key" if math.isinf(cost_db) else "–" if rate == 0 else decibel(cost_db)
    return {"label": label, "setting": setting, "left": quantity(rate), "cost": cost}


def question(
    scenario: Scenario, _run: Run | None, _asked: Mapping[str, object], executor: Executor
) -> KeysAnswer | Loading:
    """What the finite block makes: its row, and its line in each figure, or that these are still being searched.

    Parameters
    ----------
    scenario : Scenario
        The present state.
    executor : Executor
        Who searches.

    Returns
    -------
    dict
        ``loading``; or the ``state`` that this is of, its ``row``, and ``lines`` with ``x``, ``y`` and the place of the
        present state where that is in the figure. [km, dBm, bit/pulse]
    """
    found = _awaited(scenario)
    return found.result() if found.ready(executor) else {"loading": True}


@lru_cache(maxsize=8)
def _awaited(scenario: Scenario) -> Once[KeysAnswer]:
    """The answer for a state, searched once however often a page asks whether it is there."""
    return Once(partial(_answer, scenario))


def _answer(scenario: Scenario) -> KeysAnswer:
    rate = evaluate(scenario, "key_rate_finite")
    return {
        "state": _word(scenario),
        "row": _block_row(scenario, rate),
        "lines": {figure: _finite(scenario, figure, rate) for figure in AXES},
    }


def _block_row(scenario: Scenario, rate: float) -> KeyRow:
    n_pulses, endless = scenario.detector.n_block_pulses, evaluate(scenario, "key_rate_decoy")
    setting = f"{quantity(n_pulses, trimmed=True)} pulse slots"
    if rate > 0:
        took = long_time_text(evaluate(scenario, "first_key_us"))
        setting += f" in {took}: {bits_text(rate * n_pulses)}, without an end {bits_text(endless * n_pulses)}"
    elif endless > 0:
        setting += f": too short for a key. {_reason(scenario)}"
    return _row("Finite block", setting, rate, _cost(budget(scenario, "key_rate_finite"), CostKind.BLOCK))


def _reason(scenario: Scenario) -> str:
    """What a block without a key lacks, as a sentence."""
    try:
        reason = decoy_block(scenario).reason
    except ParameterError as less_than_a_pulse:
        reason = str(less_than_a_pulse)
    return f"{reason[:1].upper()}{reason[1:]}."


def _finite(scenario: Scenario, figure: str, rate: float) -> KeysLine:
    line, place = finite_line(scenario, figure), float(scenario.flat()[AXES[figure]])
    drawn_line: KeysLine = {"x": line["x"].tolist(), "y": line["y"].tolist()}
    if rate > KEY_FLOOR and drawn(scenario, figure) == scenario:
        drawn_line["now"] = [place, rate]
    return drawn_line
