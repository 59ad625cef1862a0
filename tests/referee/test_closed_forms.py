"""The closed forms against QuTiP's density matrices: every element, any chain of them, and whole scenarios."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpsviz import Discipline, ParameterError, Scenario, evaluate, preset, presets
from qpsviz.closed_form.quantities import Quantities
from qpsviz.noise import QubitChannel, depolarising, fibre, loss, memory
from qpsviz.protocols import epr, teleport
from qpsviz.referee.kraus import (
    Kraus,
    fibre_elements,
    kraus_amplitude_damping,
    kraus_dephasing,
    kraus_depolarising,
    kraus_loss,
    memory_elements,
    qutip_module,
)
from qpsviz.referee.pair_state import PairState, pair_state, scenario_state

EXACT = 1e-9
# A concurrence is the square root of a chance known to 1e-16, in the closed form and in QuTiP alike.
ROOT = 1e-7


class Element(NamedTuple):
    """One element told twice: in four numbers, and in Kraus operators."""

    channel: QubitChannel
    kraus: list[Kraus]


@st.composite
def elements(draw: st.DrawFn) -> Element:
    """Any element of the paper with any allowed numbers."""
    kind = draw(st.sampled_from(["loss", "depolarising", "fibre", "memory"]))
    if kind == "loss":
        loss_db = draw(st.floats(0, 6))
        return Element(loss(loss_db), [kraus_loss(loss_db)])
    if kind == "depolarising":
        survival = draw(st.floats(0, 1))
        return Element(depolarising(survival), [kraus_depolarising(survival)])
    if kind == "fibre":
        length_km = draw(st.floats(0, 100))
        numbers: dict[str, Any] = {
            "loss_db_per_km": draw(st.floats(0, 0.3)),
            "depol_per_km": draw(st.floats(0, 0.05)),
            "convention": draw(st.sampled_from(["decibel", "printed"])),
        }
        return Element(fibre(length_km, **numbers), fibre_elements(length_km, **numbers))
    t1_us = draw(st.floats(1, 1e6) | st.just(math.inf))
    numbers = {
        "t1_us": t1_us,
        "t2_us": draw(st.floats(0.01, 2)) * min(t1_us, 1e6),
        "eta": draw(st.floats(0.1, 1)),
        "model": draw(st.sampled_from(["t1t2", "twirled"])),
    }
    dwell_us = draw(st.floats(0, 3)) * min(t1_us, 1e3)
    return Element(memory(dwell_us, **numbers), memory_elements(dwell_us, **numbers))


CHAINS = st.lists(elements(), max_size=6)


def told_twice(chain: Sequence[Element]) -> tuple[QubitChannel, list[Kraus]]:
    """A chain in four numbers, and as the list of its Kraus elements."""
    return QubitChannel.chain(e.channel for e in chain), [kraus for e in chain for kraus in e.kraus]


def closed_form_matrix(a: QubitChannel, b: QubitChannel) -> np.ndarray:
    """The density matrix that the four numbers of both halves stand for."""
    z_a, z_b, zz = float(a.b), float(b.b), float(a.a * b.a + a.b * b.b)
    diagonal = [1 + z_a + z_b + zz, 1 + z_a - z_b - zz, 1 - z_a + z_b - zz, 1 - z_a - z_b + zz]
    matrix = np.diag(diagonal) / 4
    matrix[0, 3] = matrix[3, 0] = float(a.c * b.c) / 2
    return matrix


@given(CHAINS, CHAINS)
def test_any_two_chains_leave_the_pair_that_qutip_finds(first: list[Element], second: list[Element]) -> None:
    (a, kraus_a), (b, kraus_b) = told_twice(first), told_twice(second)
    state = pair_state(kraus_a, kraus_b)
    np.testing.assert_allclose(state.density_matrix, closed_form_matrix(a, b), rtol=0, atol=EXACT)
    assert state.p_arrival == pytest.approx(float(a.eta * b.eta), rel=EXACT)
    assert state.fidelity == pytest.approx(float(epr.fidelity(a, b)), abs=EXACT)
    assert state.chsh == pytest.approx(float(epr.chsh_max(a, b)), abs=EXACT)
    assert state.concurrence == pytest.approx(float(epr.concurrence(a, b)), abs=ROOT)
    assert state.teleport_fidelity == pytest.approx(float(teleport.fidelity(epr.fidelity(a, b))), abs=EXACT)
    np.testing.assert_allclose(np.diag(state.correlations), epr.correlations(a, b), rtol=0, atol=EXACT)


def superoperator(elements: Iterable[Kraus]) -> Any:
    """All elements in the order met, as one QuTiP superoperator of a qubit."""
    q = qutip_module()
    total = q.to_super(q.qeye(2))
    with q.CoreOptions(auto_tidyup=False):  # it sets to zero what is small, such as the rest of a lossy path
        for kraus in elements:
            total = q.kraus_to_super(list(kraus)) * total
    return total


@given(CHAINS, st.tuples(*[st.floats(-1, 1)] * 3))
def test_any_chain_moves_any_state_as_qutips_superoperator_does(chain: list[Element], vector: Sequence[float]) -> None:
    channel, kraus = told_twice(chain)
    q = qutip_module()
    x, y, z = np.array(vector) / max(1.0, math.hypot(*vector))
    sent = (q.qeye(2) + x * q.sigmax() + y * q.sigmay() + z * q.sigmaz()) / 2
    with q.CoreOptions(auto_tidyup=False):
        received = q.vector_to_operator(superoperator(kraus) * q.operator_to_vector(sent))
        eta = float(received.tr().real)
        found = [q.expect(sigma, received) / eta for sigma in (q.sigmax(), q.sigmay(), q.sigmaz())]
    assert eta == pytest.approx(float(channel.eta), rel=EXACT)
    np.testing.assert_allclose(found, [float(v) for v in channel.bloch(x, y, z)], rtol=0, atol=EXACT)


def values(draw: st.DrawFn) -> dict[str, Any]:
    """Flat parameters of any path that a person might look at."""
    t1_us = draw(st.floats(10, 1e6))
    return {
        "layout": draw(st.sampled_from(["split", "sender"])),
        "partner_noise": draw(st.booleans()),
        "discipline": draw(st.sampled_from([Discipline.STORE, *Discipline])),
        "release": draw(st.sampled_from(["after_frame", "after_header"])),
        "depol_convention": draw(st.sampled_from(["decibel", "printed"])),
        "memory_model": draw(st.sampled_from(["t1t2", "twirled"])),
        "length_km": draw(st.floats(0, 200)),
        "n_relays": draw(st.integers(0, 6)),
        "processing_us": draw(st.floats(0, 500)),
        "guard_us": draw(st.floats(0, 500)),
        "insertion_loss_db": draw(st.floats(0, 3)),
        "device": draw(st.sampled_from(["ideal", "near_term", "long_term"])),
        "storage": draw(st.sampled_from(["t1t2", "t1t2", "delay_line", "hollow_core", "recirculating"])),
        "n_qubits": draw(st.integers(1, 50)),
        "spacing_us": draw(st.floats(0.1, 20)),
        "speed_km_per_us": draw(st.floats(0.15, 0.29)),
        "t1_us": t1_us,
        "t2_us": t1_us * draw(st.floats(0.01, 2)),
    }


SCENARIOS = st.composite(lambda draw: Scenario().replace(**values(draw)))()


def assert_agrees(scenario: Scenario, state: PairState) -> None:
    for name in ("fidelity", "chsh", "teleport_fidelity"):
        assert getattr(state, name) == pytest.approx(evaluate(scenario, name), abs=EXACT), name
    assert state.concurrence == pytest.approx(evaluate(scenario, "concurrence"), abs=ROOT)
    first, second = Quantities(scenario.values()).halves
    assert state.p_arrival == pytest.approx(float(first.eta * second.eta), rel=EXACT)


@settings(max_examples=60)
@given(SCENARIOS)
def test_any_scenario_in_either_layout_delivers_the_pair_that_qutip_finds(scenario: Scenario) -> None:
    assert_agrees(scenario, scenario_state(scenario))


@pytest.mark.parametrize("name", presets())
def test_every_preset_delivers_the_pair_that_qutip_finds(name: str) -> None:
    assert_agrees(preset(name), scenario_state(preset(name)))


@given(st.floats(0, 1000), st.floats(10, 1e4), st.floats(0.05, 2))
@settings(max_examples=30)
def test_the_kraus_memory_is_the_solution_of_its_master_equation(dwell_us: float, t1_us: float, ratio: float) -> None:
    q = qutip_module()
    t2_us = ratio * t1_us
    dephasing_per_us = max(0.0, 1 / t2_us - 1 / (2 * t1_us))
    jumps = [math.sqrt(1 / t1_us) * q.destroy(2), math.sqrt(dephasing_per_us / 2) * q.sigmaz()]
    solved = (q.liouvillian(None, jumps) * dwell_us).expm()
    found = superoperator(memory_elements(dwell_us, t1_us=t1_us, t2_us=t2_us))
    np.testing.assert_allclose(found.full(), solved.full(), rtol=0, atol=EXACT)


@given(st.floats(0, 1))
def test_every_set_of_kraus_operators_keeps_the_trace(p: float) -> None:
    identity = np.eye(2)
    for kraus in (kraus_depolarising(p), kraus_amplitude_damping(p), kraus_dephasing(p), *memory_elements(p)):
        np.testing.assert_allclose(sum((k.dag() * k).full() for k in kraus), identity, rtol=0, atol=1e-14)


def test_the_state_of_a_perfect_pair_is_the_bell_pair() -> None:
    state = pair_state([], [])
    assert (state.p_arrival, state.purity, state.concurrence) == pytest.approx((1, 1, 1), abs=1e-7)
    np.testing.assert_allclose(state.density_matrix[[0, 0, 3, 3], [0, 3, 0, 3]], 0.5, atol=1e-15)
    assert state.bloch == ([0.0] * 3, [0.0] * 3)


def test_qutips_own_uhlmann_fidelity_agrees_with_the_squared_form_of_eq_3() -> None:
    q, state = qutip_module(), scenario_state(preset("fig10a"))
    assert q.fidelity(state.rho, q.ket2dm(q.bell_state("00"))) ** 2 == pytest.approx(state.fidelity, abs=ROOT)


def test_loss_lowers_the_chance_of_arrival_and_not_the_state() -> None:
    lossy, clean = (scenario_state(preset("fig10b").replace(loss_db_per_km=x)) for x in (0.2, 0.0))
    assert lossy.p_arrival == pytest.approx(10 ** (-0.2 * 60 / 10), rel=1e-12)
    np.testing.assert_allclose(lossy.density_matrix, clean.density_matrix, rtol=0, atol=1e-14)


def test_what_is_left_of_a_very_lossy_path_is_followed_as_exactly_as_anything() -> None:
    """QuTiP by itself sets matrix elements below 1e-12 to zero."""
    held = memory_elements(100.0, t1_us=1000.0, t2_us=300.0)
    clean, lossy = pair_state(held, held), pair_state([kraus_loss(90.0), *held], [*held, kraus_loss(60.0)])
    assert lossy.p_arrival == pytest.approx(1e-15, rel=1e-12)
    np.testing.assert_allclose(lossy.density_matrix, clean.density_matrix, rtol=0, atol=1e-14)


def test_where_nothing_arrives_there_is_no_state() -> None:
    with pytest.raises(ValueError, match="no pair arrives"):
        pair_state([kraus_loss(1e4)], [])


def test_a_corrected_qubit_has_no_state_of_one_photon() -> None:
    with pytest.raises(ParameterError, match="correction = 'steane' must be none"):
        scenario_state(preset("fig10a").replace(correction="steane"))


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: kraus_loss(-1.0), "loss_db = -1"),
        (lambda: kraus_depolarising(1.5), "survival = 1.5"),
        (lambda: kraus_amplitude_damping(math.nan), "p_decay = nan"),
        (lambda: kraus_dephasing(-0.5), "p_flip = -0.5"),
        (lambda: memory_elements(1.0, t1_us=1.0, t2_us=3.0), r"t2_us = 3 exceeds 2 \* t1_us = 2"),
        (lambda: memory_elements(-1.0), "dwell_us = -1"),
        (lambda: memory_elements(1.0, model="t1"), "memory_model = 't1'"),
        (lambda: fibre_elements(-1.0), "length_km = -1"),
        (lambda: fibre_elements(1.0, convention="db"), "depol_convention = 'db'"),
    ],
)
def test_bad_input_is_named_with_its_value(call: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        call()
