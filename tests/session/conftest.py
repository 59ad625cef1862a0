"""The Frame tab without a browser: questions go in as the browser sends them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.frame import Frame, Tlv
from qpsviz.session.tabs.frame.tab import question

times_us = st.integers(0, 10**15).map(lambda ps: ps / 1e6)
any_frame = st.builds(
    Frame,
    destination=st.sampled_from(("02:00:00:00:00:02", "01:80:c2:00:00:0e")),
    source=st.just("02:00:00:00:00:01"),
    role=st.sampled_from(("header", "trailer")),
    payload_duration_us=times_us,
    memory_time_us=st.none() | times_us,
    cutoff_us=st.just(math.inf) | times_us,
    error_correction=st.none() | st.sampled_from(("[[5,1,3]]", "Code ß")),
    guard_us=st.none() | times_us,
    n_qubits=st.none() | st.integers(0, 2**32 - 1),
    spacing_us=st.none() | times_us,
    frame_id=st.none() | st.integers(0, 2**32 - 1),
    tlvs=st.lists(st.builds(Tlv, type=st.integers(5, 126), value=st.binary(max_size=30)), max_size=3).map(tuple),
)


@pytest.fixture(scope="session")
def frames() -> st.SearchStrategy[Frame]:
    """Strategy for frames with and without optional fields and reserved TLVs."""
    return any_frame


@pytest.fixture(scope="session")
def least_frame() -> Frame:
    """A frame that states its mandatory fields alone."""
    return Frame(destination="02:00:00:00:00:02", source="02:00:00:00:00:01", role="trailer", payload_duration_us=50.0)


@pytest.fixture(scope="session")
def memory_buys() -> qps.Scenario:
    """The state in which the Frame tab is asked, unless a test names another."""
    return qps.preset("memory-buys")


@pytest.fixture(scope="session")
def ask(memory_buys: qps.Scenario) -> Callable[..., dict[str, Any]]:
    """Ask the Frame tab, whose answer must be JSON that a browser reads."""

    def put(do: str, run: Any = None, scenario: qps.Scenario = memory_buys, **asked: Any) -> dict[str, Any]:
        answer = question(scenario, run, {"do": do, **asked})
        json.dumps(answer, allow_nan=False)
        return answer

    return put


@pytest.fixture(scope="session")
def paste(ask: Callable[..., dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    """Paste a text into the Frame tab."""
    return lambda text: ask("paste", text=text)
