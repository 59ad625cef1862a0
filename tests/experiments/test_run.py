"""Runs of grids in this process: numbers, resuming, cancelling, and what a stop leaves."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import xarray

from qpsviz import Network, ParameterError, Traffic, preset, simulate
from qpsviz.experiments import Grid, Stopped, Store
from qpsviz.experiments.computing import Numbers, compute, numbers_of
from qpsviz.experiments.grid import Point
from qpsviz.experiments.runner import run


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places of the points that were really computed."""
    found: list[str] = []

    def noted(point: Point, engine: str, is_cancelled: Callable[[], bool] | None = None) -> Numbers:
        numbers = compute(point, engine, is_cancelled)
        found.append(point.text)
        return numbers

    monkeypatch.setattr("qpsviz.experiments.execution.compute", noted)
    return found


def same(one: xarray.Dataset, other: xarray.Dataset) -> bool:
    """Equal bit for bit, labels and units included."""
    bits = (one[name].to_numpy().tobytes() == other[name].to_numpy().tobytes() for name in one)
    return one.identical(other) and all(bits)


def test_a_data_set_has_the_numbers_of_each_simulation(small: Grid) -> None:
    found = run(small, progress=False)
    assert dict(found.sizes) == {"discipline": 2, "seed": 3}
    base = preset("first").replace(n_frames=20, p_free=0.7)
    for discipline in ("burst", "store"):
        for seed in (0, 1, 5):
            there = found.sel(discipline=discipline, seed=seed)
            run_there = simulate(base.replace(discipline=discipline), seed=seed)
            summary = run_there.summary()
            assert there["delivered"] == summary["delivered"]
            assert there["dropped_contention"] == summary["dropped"].get("CONTENTION", 0)
            assert there["latency_us"].item() == pytest.approx(summary["latency_us"], nan_ok=True)
            assert there["max_utilisation"].item() == pytest.approx(run_there.links["utilisation"].max())
    assert float(found["dropped_contention"].sum()) > 0
    assert found["delay_us"].attrs["units"] == "us"
    assert found["key_rate_hz"].attrs["units"] == "Hz"


def test_plain_and_compiled_engine_give_the_same_bits() -> None:
    traffic = Traffic(n_frames=200)
    grid = Grid("first", network=Network.ring(n_nodes=5, length_km=5.0), traffic=traffic, discipline=["burst", "store"])
    assert same(run(grid, engine="python", progress=False), run(grid, engine="compiled", progress=False))


def test_finished_points_are_never_computed_again(tmp_path: Path, small: Grid, computed: list[str]) -> None:
    path = tmp_path / "points.nc"
    whole = run(small, store=path, progress=False)
    assert len(computed) == 6
    assert same(run(small, store=path, progress=False), whole)
    base = small.points[0].scenario
    larger = Grid(base, discipline=["store", "burst"], seeds=[5, 0, 7])
    again = run(larger, store=path, progress=False)
    assert computed[6:] == ["discipline=store, seed=7", "discipline=burst, seed=7"]
    assert again.sel(seed=5, discipline="burst")["latency_us"] == whole.sel(seed=5, discipline="burst")["latency_us"]
    assert len(Store(path)) == 8


def test_a_changed_definition_is_computed_anew(
    tmp_path: Path, small: Grid, computed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "points.nc"
    run(small, store=path, progress=False)
    run(Grid(small.points[0].scenario.replace(p_free=0.6), seeds=[0]), store=path, progress=False)
    assert len(computed) == 7
    monkeypatch.setattr("qpsviz.experiments.grid.code_digest", lambda: "other code")
    run(Grid(small.points[0].scenario, seeds=[0]), store=path, progress=False)
    assert len(computed) == 8


def test_a_run_that_is_cancelled_says_what_is_left_and_goes_on(
    tmp_path: Path, small: Grid, computed: list[str]
) -> None:
    path = tmp_path / "points.nc"
    with pytest.raises(Stopped) as stopped:
        run(small, store=path, progress=False, cancel=lambda: len(computed) == 2)
    assert str(stopped.value) == (
        f"cancelled: 2 of 6 points are finished and kept in {path}; "
        "4 are left: run the same grid with the same store to go on"
    )
    assert stopped.value.n_left == 4
    assert int(stopped.value.found["delivered"].count()) == 2
    told: list[tuple[int, int]] = []
    found = run(small, store=path, progress=lambda *numbers: told.append(numbers))
    assert len(computed) == 6
    assert told == [(2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]
    assert same(found, run(small, progress=False))


def test_a_point_under_way_ends_when_it_is_cancelled(small: Grid) -> None:
    traffic = Traffic(n_frames=1_000_000)
    endless = Grid("first", network=Network.ring(n_nodes=4, length_km=5.0), traffic=traffic)
    asked: list[None] = []

    def cancel() -> bool:
        asked.append(None)
        return len(asked) > 3

    with pytest.raises(Stopped, match="cancelled: 0 of 1 points are finished and not kept: name a store; 1 are left"):
        run(endless, engine="python", progress=False, cancel=cancel)
    assert len(asked) == 4


def test_ctrl_c_keeps_what_was_found(tmp_path: Path, small: Grid) -> None:
    def press(n_done: int, _: int) -> None:
        if n_done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"interrupted: 3 of 6 points are finished and kept in .*; 3 are left"):
        run(small, store=tmp_path / "points.nc", progress=press)
    assert len(Store(tmp_path / "points.nc")) == 3


def test_a_point_that_cannot_be_simulated_is_named_and_all_others_are_run(tmp_path: Path) -> None:
    traffic = Traffic(n_frames=2, start_us=[0.0, 1.0], source=[0, 1], destination=[1, 2])
    times = {"in order": [0.0, 1.0], "in no order": [1.0, 0.0]}
    grid = Grid("first", network=Network.ring(n_nodes=4, length_km=5.0), traffic=traffic, start_us=times, seeds=[0, 1])
    with pytest.raises(
        Stopped, match=r"2 failed \(start_us=in no order, seed=0: .*in order; .*2 of 4 points"
    ) as stopped:
        run(grid, store=tmp_path / "points.nc", progress=False)
    assert np.isnan(stopped.value.found["offered"].to_numpy()).tolist() == [[False, False], [True, True]]
    assert isinstance(stopped.value.__cause__, ValueError)


@contextmanager
def files_of_at_most(n_octets: int) -> Iterator[None]:
    """No file may grow beyond so many octets, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_the_kept_points_survive_and_the_rest_is_told(
    tmp_path: Path, small: Grid, computed: list[str]
) -> None:
    path = tmp_path / "points.nc"
    run(Grid(small.points[0].scenario, discipline=["burst"], seeds=[0]), store=path, progress=False)
    kept = path.read_bytes()
    with files_of_at_most(len(kept) + 100), pytest.raises(Stopped) as stopped:
        run(small, store=path, progress=False)
    n_found = int(stopped.value.found["offered"].count())
    n_lost = n_found - 1
    assert n_lost >= 1
    where = f"in memory, the last {n_lost} of them not in {path}"
    assert str(stopped.value).startswith(f"File too large: {path}: {n_found} of 6 points are finished and {where}")
    assert path.read_bytes() == kept
    assert [file.name for file in tmp_path.iterdir()] == ["points.nc"]
    found = run(small, store=path, progress=False)
    assert same(found, run(small, progress=False))


def test_the_points_of_a_store_without_a_file_are_in_memory(small: Grid, computed: list[str]) -> None:
    store = Store()
    run(small, store=store, progress=False)
    run(small, store=store, progress=False)
    assert len(computed) == 6


def test_a_bar_shows_how_far_it_is(small: Grid, capsys: pytest.CaptureFixture[str]) -> None:
    run(small)
    assert "6/6" in capsys.readouterr().err


def test_arguments_out_of_range_are_refused(small: Grid) -> None:
    with pytest.raises(ParameterError, match="engine = 'fortran' is not one of"):
        run(small, engine="fortran")
    with pytest.raises(ParameterError, match="workers = 0 must be"):
        run(small, workers=0)


def test_every_single_number_of_a_summary_is_kept() -> None:
    done = simulate("fig7", seed=1)
    numbers = numbers_of(done)
    assert set(done.summary()) - {"dropped"} <= set(numbers)
    assert numbers["offered"] == done.summary()["offered"]
