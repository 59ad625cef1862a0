"""What `bench_network.py` compares with: store-and-forward queues in a few lines, without frames, noise or statistics.

One event per frame and relay: a payload whose header has been read leaves when its port is free, in order of reading.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any

import numpy as np

import qpsviz as qps


def columns(network: qps.Network, *, load: float, n_frames: int, seed: int) -> tuple[Any, ...]:
    """Start times, and the links of every frame's path with -1 behind them."""
    from qpsviz.network.paths import paths

    traffic = qps.Traffic(load=load, n_frames=n_frames)
    sessions = traffic.sessions(network, payload_us=50.0, n_channels=1, seed=seed)
    n_hops = int(network.hops_between_ends.max()) + 1
    links = paths(network.next_link, network.link_to, sessions.source, sessions.destination, n_hops)
    return sessions.start_us, links, network.link_km / 0.2


def heap_in_numba() -> Any:
    """A binary heap of events, compiled: total time that payloads waited, and transmissions."""
    import numba

    @numba.njit(cache=True)
    def run(start_us, links, travel_us, payload_us, processing_us):  # type: ignore[no-untyped-def]
        n_frames, width = links.shape
        free_us = np.zeros(travel_us.size)
        hop = np.zeros(n_frames, dtype=np.int32)
        heap_us, heap_frame = np.empty(1 << 16), np.empty(1 << 16, dtype=np.int64)
        n = 0
        n_sent = 0
        waited_us = 0.0
        following = 0
        while n > 0 or following < n_frames:
            if n == 0 or (following < n_frames and start_us[following] <= heap_us[0]):
                now_us, frame = start_us[following], following
                following += 1
            else:
                now_us, frame = heap_us[0], heap_frame[0]
                n -= 1
                last_us, last = heap_us[n], heap_frame[n]
                hole, child = 0, 1
                while child < n:
                    if child + 1 < n and heap_us[child + 1] < heap_us[child]:
                        child += 1
                    if heap_us[child] >= last_us:
                        break
                    heap_us[hole], heap_frame[hole] = heap_us[child], heap_frame[child]
                    hole, child = child, 2 * child + 1
                heap_us[hole], heap_frame[hole] = last_us, last
            link = links[frame, hop[frame]]
            out_us = max(now_us, free_us[link])
            waited_us += out_us - now_us
            free_us[link] = out_us + payload_us
            n_sent += 1
            hop[frame] += 1
            if hop[frame] < width and links[frame, hop[frame]] >= 0:
                time_us = out_us + travel_us[link] + processing_us
                hole = n
                n += 1
                while hole > 0 and heap_us[(hole - 1) // 2] > time_us:
                    heap_us[hole], heap_frame[hole] = heap_us[(hole - 1) // 2], heap_frame[(hole - 1) // 2]
                    hole = (hole - 1) // 2
                heap_us[hole], heap_frame[hole] = time_us, frame
        return waited_us, n_sent

    return run


def simpy_run(start_us: Any, links: Any, travel_us: Any, payload_us: float, processing_us: float) -> tuple[float, int]:
    """SimPy at its best: one process per frame, one timeout per hop, ports as times instead of resources."""
    import simpy

    env = simpy.Environment()
    free_us = [0.0] * len(travel_us)
    travel = travel_us.tolist()
    total = [0.0, 0]

    def frame(path: list[int]) -> Iterator[Any]:
        for link in path:
            if link < 0:
                return
            out_us = max(env.now, free_us[link])
            total[0] += out_us - env.now
            total[1] += 1
            free_us[link] = out_us + payload_us
            yield env.timeout(out_us - env.now + travel[link] + processing_us)

    def source() -> Iterator[Any]:
        for at_us, path in zip(start_us.tolist(), links.tolist(), strict=True):
            yield env.timeout(at_us - env.now)
            env.process(frame(path))

    env.process(source())
    env.run()
    return total[0], int(total[1])


def heap_in_python(
    start_us: Any, links: Any, travel_us: Any, payload_us: float, processing_us: float
) -> tuple[float, int]:
    """The same in plain Python with `heapq`, against which the others are checked."""
    free_us = [0.0] * len(travel_us)
    heap = [(at_us, frame, 0) for frame, at_us in enumerate(start_us.tolist())]
    waited_us, n_sent = 0.0, 0
    while heap:
        now_us, frame, hop = heapq.heappop(heap)
        link = int(links[frame, hop])
        out_us = max(now_us, free_us[link])
        waited_us, n_sent = waited_us + out_us - now_us, n_sent + 1
        free_us[link] = out_us + payload_us
        if hop + 1 < links.shape[1] and links[frame, hop + 1] >= 0:
            heapq.heappush(heap, (out_us + float(travel_us[link]) + processing_us, frame, hop + 1))
    return waited_us, n_sent
