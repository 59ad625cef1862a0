"""The ``qpsviz`` command agrees with the library, and every mistake is one line and an exit code."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz
from qpsviz.cli.axes import read_axis
from qpsviz.cli.parser import main
from qpsviz.cli.scenario_flags import flag, read_value
from qpsviz.scenario.declaration import Parameter

NUMBERS = [p for p in qpsviz.parameters() if p.kind == "number"]


def error_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The single line on standard error."""
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1, captured.err
    return captured.err


def run(*arguments: str) -> int:
    """Exit code of the command, also where the parser leaves by itself."""
    try:
        return main(arguments)
    except SystemExit as left:
        return int(left.code or 0)


def outcome(read: Callable[[], object]) -> object:
    """What a call gives, or the words with which it refuses."""
    try:
        return read()
    except ValueError as error:
        return str(error)


def test_evaluate_prints_what_the_library_computes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("evaluate", "key_rate", "fidelity", "--json", "--preset", "fig7", "--n-relays", "1") == 0
    scenario = qpsviz.preset("fig7").replace(n_relays=1)
    expected = {name: qpsviz.evaluate(scenario, name) for name in ("key_rate", "fidelity")}
    assert json.loads(capsys.readouterr().out) == expected


def test_evaluate_without_names_prints_every_output_with_its_unit(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("evaluate") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [o.name for o in qpsviz.outputs()]
    for line, declared in zip(lines, qpsviz.outputs(), strict=True):
        assert declared.unit == "1" or f" {declared.unit} " in line


def test_every_parameter_is_a_flag_with_its_label_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("evaluate", "--help") == 0
    text = " ".join(capsys.readouterr().out.split())
    for declared in qpsviz.parameters():
        assert flag(declared.name) in text
        assert declared.label in text


def test_a_scenario_file_is_the_starting_point_and_flags_change_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(qpsviz.preset("fig10a").to_toml(), encoding="utf-8")
    assert run("evaluate", "fidelity", "--json", "--scenario", str(file), "--length-km", "20") == 0
    expected = qpsviz.evaluate(qpsviz.preset("fig10a").replace(length_km=20.0), "fidelity")
    assert json.loads(capsys.readouterr().out) == {"fidelity": expected}


@pytest.mark.parametrize("ending", ["csv", "nc"])
def test_sweep_writes_the_grid_that_the_library_computes(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import xarray

    file = tmp_path / f"f.{ending}"
    axes = ("--over", "length_km=0:100:3", "--over", "n_relays=0,2", "--over", "layout=split,sender")
    assert run("sweep", "fidelity", *axes, "--preset", "fig10a", "--out", str(file)) == 0
    assert capsys.readouterr().err == f"wrote 12 values of fidelity to {file}\n"
    lengths, relays, layouts = [0.0, 50.0, 100.0], [0, 2], ["split", "sender"]
    expected = qpsviz.sweep(qpsviz.preset("fig10a"), "fidelity", length_km=lengths, n_relays=relays, layout=layouts)
    if ending == "nc":
        with xarray.open_dataarray(file) as found:
            assert qpsviz.Scenario.from_json(found.attrs["scenario"]) == qpsviz.preset("fig10a")
            xarray.testing.assert_equal(found.load(), expected)
            assert found.length_km.attrs["units"] == "km"
        return
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 12
    for row in rows:
        at = {"length_km": float(row["length_km"]), "n_relays": int(row["n_relays"]), "layout": row["layout"]}
        assert float(row["fidelity"]) == float(expected.sel(at))


def test_a_linked_parameter_follows_its_axis(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sweep", "fidelity", "--over", "t1_us=10:1000:3:log", "--link", "t2_us=t1_us") == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    for row in rows:
        both = qpsviz.Scenario().replace(t1_us=float(row["t1_us"]), t2_us=float(row["t1_us"]))
        assert float(row["fidelity"]) == pytest.approx(qpsviz.evaluate(both, "fidelity"), rel=1e-12)


def test_simulate_prints_and_keeps_the_run_that_the_library_makes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "run.json"
    flags = ("--preset", "first", "--n-frames", "20", "--seed", "7", "--json", "--out", str(file))
    assert run("simulate", *flags) == 0
    captured = capsys.readouterr()
    expected = qpsviz.simulate(qpsviz.preset("first").replace(n_frames=20), seed=7)
    assert captured.err == f"wrote 20 frames to {file}\n"
    summary = {name: None if value != value else value for name, value in expected.summary().items()}
    assert json.loads(captured.out) == summary  # what is not a number is null
    kept = qpsviz.Run.load(file)
    assert kept.scenario == expected.scenario
    assert kept.frames["fate"].tolist() == expected.frames["fate"].tolist()


@pytest.mark.parametrize("dialect", ["paper", "lldp"])
def test_simulate_captures_the_headers_that_the_library_captures(
    dialect: Literal["paper", "lldp"], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, expected = tmp_path / "ours.pcapng", tmp_path / "expected.pcapng"
    assert run("simulate", "--preset", "first", "--pcap", str(ours), "--dialect", dialect) == 0
    n_packets = qpsviz.simulate(qpsviz.preset("first"), seed=0).to_pcap(expected, dialect=dialect)
    assert n_packets > 0
    assert capsys.readouterr().err == f"wrote {n_packets} headers and trailers to {ours}\n"
    assert ours.read_bytes() == expected.read_bytes()


def test_simulate_names_every_number_of_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("simulate", "--preset", "first") == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert names == list(qpsviz.simulate(qpsviz.preset("first"), seed=0).summary())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("simulate", "--seed", "-1"), ("--seed", "-1", "whole number")),
        (("simulate", "--out", "run.txt"), ("run.txt", ".json")),
        (("simulate", "--pcap", "run.txt"), ("run.txt", ".pcap or .pcapng")),
        (("simulate", "--n-frames", "0.5"), ("n_frames", "0.5", "whole number")),
        (("evaluate", "--t1-us", "100", "--t2-us", "500"), ("t2_us", "500", "t1_us")),
        (("evaluate", "--length-km", "-5"), ("length_km", "-5", "0")),
        (("evaluate", "--length-km", "nan"), ("length_km", "nan", "0")),
        (("evaluate", "--length-km", "long"), ("length_km", "long", "km")),
        (("evaluate", "--n-relays", "1.5"), ("n_relays", "1.5", "whole number")),
        (("evaluate", "--layout", "middle"), ("layout", "middle", "split, sender")),
        (("evaluate", "--partner-noise", "maybe"), ("partner_noise", "maybe", "true or false")),
        (("evaluate", "--preset", "fig99"), ("fig99",)),
        (("evaluate", "fidelty"), ("fidelty", "did you mean fidelity")),
        (("evaluate", "--t", "5"), ("--t",)),
        (("evaluate", "--t1", "5 km"), ("t1_us", "5 km", "not in")),
        (("simulate", "--network", "ring:6"), ("--network", "ring:6", "ring:NODES:KM")),
        (("simulate", "--network", "nsfnet"), ("--network", "--load 0.6")),
        (("simulate", "--network", "ring:6:5kg", "--load", "0.6"), ("5kg", "not in km")),
        (("simulate", "--pcap", "h.pcap", "--node", "Nowhere"), ("--node", "Nowhere", "Relay 1")),
        (("sweep", "fidelity"), ("--over",)),
        (("sweep", "fidelity", "--over", "length_km"), ("length_km", "START:STOP:COUNT")),
        (("sweep", "fidelity", "--over", "lenght_km=1,2"), ("lenght_km", "did you mean length_km")),
        (("sweep", "fidelity", "--over", "length_km=0:10:0"), ("0:10:0", "COUNT")),
        (("sweep", "fidelity", "--over", "length_km=0:10:3:log"), ("0:10:3:log", "above 0")),
        (("sweep", "fidelity", "--over", "t1_us=1:inf:3"), ("1:inf:3", "finite")),
        (("sweep", "fidelity", "--over", "n_relays=0:3:3"), ("n_relays", "whole number")),
        (("sweep", "fidelity", "--over", "n_relays=1", "--over", "n_relays=2"), ("--over", "different")),
        (("sweep", "fidelity", "--over", "length_km=1,2", "--out", "f.txt"), ("f.txt", ".csv or .nc")),
        (("dashboard", "--port", "http"), ("--port", "http", "65535")),
        (("dashboard", "--port", "65536"), ("--port", "65536", "65535")),
        (("fly",), ("fly", "evaluate")),
        ((), ("COMMAND",)),
    ],
)
def test_a_bad_call_is_one_line_that_names_what_is_wrong(
    arguments: tuple[str, ...], words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    line = error_line(capsys)
    assert [word for word in words if word not in line] == [], line


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ("mine.toml", "No such file")),
        ("[memory\n", ("mine.toml", "TOML")),
        ("[memory]\nt1_us = -1.0\n", ("mine.toml", "t1_us", "-1.0", "0.001")),
        ("[memory]\nt3_us = 1.0\n", ("mine.toml", "t3_us")),
        ("[engine]\nt1_us = 1.0\n", ("mine.toml", "engine")),
    ],
)
def test_a_broken_scenario_file_fails_with_one_line_that_names_file_and_fault(
    content: str | None, words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    assert run("evaluate", "--scenario", str(file)) == 1
    line = error_line(capsys)
    assert [word for word in words if word not in line] == [], line


def test_a_file_that_cannot_be_written_fails_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "missing" / "f.csv"
    assert run("sweep", "fidelity", "--over", "length_km=1,2", "--out", str(target)) == 1
    assert str(target.parent) in error_line(capsys)


@given(declared=st.sampled_from(NUMBERS), value=st.floats(allow_nan=False))
def test_a_number_on_the_command_line_means_what_it_means_in_python(declared: Parameter, value: float) -> None:
    assert outcome(lambda: read_value(declared, repr(value))) == outcome(lambda: declared.check(value))


@given(
    start=st.floats(0.0, 1e6),
    stop=st.floats(0.0, 1e6),
    n_values=st.integers(min_value=2, max_value=50),
)
def test_an_axis_has_as_many_values_as_asked_and_keeps_both_ends(start: float, stop: float, n_values: int) -> None:
    name, values = read_axis(f"length-km={start!r}:{stop!r}:{n_values}")
    assert name == "length_km"
    assert len(values) == n_values
    assert values[0] == start
    assert math.isclose(float(values[-1]), stop, rel_tol=1e-12)


def test_the_module_and_the_command_are_the_same_program() -> None:
    done = subprocess.run([sys.executable, "-m", "qpsviz", "evaluate", "--t1-us", "0"], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("qpsviz: t1_us = 0")


def test_a_reader_that_stops_reading_causes_no_traceback() -> None:
    command = f"'{sys.executable}' -m qpsviz sweep fidelity --over length_km=0:500:20000 | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stdout == "length_km,fidelity\n"
    assert done.stderr == ""
