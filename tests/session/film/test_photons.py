"""Photons on screen are lost as the channel of the run says, and equal seeds lose the same ones."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from qpsviz import Network, Run, Scenario, Traffic, preset, simulate
from qpsviz.session.film.schedule import schedule
from qpsviz.sim.results.photon_luck import photon_key
from qpsviz.web import assets

Count = Callable[[Run], Any]
MANY: dict[str, Any] = {"n_frames": 400, "frame_gap_us": 0.0}


def last_legs(run: Run) -> Any:
    """Rows of the legs whose end is the receiver, of frames that arrive."""
    home = run.legs["to_node"] == run.frames["destination"][run.legs["frame"]]
    return np.flatnonzero(home & (run.frames["fate"][run.legs["frame"]] == "DELIVERED"))


@pytest.mark.parametrize(
    "changes",
    [
        {"length_km": 60.0, "p_free": 1.0},
        {"length_km": 25.0, "insertion_loss_db": 1.0, "n_relays": 2},
        {"discipline": "store", "storage": "delay_line", "length_km": 20.0},
        {"discipline": "circuit", "p_free": 1.0, "length_km": 10.0},
    ],
)
def test_as_many_photons_arrive_as_the_channel_of_the_run_lets_through(
    changes: dict[str, Any], survivors: Count
) -> None:
    run = simulate(preset("first").replace(**MANY | changes), seed=5)
    rows = last_legs(run)
    slots = run.scenario.source.n_qubits * len(rows)
    assert slots > 300
    low, high = binom.interval(0.999, slots, float(run.frames["eta"][run.legs["frame"][rows[0]]]))
    assert low <= survivors(run)[rows].sum() <= high


def test_a_photon_that_is_lost_stays_lost_and_one_number_decides_its_path(luck: Count) -> None:
    run = simulate(preset("first").replace(**MANY, p_free=1.0), seed=5)
    drawn = luck(run)
    assert drawn.shape == (len(run.legs), 10)
    assert np.all((drawn >= 0) & (drawn < 1))
    first = drawn[run.legs["hop"] == 0]
    for hop in (1, 2, 3):
        assert np.array_equal(drawn[run.legs["hop"] == hop], first)
    assert abs(first.mean() - 0.5) < 4 * np.sqrt(1 / 12 / first.size)
    assert len(np.unique(first)) > 0.99 * first.size


def test_equal_seeds_lose_the_same_photons_and_other_seeds_others(luck: Count) -> None:
    scenario = preset("first").replace(p_free=1.0)
    first, again, other = (luck(simulate(scenario, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.any(first == other)


def test_slots_that_are_cut_off_are_not_counted_as_photons(survivors: Count) -> None:
    run = simulate(preset("first").replace(p_free=1.0, guard_us=0.0, loss_db_per_km=0.0, n_frames=1), seed=1)
    assert run.legs["lost_us"].tolist() == [0.0, 20.0, 40.0, 50.0][: len(run.legs)]
    assert survivors(run).tolist() == [10, 6, 2][: len(run.legs)]


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node")
@pytest.mark.parametrize("layout", ["sender", "split"])
def test_the_page_counts_the_photons_that_the_run_lets_through(layout: str, survivors: Count) -> None:
    scenario = preset("first").replace(layout=layout, p_free=0.8, max_attempts=3, guard_us=30.0, length_km=30.0)
    run = simulate(scenario, seed=9)
    assert counted_by_the_page(run) == survivors(run).tolist()


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node")
def test_the_page_counts_photons_on_a_network_too(survivors: Count) -> None:
    network, traffic = Network.ring(n_nodes=6, length_km=20.0), Traffic(load=0.4, n_frames=40)
    run = simulate(Scenario().replace(discipline="burst"), network=network, traffic=traffic, seed=4)
    assert counted_by_the_page(run) == survivors(run).tolist()


def counted_by_the_page(run: Run) -> list[int]:
    """Photons at the end of every leg, as the script of the page counts them."""
    legs = schedule(run)["legs"]
    told = {name: legs[name].tolist() for name in ("frame", "attempt", "eta0", "eta1", "lost")}
    source = run.scenario.source
    given = {"key": photon_key(run), "qubits": source.n_qubits, "nLegs": len(run.legs), "legs": told}
    photons = assets.joined('import { photonsIn } from "./film/photons.js";\n')
    code = f"""{photons}
const run = {json.dumps(given)};
const first = (leg) => Math.round(run.legs.lost[leg] / {source.spacing_us});
process.stdout.write(JSON.stringify(run.legs.lost.map((_, leg) => photonsIn(run, leg, first(leg), run.qubits))));"""
    done = subprocess.run(
        ["node", "--input-type=module", "-"], input=code, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    counts: list[int] = json.loads(done.stdout)
    return counts
