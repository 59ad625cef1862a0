"""The group of parameters of classical light beside the photons."""

from __future__ import annotations

from dataclasses import dataclass

from qpsviz.noise.classical_light import HEADER_LIGHT, check_light
from qpsviz.noise.scattering import Scattering
from qpsviz.scenario.declaration import check_bounds, param


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassicalLight:
    """Classical signals and headers in the same fibre, and the filter and gate that keep most of their light out."""

    n_signals: int = param(
        0, hi=96, label="Classical signals", claim="ours", shown=(0, 32), step=1, source="the paper gives no number",
        help="In every fibre, sent anew at each relay. Raman light counts; four-wave mixing and leakage are left out.",
    )  # fmt: skip
    launch_dbm: float = param(
        0.0, lo=-100.0, hi=40.0, unit="dBm", label="Launch power", claim="ours", shown=(-40.0, 20.0), step=0.5,
        source="one milliwatt; the paper gives none", help="Of each signal, where it enters a fibre.",
    )  # fmt: skip
    signal_direction: str = param(
        "forward", label="Direction", claim="ours",
        choices={"forward": "with the photons", "backward": "against them"},
        source="a header runs with its photons", help="Light against the photons disturbs them more over long fibres.",
    )  # fmt: skip
    scattering: str = param(
        Scattering.C_BAND.value, label="Scattering", claim="ours",
        choices={kind.value: kind.label for kind in Scattering},
        source="Kumar, Qin, Alléaume's worst C-band value, second hand; GNPy's gain spectrum",
        help="3e-9 /(km nm) in the C band; by wavelength; or hollow core, which bore 24 dB more power at equal noise.",
    )  # fmt: skip
    signal_nm: float = param(
        1535.0, lo=1000.0, hi=2000.0, unit="nm", label="Signal wavelength", claim="ours", shown=(1500.0, 1600.0),
        step=1.0, source="C band; the paper gives none", help="Of the first signal; further ones are longer.",
    )  # fmt: skip
    signal_spacing_nm: float = param(
        0.8, hi=100.0, unit="nm", label="Signal spacing", claim="standard", shown=(0.0, 2.0), step=0.1,
        source="100 GHz, ITU-T G.694.1", help="From one signal to the next.",
    )  # fmt: skip
    signal_loss_ratio: float = param(
        1.0, hi=1e3, label="Signal loss ratio", claim="ours", shown=(0.3, 2.0), step=0.05,
        source="both in the C band",
        help="Over fibre loss, in dB: 0.6 for signals at 1550 nm beside photons at 1310 nm.",
    )  # fmt: skip
    photon_nm: float = param(
        1550.0, lo=1000.0, hi=2000.0, unit="nm", label="Photon wavelength", claim="ours", shown=(1300.0, 1600.0),
        step=1.0, source="C band; the paper gives none", help="Sets scattering alone: set the fibre loss there, too.",
    )  # fmt: skip
    filter_nm: float = param(
        0.1, lo=1e-6, hi=1e3, unit="nm", label="Filter width", claim="ours", shown=(0.01, 2.0), log=True,
        source="0.045 nm in Eraerds et al., second hand", help="What the receiver lets in around its photons.",
    )  # fmt: skip
    gate_us: float = param(
        1e-3, lo=1e-9, hi=1e6, unit="us", label="Gate", claim="ours", shown=(1e-4, 0.1), log=True,
        source="1.5 ns in Eraerds et al., second hand",
        help="How long a detector looks, per pulse; no longer than from one pulse to the next.",
    )  # fmt: skip

    header_light: str = param(
        HEADER_LIGHT[0], label="Light of headers", claim="ours",
        choices=dict(zip(HEADER_LIGHT, ("left out", "own time", "own wavelength"), strict=True)),
        source="Fig. 2 has both; the paper counts neither",
        help="Own time: dark while photons pass, but not wholly. Own wavelength: lit beside them, and scattered.",
    )  # fmt: skip
    header_dbm: float = param(
        0.0, lo=-100.0, hi=40.0, unit="dBm", label="Header power", claim="ours", shown=(-40.0, 20.0), step=0.5,
        source="one milliwatt; the paper gives none", help="Of the header, where it enters a fibre.",
    )  # fmt: skip
    header_isolation_db: float = param(
        100.0, hi=300.0, unit="dB", label="Header isolation", claim="ours", shown=(40.0, 160.0), step=1.0,
        source="two good filters or modulators; the paper gives none",
        help="How much weaker the header is within the filter and gate of photons.",
    )  # fmt: skip
    bypass_loss_db: float = param(
        0.0, hi=100.0, unit="dB", label="Amplifier bypass", claim="ours", shown=(0.0, 5.0), step=0.1,
        source="about 1 dB for two couplers; the paper has none",
        help="What photons lose around what amplifies the signals at a relay. Light of amplifiers is left out.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_bounds(self)
        check_light(self)
