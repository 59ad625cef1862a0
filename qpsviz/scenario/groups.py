"""The groups of parameters, each value declared once."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qpsviz.noise.elements import check_t1_t2
from qpsviz.noise.storage import KINDS
from qpsviz.scenario.choices import Device, LatePayload, Release, Reservation
from qpsviz.scenario.declaration import check_bounds, param
from qpsviz.scenario.detector import Detector
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.layout import Layout
from qpsviz.scenario.light import ClassicalLight


@dataclass(frozen=True, slots=True, kw_only=True)
class PathGroup:
    """The path from source to receiver."""

    length_km: float = param(
        80.0, hi=1e6, unit="km", label="Length", claim="ours", shown=(0.0, 600.0), step=1.0,
        source="Fig. 12 has 20 km per span; 4 spans", help="Whole distance, split evenly over the links.",
    )  # fmt: skip
    n_relays: int = param(
        3, hi=1000, label="Relays", claim="paper", shown=(0, 10), step=1, source="Figs. 11 and 12",
        help="Switches on the path; on each arm when the source sits in the middle.",
    )  # fmt: skip
    layout: str = param(
        "sender", label="Source", claim="paper",
        choices={layout.value: layout.label for layout in Layout}, source="Fig. 8",
        help="; ".join(f"{layout}: {layout.summary}" for layout in Layout) + ".",
    )  # fmt: skip
    partner_noise: bool = param(
        True, label="Kept half decoheres", claim="ours", source="the paper keeps it in a memory",
        help="Whether the half that the sender keeps decays while it waits.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_bounds(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fibre:
    """The optical fibre of every link."""

    loss_db_per_km: float = param(
        0.2, hi=1e3, unit="dB/km", label="Fibre loss", claim="paper", shown=(0.0, 1.0), step=0.005,
        source="Section IV.A; ITU-T G.652 at 1550 nm", help="Attenuation: the photon is gone.",
    )  # fmt: skip
    depol_per_km: float = param(
        0.008, hi=1e3, unit="1/km", label="Depolarising rate", claim="paper", shown=(0.0, 0.05), step=0.0005,
        source="Section IV.B, Eq. 4", help="How fast fibre scrambles the state of a photon that arrives.",
    )  # fmt: skip
    depol_convention: str = param(
        "decibel", label="Reading of Eq. 4", claim="ours", choices={"decibel": "decibel", "printed": "as printed"},
        source="Deviation: the printed exponent contradicts Fig. 10", help="Whether its exponent is divided by ten.",
    )  # fmt: skip
    speed_km_per_us: float = param(
        0.2, lo=1e-3, hi=0.299792458, unit="km/us", label="Speed of light", claim="standard", shown=(0.15, 0.2997),
        step=0.001, source="group index 1.5", help="0.2 in glass, 0.2997 in hollow-core fibre.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_bounds(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Every relay on the path."""

    discipline: str = param(
        "store", label="Discipline", claim="paper", choices=tuple(Discipline), source="Section II.B",
        help="; ".join(f"{d}: {d.summary}" for d in Discipline) + ".",
    )  # fmt: skip
    processing_us: float = param(
        125.0, hi=1e9, unit="us", label="Processing time", claim="paper", shown=(1e-3, 1e4), log=True,
        source="Section IV.B", help="Time one relay needs to read a header.",
    )  # fmt: skip
    guard_us: float = param(
        0.0, hi=1e9, unit="us", label="Guard time", claim="ours", shown=(0.0, 1000.0), step=1.0,
        source="Section II.B gives no value; Eq. 2 has none", help="Head start of the header over the payload.",
    )  # fmt: skip
    p_free: float = param(
        1.0, hi=1.0, label="Availability P", claim="paper", shown=(0.0, 1.0), step=0.01,
        source="Section IV.A; IV.B has none. Assumption: stored payloads wait as in M/D/1, at each relay by itself",
        help="Chance that a port is free of other traffic; else a burst is dropped, a stored payload waits. Equations "
        "leave out that frames of one session wait for each other: runs have that.",
    )  # fmt: skip
    late_payload: str = param(
        "truncate", label="Late payload", claim="paper",
        choices={late.value: late.label for late in LatePayload},
        source="Eq. 2 truncates; Section II.B discards", help="What happens when the payload overtakes its header.",
    )  # fmt: skip
    reservation: str = param(
        "immediate", label="Reservation", claim="paper", choices=tuple(r.value for r in Reservation if r.is_ahead),
        source="Assumption: the paper's word is just-in-time, which books from the header's reading",
        help="A burst holds its port from the reading of its header on, or only while its payload passes.",
    )  # fmt: skip
    release: str = param(
        "after_frame", label="Release", claim="paper",
        choices={release.value: release.label for release in Release},
        source="Section IV.B waits for the whole frame", help="Wait for the whole payload, or only for the header.",
    )  # fmt: skip
    insertion_loss_db: float = param(
        0.0, hi=1e3, unit="dB", label="Switch loss", claim="ours", shown=(0.0, 10.0), step=0.1,
        source="the paper's link budget has none; 0.5 … 7 dB is typical", help="Insertion loss of one relay.",
    )  # fmt: skip
    max_attempts: int = param(
        1, lo=1, hi=100, label="Attempts", claim="ours", shown=(1, 10), step=1, source="Section II.B: no number",
        help="How often a dropped frame is sent, with more guard each time.",
    )  # fmt: skip
    max_deflections: int = param(
        0, hi=20, label="Deflections", claim="ours", shown=(0, 5), step=1,
        source="Section II.B drops a burst whose port is taken",
        help="Other ways a burst may take instead. Assumption: a relay knows its neighbours' paths, and needs no time.",
    )  # fmt: skip
    n_wavelengths: int = param(
        1, lo=1, hi=1000, label="Wavelengths", claim="ours", shown=(1, 8), step=1,
        source="Section III: M wavelengths per fibre, no number", help="Payloads that one fibre carries side by side.",
    )  # fmt: skip
    wavelength_conversion: bool = param(
        True, label="Wavelength conversion", claim="paper", source="Fig. 5",
        help="Whether a relay may send a payload on at another wavelength than it came on.",
    )  # fmt: skip
    device: str = param(
        "ideal", label="q-ROADM", claim="paper",
        choices={device.value: device.label for device in Device},
        source="Section III, Figs. 4 and 5; Section IV counts no loss inside", help="Its loss adds to the switch loss.",
    )  # fmt: skip
    fabric: str = param(
        "electro_optic", label="Optical switches", claim="ours",
        choices={
            "wavelength_selective": "wavelength-selective", "mems": "MEMS mirrors", "piezo": "piezo steering",
            "electro_optic": "electro-optic",
        },
        source="the paper names none; only this kind switches between frames", help="What the q-ROADM switches with.",
    )  # fmt: skip
    correction: str = param(
        "none", label="Error correction", claim="ours",
        choices={"none": "none", "five_qubit": "five-qubit", "steane": "Steane"},
        source="Section III names it without a code", help="What each relay's q-processor applies; near-term has none.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_bounds(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Quantum memory of a relay; ``math.inf`` means no decay."""

    t1_us: float = param(
        500.0, lo=1e-3, unit="us", label="Relaxation time T₁", claim="paper", shown=(10.0, 1e5), log=True,
        source="Section IV.B", help="Decay towards |0⟩.",
    )  # fmt: skip
    t2_us: float = param(
        500.0, lo=1e-3, unit="us", label="Dephasing time T₂", claim="paper", shown=(10.0, 1e5), log=True,
        source="Section IV.B", help="Loss of phase; at most 2·T₁.",
    )  # fmt: skip
    memory_model: str = param(
        "t1t2", label="Memory model", claim="paper",
        choices={"t1t2": "T₁ and T₂", "twirled": "Pauli-twirled"}, source="Section IV.B",
        help="Full relaxation, or its Pauli twirl as stabiliser simulators use.",
    )  # fmt: skip
    cutoff_us: float = param(
        math.inf, unit="us", label="Cut-off", claim="ours", shown=(10.0, 1e5), log=True,
        source="Section II.A names it without a value", help="Longest total dwell before a frame is dropped.",
    )  # fmt: skip
    memory_qubits: float = param(
        math.inf, lo=0.0, unit="1", label="Memory size", claim="ours", shown=(1.0, 1e4), log=True,
        source="the paper has no limit", help="Qubits that one relay can hold.",
    )  # fmt: skip
    storage: str = param(
        "t1t2", label="Storage", claim="paper",
        choices={kind.word: kind.text for kind in KINDS},
        source="Section IV.B; Section III also names delay lines", help="A memory decoheres, waiting in fibre erases.",
    )  # fmt: skip
    turn_us: float = param(
        10.0, lo=1e-3, hi=1e9, unit="us", label="Turn of the loop", claim="ours", shown=(0.1, 100.0), log=True,
        source="2 km of fibre; the paper gives none", help="A recirculating loop stores for whole turns only.",
    )  # fmt: skip
    turn_loss_db: float = param(
        1.0, hi=1e3, unit="dB", label="Loss per turn", claim="ours", shown=(0.0, 5.0), step=0.1,
        source="one good 2x2 switch; the paper gives none", help="Loss of the loop's switch, on top of its fibre.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_bounds(self)
        check_t1_t2(self.t1_us, self.t2_us)

    @property
    def times_are_equal(self) -> bool:
        """Whether T1 = T2, which figures then vary as one, and a page moves together."""
        return self.t1_us == self.t2_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is sent."""

    n_qubits: int = param(
        10, lo=1, hi=100_000, label="Qubits per frame", claim="paper", shown=(1, 50), step=1, source="Section IV.B",
        help="Quantum payload of one frame.",
    )  # fmt: skip
    spacing_us: float = param(
        5.0, lo=1e-6, hi=1e9, unit="us", label="Qubit spacing", claim="paper", shown=(0.01, 100.0), log=True,
        source="Section IV.B", help="Time from one qubit to the next.",
    )  # fmt: skip
    frame_gap_us: float = param(
        50.0, hi=1e9, unit="us", label="Gap between frames", claim="ours", shown=(0.0, 1000.0), step=1.0,
        source="the paper is silent", help="Idle time between a frame's trailer and the next header.",
    )  # fmt: skip
    n_frames: int = param(
        12, lo=1, hi=10_000_000, label="Frames", claim="ours", shown=(1, 200), step=1, source="enough to watch",
        help="Frames that the simulation sends.",
    )  # fmt: skip
    eta_source: float = param(
        1.0, hi=1.0, label="Source efficiency", claim="ours", shown=(0.01, 1.0), step=0.01,
        source="the paper's photons are perfect",
        help="Photons in an announced slot, on average: brightness, or heralding efficiency.",
    )  # fmt: skip
    g2: float = param(
        0.0, hi=1.0, label="Source g²", claim="ours", shown=(0.0, 0.5), step=0.001,
        source="the paper's photons are perfect",
        help="Second-order correlation: 0 never sends two photons, 1 is laser light.",
    )  # fmt: skip
    p_herald: float = param(
        1.0, lo=1e-9, hi=1.0, label="Announced slots", claim="ours", shown=(0.001, 1.0), log=True,
        source="photons on demand; the paper's are", help="Share of slots for which a herald says that there is light.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_bounds(self)

    @property
    def payload_us(self) -> float:
        """T_Q, how long the quantum payload of a frame lasts: k qubits, one spacing each. [us]"""
        return self.n_qubits * self.spacing_us


GROUPS: dict[str, type] = {
    "path": PathGroup,
    "fibre": Fibre,
    "switch": Switch,
    "memory": Memory,
    "source": Source,
    "detector": Detector,
    "light": ClassicalLight,
}
