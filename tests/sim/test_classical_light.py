"""Classical light in runs: the rule of the closed forms, per frame, and links with light of their own."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps

LIT = qps.Scenario().replace(
    n_signals=2, launch_dbm=-20.0, p_free=1.0, length_km=40.0, n_relays=2, depol_per_km=1e-4, t1_us=1e6, t2_us=1e6
)
LIKELY = 0.9999


@given(
    n_relays=st.integers(0, 4), length_km=st.floats(1, 150), launch_dbm=st.floats(-40, 0),
    direction=st.sampled_from(["forward", "backward"]),
    scattering=st.sampled_from(["c_band", "spectrum", "hollow_core"]),
    discipline=st.sampled_from(["burst", "store", "circuit"]), storage=st.sampled_from(["t1t2", "delay_line"]),
    device=st.sampled_from(["ideal", "long_term"]), correction=st.sampled_from(["none", "steane"]),
)  # fmt: skip
def test_stray_light_and_key_of_a_run_are_those_of_the_closed_forms(
    n_relays: int, length_km: float, launch_dbm: float, direction: str, scattering: str, **words: Any
) -> None:
    s = LIT.replace(
        n_relays=n_relays, length_km=length_km, launch_dbm=launch_dbm, signal_direction=direction,
        scattering=scattering, n_frames=3, guard_us=1000.0, **words,
    )  # fmt: skip
    run = qps.simulate(s, seed=1)
    np.testing.assert_allclose(run.frames["raman_per_gate"], qps.evaluate(s, "raman_per_gate"), rtol=1e-9)
    assert run.summary()["key_rate_hz"] == pytest.approx(qps.evaluate(s, "key_rate_hz"), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("dark_counts", ["receiver", "detector"])
def test_photons_drawn_beside_light_bracket_the_closed_forms(dark_counts: str) -> None:
    """Each interval misses with 1 in 10,000; light makes a third of the clicks here."""
    s = LIT.replace(n_frames=8000, n_qubits=50, launch_dbm=0.0, length_km=60.0, gate_us=0.01, dark_counts=dark_counts)
    session = qps.simulate(s, seed=3, sample="photons").photons.bb84
    found = [session.gain(p_coverage=LIKELY), *(session.qber(basis, p_coverage=LIKELY) for basis in "zx")]
    for estimate, name in zip(found, ("gain", "qber_z", "qber_x"), strict=True):
        assert estimate.lo <= qps.evaluate(s, name) <= estimate.hi
        assert estimate.hi - estimate.lo < 0.05
    unlit = qps.evaluate(s.replace(n_signals=0), "gain")
    assert found[0].lo > 1.3 * unlit


def test_a_run_without_light_has_no_column_of_it() -> None:
    assert "raman_per_gate" not in qps.simulate(LIT.replace(n_signals=0), seed=1).frames


def test_what_a_link_says_of_its_light_reaches_the_key_of_the_frames_that_take_it() -> None:
    line = qps.Network.line(n_relays=2, length_km=10.0)
    s = LIT.replace(n_signals=0, loss_db_per_km=0.2)
    dark = qps.simulate(s, network=line, seed=1)
    for lit_link, km_behind in ((0, 20.0), (2, 0.0)):
        power_dbm = np.full(3, -math.inf)
        power_dbm[lit_link] = -10.0
        run = qps.simulate(s, network=replace(line, link_power_dbm=power_dbm), seed=1)
        made = 1e-4 * 3e-9 * 0.1 * 10.0 * 10**-0.2 * 1e-9 * 1550e-9 / (6.62607015e-34 * 299792458.0)
        np.testing.assert_allclose(run.frames["raman_per_gate"], made * 10 ** (-0.02 * km_behind), rtol=1e-6)
        assert 0 < run.summary()["key_rate_hz"] < dark.summary()["key_rate_hz"]


@pytest.mark.parametrize("record", ["frames", "statistics"])
def test_a_streamed_run_counts_the_same_light(record: str) -> None:
    ring = qps.Network.ring(n_nodes=6, length_km=8.0)
    traffic = qps.Traffic(load=0.3, n_frames=300)
    whole, part = (
        qps.simulate(LIT, network=ring, traffic=traffic, seed=2, record=kind) for kind in ("all", record)
    )  # fmt: skip
    assert part.summary()["key_rate_hz"] == pytest.approx(whole.summary()["key_rate_hz"], rel=1e-9)
    noise = whole.frames["raman_per_gate"][whole.frames["fate"] == "DELIVERED"]
    assert np.ptp(noise) > 0  # longer ways gather more of it


def test_a_stored_run_keeps_its_light_and_refuses_what_cannot_be(tmp_path: Path) -> None:
    run = qps.simulate(LIT.replace(n_frames=2), seed=1)
    run.save(tmp_path / "run.json")
    again = qps.Run.load(tmp_path / "run.json")
    assert again.frames == run.frames
    assert again.summary()["key_rate_hz"] == run.summary()["key_rate_hz"]
    text = (tmp_path / "run.json").read_text()
    value = repr(float(run.frames["raman_per_gate"][0]))
    assert value in text
    (tmp_path / "run.json").write_text(text.replace(value, "-" + value))
    with pytest.raises(ValueError, match=r"frames\.raman_per_gate, row 0: -.* is no number of photons"):
        qps.Run.load(tmp_path / "run.json")


def test_light_of_links_beside_photons_without_a_coefficient_is_refused() -> None:
    lit = replace(qps.Network.line(n_relays=0, length_km=10.0), link_power_dbm=[0.0])
    with pytest.raises(qps.ParameterError, match="photon_nm = 1310 nm is outside the C band"):
        qps.simulate(LIT.replace(n_signals=0, n_relays=0, photon_nm=1310.0), network=lit)
