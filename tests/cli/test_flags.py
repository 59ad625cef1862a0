"""Values on the command line carry units, and what cannot be taken is one line that says what to write."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.cli.parser import main


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What the command prints as JSON."""
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


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
