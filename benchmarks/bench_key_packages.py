"""Keys of decoy states beside those of two public packages, value and time, in one run.

Run ``python benchmarks/bench_key_packages.py``. The packages are no dependency of qpsviz; where one is missing, its
columns are left out and a line says how to install it (in an environment of its own is enough, with qpsviz)::

    pip install tno.quantum.communication.qkd_key_rate==2.0.4 "qkdsec[proofs]==0.3.0"

With ``--finite`` TNO's finite key of 1e9 pulses is optimised, too, at 50 km alone: it takes tens of seconds. Set P:
0.2 dB/km, detectors of 10 % with 6e-7 dark counts in each of two, 0.5 % misaligned, no afterpulses. Bits per sent
pulse, and CPU time. f = 1 where a key is without end, since TNO and qkdsec have no other, and 1.16 in finite ones of
ours. What the columns mean: docs/keys.md.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

from qpsviz.protocols.decoy import Link, Security, asymptotic_key_rate, finite_key_rate

LENGTHS_KM = (0, 50, 100, 125, 150, 175)
ETA, P_DARK_EACH, P_WRONG = 0.1, 6e-7, 0.005
PACKAGES = {
    "tno.quantum.communication.qkd_key_rate": "tno.quantum.communication.qkd_key_rate==2.0.4",
    "qkdsec": "qkdsec[proofs]==0.3.0",
}
Rate = Callable[[float], float]


def ours() -> dict[str, Rate]:
    """Our columns: the key at one length."""
    promise = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=1.16)

    def link(length_km: float) -> Link:
        eta = ETA * 10 ** (-0.02 * length_km)
        return Link.of(eta=eta, p_dark=2 * P_DARK_EACH, p_key_error=P_WRONG, p_test_error=P_WRONG)

    def finite(n_block: float) -> Rate:
        return lambda km: float(finite_key_rate(link(km), n_block=n_block, security=promise))

    without_end: Rate = lambda km: float(asymptotic_key_rate(link(km), ec_inefficiency=1.0))  # noqa: E731
    return {"ours, no end": without_end, "ours, 1e9 sent": finite(1e9), "ours, 1e10 sent": finite(1e10)}


def tno_detector() -> Any:
    """Detectors of set P as TNO's package has them."""
    from tno.quantum.communication.qkd_key_rate.quantum import standard_detector

    return standard_detector.customise(
        dark_count_rate=P_DARK_EACH, polarization_drift=np.arcsin(np.sqrt(P_WRONG)), error_detector=0,
        efficiency_party=ETA,
    )  # fmt: skip


def tnos() -> dict[str, Rate]:
    """The column of TNO's package: many decoys without end."""
    from tno.quantum.communication.qkd_key_rate.quantum.bb84 import BB84FullyAsymptoticKeyRateEstimate

    endless = BB84FullyAsymptoticKeyRateEstimate(detector=tno_detector())
    return {"TNO, no end": lambda km: endless.optimize_rate(attenuation=0.2 * km)[1]}


def tno_finite(length_km: float) -> float:
    """TNO's key of 1e9 pulses with two decoys, from a start near the best settings."""
    from tno.quantum.communication.qkd_key_rate.quantum.bb84 import BB84FiniteKeyRateEstimate

    start = [0.6, 0.2, 1e-3, 0.5, 0.2, 0.1, 0.1, 0.07, 0.03]  # intensities, shares in either basis
    block = BB84FiniteKeyRateEstimate(detector=tno_detector(), number_of_pulses=10**9)
    return float(block.optimize_rate(attenuation=0.2 * length_km, x0=start)[1])


def qkdsecs() -> dict[str, Rate]:
    """Columns of qkdsec: its two decoys at fixed intensities, without end and with its correction for 1e9 pulses."""
    from qkdsec.proofs import BB84, DecoyChannel, key_rate

    def clicks(mu: float, length_km: float) -> tuple[float, float]:
        eta = ETA * 10 ** (-0.02 * length_km)
        gain = 1 - (1 - 2 * P_DARK_EACH) * np.exp(-eta * mu)
        return gain, (P_DARK_EACH + P_WRONG * -np.expm1(-eta * mu)) / gain

    def rate(length_km: float, n_signals: int) -> float:
        (signal, e_signal), (decoy, e_decoy) = (clicks(mu, length_km) for mu in (0.6, 0.1))
        channel = DecoyChannel(
            mu_signal=0.6, mu_decoy=0.1, gain_signal=signal, gain_decoy=decoy, gain_vacuum=2 * P_DARK_EACH,
            qber_signal=e_signal, qber_decoy=e_decoy,
        )  # fmt: skip
        return max(0.0, key_rate(BB84(), channel, n_signals=n_signals).r_lower)

    return {"qkdsec, no end": lambda km: rate(km, 0), "qkdsec, 1e9 sent": lambda km: rate(km, 10**9)}


def found_columns() -> dict[str, Rate]:
    """Columns of all that is installed; says what is not."""
    columns = ours()
    for package, load in zip(PACKAGES, (tnos, qkdsecs), strict=True):
        try:
            columns |= load()
            print(f"{package} {version(package)}")
        except ImportError:
            print(f"{package} is left out. To see it: pip install '{PACKAGES[package]}'")
    return columns


def timed(rate: Rate, length_km: float) -> tuple[str, float]:
    """What a column says at one length, and the CPU time that it took. [s]"""
    start = time.process_time()
    try:
        value = f"{float(np.squeeze(rate(length_km))):.3e}"
    except ValueError as error:  # an optimiser that found nothing
        value = type(error).__name__[:11]
    return value, time.process_time() - start


def main() -> None:
    """Print one row per length, and under each column the median CPU time of a point."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--finite", action="store_true", help="TNO's finite key at 50 km, too")
    warnings.simplefilter("ignore")
    finite = parser.parse_args().finite
    columns = found_columns()
    for rate in columns.values():  # compiled and warm
        timed(rate, 10.0)
    took: dict[str, list[float]] = {name: [] for name in columns}
    print("|" + "|".join(f" {name} " for name in ("km", *columns)) + "|")
    print("|" + "---|" * (1 + len(columns)))
    for length_km in LENGTHS_KM:
        row = []
        for name, rate in columns.items():
            value, seconds = timed(rate, length_km)
            took[name].append(seconds)
            row.append(value)
        print(f"| {length_km} | " + " | ".join(row) + " |", flush=True)
    print("| one point | " + " | ".join(f"{1e3 * np.median(times):.0f} ms" for times in took.values()) + " |")
    if finite and "TNO, no end" in columns:
        value, seconds = timed(tno_finite, 50.0)
        print(f"TNO, 1e9 sent, 50 km: {value} in {seconds:.0f} s")


if __name__ == "__main__":
    main()
