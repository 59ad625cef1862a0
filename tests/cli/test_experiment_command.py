"""``qpsviz experiment`` agrees with the library, and every mistake is one line and an exit code."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import xarray

from qpsviz import Network, Traffic, preset
from qpsviz.cli.parser import main
from qpsviz.experiments import Grid, Store, run

GRID = (
    "experiment", "--preset", "first", "--n-frames", "20", "--network", "ring:4:5km", "--over", "load=0.2:0.6:3",
    "--over", "discipline=burst,store", "--seeds", "2", "--quiet",
)  # fmt: skip


@pytest.fixture(scope="module")
def expected() -> xarray.Dataset:
    """What the library gives."""
    grid = Grid(
        preset("first").replace(n_frames=20), network=Network.ring(n_nodes=4, length_km=5.0),
        traffic=Traffic(load=0.2, n_frames=20), load=[0.2, 0.4, 0.6], discipline=["burst", "store"], seeds=[0, 1],
    )  # fmt: skip
    return run(grid, progress=False)


def test_it_writes_the_grid_that_the_library_computes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: xarray.Dataset
) -> None:
    store, out = tmp_path / "points.nc", tmp_path / "grid.nc"
    assert main([*GRID, "--store", str(store), "--out", str(out)]) == 0
    assert capsys.readouterr().err == f"wrote 12 points to {out}\n"
    with xarray.open_dataset(out, engine="scipy", decode_timedelta=False) as found:
        assert found.sizes == expected.sizes
        for name in expected:
            assert np.array_equal(found[name].to_numpy(), expected[name].to_numpy(), equal_nan=True)
            assert found[name].attrs["units"] == expected[name].attrs["units"]
    assert len(Store(store)) == 12


def test_without_a_file_a_table_is_printed(capsys: pytest.CaptureFixture[str], expected: xarray.Dataset) -> None:
    assert main([*GRID]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert len(rows) == 12
    for row in rows:
        place = {"load": float(row["load"]), "discipline": row["discipline"], "seed": int(row["seed"])}
        assert float(row["delivered"]) == float(expected["delivered"].sel(place))


def test_finished_points_are_shown_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["experiment", "--n-frames", "3", "--over", "n_relays=0:2:3", "--store", str(tmp_path / "points.nc")]
    assert main(arguments) == 0
    first = capsys.readouterr()
    assert main(arguments) == 0
    second = capsys.readouterr()
    assert first.out == second.out
    assert "0/3" in first.err
    assert "0/3" not in second.err
    assert "3/3" in second.err
    assert [row["n_relays"] for row in csv.DictReader(first.out.splitlines())] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("arguments", "code", "fault"),
    [
        (("--over", "load=0.2,0.4"), 0, ""),
        (("--over", "load=0.2", "--load", "0.3"), 2, "--load and --over load=… exclude each other"),
        (("--over", "load=0.2", "--over", "load=0.3"), 2, "each --over needs a different name"),
        (("--over", "laod=0.2"), 2, "unknown parameter 'laod'"),
        (("--over", "load=much"), 2, "load = 'much' must be"),
        (("--over", "load=-1"), 2, "load = -1.0 must be at least 0"),
        (("--over", "load=0.0"), 2, "load = 0.0 must be a number above 0"),
        (
            ("--over", "n_frames_per_session=1.5", "--load", "0.5"),
            2,
            "n_frames_per_session = 1.5 must be a whole number",
        ),
        (("--seeds", "0"), 2, "--seeds '0' must be 1 … 10000"),
        (("--seeds", "a,b"), 2, "--seeds 'a,b' must be a whole number"),
        (("--workers", "0"), 2, "--workers '0' must be 1 … 1000, or all"),
        (("--out", "grid.h5"), 2, "--out 'grid.h5' must end in .csv or .nc"),
        (("--store", "points.csv"), 2, "--store 'points.csv' must end in .nc"),
        (("--store", "missing/points.nc"), 1, "missing: No such file or directory"),
        (("--store", "a.nc", "--out", "a.nc"), 2, "--out and --store must be different files"),
    ],
)
def test_a_mistake_is_one_line_before_anything_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...],
    code: int, fault: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["experiment", "--preset", "first", "--n-frames", "2", "--quiet", *arguments]) == code
    said = capsys.readouterr().err
    assert fault in said
    assert len(said.splitlines()) == (code != 0)


def test_ctrl_c_says_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def press(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qpsviz.experiments.execution.compute", press)
    assert main(["experiment", "--seeds", "3", "--quiet", "--store", str(tmp_path / "points.nc")]) == 130
    assert "qpsviz: interrupted: 0 of 3 points are finished" in capsys.readouterr().err


def test_points_that_fail_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr("qpsviz.experiments.execution.compute", fail)
    assert main(["experiment", "--seeds", "2", "--quiet"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("qpsviz: 2 failed (seed=0: no such thing; seed=1: no such thing): 0 of 2 points")
    assert len(said.splitlines()) == 1
