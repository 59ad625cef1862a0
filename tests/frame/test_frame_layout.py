"""The frame in time and wavelength."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.frame import FrameError, FrameLayout, Multiplexing, itu_channel_nm

TIME = Multiplexing.time_division()
COLOURS = Multiplexing.wavelength_division()

layouts = st.builds(
    FrameLayout,
    multiplexing=st.sampled_from((TIME, COLOURS)),
    n_qubits=st.integers(1, 50),
    spacing_us=st.floats(1e-3, 10),
    guard_us=st.floats(0, 100),
    line_rate_hz=st.floats(1e6, 4e11),
    header_octets=st.integers(64, 1518),
    trailer_octets=st.integers(64, 1518),
)


def test_a_64_octet_header_takes_57_6_ns_at_10_gigabit():
    layout = FrameLayout(multiplexing=TIME, n_qubits=10, spacing_us=5.0)
    assert layout.header_us == pytest.approx(0.0576)
    assert layout.payload_us == 50.0


@given(layout=layouts)
def test_one_wavelength_never_carries_two_things_at_once(layout):
    ends: dict[float, float] = {}
    for segment in layout.segments:
        if segment.name != "guard":
            assert segment.start_us >= ends.get(segment.wavelength_nm, 0.0) - 1e-9
            ends[segment.wavelength_nm] = segment.start_us + segment.duration_us


@given(layout=layouts)
def test_the_parts_come_in_order_and_the_last_ends_the_frame(layout):
    header, guard, payload, trailer = layout.segments
    assert [s.name for s in layout.segments] == ["header", "guard", "payload", "trailer"]
    assert header.start_us == 0.0
    assert guard.start_us + guard.duration_us == pytest.approx(payload.start_us)
    assert trailer.start_us >= payload.start_us + payload.duration_us - 1e-9
    assert layout.total_us == pytest.approx(trailer.start_us + trailer.duration_us)


@given(layout=layouts)
def test_qubits_that_leave_one_spacing_apart_fill_the_payload(layout):
    times = layout.payload_start_us + layout.spacing_us * np.arange(layout.n_qubits)
    payload = layout.segments[2]
    assert times[0] == payload.start_us
    assert times[-1] < payload.start_us + payload.duration_us
    assert times[-1] + layout.spacing_us == pytest.approx(payload.start_us + payload.duration_us)


@given(layout=layouts)
def test_two_wavelengths_never_take_longer_than_one(layout):
    apart = replace(layout, multiplexing=COLOURS)
    assert apart.total_us <= replace(layout, multiplexing=TIME).total_us + 1e-9


@given(layout=layouts, extra_us=st.floats(0, 100))
def test_more_guard_delays_the_payload_by_as_much(layout, extra_us):
    later = replace(layout, guard_us=layout.guard_us + extra_us)
    assert later.payload_start_us - layout.payload_start_us == pytest.approx(extra_us, abs=1e-9)


def test_without_guard_wavelength_division_sends_qubits_with_the_header():
    layout = FrameLayout(multiplexing=COLOURS, n_qubits=2, spacing_us=5.0)
    assert layout.payload_start_us == 0.0
    assert replace(layout, multiplexing=TIME).payload_start_us == layout.header_us


def test_a_plan_names_its_wavelengths():
    assert TIME.wavelengths_nm == (pytest.approx(1550.116, abs=1e-3),)
    assert COLOURS.wavelengths_nm == (pytest.approx(1550.116, abs=1e-3), pytest.approx(1552.524, abs=1e-3))
    assert COLOURS.separation_thz == pytest.approx(0.3)
    assert TIME.separation_thz == 0.0


@pytest.mark.parametrize(("channel", "thz"), [(1, 190.1), (31, 193.1), (72, 197.2)])
def test_itu_channels_lie_on_the_100_ghz_grid(channel, thz):
    assert itu_channel_nm(channel) * thz == pytest.approx(299_792.458)


def test_a_layout_follows_the_encoded_frame(full_frame):
    layout = FrameLayout.of(full_frame, multiplexing=TIME)
    assert (layout.n_qubits, layout.spacing_us, layout.guard_us) == (10, 5.0, 12.5)
    assert layout.header_octets == layout.trailer_octets == len(full_frame.encode())
    longer = FrameLayout.of(full_frame, multiplexing=TIME, dialect="lldp")
    assert longer.header_us > layout.header_us
    even = FrameLayout.of(replace(full_frame, spacing_us=None, guard_us=None), multiplexing=TIME)
    assert (even.spacing_us, even.guard_us) == (5.0, 0.0)
    with pytest.raises(FrameError, match="n_qubits = None"):
        FrameLayout.of(replace(full_frame, n_qubits=None), multiplexing=TIME)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"n_qubits": 0}, "n_qubits = 0"),
        ({"n_qubits": 1.5}, "n_qubits = 1.5"),
        ({"spacing_us": 0.0}, "spacing_us = 0.0"),
        ({"guard_us": -1.0}, "guard_us = -1.0"),
        ({"guard_us": math.nan}, "guard_us = nan"),
        ({"line_rate_hz": math.inf}, "line_rate_hz = inf"),
        ({"header_octets": 63}, "header_octets = 63 is not from 64 to 1518"),
        ({"trailer_octets": 1519}, "trailer_octets = 1519"),
    ],
)
def test_bad_layouts_are_refused_by_name(changes, problem):
    layout = FrameLayout(multiplexing=TIME, n_qubits=10, spacing_us=5.0)
    with pytest.raises(FrameError, match=problem):
        replace(layout, **changes)


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        ({"kind": "space", "payload_nm": 1.0, "classical_nm": 1.0}, "kind = 'space'"),
        ({"kind": "time", "payload_nm": 1550.0, "classical_nm": 1310.0}, "1310.0 nm is not the payload's"),
        ({"kind": "wavelength", "payload_nm": 1550.0, "classical_nm": 1550.0}, "at least 12.5 GHz"),
        ({"kind": "time", "payload_nm": -1.0, "classical_nm": -1.0}, "payload_nm = -1.0"),
        ({"kind": "time", "payload_nm": math.nan, "classical_nm": math.nan}, "payload_nm = nan"),
    ],
)
def test_bad_plans_are_refused_by_name(plan, problem):
    with pytest.raises(FrameError, match=problem):
        Multiplexing(**plan)


@pytest.mark.parametrize("channel", [0, 73])
def test_a_channel_off_the_grid_is_refused(channel):
    with pytest.raises(FrameError, match=f"channel = {channel}"):
        itu_channel_nm(channel)
