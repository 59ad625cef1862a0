"""A dimmed control changes nothing, and in states that people meet a bright one changes something."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpsviz import Scenario, evaluate, outputs, parameters, preset, simulate
from qpsviz.scenario.declaration import Parameter
from qpsviz.session.controls.idle import RULES, idle_controls

PARAMETERS = {p.name: p for p in parameters()}
# Small numbers of things, and times of one order, so that rules about more, less and equal meet.
COUNTS = {
    "n_relays": (0, 4), "n_qubits": (1, 12), "n_frames": (1, 6), "max_attempts": (1, 3), "n_wavelengths": (1, 3),
    "max_deflections": (0, 3), "n_signals": (0, 3),
}  # fmt: skip
TIMES_US = [0.0, 1.0, 5.0, 10.0, 50.0, 125.0, 400.0]
SPECIAL: dict[str, list[float]] = {
    "length_km": [0.0, 20.0, 80.0, 211.3],
    "p_free": [0.0, 0.5, 0.9, 1.0],
    "depol_per_km": [0.0, 0.008],
    "insertion_loss_db": [0.0, 0.7],
    "t1_us": [100.0, 2070.0, math.inf],
    "t2_us": [80.0, 500.0, math.inf],
    "cutoff_us": [100.0, 300.0, math.inf],
    "memory_qubits": [5.0, 20.0, math.inf],
    "eta_detector": [0.1, 0.5, 1.0],
    "p_dark": [0.0, 1e-6, 1e-3],
    "signal_nm": [1535.0, 1545.0],
    "photon_nm": [1530.0, 1550.0],
    "gate_us": [1e-3, 1e-2],
    "dead_us": [0.0, 3.0, 60.0],
    "jitter_us": [0.0, 1e-3],
    "g2": [0.0, 1e-3, 0.3],
}
STATES = {name: preset(name) for name in ("first", "fig7", "fig10a", "fig10b", "hollow-core")} | {
    "busy bursts": preset("first").replace(
        p_free=0.5, max_attempts=4, processing_us=20.0, guard_us=0.0, frame_gap_us=5.0, n_wavelengths=2, n_frames=40
    ),
    "delayed bursts": preset("first").replace(
        p_free=0.5,
        max_attempts=4,
        processing_us=20.0,
        guard_us=0.0,
        frame_gap_us=5.0,
        n_wavelengths=2,
        n_frames=40,
        reservation="delayed",
    ),
    "late bursts": preset("fig7").replace(processing_us=20.0, depol_per_km=0.01),
    "busy stores": Scenario().replace(
        p_free=0.5,
        processing_us=20.0,
        frame_gap_us=10.0,
        n_wavelengths=2,
        cutoff_us=700.0,
        memory_qubits=25.0,
        n_frames=45,
    ),
    "busy loops": Scenario().replace(p_free=0.6, storage="recirculating", layout="split", release="after_header"),
    "circuit": preset("first").replace(discipline="circuit", p_free=0.7),
    "no relays": Scenario().replace(n_relays=0),
    "loops": Scenario().replace(storage="recirculating", release="after_header", cutoff_us=300.0, memory_qubits=20.0),
    "lit": preset("fig7").replace(n_signals=2, launch_dbm=-20.0),
    "lit by wavelength": preset("fig7").replace(n_signals=4, scattering="spectrum", signal_direction="backward"),
    "real source": preset("fig7").replace(length_km=20.0, eta_source=0.4, g2=0.01, p_herald=0.1),
    "real detector": preset("fig7").replace(p_afterpulse=0.02, dead_us=12.0, jitter_us=5e-4),
    "lit by headers": preset("fig7").replace(header_light="wavelength", scattering="spectrum", bypass_loss_db=0.5),
    "lit by headers in time": preset("fig7").replace(header_light="time", header_dbm=-10.0),
    "bypassed": preset("fig7").replace(n_signals=1, launch_dbm=-20.0, header_light="time", header_dbm=-20.0),
    "corrected": preset("hollow-core").replace(device="long_term", correction="steane"),
}
# Settings that show an effect where a small step does not: a threshold must be crossed, a choice changed.
FAR: dict[str, list[Any]] = {
    "n_frames": [2],
    "cutoff_us": [20.0],
    "memory_qubits": [3.0],
    "max_attempts": [4],
    "release": ["after_header", "after_frame"],
    "guard_us": [15.0],
    "n_wavelengths": [3],
    "photon_nm": [1545.0],
}


def values_of(p: Parameter) -> st.SearchStrategy[Any]:
    """Values worth trying of one parameter."""
    if p.kind == "choice":
        return st.sampled_from(p.choices)
    if p.kind == "flag":
        return st.booleans()
    if p.name in COUNTS:
        return st.integers(*COUNTS[p.name])
    if p.name in SPECIAL:
        return st.sampled_from(SPECIAL[p.name])
    if p.unit == "us":
        return st.sampled_from([t for t in TIMES_US if t >= p.lo])
    return st.floats(max(p.lo, p.shown[0]), min(p.hi, p.shown[1]))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Scenarios small enough to simulate, with every word and every special value."""
    values = {name: draw(values_of(p)) for name, p in PARAMETERS.items()}
    values["t2_us"] = min(values["t2_us"], 2 * values["t1_us"])
    return Scenario().replace(**values)


def moved(scenario: Scenario, name: str, value: Any) -> Scenario | None:
    """The scenario with one parameter changed, or None where that is no scenario."""
    try:
        return scenario.replace(**{name: value})
    except ValueError:
        return None


def differences(one: Scenario, other: Scenario) -> Iterator[str]:
    """Outputs, and columns of the run's frames, in which two scenarios differ."""
    yield from (o.name for o in outputs() if not same(evaluate(one, o.name), evaluate(other, o.name)))
    frames, others = frames_of(one), frames_of(other)
    if len(frames) != len(others):
        yield "number of frames"
    else:
        yield from (f"frames.{c}" for c in frames if not same(frames[c], others[c]))


@lru_cache(maxsize=64)
def frames_of(scenario: Scenario) -> Any:
    """Frames of the run that the page would show."""
    return simulate(scenario, seed=1).frames


def same(one: Any, other: Any) -> bool:
    """Equal, or as equal as two orders of the same multiplications leave it."""
    one, other = np.asarray(one), np.asarray(other)
    if one.dtype.kind not in "fc":
        return bool(np.array_equal(one, other))
    return bool(np.allclose(one, other, rtol=1e-12, atol=1e-15, equal_nan=True))


@settings(max_examples=60)
@given(scenarios(), st.data())
def test_a_dimmed_control_changes_no_output_and_no_frame(scenario: Scenario, data: st.DataObject) -> None:
    idle = idle_controls(scenario)
    if not idle:
        return
    name = data.draw(st.sampled_from(sorted(idle)))
    other = moved(scenario, name, data.draw(values_of(PARAMETERS[name])))
    assert other is None or list(differences(scenario, other)) == [], f"{name}: {idle[name]}"


@pytest.mark.parametrize("state", STATES)
def test_every_bright_control_changes_an_output_or_a_frame(state: str) -> None:
    scenario = STATES[state]
    idle = idle_controls(scenario)
    useless = []
    for p in PARAMETERS.values():
        if p.name in idle:
            continue
        tries = [t for value in other_values(p, scenario.flat()[p.name]) if (t := moved(scenario, p.name, value))]
        assert tries, f"no other value of {p.name} makes a scenario"
        if not any(next(differences(scenario, t), None) for t in tries):
            useless.append(p.name)
    assert useless == []


def other_values(p: Parameter, present: Any) -> list[Any]:
    """A few values of a parameter other than the present one, likely ones first."""
    if p.kind == "choice":
        candidates: list[Any] = list(p.choices)
    elif p.kind == "flag":
        candidates = [not present]
    else:
        lo, hi = p.shown
        near = present * 0.7 if present and math.isfinite(present) else hi
        candidates = [*FAR.get(p.name, []), *([] if p.kind == "count" else [near]), lo, hi]
        candidates = [c for c in candidates if not (p.name == "n_frames" and c > 50)]
    return [c for c in candidates if c != present]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.names[0]}: {rule.reason}")
def test_a_reason_is_given_in_some_state_and_fits_beside_its_control(rule: Any) -> None:
    assert len(rule.reason) <= 60
    assert rule.reason.endswith(".")
    for state in [*STATES.values(), *EDGES]:
        if rule.reason in idle_controls(state).values():
            return
    pytest.fail("no state meets this rule")


EDGES = [
    Scenario().replace(processing_us=0.0, release="after_header"),
    Scenario().replace(layout="split", t1_us=math.inf),
    Scenario().replace(discipline="circuit", n_relays=0, layout="split"),
    Scenario().replace(device="near_term", storage="delay_line"),
    Scenario().replace(discipline="burst", max_attempts=3, n_wavelengths=2, p_free=0.5),
    Scenario().replace(discipline="circuit", partner_noise=False),
    Scenario().replace(n_wavelengths=2),
    Scenario().replace(p_dark=0.0),
    Scenario().replace(n_signals=1, scattering="spectrum"),
    Scenario().replace(n_wavelengths=2, device="near_term"),
    preset("fig7").replace(g2=0.5),
    Scenario().replace(n_wavelengths=2, max_attempts=2, cutoff_us=100.0),
]


def test_no_control_is_dimmed_that_the_state_needs() -> None:
    first = idle_controls(preset("first"))
    assert not {"length_km", "n_relays", "processing_us", "guard_us", "p_free", "t1_us"} & first.keys()
    assert first["release"] == "No memories in the switches here."
