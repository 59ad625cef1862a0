"""Laws of the four-number channel algebra."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.noise import QubitChannel, depolarising, fibre, loss, memory

UNIT = st.floats(0, 1)
PAULIS = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


@st.composite
def memories(draw: st.DrawFn) -> QubitChannel:
    """A memory of any quality, anything T1 and T2 allow."""
    t1_us = draw(st.floats(1e-2, 1e7) | st.just(math.inf))
    t2_us = t1_us * draw(st.floats(1e-3, 2)) if math.isfinite(t1_us) else draw(st.floats(1e-2, 1e7) | st.just(math.inf))
    model = draw(st.sampled_from(["t1t2", "twirled"]))
    return memory(draw(st.floats(0, 1e5)), t1_us=t1_us, t2_us=t2_us, eta=draw(UNIT), model=model)


FIBRES = st.builds(
    fibre,
    st.floats(0, 1000),
    loss_db_per_km=st.floats(0, 1),
    depol_per_km=st.floats(0, 0.1),
    convention=st.sampled_from(["decibel", "printed"]),
)
CHANNELS = st.one_of(memories(), FIBRES, st.builds(loss, st.floats(0, 100)), st.builds(depolarising, UNIT))


def numbers(channel: QubitChannel) -> np.ndarray:
    """The four numbers as one array."""
    return np.stack(np.broadcast_arrays(channel.eta, channel.c, channel.a, channel.b))


def choi(channel: QubitChannel) -> np.ndarray:
    """The Choi matrix, from what the channel does to every Pauli operator."""
    axes = np.eye(3)
    shift = np.array(channel.bloch(0, 0, 0), dtype=float)
    images = [PAULIS[0] + np.tensordot(shift, PAULIS[1:], 1)]
    images += [np.tensordot(np.array(channel.bloch(*e), dtype=float) - shift, PAULIS[1:], 1) for e in axes]
    return sum(np.kron(p.T, image) for p, image in zip(PAULIS, images, strict=True)) / 2


@given(CHANNELS, CHANNELS, CHANNELS)
def test_channels_compose_associatively(x: QubitChannel, y: QubitChannel, z: QubitChannel) -> None:
    np.testing.assert_allclose(numbers(x.then(y).then(z)), numbers(x.then(y.then(z))), rtol=1e-13, atol=1e-14)


@given(CHANNELS)
def test_the_identity_changes_nothing_on_either_side(x: QubitChannel) -> None:
    nothing = QubitChannel.identity()
    np.testing.assert_array_equal(numbers(x.then(nothing)), numbers(x))
    np.testing.assert_array_equal(numbers(nothing.then(x)), numbers(x))


@given(st.lists(CHANNELS, max_size=6))
def test_a_chain_is_its_elements_one_after_another(elements: list[QubitChannel]) -> None:
    one_by_one = reduce(QubitChannel.then, elements, QubitChannel.identity())
    np.testing.assert_array_equal(numbers(QubitChannel.chain(elements)), numbers(one_by_one))


@given(st.lists(CHANNELS, max_size=6))
def test_every_chain_of_elements_is_completely_positive_and_trace_preserving(elements: list[QubitChannel]) -> None:
    matrix = choi(QubitChannel.chain(elements))
    assert np.linalg.eigvalsh(matrix).min() >= -1e-14
    np.testing.assert_allclose(matrix.reshape(2, 2, 2, 2).trace(axis1=1, axis2=3), np.eye(2), atol=1e-14)


def test_a_memory_with_t2_beyond_twice_t1_would_not_be_completely_positive() -> None:
    impossible = QubitChannel(eta=1.0, c=math.exp(-0.4), a=math.exp(-1.0), b=1 - math.exp(-1.0))  # type: ignore[arg-type]
    assert np.linalg.eigvalsh(choi(impossible)).min() < -1e-3


@given(CHANNELS, st.tuples(*[st.floats(-1, 1)] * 3))
def test_no_channel_takes_a_state_out_of_the_bloch_ball(x: QubitChannel, vector: tuple[float, ...]) -> None:
    scale = max(1.0, math.hypot(*vector))
    image = x.bloch(*(component / scale for component in vector))
    assert math.hypot(*(float(component) for component in image)) <= 1 + 1e-12


@given(st.lists(CHANNELS, min_size=1, max_size=6))
def test_composition_acts_on_states_like_one_element_after_another(elements: list[QubitChannel]) -> None:
    vector = (0.3, -0.4, 0.5)
    for element in elements:
        vector = tuple(float(v) for v in element.bloch(*vector))  # type: ignore[assignment]
    np.testing.assert_allclose(QubitChannel.chain(elements).bloch(0.3, -0.4, 0.5), vector, rtol=1e-12, atol=1e-14)


def test_arrays_of_any_broadcastable_shapes_compose() -> None:
    lengths, dwells = np.linspace(0, 100, 5)[:, None], np.linspace(0, 500, 3)
    total = fibre(lengths, depol_per_km=0.01).then(memory(dwells, t1_us=300.0, t2_us=400.0))
    assert total.shape == (5, 3)
    single = fibre(25.0, depol_per_km=0.01).then(memory(250.0, t1_us=300.0, t2_us=400.0))
    np.testing.assert_allclose(numbers(total)[:, 1, 1], numbers(single), rtol=1e-15)


def test_where_takes_each_number_from_the_side_that_the_condition_names() -> None:
    mixed = loss(3.0).where([True, False], depolarising(0.5))
    np.testing.assert_allclose(numbers(mixed)[:, 0], numbers(loss(3.0)))
    np.testing.assert_allclose(numbers(mixed)[:, 1], numbers(depolarising(0.5)))


def test_shapes_that_do_not_broadcast_are_a_value_error() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        loss([1.0, 2.0]).then(loss([1.0, 2.0, 3.0]))
