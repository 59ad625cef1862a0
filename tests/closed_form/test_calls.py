"""Calls as a user first writes them work, or say what to write."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.cli.parser import main


def test_a_list_of_outputs_gives_each_by_its_name() -> None:
    fig7 = qps.preset("fig7")
    found = qps.evaluate(fig7, ["key_rate", "qber_z"])
    assert found == {name: qps.evaluate(fig7, name) for name in ("key_rate", "qber_z")}


def test_the_name_of_a_preset_stands_for_its_scenario() -> None:
    fig7 = qps.preset("fig7")
    assert qps.evaluate("fig7", "key_rate") == qps.evaluate(fig7, "key_rate")
    assert qps.sweep("fig7", "key_rate", n_relays=[1]).equals(qps.sweep(fig7, "key_rate", n_relays=[1]))
    assert qps.solve("fig12", ("t1_us", "t2_us"), fidelity=0.9) == pytest.approx(2069, abs=1)
    assert qps.simulate("first", seed=1).frames == qps.simulate(qps.preset("first"), seed=1).frames


def test_a_scenario_takes_and_gives_flat_parameters() -> None:
    scenario = qps.Scenario(length_km=50, n_relays=1, memory=qps.preset("fig12").memory, t2_us=7.0)
    assert (scenario.length_km, scenario.n_relays, scenario.t2_us) == (50.0, 1, 7.0)
    assert scenario.memory.t1_us == qps.preset("fig12").memory.t1_us
    assert scenario == qps.Scenario().replace(length_km=50, n_relays=1, t1_us=scenario.t1_us, t2_us=7.0)
    for again in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario), copy.copy(scenario)):
        assert again == scenario


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: qps.evaluate(3, "fidelity"), "write qps.Scenario(length_km=50.0) or the name of a preset"),
        (lambda: qps.evaluate("fig77", "fidelity"), "did you mean fig7"),
        (lambda: qps.evaluate("fig7", 3), "must be a name of qps.outputs(), or a list of names"),
        (lambda: qps.evaluate("fig7", ["fidelity", "key_rte"]), "did you mean key_rate"),
        (lambda: qps.sweep("fig7", ["fidelity", "key_rate"], n_relays=[0]), "sweep each in turn"),
        (lambda: qps.sweep("fig10a", "fidelity", t1_us=[1.0, 1e3]), 'linked={"t2_us": "t1_us"}'),
        (lambda: qps.simulate("first", traffic=0.5), "write traffic=qps.Traffic(load=0.5)"),
        (lambda: qps.simulate("first", network="ring"), "write network=qps.Network.ring("),
        (lambda: qps.Scenario(lenght_km=50), "did you mean length_km"),
        (lambda: qps.Scenario(memory=3), "memory = 3 must be a Memory"),
        (lambda: qps.Scenario(length_km=-1), "length_km = -1"),
        (lambda: qps.Scenario(t1="1 ms"), "unknown parameter 't1'; write t1_us=1000.0 [us]"),
        (lambda: qps.Scenario().replace(t2=5), "unknown parameter 't2'; write t2_us=5 [us]"),
        (lambda: qps.Scenario(t1="long"), "unknown parameter 't1'; did you mean t1_us?"),
        (lambda: qps.Scenario(t1_us="1 ms"), "t1_us = '1 ms' must be at least 0.001 us; write t1_us=1000.0"),
        (lambda: qps.Scenario(speed="200000 km/s"), "write speed_km_per_us=0.2 [km/us]"),
        (lambda: qps.Scenario(n_relays="3"), "n_relays = '3' must be a whole number 0 … 1000; write n_relays=3"),
        (lambda: qps.Scenario(layout="middle"), "layout = 'middle' must be one of split, sender"),
        (lambda: qps.sweep("fig7", "fidelity", linked=["t1_us"], t1_us=[1.0]), 'write linked={"t2_us": "t1_us"}'),
        (lambda: qps.sweep("fig7", "fidelity", linked="t1_us", t1_us=[1.0]), "linked = 't1_us' is no dict"),
        (lambda: qps.evaluate([qps.Scenario()] * 2, "fidelity"), "one at a time, or qps.sweep("),
        (
            lambda: qps.sweep("fig7", "fidelity", length_km=np.zeros(20_000), p_free=np.zeros(20_000)),
            "a grid of 20,000 × 20,000 is 400,000,000 values; at most 10,000,000",
        ),
    ],
)
def test_what_cannot_be_meant_says_what_to_write(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=r"(?s).*") as caught:
        call()
    assert words in str(caught.value)


def test_a_misspelt_attribute_is_an_attribute_error_with_a_hint() -> None:
    with pytest.raises(AttributeError, match="did you mean length_km"):
        qps.Scenario().lenght_km  # noqa: B018
    assert not hasattr(qps.Scenario(), "wormhole")


def test_a_scenario_that_is_assigned_to_says_how_to_change_it() -> None:
    scenario = qps.Scenario()
    for name in ("length_km", "memory", "wormhole"):
        with pytest.raises(AttributeError, match=rf"write scenario\.replace\({name}="):
            setattr(scenario, name, 5)


def test_a_complaint_about_many_scenarios_stays_short() -> None:
    with pytest.raises(ValueError, match="is no Scenario") as caught:
        qps.evaluate([qps.Scenario()] * 50, "fidelity")  # type: ignore[call-overload]
    assert len(str(caught.value)) < 500


def test_a_table_becomes_no_array_of_its_column_names() -> None:
    pandas, frames = pytest.importorskip("pandas"), qps.simulate("first").frames
    for call in (lambda: pandas.DataFrame(frames), lambda: np.asarray(frames)):
        with pytest.raises(TypeError, match=r"write table\.to_pandas\(\)"):
            call()
    assert frames.to_pandas().shape == (len(frames), len(list(frames)))
    assert pandas.DataFrame(dict(frames)).equals(frames.to_pandas())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--link-km", "20"), "--link-km belongs to --network"),
        (("--drop-isolated",), "--drop-isolated belongs to --network"),
        (("--frames-per-session", "4"), "--load"),
        (("--network", "nsfnet", "--load", "0.5", "--length-unit", "km"), "states all itself; --length-unit"),
        (("--network", "ring:1000000:1", "--load", "0.5"), "at most 5000 stations"),
        (("--network", "grid:100000x100000:1", "--load", "0.5"), "at most 5000 stations"),
    ],
)
def test_a_flag_that_cannot_apply_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert main(["simulate", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_rows_of_a_table_are_taken_as_from_any_array() -> None:
    frames = qps.simulate("first", seed=1).frames
    delivered = frames["fate"] == "DELIVERED"
    assert frames[:3]["frame"].tolist() == [0, 1, 2]
    assert frames[::-1]["frame"].tolist() == frames["frame"].tolist()[::-1]
    assert len(frames[delivered]) == np.count_nonzero(delivered)
    assert frames[[4, 2]]["frame"].tolist() == [4, 2]
    assert frames[[]]["frame"].size == 0
    assert frames[-1] == frames.row(len(frames) - 1)
    with pytest.raises(KeyError, match="did you mean fidelity"):
        frames["fidelty"]
    with pytest.raises(TypeError, match="a column's name, a row, a slice"):
        frames[1.5]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What the command prints as JSON."""
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_values_on_the_command_line_carry_units(capsys: pytest.CaptureFixture[str]) -> None:
    with_units = printed(capsys, "evaluate", "fidelity", "--t1", "1ms", "--t2-us", "0.5 ms", "--length", "20000m")
    assert with_units == printed(
        capsys, "evaluate", "fidelity", "--t1-us", "1e3", "--t2-us", "500", "--length-km", "20"
    )
    assert main(["sweep", "fidelity", "--over", "t1=1ms:3ms:3", "--link", "t2=t1"]) == 0
    assert [line.split(",")[0] for line in capsys.readouterr().out.split()] == ["t1_us", "1000.0", "2000.0", "3000.0"]


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        (("--speed", "200000km/s"), ("--speed-km-per-us", "0.2")),
        (("--speed", "2.5e8 m/s"), ("--speed-km-per-us", "0.25")),
        (("--p-free", "90%"), ("--p-free", "0.9")),
        (("--p-free", "90 %"), ("--p-free", "0.9")),
    ],
)
def test_speeds_and_shares_carry_units_too(
    capsys: pytest.CaptureFixture[str], given: tuple[str, ...], plain: tuple[str, ...]
) -> None:
    outputs = ("fidelity", "retention", "delay_us")
    assert printed(capsys, "evaluate", *outputs, *given) == printed(capsys, "evaluate", *outputs, *plain)


def test_a_load_may_be_a_percentage(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("simulate", "--network", "ring:4:5", "--n-frames", "9", "--load")
    assert printed(capsys, *arguments, "50%") == printed(capsys, *arguments, "0.5")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("evaluate", "fidelity", "--n-relays", "3 relays"), "write 3)"),
        (("simulate", "--network", "ring:4:5", "--load", "half"), "--load = 'half' must be a number"),
        (("sweep", "fidelity", "--over", "length=0:1:20000", "--over", "p_free=0:1:20000"), "is 400,000,000 values"),
        (("sweep", "fidelity", "--over", "length=0:1:1000000000"), "needs a COUNT of 1 to 1000000"),
    ],
)
def test_what_cannot_be_taken_is_one_line_with_what_to_write(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert main(list(arguments)) == 2
    line = capsys.readouterr().err
    assert words in line
    assert len(line.splitlines()) == 1


def test_presets_are_listed_with_their_stories(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "presets") == qps.presets()
    assert main(["presets"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(qps.presets())


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("ring:6:5km", lambda: qps.Network.ring(n_nodes=6, length_km=5.0)),
        ("grid:2x3:500m", lambda: qps.Network.grid(n_rows=2, n_columns=3, length_km=0.5)),
        ("random:8:3:20", lambda: qps.Network.random_regular(n_nodes=8, degree=3, length_km=20.0)),
        ("nsfnet", qps.Network.nsfnet),
    ],
)
def test_networks_are_simulated_from_the_command_line(
    capsys: pytest.CaptureFixture[str], text: str, network: Callable[[], qps.Network]
) -> None:
    arguments = ("--network", text, "--load", "0.4", "--frames-per-session", "2", "--n-frames", "40", "--seed", "3")
    found = printed(capsys, "simulate", *arguments)
    traffic = qps.Traffic(load=0.4, n_frames=40, n_frames_per_session=2)
    run = qps.simulate(qps.Scenario(n_frames=40), network=network(), traffic=traffic, seed=3)
    assert found["delivered"] == run.summary()["delivered"]
    assert found["duration_us"] == run.summary()["duration_us"]


def test_a_graphml_file_is_simulated_and_asks_for_the_unit_it_does_not_state(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import networkx as nx

    path, graph = tmp_path / "net.graphml", nx.cycle_graph(4)
    nx.set_edge_attributes(graph, 8000.0, "length")
    nx.write_graphml(graph, path)
    arguments = ("simulate", "--network", str(path), "--load", "0.4", "--n-frames", "20")
    assert main([*arguments]) == 1
    assert "net.graphml" in capsys.readouterr().err
    found = printed(capsys, *arguments, "--length-unit", "m")
    ring = qps.Network.from_graphml(path, length_unit="m")
    assert ring.link_km.tolist() == [8.0] * 8
    run = qps.simulate(qps.Scenario(n_frames=20), network=ring, traffic=qps.Traffic(load=0.4, n_frames=20))
    assert found["delivered"] == run.summary()["delivered"]


def test_rates_have_one_unit_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    units = {o.name: o.unit for o in qps.outputs()}
    assert (units["key_rate"], units["plob"], units["key_rate_hz"]) == ("bit/pulse", "bit/pulse", "bit/s")
    assert main(["evaluate", "key_rate", "--preset", "fig7"]) == 0
    assert " bit/pulse " in capsys.readouterr().out
