"""Quantum codes as maps: the formulas against the codes themselves, break-evens, and what no map may do."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.frame.fields import FIELDS
from qpsviz.noise import QubitChannel, depolarising, loss, memory
from qpsviz.scenario import parameter
from qpsviz.switch.codes import CODES as CODES_BY_WORD
from qpsviz.switch.codes import CORRECTIONS, correct
from qpsviz.switch.correction import (
    break_even,
    five_qubit,
    five_qubit_loss,
    loss_code,
    loss_wall_db,
    steane,
    steane_loss,
)

CODES = {
    five_qubit_loss: ["XZZXI", "IXZZX", "XIXZZ", "ZXIXZ"],
    steane_loss: ["IIIXXXX", "IXXIIXX", "XIXIXIX", "IIIZZZZ", "IZZIIZZ", "ZIZIZIZ"],
}
P = st.floats(0, 1)
CODED = st.sampled_from(["five_qubit", "steane"])


def rank(rows: np.ndarray) -> int:
    """Rank over two elements."""
    rows, found = rows.copy() % 2, 0
    for column in range(rows.shape[1]):
        pivots = [r for r in range(found, len(rows)) if rows[r, column]]
        if pivots:
            rows[[found, pivots[0]]] = rows[[pivots[0], found]]
            for r in range(len(rows)):
                if r != found and rows[r, column]:
                    rows[r] ^= rows[found]
            found += 1
    return found


def is_harmless(stabilisers: list[str], lost: tuple[int, ...]) -> bool:
    """Whether no logical operator lives on the lost photons alone: then their loss can be undone.

    Operators on the lost photons that commute with all stabilisers are either stabilisers themselves, or logical.
    """
    n = len(stabilisers[0])
    table = np.array([[s in "XY" for s in g] + [s in "ZY" for s in g] for g in stabilisers], dtype=np.int64)
    inside = [*lost, *(n + k for k in lost)]
    outside = [k for k in range(2 * n) if k not in inside]
    swapped = np.hstack([table[:, n:], table[:, :n]])
    n_commuting = len(inside) - rank(swapped[:, inside])
    n_stabilisers = len(table) - rank(table[:, outside])
    return n_commuting == n_stabilisers


@pytest.mark.parametrize("lossy", CODES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("p_loss", [0.0, 0.1, 0.37, 0.5, 0.8, 1.0])
def test_logical_loss_is_that_of_all_loss_patterns_of_the_code_tried_one_by_one(lossy: object, p_loss: float) -> None:
    stabilisers = CODES[lossy]  # type: ignore[index]
    n, whole = len(stabilisers[0]), 0.0
    for k in range(n + 1):
        n_harmless = sum(is_harmless(stabilisers, lost) for lost in itertools.combinations(range(n), k))
        whole += n_harmless * p_loss**k * (1 - p_loss) ** (n - k)
    assert float(lossy(p_loss)) == pytest.approx(1 - whole, abs=1e-14)  # type: ignore[operator]


@given(P)
def test_without_loss_the_maps_are_the_textbook_formulas(p: float) -> None:
    assert float(five_qubit(p)) == pytest.approx(1 - (1 - p) ** 5 - 5 * p * (1 - p) ** 4, abs=1e-14)
    assert float(steane(p)) == pytest.approx(1 - (1 - p) ** 7 - 7 * p * (1 - p) ** 6, abs=1e-14)


@pytest.mark.parametrize(
    ("code", "p"), [(five_qubit, 0.1311), (steane, 0.0579), (five_qubit_loss, 0.5), (steane_loss, 0.5)]
)
def test_a_code_helps_below_its_break_even_and_harms_above(code: object, p: float) -> None:
    found = break_even(code)  # type: ignore[arg-type]
    assert round(found, 4) == p
    assert float(code(0.99 * found)) < 0.99 * found  # type: ignore[operator]
    assert float(code(1.01 * found)) > 1.01 * found  # type: ignore[operator]


def test_a_map_that_never_helps_has_no_break_even() -> None:
    with pytest.raises(ValueError, match="no break-even"):
        break_even(lambda p: np.asarray(2 * p))


def test_no_one_way_code_survives_3_db_and_one_wavelength_selective_switch_already_loses_more() -> None:
    assert loss_wall_db() == pytest.approx(10 * math.log10(2), abs=1e-9)
    assert float(loss_code(1 - 10**-0.5)) == 0.0
    assert float(loss_code(1 - 10**-0.25)) > 0.0


@given(P)
def test_a_code_saves_photons_only_below_3_db(p: float) -> None:
    for code in (five_qubit_loss, steane_loss):
        assert float(code(p)) <= p + 1e-15 if p <= 0.5 else float(code(p)) >= p - 1e-15


@given(P, P, P)
def test_more_errors_never_make_a_block_better(p_loss: float, first: float, second: float) -> None:
    less, more = sorted([first, second])
    for code in (five_qubit, steane):
        assert float(code(less, p_loss)) <= float(code(more, p_loss)) + 1e-12


@given(st.floats(0, 0.2), P)
def test_a_block_that_lost_photons_has_no_fewer_errors_than_a_whole_one(p_error: float, p_loss: float) -> None:
    """Only while errors are rare: where nearly every photon is wrong, fewer photons have fewer errors."""
    for code in (five_qubit, steane):
        assert float(code(p_error, 0.0)) <= float(code(p_error, p_loss)) + 1e-12


@given(CODED, P, st.floats(0, 1e4), st.floats(1, 1e4), st.floats(0.01, 2), st.floats(0, 40))
def test_a_corrected_channel_is_still_a_channel(
    code: str, w: float, dwell: float, t1: float, ratio: float, loss_db: float
) -> None:
    """Complete positivity of the Pauli channel: no negative probability for I, Z or X."""
    noise = depolarising(w).then(memory(dwell, t1_us=t1, t2_us=ratio * t1)).then(loss(loss_db))
    out = correct(noise, code)
    c, a = float(out.c), float(out.a)
    assert min(1 + 2 * c + a, 1 - 2 * c + a, 1 - a) >= -1e-12
    assert float(out.b) == 0.0
    assert 0.0 <= float(out.eta) <= 1.0


@given(CODED)
def test_a_qubit_without_noise_stays_as_it_is_and_a_random_one_random(code: str) -> None:
    whole, none = correct(QubitChannel.identity(), code), correct(depolarising(0.0), code)
    assert [float(v) for v in (whole.eta, whole.c, whole.a, whole.b)] == [1.0, 1.0, 1.0, 0.0]
    assert [float(v) for v in (none.eta, none.c, none.a, none.b)] == pytest.approx([1.0, 0.0, 0.0, 0.0], abs=1e-15)


@given(CODED, st.floats(0, 1))
def test_a_corrected_block_is_better_below_break_even_and_not_above(code: str, p_error: float) -> None:
    noise = depolarising(1 - p_error)
    before, after = (float((1 + 2 * n.c + n.a) / 4) for n in (noise, correct(noise, code)))
    if 1e-6 < p_error < 0.05:
        assert after > before
    if p_error > 0.25:
        assert after <= before + 1e-12


def test_no_correction_gives_the_noise_back() -> None:
    noise = memory(100.0, t1_us=500.0, t2_us=500.0)
    assert correct(noise, "none") is noise


def test_corrections_are_those_of_a_scenario_and_others_are_refused() -> None:
    assert parameter("correction").choices == CORRECTIONS == ("none", *CODES_BY_WORD)
    with pytest.raises(ValueError, match="correction = 'shor' must be one of none, five_qubit, steane"):
        correct(QubitChannel.identity(), "shor")
    with pytest.raises(ValueError, match=r"p_loss = 1\.5"):
        loss_code(1.5)


def test_a_frame_suggests_the_codes_of_a_relay_by_the_same_symbols() -> None:
    suggested = next(field.suggestions for field in FIELDS if field.name == "error_correction")
    assert [code.symbol for code in CODES_BY_WORD.values()] == list(suggested[: len(CODES_BY_WORD)])
