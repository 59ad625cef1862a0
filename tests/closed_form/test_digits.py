"""Results keep their digits where nearly equal numbers would be subtracted, and limits are those of physics."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import evaluate, preset, sweep
from qpsviz.session.tiles import closed_form_tiles

FIG7 = preset("fig7")


def decimal_exp(x: float, scale: float = 1.0) -> Decimal:
    """exp(x) to 60 digits."""
    with localcontext() as context:
        context.prec = 60
        return (Decimal(x) * Decimal(scale)).exp()


def test_the_concurrence_of_a_kept_half_that_relaxes_alone_is_its_own_decay() -> None:
    """3-db-wall: 300 us in T1 = T2 = 500 us; p01 is exactly zero, so C = exp(-0.6) to the last digits."""
    assert evaluate(preset("3-db-wall"), "concurrence") == pytest.approx(float(decimal_exp(-0.6)), rel=4e-16)


@given(loss_db=st.one_of(st.floats(1e-14, 1e-3), st.floats(1e-3, 300.0)))
def test_the_repeaterless_bound_is_good_to_the_last_digits_of_a_small_and_of_a_large_loss(loss_db: float) -> None:
    with localcontext() as context:
        context.prec = 80
        exact = float(-(1 - Decimal(10) ** (-Decimal(loss_db) / 10)).ln() / Decimal(2).ln())
    bound = evaluate(FIG7.replace(length_km=loss_db, loss_db_per_km=1.0), "plob")
    assert bound == pytest.approx(exact, rel=4e-15 * max(1.0, loss_db / 10))


@pytest.mark.parametrize(
    ("changes", "reach_km"),
    [
        ({"p_dark": 0.0}, math.inf),  # without dark counts one photon in a lifetime still makes a key
        ({"p_dark": 0.0, "misalignment": 0.05}, math.inf),
        ({"p_dark": 0.0, "insertion_loss_db": 100.0}, math.inf),
        ({"p_dark": 0.0, "correction": "steane"}, math.inf),
        ({"p_dark": 0.0, "misalignment": 0.0988}, 0.0),  # over the threshold of 9.878 %
        ({"p_dark": 0.0, "eta_detector": 0.0}, 0.0),
        ({"p_dark": 0.0, "p_free": 0.0}, 0.0),
        ({"p_dark": 0.0, "ec_inefficiency": 1e6}, math.inf),
        ({"p_dark": 0.0, "ec_inefficiency": 1e6, "misalignment": 1e-5}, 0.0),
        ({"loss_db_per_km": 0.0}, math.inf),
        ({"eta_detector": 0.0}, 0.0),
        ({"misalignment": 0.0988}, 0.0),
        ({"ec_inefficiency": 1e6}, 0.0),
        ({"p_dark": 1.0}, 0.0),
        ({}, 254.5129),
        ({"dark_counts": "detector"}, 239.4615),  # TNO's simulation, dark counts per detector
        ({"p_dark": 2e-6}, 239.4615),
        ({"dark_counts": "detector", "p_dark": 0.0}, math.inf),
    ],
)
def test_the_key_ends_where_physics_ends_it(changes: dict[str, Any], reach_km: float) -> None:
    s = FIG7.replace(**changes)
    assert evaluate(s, "reach_km") == pytest.approx(reach_km, abs=1e-4)
    tile = closed_form_tiles(s)["reach_km"]
    assert (tile["text"] == "∞") == math.isinf(reach_km)


@pytest.mark.parametrize("loss_db_per_km", [1e3, 1.0, 0.2, 1e-3, 1e-6, 1e-9])
def test_the_length_of_a_key_goes_with_one_over_the_loss_of_its_fibre(loss_db_per_km: float) -> None:
    reach_km = evaluate(FIG7.replace(loss_db_per_km=loss_db_per_km), "reach_km")
    assert reach_km * loss_db_per_km == pytest.approx(254.512907 * 0.2, rel=1e-7)


def test_the_error_where_no_light_is_left_but_no_dark_count_either_is_that_of_the_light() -> None:
    far = FIG7.replace(p_dark=0.0, misalignment=0.03, length_km=1e5)
    assert evaluate(far, "qber_z") == pytest.approx(0.03, rel=1e-14)
    assert evaluate(far.replace(p_dark=1e-6), "qber_z") == 0.5


def test_reaches_with_and_without_an_end_share_one_sweep() -> None:
    found = sweep(FIG7, "reach_km", p_dark=[0.0, 1e-6], loss_db_per_km=[0.0, 0.2]).values
    np.testing.assert_allclose(found, [[np.inf, np.inf], [np.inf, 254.512907]], rtol=1e-8)


def test_pairs_over_a_fibre_without_noise_never_reach_one_half() -> None:
    kept = preset("fig10a").replace(depol_per_km=0.0, t1_us=1e9, t2_us=1e9)
    assert evaluate(kept, "entanglement_reach_km") == math.inf
