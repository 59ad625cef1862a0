"""A link, a program and a file each give back the state that they were made from."""

from __future__ import annotations

import contextlib
import csv
import io
import math
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.frame import read_capture
from qpsviz.scenario import parameters
from qpsviz.scenario.declaration import Parameter
from qpsviz.session import exports
from qpsviz.session import share_link as share
from qpsviz.session.tabs.declared import TABS
from qpsviz.widgets import Page

Ask = Callable[..., tuple[dict[str, Any], list[Any]]]


def valid_value(p: Parameter) -> st.SearchStrategy[Any]:
    """Any value that a parameter allows, its infinite ones included."""
    if p.kind == "choice":
        return st.sampled_from(p.choices)
    if p.kind == "flag":
        return st.booleans()
    if p.kind == "count":
        return st.integers(int(p.lo), int(min(p.hi, 1e6)))
    finite = st.floats(p.lo, min(p.hi, 1e12), allow_nan=False)
    return finite if math.isfinite(p.hi) else st.one_of(finite, st.just(math.inf))


@st.composite
def scenarios(draw: st.DrawFn) -> qps.Scenario:
    """Any valid scenario."""
    values = {p.name: draw(valid_value(p)) for p in parameters()}
    values["t2_us"] = min(values["t2_us"], 2 * values["t1_us"])
    if values["n_signals"] or values["header_light"] == "wavelength":  # in the C band every coefficient is known
        comb = {"photon_nm": (1530.0, 1565.0), "signal_nm": (1530.0, 1535.0), "signal_spacing_nm": (0.0, 0.3)}
        values |= {name: draw(st.floats(*range_nm)) for name, range_nm in comb.items()}
    return qps.Scenario().replace(**values)


@given(scenarios(), st.sampled_from(sorted(TABS)), st.booleans())
def test_a_link_restores_every_state(scenario: qps.Scenario, tab: str, linked: bool) -> None:
    state = {"tab": tab, "linked": linked}
    assert share.from_link(share.to_link(scenario, state)) == (scenario, state)


@given(scenarios())
def test_a_link_is_short_enough_to_send_and_survives_an_address_bar(scenario: qps.Scenario) -> None:
    link = share.to_link(scenario, {"tab": "curves", "linked": True})
    assert len(link) <= share.LONGEST_LINK
    assert urlsplit(f"http://localhost/#s?{link}").fragment == f"s?{link}"
    assert not any(c.isspace() for c in link)


@given(st.text())
def test_any_text_is_a_state_or_a_value_error(text: str) -> None:
    try:
        scenario, _ = share.from_link(text)
    except ValueError as error:
        assert str(error)
    else:
        assert isinstance(scenario, qps.Scenario)


def test_the_opening_state_needs_no_parameter_in_its_link() -> None:
    assert share.to_link(qps.Scenario(), {}) == ""


def executed(program: str) -> tuple[list[str], dict[str, Any]]:
    """Lines that a program prints, and its names."""
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "state.py", "exec"), names)
    return printed.getvalue().splitlines(), names


@pytest.mark.parametrize(
    "scenario",
    [
        qps.preset("first"),
        qps.preset("fig12").replace(length_km=33.0),
        qps.preset("fig7").replace(t1_us=math.inf, t2_us=math.inf, wavelength_conversion=False),
        qps.Scenario().replace(discipline="circuit", n_qubits=3, cutoff_us=1e4),
    ],
)
def test_the_python_of_a_state_runs_and_prints_the_numbers_on_the_page(scenario: qps.Scenario) -> None:
    printed, names = executed(share.to_python(scenario, plots=("key_rate", "fidelity")))
    assert names["s"] == scenario
    assert float(printed[0].split()[0]) == qps.evaluate(scenario, "key_rate")
    assert float(printed[1]) == qps.evaluate(scenario, "fidelity")
    assert printed[2] == str(qps.simulate(scenario, seed=1).summary())
    assert names["fidelity"].dims == ("length_km", "n_relays")


@settings(max_examples=25)
@given(scenarios())
def test_the_python_of_any_state_names_that_state(scenario: qps.Scenario) -> None:
    program = share.to_python(scenario).split('print(qps.evaluate(s, "key_rate")')[0]
    assert executed(program)[1]["s"] == scenario


def test_the_curves_of_the_csv_are_those_of_the_models() -> None:
    scenario = qps.preset("fig7").replace(n_relays=4)
    rows = list(csv.reader(io.StringIO(exports.curves_csv(scenario))))
    titles, values = rows[0], np.array(rows[1:], dtype=float)
    assert titles[0] == "length [km]"
    assert {"key_rate n=4 [bit/pulse]", "fidelity n=0 [1]"} <= set(titles)
    for title, column in zip(titles[1:], values.T[1:], strict=True):
        name, n = title.split(" ")[0], int(title.split("n=")[1].split(" ")[0])
        for i in (0, 100, 477):
            there = scenario.replace(length_km=float(values[i, 0]), n_relays=n)
            assert column[i] == pytest.approx(qps.evaluate(there, name), rel=1e-12)


def test_the_run_the_headers_and_the_scenario_can_be_read_back(opened: Page, answers: Ask, tmp_path: Any) -> None:
    for name in ("run.json", "headers.pcapng", "trace.json", "scenario.toml", "curves.csv"):
        message, (data,) = answers(opened, "file", name=name)
        assert message["file"] == name
        (tmp_path / name).write_bytes(bytes(data))
    run = qps.Run.load(tmp_path / "run.json")
    assert run.frames == opened.latest_run.frames
    assert qps.Scenario.load(tmp_path / "scenario.toml") == opened.scenario
    caught = list(read_capture(tmp_path / "headers.pcapng"))
    roles = {packet.frame().role for packet in caught}
    assert roles == {"header", "trailer"}
    assert len(caught) >= 2 * len(run.legs)
    run.to_q2nsviz(tmp_path / "again.json")
    assert (tmp_path / "trace.json").read_bytes() == (tmp_path / "again.json").read_bytes()


def test_every_export_that_a_session_makes_is_offered(opened: Page) -> None:
    offered = {entry["name"] for entry in opened.spec["exports"]}
    assert {
        "curves.csv",
        "run.json",
        "headers.pcapng",
        "trace.json",
        "scenario.toml",
        "figures.png",
        "network.png",
    } <= offered


def test_a_link_of_an_earlier_version_still_opens_its_tab() -> None:
    assert share.from_link("length_km=40.0&pane=frame") == share.from_link("length_km=40.0&tab=frame")


@pytest.mark.parametrize("discipline", list(qps.Discipline))
def test_a_link_of_an_earlier_version_opens_with_the_availability_that_it_had(discipline: qps.Discipline) -> None:
    """Its default was 0.5, which did nothing where frames are stored."""
    earlier = "" if discipline == "store" else f"discipline={discipline}&"
    scenario, state = share.from_link(f"{earlier}length_km=40.0&pin=key_rate%3F{earlier}n_relays=2".rstrip("&"))
    assert scenario.switch.p_free == (1.0 if discipline == "store" else 0.5)
    pinned, _ = share.from_link(f"pin=key_rate%3Fdiscipline%3D{discipline}")[1]["pins"]["key_rate"], state
    assert pinned.switch.p_free == scenario.switch.p_free
    now = share.to_link(scenario.replace(p_free=1.0), {})
    assert share.from_link(now)[0].switch.p_free == 1.0
    assert ("p_free=1.0" in now) == (discipline != "store")
