"""Runs of grids on a real Dask cluster: the same bits, killed workers, and a cluster that goes away."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from qpsviz import Network, Traffic
from qpsviz.experiments import Grid, Stopped, Store, connected, run
from qpsviz.experiments.computing import WorkersLost

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own, about its own


@pytest.fixture
def cluster() -> Iterator[distributed.LocalCluster]:
    """Two workers on this machine."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started:
        yield started


@pytest.fixture
def networked() -> Grid:
    """Points that send a network and traffic to their workers."""
    ring = Network.ring(n_nodes=4, length_km=5.0)
    return Grid("first", network=ring, traffic=Traffic(n_frames=60), load=[0.3, 0.6], seeds=[0, 1, 2, 3])


def test_a_cluster_gives_the_same_bits_also_after_a_worker_was_killed(
    tmp_path: Path, cluster: distributed.LocalCluster, networked: Grid
) -> None:
    killed: list[int] = []
    with connected(cluster.scheduler_address) as client:

        def kill_one(n_done: int, _: int) -> None:
            if n_done >= 2 and not killed:
                killed.extend(client.run(os.getpid).values())
                os.kill(killed[0], signal.SIGKILL)

        found = run(networked, store=tmp_path / "points.nc", client=client, engine="python", progress=kill_one)
    assert len(killed) == 2
    alone = run(networked, engine="python", progress=False)
    assert found.identical(alone)
    assert all(found[name].to_numpy().tobytes() == alone[name].to_numpy().tobytes() for name in found)


def test_when_the_cluster_goes_away_what_was_found_is_kept(
    tmp_path: Path, cluster: distributed.LocalCluster, networked: Grid
) -> None:
    path = tmp_path / "points.nc"
    endless = Grid("first", network=networked.points[0].network, traffic=Traffic(n_frames=10**7), seeds=[0])

    def leave(n_done: int, _: int) -> None:
        if n_done >= 3:
            cluster.close()

    with connected(cluster.scheduler_address) as client:
        with pytest.raises(
            Stopped, match=r"the Dask cluster went away: . of 8 points are finished .*; . are left: run"
        ):
            run(networked, store=path, client=client, engine="python", progress=leave)
        with pytest.raises(Stopped, match="the Dask cluster went away: 0 of 1 points"):
            run(endless, client=client, progress=False)
    assert 3 <= len(Store(path)) < 8
    assert run(networked, store=path, progress=False).identical(run(networked, progress=False))


def test_an_address_without_a_scheduler_is_one_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(WorkersLost, match="no Dask scheduler answers at 'tcp"), connected(address):
            pass
    with pytest.raises(WorkersLost, match="no Dask scheduler answers at 'nonsense:"), connected("nonsense://x"):
        pass
