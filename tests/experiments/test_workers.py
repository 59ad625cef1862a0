"""Runs of grids in processes: the same bits, and what becomes of points whose workers are killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from qpsviz import Network, Traffic
from qpsviz.experiments import Grid, Stopped, Store, run

PROGRAM = """
import sys
import qpsviz as qps
from qpsviz import experiments

def main():
    ring = qps.Network.ring(n_nodes=4, length_km=5.0)
    traffic = qps.Traffic(n_frames=int(sys.argv[2]))
    grid = experiments.Grid("first", network=ring, traffic=traffic, seeds=range(4))
    tell = lambda n_done, n_points: print(n_done, flush=True)
    experiments.run(grid, store=sys.argv[1], workers=2, engine="python", progress=tell)

GUARD main()
"""


@pytest.fixture
def networked() -> Grid:
    """Points that send a network and traffic to their workers."""
    ring = Network.ring(n_nodes=4, length_km=5.0)
    return Grid("first", network=ring, traffic=Traffic(n_frames=60), load=[0.3, 0.6], seeds=[0, 1, 2])


def kill(process: multiprocessing.process.BaseProcess) -> None:
    """End a worker as the system does when memory runs out, if it has not ended by itself."""
    if process.pid is not None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


@contextmanager
def every_worker_killed(is_due: Callable[[], bool]) -> Iterator[None]:
    """Kill whatever worker is seen, once it is due."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            for process in multiprocessing.active_children() if is_due() else ():
                kill(process)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_processes_give_the_same_bits_also_after_one_was_killed(tmp_path: Path, networked: Grid) -> None:
    killed: list[int | None] = []

    def kill_one(n_done: int, _: int) -> None:
        if n_done == 2 and not killed:
            killed.append(multiprocessing.active_children()[0].pid)
            kill(multiprocessing.active_children()[0])

    path = tmp_path / "points.nc"
    found = run(networked, store=path, workers=2, engine="python", progress=kill_one)
    alone = run(networked, engine="python", progress=False)
    assert len(killed) == 1
    assert found.identical(alone)
    assert all(found[name].to_numpy().tobytes() == alone[name].to_numpy().tobytes() for name in found)
    assert multiprocessing.active_children() == []


def test_points_whose_workers_are_killed_each_time_are_given_up_and_the_others_are_kept(tmp_path: Path) -> None:
    ring, n_done = Network.ring(n_nodes=4, length_km=5.0), [0]
    # Two points that are soon done, and two that never would be.
    both = Grid("first", network=ring, traffic=Traffic(), n_frames=[60, 10**8], seeds=[0, 1])
    short = Grid("first", network=ring, traffic=Traffic(), n_frames=[60], seeds=[0, 1])
    path = tmp_path / "points.nc"

    def note(number: int, _: int) -> None:
        n_done[0] = number

    with every_worker_killed(lambda: n_done[0] >= 1), pytest.raises(Stopped) as stopped:
        run(both, store=path, workers=2, engine="python", progress=note)
    n_left = stopped.value.n_left
    assert n_left in (2, 3)
    assert str(stopped.value).startswith(f"{n_left} failed (n_frames=")
    assert "its worker was killed 3 times" in str(stopped.value)
    assert len(Store(path)) == 4 - n_left
    assert run(short, store=path, progress=False).identical(run(short, progress=False))


def test_workers_that_never_finish_a_point_are_told_with_what_is_left(tmp_path: Path, networked: Grid) -> None:
    with every_worker_killed(lambda: True), pytest.raises(Stopped, match=r"workers end before any .*; 6 are left: run"):
        run(networked, store=tmp_path / "points.nc", workers=2, progress=False)
    assert multiprocessing.active_children() == []


def started(tmp_path: Path, *, n_frames: int, guard: str) -> subprocess.Popen[str]:
    """A script of its own that runs a grid in two processes."""
    script = tmp_path / "grid.py"
    script.write_text(PROGRAM.replace("GUARD", guard))
    return subprocess.Popen(
        [sys.executable, script, tmp_path / "points.nc", str(n_frames)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        # Heard also where whoever runs the tests has told them to ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def test_ctrl_c_in_a_terminal_ends_all_processes_and_keeps_what_was_found(tmp_path: Path) -> None:
    process = started(tmp_path, n_frames=3000, guard='if __name__ == "__main__":')
    assert process.stdout is not None
    while process.stdout.readline().strip() not in ("1", ""):
        pass
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert "KeyboardInterrupt: interrupted: " in said, said
    assert "run the same grid with the same store to go on" in said
    assert said.count("Traceback") == 1, said
    assert 1 <= len(Store(tmp_path / "points.nc")) < 4


def test_a_script_without_a_guard_is_told_what_to_write(tmp_path: Path) -> None:
    process = started(tmp_path, n_frames=10, guard="if True:")
    _, said = process.communicate(timeout=300)
    assert process.returncode == 1
    assert 'call run(…) under if __name__ == "__main__":' in said.splitlines()[-1]


def test_workers_end_with_a_process_that_is_killed(tmp_path: Path) -> None:
    process = started(tmp_path, n_frames=3000, guard='if __name__ == "__main__":')
    assert process.stdout is not None
    while process.stdout.readline().strip() not in ("1", ""):
        pass
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    _, left = psutil.wait_procs(workers, timeout=60)
    process.communicate()
    assert len(workers) > 1
    assert left == []
