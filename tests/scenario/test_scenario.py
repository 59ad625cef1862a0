"""A scenario is declared once, checked always, and survives being written to a file."""

from __future__ import annotations

import dataclasses
import json
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz import ParameterError, Scenario, parameters
from qpsviz.scenario import parameter
from qpsviz.scenario.declaration import Parameter

PARAMETERS = parameters()
NAMES = st.sampled_from([p.name for p in PARAMETERS])
NUMBERS = [p for p in PARAMETERS if p.kind in ("number", "count")]


def valid_value(p: Parameter) -> st.SearchStrategy[Any]:
    """Any value that a parameter allows, its infinite ones included."""
    if p.kind == "choice":
        return st.sampled_from(p.choices)
    if p.kind == "flag":
        return st.booleans()
    if p.kind == "count":
        return st.integers(int(p.lo), int(p.hi))
    finite = st.floats(p.lo, min(p.hi, 1e12), allow_nan=False)
    return finite if math.isfinite(p.hi) else st.one_of(finite, st.just(math.inf))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any valid scenario."""
    values = {p.name: draw(valid_value(p)) for p in PARAMETERS}
    values["t2_us"] = min(values["t2_us"], 2 * values["t1_us"])
    if (
        values["n_signals"] or values["header_light"] == "wavelength"
    ):  # light within the C band, of which every coefficient is known
        comb = {"photon_nm": (1530.0, 1565.0), "signal_nm": (1530.0, 1535.0), "signal_spacing_nm": (0.0, 0.3)}
        values |= {name: draw(st.floats(*range_nm)) for name, range_nm in comb.items()}
    return Scenario().replace(**values)


@given(scenarios())
def test_a_scenario_read_from_its_own_toml_is_the_same(scenario: Scenario) -> None:
    assert Scenario.from_toml(scenario.to_toml()) == scenario


@given(scenarios())
def test_a_scenario_read_from_its_own_json_is_the_same_and_the_json_is_standard(scenario: Scenario) -> None:
    text = scenario.to_json()
    assert Scenario.from_json(text) == scenario
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))


@given(scenarios())
def test_the_changes_of_a_scenario_rebuild_it(scenario: Scenario) -> None:
    assert Scenario().replace(**scenario.changes()) == scenario
    assert Scenario().replace(**scenario.flat()) == scenario


@given(scenarios())
def test_a_scenario_survives_the_way_to_a_worker_process_and_serves_as_a_key(scenario: Scenario) -> None:
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy == scenario
    assert {scenario: 1}[copy] == 1


@given(st.text())
def test_any_text_is_a_scenario_or_a_value_error(text: str) -> None:
    for read in (Scenario.from_toml, Scenario.from_json):
        try:
            assert isinstance(read(text), Scenario)
        except ValueError as error:
            assert str(error)


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@given(st.dictionaries(st.sampled_from(["path", "memory", "switch", "nowhere"]), st.dictionaries(NAMES, ANYTHING)))
def test_any_table_is_a_scenario_or_a_parameter_error(table: dict[str, dict[str, Any]]) -> None:
    try:
        scenario = Scenario.from_nested(table)
    except ParameterError as error:
        assert error.name in str(error)
    else:
        assert Scenario().replace(**scenario.flat()) == scenario


@pytest.mark.parametrize("p", NUMBERS, ids=lambda p: p.name)
@pytest.mark.parametrize(
    "value",
    [math.nan, "12", None, True, [1.0], np.array([1.0]), 1 + 2j, -101.0, 10**400, -math.inf, object()],
    ids=repr,
)
def test_a_number_refuses_what_is_no_number_in_range(p: Parameter, value: object) -> None:
    with pytest.raises(ParameterError, match=f"^{p.name} = .* must be ") as caught:
        Scenario().replace(**{p.name: value})
    assert caught.value.name == p.name
    assert p.range_text in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("p", NUMBERS, ids=lambda p: p.name)
def test_a_number_takes_its_bounds_and_nothing_beyond(p: Parameter) -> None:
    partner = {"t1_us": {"t2_us": p.lo}, "t2_us": {"t1_us": math.inf}}.get(p.name, {})
    for bound in (p.lo, p.hi):
        assert Scenario().replace(**{p.name: bound, **partner}).flat()[p.name] == bound
    for beyond in (p.lo - 1, p.hi + 1):
        if math.isfinite(beyond):
            with pytest.raises(ParameterError, match=p.name):
                Scenario().replace(**{p.name: beyond, **partner})


@pytest.mark.parametrize("p", [p for p in PARAMETERS if p.kind in ("choice", "flag")], ids=lambda p: p.name)
@pytest.mark.parametrize("value", ["", "burst ", 1, 0.0, None, math.nan])
def test_a_choice_or_flag_takes_only_its_own_words(p: Parameter, value: object) -> None:
    with pytest.raises(ParameterError, match=f"^{p.name} = .* must be "):
        Scenario().replace(**{p.name: value})


@pytest.mark.parametrize("value", [2.5, math.inf, "3"])
def test_a_count_is_a_whole_number(value: object) -> None:
    with pytest.raises(ParameterError, match=r"n_relays = .* must be a whole number 0 … 1000"):
        Scenario().replace(n_relays=value)


def test_a_whole_float_or_numpy_number_becomes_a_count() -> None:
    for value in (3.0, np.int64(3), np.float32(3)):
        n_relays = Scenario().replace(n_relays=value).path.n_relays
        assert (n_relays, type(n_relays)) == (3, int)


@given(st.floats(1e-3, 1e9), st.floats(1.0001, 1e6))
def test_a_t2_beyond_twice_t1_is_refused(t1_us: float, factor: float) -> None:
    with pytest.raises(ParameterError, match=r"t2_us = .* exceeds 2 \* t1_us = ") as caught:
        Scenario().replace(t1_us=t1_us, t2_us=2 * t1_us * factor)
    assert caught.value.name == "t2_us"
    assert Scenario().replace(t1_us=t1_us, t2_us=2 * t1_us).memory.t2_us == 2 * t1_us


def test_an_unknown_name_is_refused_with_the_one_probably_meant() -> None:
    with pytest.raises(ParameterError, match=r"unknown parameter 'lenght_km'; did you mean length_km\?"):
        Scenario().replace(lenght_km=3.0)
    with pytest.raises(ParameterError, match=r"unknown group 'fiber'; did you mean fibre\?"):
        Scenario.from_nested({"fiber": {}})
    with pytest.raises(ParameterError, match="t1_us belongs to memory, not path"):
        Scenario.from_nested({"path": {"t1_us": 1.0}})


@pytest.mark.parametrize("nested", [None, [], 3, "x", {"path": 3}, {"path": []}])
def test_what_is_no_table_of_tables_is_refused(nested: object) -> None:
    with pytest.raises(ParameterError, match=r"table"):
        Scenario.from_nested(nested)


def test_a_group_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(ParameterError, match="path = 3 must be a Path"):
        Scenario(path=3)  # type: ignore[arg-type]


def test_a_frozen_scenario_cannot_be_changed_in_place() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Scenario().path.length_km = 3.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("half.toml", "[path\nlength_km = 3"), ("half.json", '{"path": {"length_km": 3'),
        ("deep.toml", "x = " + "[" * 100_000), ("deep.json", "[" * 100_000),
        ("huge.json", '{"path": {"n_relays": ' + "9" * 400 + "}}"), ("long.toml", "[path]\nn_relays = " + "9" * 5000),
        ("nan.toml", "[path]\nlength_km = nan"), ("date.toml", "[path]\nlength_km = 2020-01-01"),
        ("nan.json", '{"path": {"length_km": NaN}}'), ("null.json", "null"), ("empty.json", ""),
        ("t2.toml", "[memory]\nt1_us = 1.0\nt2_us = 3.0"), ("word.toml", "[path]\nlayout = 'spilt'"),
    ],
)  # fmt: skip
def test_a_broken_file_is_one_value_error_that_names_the_file(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{name}: ") as caught:
        Scenario.load(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_text_is_a_value_error(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"^s\.toml: "):
        Scenario.load(tmp_path / "s.toml")


def test_a_file_need_only_say_what_differs(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("[memory]\nt1_us = inf\nt2_us = inf\n", encoding="utf-8")
    assert Scenario.load(tmp_path / "s.toml").changes() == {"t1_us": math.inf, "t2_us": math.inf}
    (tmp_path / "s.json").write_text('{"memory": {"cutoff_us": 10}}', encoding="utf-8")
    assert Scenario.load(tmp_path / "s.json").changes() == {"cutoff_us": 10.0}


def test_a_refusal_reaches_another_process_with_its_name() -> None:
    copy = pickle.loads(pickle.dumps(ParameterError("t2_us", "t2_us = 9 is wrong")))
    assert (copy.name, str(copy)) == ("t2_us", "t2_us = 9 is wrong")


@pytest.mark.parametrize("p", PARAMETERS, ids=lambda p: p.name)
def test_a_declaration_is_complete_and_its_slider_lies_within_its_bounds(p: Parameter) -> None:
    assert p.claim in ("paper", "standard", "ours")
    assert p.label
    assert p.source
    assert p.help.endswith(".")
    assert p.check(p.default) == p.default
    if p.kind in ("number", "count"):
        assert p.lo <= p.shown[0] < p.shown[1] <= p.hi
        assert not p.log or p.shown[0] > 0
        assert math.isinf(float(p.default)) or p.shown[0] <= float(p.default) <= p.shown[1]
    suffix = {"us": "_us", "km": "_km", "dB": "_db", "dB/km": "_db_per_km", "km/us": "_km_per_us", "1/km": "_per_km"}
    assert p.name.endswith(suffix.get(p.unit, ""))


def test_names_are_unique_and_every_one_can_be_looked_up() -> None:
    names = [p.name for p in PARAMETERS]
    assert len(set(names)) == len(names)
    assert [parameter(name) for name in names] == list(PARAMETERS)


@pytest.mark.parametrize("p", [p for p in NUMBERS if p.lo <= 0 <= p.hi], ids=lambda p: p.name)
def test_a_negative_zero_is_zero(p: Parameter) -> None:
    kept = Scenario().replace(**{p.name: -0.0}).flat()[p.name]
    assert kept == 0
    assert math.copysign(1.0, float(kept)) == 1.0
    assert math.copysign(1.0, float(p.read("-0"))) == 1.0


def test_a_port_that_is_never_free_is_so_for_either_zero() -> None:
    from qpsviz import evaluate, sweep

    never = Scenario().replace(discipline="store", p_free=-0.0)
    assert evaluate(never, ("dwell_us", "delay_us")) == {"dwell_us": math.inf, "delay_us": math.inf}
    assert sweep(never, "dwell_us", p_free=[-0.0, 1.0]).values.tolist()[0] == math.inf
    assert sweep(never, "dwell_us", n_relays=[0, 1]).values.tolist() == [0, math.inf]
