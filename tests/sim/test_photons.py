"""Photons over a simulated run: what users would estimate brackets what the equations say."""

import numpy as np
import pytest

import qpsviz as qps

LIKELY = 0.9999


def test_a_run_without_sampling_has_no_photons():
    assert qps.simulate(qps.preset("first"), seed=1).photons is None


def test_an_unknown_sample_is_refused():
    with pytest.raises(ValueError, match="sample = 'all'"):
        qps.simulate(qps.preset("first"), sample="all")


def test_estimated_gain_and_qber_of_a_session_bracket_the_closed_forms():
    path = {"n_relays": 1, "length_km": 30.0, "p_free": 1.0, "processing_us": 0.0, "misalignment": 0.02}
    s = qps.preset("fig7").replace(**path, n_frames=4000, n_qubits=50)
    session = qps.simulate(s, seed=3, sample="photons").photons.bb84
    found = [session.gain(p_coverage=LIKELY), *(session.qber(basis, p_coverage=LIKELY) for basis in "zx")]
    for estimate, name in zip(found, ("gain", "qber_z", "qber_x"), strict=True):
        assert estimate.lo <= qps.evaluate(s, name) <= estimate.hi
        assert estimate.hi - estimate.lo < 0.02


@pytest.mark.parametrize("preset", ["fig10a", "fig10b"])
def test_fidelity_estimated_from_measured_pairs_brackets_the_closed_form(preset):
    s = qps.preset(preset).replace(length_km=20.0, loss_db_per_km=0.0, n_frames=2000)
    estimate = qps.simulate(s, seed=5, sample="photons").photons.epr.fidelity(p_coverage=LIKELY)
    assert estimate.lo <= qps.evaluate(s, "fidelity") <= estimate.hi
    assert estimate.hi - estimate.lo < 0.1


def test_photons_of_frames_that_queue_tell_no_interval():
    ring, traffic = qps.Network.ring(n_nodes=6, length_km=5.0), qps.Traffic(load=0.8, n_frames=400)
    run = qps.simulate(qps.preset("memory-buys"), network=ring, traffic=traffic, seed=1, sample="photons")
    photons = run.photons
    for estimate in (
        photons.epr.fidelity(),
        photons.epr.correlation("xx"),
        photons.bb84.qber("z"),
        photons.bb84.gain(),
    ):
        assert 0 < abs(estimate.value) < 1
        assert np.isnan([estimate.lo, estimate.hi]).all()
        assert not estimate.covers(estimate.value)
    assert photons.epr.fidelity().value == pytest.approx(run.summary()["fidelity"], abs=0.03)


def test_dropped_frames_send_no_photons():
    s = qps.preset("fig7").replace(n_frames=300)
    run = qps.simulate(s, seed=2, sample="photons")
    dropped = run.frames["fate"] != "DELIVERED"
    assert dropped.any()
    assert not run.photons.bb84.counts["n_pulses"][dropped].any()


def test_equal_seeds_draw_equal_photons():
    s = qps.preset("first").replace(n_frames=200)
    one, two = (qps.simulate(s, seed=9, sample="photons").photons.bb84.counts for _ in range(2))
    for name, column in one.items():
        np.testing.assert_array_equal(column, two[name])
