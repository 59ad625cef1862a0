"""One relay taken apart for a picture: components in their places, what joins them, and what passing them costs."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from qpsviz.applications import epr
from qpsviz.journey import Journey
from qpsviz.noise import QubitChannel, loss
from qpsviz.quantities import Point
from qpsviz.scenario import Scenario
from qpsviz.switch.components import Carries, Component, Kind
from qpsviz.switch.correction import break_even, five_qubit, five_qubit_loss, steane, steane_loss
from qpsviz.switch.paths import DevicePath
from qpsviz.switch.qroadm import QRoadm
from qpsviz.switch.relay import device_of
from qpsviz.switch.storage import DelayLine, RecirculatingLoop, Storage, T1T2Memory
from qpsviz.units import quantity
from qpsviz.views.anatomy_words import EDGE_KINDS, SHORT_NAMES, what_it_does
from qpsviz.views.schedule import REASONS, TEMPLATES

_CODES = {"five_qubit": ("[[5,1,3]]", five_qubit, five_qubit_loss), "steane": ("Steane", steane, steane_loss)}
_FADING_STEPS = 65
#: Where in a device each kind of drop happens: memories refuse and let go, the last switch finds the port taken or
#: is not set yet, the control unit refuses a set-up.
_DROP_PLACES = {
    "CONTENTION": (Kind.SWITCH_FABRIC, Kind.OPTICAL_SWITCH),
    "LATE": (Kind.SWITCH_FABRIC, Kind.OPTICAL_SWITCH),
    "EXPIRED": (Kind.Q_MEMORY,),
    "MEMORY_FULL": (Kind.Q_MEMORY,),
    "BLOCKED": (Kind.CONTROL_UNIT,),
}


def anatomy(scenario: Scenario) -> dict[str, Any]:
    """What the picture of one relay shows, for every relay of an idle path.

    Parameters
    ----------
    scenario : Scenario
        Its ``device``, ``fabric``, ``storage``, ``correction`` and times.

    Returns
    -------
    dict
        ``nodes`` (name, kind, column, row and words of each component), ``edges`` (positions in ``nodes`` and what
        they carry), ``header`` and ``payload`` (positions on each way), ``releases`` (position of what lets qubits go),
        ``drops`` (position by reason), ``set_up`` (numbers of the events of a circuit's set-up), ``passes`` (costs for every dwell that occurs) and ``pass_of`` (which of them
        belongs to the 1st, 2nd … relay).

    Notes
    -----
    One lane of one fibre is drawn; a real device repeats it for every wavelength of every fibre. Assumption: a payload
    waits in the q-memory only, and passes the q-buffer, because errors are corrected after the wait.
    """
    values = scenario.flat()
    device = device_of(values, n_fibres=1, n_wavelengths=1)
    dwells_us = idle_dwells_us(scenario)
    unique_us, pass_of = np.unique(np.asarray(dwells_us or [0.0]), return_inverse=True)
    header = device.header_path(0, 0)
    place = {c.name: i for i, c in enumerate(device.components)}
    payload = device.payload_path(0, 0)
    return {
        "device": device.name,
        "figure": "Fig. 4" if device.name == "near_term" else "Fig. 5",
        "nodes": [_node(c) for c in device.components],
        "edges": [_edge(device, place, i) for i in range(len(device.edges))],
        "header": [place[c.name] for c in header.components],
        "payload": [place[c.name] for c in payload.components],
        "releases": _releaser(device, place),
        "drops": [-1, *(_drop_place(device, reason) for reason in REASONS)],
        "crossing": quantity(float(payload.latency_us), "us", n_digits=2),
        "set_up": [sorted(TEMPLATES).index(kind) for kind in ("SETUP", "BLOCKED")],
        "stores": scenario.switch.discipline == "store",
        "passes": [_pass(scenario, device, header, float(dwell)) for dwell in unique_us],
        "pass_of": pass_of[: len(dwells_us)].tolist(),
    }


def idle_dwells_us(scenario: Scenario) -> list[float]:
    """Dwell of each qubit at the 1st, 2nd … relay of an idle path. [us]

    Parameters
    ----------
    scenario : Scenario
        Times, discipline and storage.

    Returns
    -------
    list of float
        One per relay. [us]
    """
    return [float(np.broadcast_to(dwell, ())) for dwell in _journey(scenario).dwells_us]


def pass_fidelity(path: DevicePath) -> float:
    """Fidelity of a perfect pair, one half of which has made one pass.

    Parameters
    ----------
    path : DevicePath
        A payload's way.

    Returns
    -------
    float
        Squared form, given that the photon is still there. [1]

    Notes
    -----
    Eq. 3 with the other half kept perfectly.
    """
    return float(epr.fidelity(path.channel, QubitChannel.identity()))


def fibre_worth_km(scenario: Scenario, path: DevicePath) -> float:
    """Length of fibre that loses as much light as one pass: what the pass takes from the reach of a key.

    Parameters
    ----------
    scenario : Scenario
        Its fibre.
    path : DevicePath
        A payload's way.

    Returns
    -------
    float
        Infinite where the fibre loses nothing and the device does. [km]

    Notes
    -----
    loss / alpha: 5 km per dB at 0.2 dB/km. Exact for the reach of Eq. 1 where the fibre does not depolarise.
    """
    alpha, total_db = scenario.fibre.loss_db_per_km, float(path.loss_db)
    if total_db <= 0:
        return 0.0
    return total_db / alpha if alpha else float("inf")


def hop_error(scenario: Scenario, path: DevicePath, dwell_us: float) -> tuple[float, float]:
    """What a q-processor has to correct: error and loss since the block left the q-processor before.

    Parameters
    ----------
    scenario : Scenario
        Path and memories.
    path : DevicePath
        A payload's way through one relay.
    dwell_us : float
        How long it waits there. [us]

    Returns
    -------
    tuple of float
        Chance of a Pauli error, and of loss, of one photon. [1]

    Notes
    -----
    One relay's exit, a link of fibre, the next relay's entrance and wait: p = 1 - (1 + 2c + a)/4, and 1 - eta.
    """
    journey = _journey(scenario)
    met = loss(path.loss_after_db).then(journey.segment).then(loss(path.loss_before_db)).then(journey.hold(dwell_us))
    return float(np.maximum(0.0, 1 - (1 + 2 * met.c + met.a) / 4)), float(1 - met.eta)


def _journey(scenario: Scenario) -> Journey:
    return Point(scenario.flat()).arm


def _node(c: Component) -> dict[str, Any]:
    low, high = c.part.range_db
    span = "" if low == high else f", typically {low:g} … {high:g} dB"
    return {
        "name": c.name,
        "kind": c.kind.value,
        "label": SHORT_NAMES.get(c.kind, c.kind.value),
        "column": c.column,
        "row": c.row,
        "full": c.label,
        "source": f"{c.part.claim}: {c.part.source}{span}",
    }


def _edge(device: QRoadm, place: dict[str, int], number: int) -> dict[str, Any]:
    edge = device.edges[number]
    return {"from": place[edge.source], "to": place[edge.target], "kind": EDGE_KINDS[edge.carries]}


def _drop_place(device: QRoadm, reason: str) -> int:
    """Position of the last component of the first kind that there is; drops at a port are the last switch's."""
    kinds = [c.kind for c in device.components]
    kind = next(k for k in _DROP_PLACES[reason] if k in kinds)
    return max((i for i, k in enumerate(kinds) if k is kind), key=lambda i: device.components[i].column)


def _releaser(device: QRoadm, place: dict[str, int]) -> int:
    """Position of the component that the control unit tells to let the qubits go: the buffer, else the memory."""
    kinds = {c.kind: c.name for c in device.components}
    return place[kinds.get(Kind.Q_BUFFER, kinds[Kind.Q_MEMORY])]


def _pass(scenario: Scenario, device: QRoadm, header: DevicePath, dwell_us: float) -> dict[str, Any]:
    """All costs of one pass with one dwell, as words."""
    payload = device.payload_path(0, 0, dwell_us=dwell_us)
    cards = {c.name: _card(c, 0.0 if c.kind is not Kind.Q_MEMORY else dwell_us) for c in device.components}
    done: list[Any] = []
    for step in payload.steps:
        done.append(step)
        so_far = DevicePath(carries=Carries.PAYLOAD, steps=tuple(done))
        channel = so_far.channel
        cards[step.component.name]["after"] = (
            f"Behind it {100 * float(channel.eta):.3g} % of the qubits are left, "
            f"and a perfect pair has F = {pass_fidelity(so_far):.4g}."
        )
    return {
        "cards": [cards[c.name] for c in device.components],
        "loss_db": float(payload.loss_db),
        "fidelity": pass_fidelity(payload),
        "fading_db": _fading(payload, dwell_us),
        "totals": _totals(scenario, header, payload, dwell_us),
    }


def _card(c: Component, dwell_us: float) -> dict[str, str]:
    loss_db = float(c.loss_db(dwell_us))
    return {
        "loss": _decibel(loss_db) if loss_db >= 0 else f"+{_decibel(-loss_db)}",
        "latency": quantity(float(c.passing_us(dwell_us)), "us", n_digits=3, trimmed=True),
        "does": what_it_does(c),
        "after": "",
    }


def _totals(scenario: Scenario, header: DevicePath, payload: DevicePath, dwell_us: float) -> list[dict[str, str]]:
    """The numbers under the picture."""
    worth = quantity(fibre_worth_km(scenario, payload), "km", trimmed=True)
    alpha = f"{scenario.fibre.loss_db_per_km:g} dB/km"
    reading = next(s for s in header.steps if s.component.kind is Kind.CONTROL_UNIT)
    once = "once, for the circuit" if scenario.switch.discipline == "circuit" else ""
    memory = next(s.component for s in payload.steps if s.component.kind is Kind.Q_MEMORY)
    storage, price = _price(memory, dwell_us)
    rows = [
        ("loss", "Device loss", _decibel(float(payload.loss_db)), "waiting included"),
        ("reach", "Takes from the reach", worth, f"of fibre at {alpha}"),
        ("header", "Header", _time(header.processing_us), once or f"{_time(reading.latency_us)} to read it"),
        ("dwell", "Dwell", _time(dwell_us), "of each qubit, port free" if dwell_us else "qubits pass straight"),
        ("fidelity", "Pair after one pass", f"F {pass_fidelity(payload):.4g}", "perfect before it"),
        ("storage", "Storage", storage, price),
    ]
    totals = [{"name": n, "label": label, "text": text, "note": note} for n, label, text, note in rows]
    return totals + _correction(scenario, payload, dwell_us)


def _price(memory: Component, dwell_us: float) -> tuple[str, str]:
    """A storage by name, and what waiting in it costs."""
    storage: Storage | None = memory.storage
    assert storage is not None
    waiting = f"{_decibel(float(storage.loss_db(dwell_us)))} here" if dwell_us else "no wait here"
    if isinstance(storage, T1T2Memory):
        times = (_time(storage.t1_us), _time(storage.t2_us))
        equal = f"T₁ = T₂ = {times[0]}"
        return storage.label, equal if times[0] == times[1] else f"T₁ {times[0]}, T₂ {times[1]}"
    if isinstance(storage, DelayLine):
        return storage.label, f"{float(storage.loss_db_per_us):.3f} dB/µs · {waiting}"
    assert isinstance(storage, RecirculatingLoop)
    turn = quantity(float(storage.loss_db(storage.turn_us)), "dB")
    return storage.label, f"{turn} per {_time(storage.turn_us)} · {waiting}"


def _fading(payload: DevicePath, dwell_us: float) -> list[float]:
    """Light lost in the q-memory at even steps of the wait; nothing for a memory that does not erase. [dB]"""
    storage = next(s.component.storage for s in payload.steps if s.component.kind is Kind.Q_MEMORY)
    if storage is None or isinstance(storage, T1T2Memory):
        return []
    return [float(x) for x in storage.loss_db(np.linspace(0.0, dwell_us, _FADING_STEPS))]


@cache
def _limits(correction: str) -> tuple[float, float]:
    """Error and loss at which a code stops helping."""
    _, wrong, gone = _CODES[correction]
    return break_even(wrong), break_even(gone)


def _correction(scenario: Scenario, payload: DevicePath, dwell_us: float) -> list[dict[str, str]]:
    """Whether the code helps here, and the limits beyond which it harms."""
    applied = next((s.component.correction for s in payload.steps if s.component.correction != "none"), None)
    if applied is None:
        return []
    (p_limit, lost_limit), (p_error, p_lost) = _limits(applied), hop_error(scenario, payload, dwell_us)
    error, lost = f"error {p_error:.3f}, limit {p_limit:.3f}", f"loss {p_lost:.2f}, limit {lost_limit:.2f}"
    return [
        {
            "name": "correction",
            "label": f"{_CODES[applied][0]} code",
            "text": "helps" if p_error < p_limit and p_lost < lost_limit else "harms",
            "note": lost if p_lost >= lost_limit else error,
            "tip": f"From one q-processor to the next: {error}; {lost}. Beyond a limit the code makes it worse.",
        }
    ]


def _decibel(value: float) -> str:
    return "0 dB" if abs(value) < 5e-4 else quantity(value, "dB", trimmed=True)


def _time(value: Any) -> str:
    value_us = float(value)
    return quantity(value_us, "us", trimmed=True) if value_us else "0 µs"
