"""The group of parameters of the receiver and its key distillation."""

from __future__ import annotations

from dataclasses import dataclass

from qpsviz.scenario.declaration import check_bounds, param


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """The receiver and its key distillation."""

    eta_detector: float = param(
        0.5, hi=1.0, label="Detector efficiency", claim="paper", shown=(0.01, 1.0), step=0.01, source="Section IV.A",
        help="Share of arriving photons that click.",
    )  # fmt: skip
    p_dark: float = param(
        1e-6, hi=1.0, label="Dark counts per gate", claim="paper", shown=(1e-9, 1e-2), log=True,
        source="Section IV.A", help="Chance of a click without a photon.",
    )  # fmt: skip
    dark_counts: str = param(
        "receiver", label="Dark counts of", claim="ours",
        choices={"receiver": "the receiver", "detector": "each detector"},
        source="Assumption: the paper does not say which", help="The whole receiver, or each of its two detectors.",
    )  # fmt: skip
    ec_inefficiency: float = param(
        1.15, lo=1.0, hi=1e6, label="Error-correction f", claim="paper", shown=(1.0, 2.0), step=0.01,
        source="Section IV.A", help="Bits spent on reconciliation, over the Shannon limit.",
    )  # fmt: skip
    misalignment: float = param(
        0.0, hi=0.5, label="Misalignment", claim="ours", shown=(0.0, 0.15), step=0.001,
        source="the paper gives none", help="Error of the optics itself, in either basis.",
    )  # fmt: skip
    p_afterpulse: float = param(
        0.0, hi=1.0, label="Afterpulses", claim="ours", shown=(0.0, 0.1), step=0.001,
        source="the paper gives none; 0.04 in Lim et al. (2014)",
        help="Chance that a click is followed by another that means nothing.",
    )  # fmt: skip
    dead_us: float = param(
        0.0, hi=1e6, unit="us", label="Dead time", claim="ours", shown=(0.0, 100.0), step=0.1,
        source="the paper gives none; 0.045 µs in Neumann et al. (2021)",
        help="After a click the receiver misses gates within it; the time between payloads does not count.",
    )  # fmt: skip
    jitter_us: float = param(
        0.0, hi=1e6, unit="us", label="Timing jitter", claim="ours", shown=(0.0, 0.005), step=0.0001,
        source="the paper gives none; 0.0016 µs of a pair in Neumann et al. (2021)",
        help="Full width at half maximum of a click's time. Outside its gate it is lost, or noise in another.",
    )  # fmt: skip
    n_block_pulses: float = param(
        1e10, lo=1.0, hi=1e15, label="Block length", claim="ours", shown=(1e6, 1e14), log=True,
        source="the paper's key is without end; Lim et al. (2014) print up to a billion clicks",
        help="Pulse slots sent for one block of a finite key.",
    )  # fmt: skip
    p_insecure: float = param(
        1e-10, lo=1e-30, hi=0.1, label="Secrecy ε", claim="ours", shown=(1e-15, 1e-3), log=True,
        source="a usual choice; the paper gives none", help="Chance that a finite key is not secret, at most.",
    )  # fmt: skip
    p_incorrect: float = param(
        1e-15, lo=1e-30, hi=0.1, label="Correctness ε", claim="ours", shown=(1e-15, 1e-3), log=True,
        source="Lim et al. (2014)", help="Chance that the two copies of a finite key differ, at most.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_bounds(self)
