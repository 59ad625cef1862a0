"""Which controls have no effect in a state, and why: they are dimmed and say so."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from qpsviz.closed_form.sweep import evaluate
from qpsviz.noise.classical_light import HEADER_LIGHT
from qpsviz.noise.storage import Storage, kind_of
from qpsviz.scenario import Scenario
from qpsviz.scenario.values import Values
from qpsviz.switch.codes import is_code


@dataclass(frozen=True, slots=True)
class Rule:
    """Parameters that change nothing while ``holds``, and one short reason; if given, only while an output is 0."""

    names: tuple[str, ...]
    reason: str
    holds: Callable[[Values], bool]
    without: str = ""


def _stores(v: Values) -> bool:
    return bool(v.discipline.stores and v.n_relays > 0)


def _storage(v: Values) -> type[Storage]:
    return kind_of(v.storage).type


def _keeps(v: Values) -> bool:
    return bool(v.layout.keeps_half and v.partner_noise)


def _is_covered(v: Values) -> bool:
    """The header keeps ahead of its payload up to the last relay."""
    return bool(v.n_relays * v.processing_us <= v.guard_us)


def _drops_nothing(v: Values) -> bool:
    if v.discipline.stores:
        return bool(math.isinf(v.cutoff_us) and math.isinf(v.memory_qubits))
    return bool(v.p_free == 1 and (v.discipline.sets_up or _is_covered(v)))


def sends_once(v: Values) -> bool:
    """Whether no frame of a run is ever sent again."""
    return bool(v.max_attempts == 1 or _drops_nothing(v))


def _has_no_guard(v: Values) -> bool:
    """Neither the first attempt nor a later one has any guard."""
    return bool(v.guard_us == 0 and (sends_once(v) or v.processing_us == 0))


def _waits(v: Values) -> bool:
    """Stored frames wait for busy ports, and may catch up with each other meanwhile."""
    return bool(v.discipline.stores and v.p_free < 1)


def _never_dwells(v: Values) -> bool:
    """Headers are read at once, and no port is ever busy."""
    return bool(v.processing_us == 0 and not v.release.waits_for_frame and not _waits(v))


def _is_read_last(v: Values) -> bool:
    """The whole payload is in before its header is read."""
    return bool(v.processing_us - v.guard_us >= v.payload_us)


def _leaves_headers_out(v: Values) -> bool:
    return v.header_light == HEADER_LIGHT[0]


def _is_dark(v: Values) -> bool:
    return bool(v.n_signals == 0 and _leaves_headers_out(v))


def _is_dark_and_sharp(v: Values) -> bool:
    return bool(_is_dark(v) and v.jitter_us == 0)


_MEMORY = ("t1_us", "t2_us", "memory_model")
_TURNS = ("turn_us", "turn_loss_db")
_IN_STORE = ("release", "cutoff_us", "memory_qubits", *_TURNS)
_IN_RELAYS = (
    "processing_us", "p_free", "insertion_loss_db", "late_payload", "fabric", "max_attempts", "n_wavelengths",
    "wavelength_conversion", "bypass_loss_db", *_IN_STORE,
)  # fmt: skip

_OF_SIGNALS = ("launch_dbm", "signal_direction", "signal_spacing_nm", "bypass_loss_db")
_OF_OTHER_WAVELENGTHS = ("scattering", "signal_nm", "signal_loss_ratio", "filter_nm")

#: In order: the first rule that holds gives a control its reason.
RULES = (
    Rule(_IN_RELAYS, "No relay on the path.", lambda v: v.n_relays == 0),
    Rule(("device",), "No relay on the path.", lambda v: v.n_relays == 0 and not is_code(v.correction)),
    Rule(("partner_noise",), "Both halves travel: none is kept.", lambda v: not v.layout.keeps_half),
    Rule(("partner_noise",), "Fibre loses light but leaves a pair alone.", lambda v: not _storage(v).decoheres),
    Rule(_IN_STORE, "No memories in the switches here.", lambda v: not v.discipline.stores),
    Rule((*_MEMORY, "storage"), "Nothing is stored here.", lambda v: not _stores(v) and not _keeps(v)),
    Rule(_MEMORY, "Payloads wait in fibre, which loses light instead.", lambda v: _MEMORY[0] not in _storage(v).needs),
    Rule(("memory_model",), "Without relaxation both models agree.", lambda v: math.isinf(v.t1_us)),
    Rule(_TURNS, "Only a recirculating loop has turns.", lambda v: _TURNS[0] not in _storage(v).needs),
    Rule(("release",), "Reading takes longer than the payload lasts.", _is_read_last),
    Rule(("cutoff_us",), "Nothing dwells.", _never_dwells),
    Rule(("late_payload",), "Only bursts can overtake their header.", lambda v: not v.discipline.overtakes),
    Rule(("late_payload",), "The guard covers every relay.", _is_covered),
    Rule(("reservation",), "Only bursts reserve a port ahead.", lambda v: not v.discipline.overtakes),
    Rule(("reservation",), "No guard: nothing to reserve ahead.", _has_no_guard),
    Rule(("max_deflections",), "A line has one way only; it counts on the tab Traffic.", lambda v: True),
    Rule(("max_attempts",), "Nothing is dropped here.", _drops_nothing),
    Rule(("wavelength_conversion",), "There is only one wavelength.", lambda v: v.n_wavelengths == 1),
    Rule(("wavelength_conversion",), "This device has no converter.", lambda v: not v.device.has_converter),
    Rule(("n_wavelengths",), "Frames of one source never meet at a port.", lambda v: sends_once(v) and not _waits(v)),
    Rule(
        ("wavelength_conversion",),
        "Frames of one source never meet at a port.",
        lambda v: not _waits(v),
    ),
    Rule(("fabric",), "The ideal device loses nothing.", lambda v: not v.device.loses_light),
    Rule(("correction",), "This device has no quantum processor.", lambda v: not v.device.has_processor),
    Rule(("dark_counts",), "None, or one at every gate: both agree.", lambda v: v.p_dark in (0, 1)),
    Rule((*_OF_SIGNALS, *_OF_OTHER_WAVELENGTHS, "photon_nm"), "No classical light in the fibres.", _is_dark),
    Rule(("gate_us",), "No classical light, and no jitter to cut.", _is_dark_and_sharp),
    Rule(_OF_SIGNALS, "No signals beside the headers.", lambda v: v.n_signals == 0),
    Rule(
        _OF_OTHER_WAVELENGTHS,
        "No light of another wavelength in the fibres.",
        lambda v: v.n_signals == 0 and v.header_light != "wavelength",
    ),
    Rule(("header_dbm", "header_isolation_db"), "Light of headers is left out.", _leaves_headers_out),
    Rule(
        ("signal_nm", "signal_spacing_nm"),
        "One value holds all over the C band.",
        lambda v: not v.scattering.follows_wavelength,
    ),
    Rule(("signal_spacing_nm",), "There is only one signal.", lambda v: bool(v.n_signals <= 1)),
    # Coherent pulses make no key where not even perfect photons do.
    Rule(
        ("n_block_pulses", "p_insecure", "p_incorrect"),
        "No key at this length, whatever the block.",
        lambda v: True,
        without="key_rate",
    ),
    Rule(("eta_source", "g2", "p_herald"), "No key at this length, of any source.", lambda v: True, without="key_rate"),
    Rule(("p_herald",), "This source makes no key here.", lambda v: True, without="key_rate_source"),
    Rule(("depol_convention",), "No depolarising: both readings agree.", lambda v: v.depol_per_km == 0),
)


def idle_controls(scenario: Scenario) -> dict[str, str]:
    """Parameters that change no output and no run in this state, and why.

    Parameters
    ----------
    scenario : Scenario
        The present state.

    Returns
    -------
    dict
        Parameter name to one short reason.
    """
    values = scenario.values()
    idle: dict[str, str] = {}
    for rule in RULES:
        if set(rule.names) <= idle.keys() or not rule.holds(values):
            continue
        if not rule.without or evaluate(scenario, rule.without) == 0:
            idle |= {name: rule.reason for name in rule.names if name not in idle}
    return idle
