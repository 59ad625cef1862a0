"""Every closed-form output of a scenario: its name, unit, label and source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from qpsviz.errors import ParameterError, nearest

#: Outputs that a scenario has whatever its own length is.
LENGTHLESS = ("reach_km", "entanglement_reach_km")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A quantity that :func:`evaluate` and :func:`sweep` can compute."""

    name: str
    unit: str
    label: str
    source: str


_PAPER_QKD, _PAPER_EPR = "paper, Section IV.A", "paper, Section IV.B"
_OUTPUTS = (
    ("key_rate", "bit/pulse", "Key rate R per pulse", "Eq. 1; with more attempts, over the channel time of all"),
    ("key_rate_hz", "bit/s", "Secret key bits per second", "Eq. 1 over all the time that a session takes"),
    ("gain", "1", "Gain Q", "Assumption: Q = Y0 + eta - Y0 eta"),
    ("qber_z", "1", "QBER in Z", "Assumption: e = [Y0 (1 - eta)/2 + e_d eta]/Q"),
    ("qber_x", "1", "QBER in X", "Assumption: e = [Y0 (1 - eta)/2 + e_d eta]/Q"),
    ("secret_share", "bit/click", "Secret bits per click", "the bracket of Eq. 1"),
    ("retention", "1", "Retention K of one attempt", "Eq. 2; Deviation: not below 0"),
    ("retention_per_frame", "1", "Payload delivered per frame", "Eq. 2 without channel time, summed over attempts"),
    ("retention_per_channel_time", "1", "Payload delivered per channel time", "Eq. 2, both sides summed over attempts"),
    ("payload_kept", "1", "Payload not cut off", "the last factor of Eq. 2"),
    ("delivered_share", "1", "Delivered share of frames", "Assumption: each attempt finds the ports anew"),
    ("attempts", "1", "Attempts per frame", "Assumption: each attempt finds the ports anew"),
    ("channel_time_us", "us", "Channel time per frame", "guard and payload of every attempt; Section II.B"),
    ("session_us", "us", "Time of a session at its source", "Section II.B: set-up, and each attempt with its gap"),
    ("plob", "bit/pulse", "Repeaterless bound", "Pirandola et al., Nat. Commun. 8, 15043 (2017)"),
    ("reach_km", "km", "Reach of the key", "Eq. 1 set to 0"),
    ("fidelity", "1", "Fidelity of a pair", "Eq. 3, squared form"),
    ("fidelity_root", "1", "Fidelity of a pair, root form", "Eq. 3, root reading"),
    ("entanglement_reach_km", "km", "Length at which F = 1/2", "Eq. 3 set to 1/2"),
    ("chsh", "1", "Largest CHSH value", "Horodecki et al., Phys. Lett. A 200, 340 (1995)"),
    ("concurrence", "1", "Concurrence", "Yu, Eberly, Quantum Inf. Comput. 7, 459 (2007)"),
    ("teleport_fidelity", "1", "Teleportation fidelity", "(2F + 1)/3"),
    ("delay_us", "us", "One-way delay of a qubit", _PAPER_EPR),
    ("dwell_us", "us", "Time in memories", _PAPER_EPR),
    ("loss_db", "dB", "Loss of the path", _PAPER_QKD),
    ("payload_us", "us", "Payload duration", _PAPER_EPR),
)


@cache
def outputs() -> tuple[Output, ...]:
    """Every output, with its unit, label and source.

    Examples
    --------
    >>> [o.unit for o in outputs() if o.name == "reach_km"]
    ['km']
    """
    return tuple(Output(name=n, unit=u, label=t, source=s) for n, u, t, s in _OUTPUTS)


def output(name: str) -> Output:
    """The declaration of one output.

    Raises
    ------
    ParameterError
        If there is no such output.
    """
    known = _by_name()
    if name not in known:
        raise ParameterError("output", f"unknown output {name!r}{nearest(name, known)}")
    return known[name]


@cache
def _by_name() -> dict[str, Output]:
    return {o.name: o for o in outputs()}
