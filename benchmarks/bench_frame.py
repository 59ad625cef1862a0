"""Measure encoding, decoding and streaming a capture, on one core.

Run ``python benchmarks/bench_frame.py [--packets 1000000]``; `make bench` does. Prints medians of five rounds.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from qpsviz.frame import Frame, frame_packets, write_capture

ROUNDS = 5
ENDS = {"destination": "02:00:00:00:00:02", "source": "02:00:00:00:00:01"}
SMALL = Frame(**ENDS, role="header", payload_duration_us=50.0)
FULL = Frame(
    **ENDS,
    role="header",
    payload_duration_us=50.0,
    memory_time_us=125.0,
    cutoff_us=1000.0,
    error_correction="[[5,1,3]]",
    guard_us=12.5,
    n_qubits=10,
    spacing_us=5.0,
    encoding="polarisation",
    application="qkd",
    wavelength_nm=1550.12,
    frame_id=7,
    attempt=1,
)


def median_us(call: Callable[[], object], n_calls: int) -> float:
    """Median over rounds of the processor time of one call. [us]"""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(n_calls):
            call()
        rounds.append((time.process_time() - start) / n_calls * 1e6)
    return statistics.median(rounds)


def bench_codec(n_calls: int) -> None:
    """Print encode, decode and both together for a small and a full frame in both dialects."""
    print("frame  dialect  octets  encode us  decode us  both frames/s")
    for name, frame in (("small", SMALL), ("full", FULL)):
        for dialect in ("paper", "lldp"):
            octets = frame.encode(dialect)
            encode_us = median_us(lambda f=frame, d=dialect: f.encode(d), n_calls)
            decode_us = median_us(lambda o=octets: Frame.decode(o), n_calls)
            rate = 1e6 / (encode_us + decode_us)
            print(f"{name:6} {dialect:8} {len(octets):6} {encode_us:10.2f} {decode_us:10.2f} {rate:14,.0f}")


def peak_mb() -> float:
    """Peak resident memory of this process so far. [MB]"""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def run_in_blocks(n_packets: int, block: int):
    """Packets of a long run whose columns are made block by block, as a streaming caller would."""
    for first in range(0, n_packets, block):
        row = np.arange(first, min(first + block, n_packets))
        yield from frame_packets(
            FULL,
            time_us=row * 0.5,
            node=row % 5,
            source=0,
            destination=4,
            frame_id=row // 10,
            trailer=row % 2 == 1,
            outbound=row % 2 == 0,
            guard_us=50.0 - 10.0 * (row % 5),
            memory_time_us=125.0 * (row % 5),
        )


def bench_capture(n_packets: int) -> None:
    """Print time, size and growth of peak memory while a capture is written."""
    nodes = ["sender", "relay 1", "relay 2", "relay 3", "receiver"]
    print("suffix    packets  seconds  packets/s       MB  peak MB before  after")
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("pcapng", "pcap"):
            path = Path(folder) / f"headers.{suffix}"
            write_capture(path, run_in_blocks(20_000, 20_000), nodes=nodes)
            before = peak_mb()
            start = time.perf_counter()
            count = write_capture(path, run_in_blocks(n_packets, 20_000), nodes=nodes)
            seconds = time.perf_counter() - start
            size_mb = path.stat().st_size / 1e6
            path.unlink()
            print(
                f"{suffix:8} {count:8} {seconds:8.2f} {count / seconds:10,.0f} {size_mb:8.1f} "
                f"{before:15.1f} {peak_mb():6.1f}"
            )


def main() -> None:
    """Run both benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packets", type=int, default=1_000_000, help="packets in the capture")
    parser.add_argument("--calls", type=int, default=20_000, help="calls in a round")
    arguments = parser.parse_args()
    bench_codec(arguments.calls)
    print()
    bench_capture(arguments.packets)


if __name__ == "__main__":
    main()
