"""What one pass through a relay costs, as numbers and as the words under a picture of it."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.closed_form.path import RelayPath
from qpsviz.closed_form.quantities import Quantities
from qpsviz.noise import QubitChannel, loss
from qpsviz.noise.storage import Storage
from qpsviz.protocols import epr
from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.switch.codes import CODES, correct
from qpsviz.switch.components import Component, Kind
from qpsviz.switch.correction import break_even
from qpsviz.switch.decoding import break_evens
from qpsviz.switch.paths import DevicePath
from qpsviz.units import db_from_eta, decibel, percent, quantity, time_text

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import PassTotal

_FADING_STEPS = 65
_VERDICTS = {(True, False): "helps", (False, True): "harms", (True, True): "mixed", (False, False): "idle"}


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
    return [float(np.broadcast_to(dwell, ())) for dwell in _relay_path(scenario).dwells_us]


def pass_fidelity(path: DevicePath) -> float:
    """Fidelity of a perfect pair, one half of which has made one pass.

    Parameters
    ----------
    path : DevicePath
        A payload's path.

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
        A payload's path.

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


def hop_noise(scenario: Scenario, path: DevicePath, dwell_us: float) -> QubitChannel:
    """What a q-processor has to correct: all that a photon met since it left the q-processor before.

    Parameters
    ----------
    scenario : Scenario
        Path and memories.
    path : DevicePath
        A payload's path through one relay.
    dwell_us : float
        How long it waits there. [us]

    Returns
    -------
    QubitChannel
        One relay's exit, a link of fibre, the next relay's entrance and wait. [1]
    """
    whole = _relay_path(scenario)
    return (
        loss(path.loss_after_db)
        .then(whole.segment)
        .then(loss(path.loss_before_db))
        .then(whole.relay.hold(np.asarray(dwell_us)))
    )


def totals(scenario: Scenario, header: DevicePath, payload: DevicePath, dwell_us: float) -> list[PassTotal]:
    """The numbers under the picture, as words.

    Parameters
    ----------
    scenario : Scenario
        Fibre, discipline and memories.
    header, payload : DevicePath
        The two paths through the relay.
    dwell_us : float
        How long each qubit waits there. [us]

    Returns
    -------
    list of dict
        ``name``, ``label``, ``text`` and ``note``; a correction also has a ``tip``.
    """
    worth = quantity(fibre_worth_km(scenario, payload), "km", trimmed=True)
    alpha = quantity(scenario.fibre.loss_db_per_km, "dB/km", trimmed=True)
    reading = next(s for s in header.steps if s.component.kind is Kind.CONTROL_UNIT)
    once = "once, for the circuit" if Discipline(scenario.switch.discipline).sets_up else ""
    memory = next(s.component for s in payload.steps if s.component.kind is Kind.Q_MEMORY)
    storage, price = _price(memory, dwell_us)
    rows = [
        ("loss", "Device loss", decibel(float(payload.loss_db)), "waiting included"),
        ("reach", "Takes from the reach", worth, f"of fibre at {alpha}"),
        ("header", "Header", time_text(header.processing_us), once or f"{time_text(reading.latency_us)} to read it"),
        ("dwell", "Dwell", time_text(dwell_us), _dwell_note(scenario, dwell_us)),
        ("fidelity", "Pair after one pass", f"F {pass_fidelity(payload):.4g}", "perfect before it"),
        ("storage", "Storage", storage, price),
    ]
    listed: list[PassTotal] = [{"name": n, "label": label, "text": text, "note": note} for n, label, text, note in rows]
    return listed + _correction(scenario, payload, dwell_us)


def _dwell_note(scenario: Scenario, dwell_us: float) -> str:
    """What a dwell is, and how much longer payloads stay on average where ports are busy."""
    port = _relay_path(scenario).port
    waits = "" if port is None else f", {time_text(float(port.mean_us))} more on average"
    return f"of each qubit, port free{waits}" if dwell_us or waits else "qubits pass straight"


def _price(memory: Component, dwell_us: float) -> tuple[str, str]:
    """A storage by name, and what waiting in it costs."""
    storage: Storage | None = memory.storage
    assert storage is not None
    return storage.label, storage.card(dwell_us)


def fading_db(payload: DevicePath, dwell_us: float) -> list[float]:
    """Light lost in the q-memory at even steps of the wait.

    Parameters
    ----------
    payload : DevicePath
        A payload's path.
    dwell_us : float
        How long it waits. [us]

    Returns
    -------
    list of float
        Empty for a memory that does not erase. [dB]
    """
    storage = next(s.component.storage for s in payload.steps if s.component.kind is Kind.Q_MEMORY)
    if storage is None or not np.any(storage.loss_db(dwell_us)):
        return []
    return [float(x) for x in storage.loss_db(np.linspace(0.0, dwell_us, _FADING_STEPS))]


@cache
def _limits(correction: str) -> str:
    """Break-even of a code's bound: error where nothing is lost, and loss."""
    wall = quantity(float(db_from_eta(1 - break_even(CODES[correction].loss))), "dB")
    return f"break-even {percent(break_evens(correction)[0].p_bound)}, {wall}"


@cache
def _break_evens(correction: str) -> str:
    """Every break-even of a code without loss in one sentence, each with what it is a chance of."""
    told = []
    for found in break_evens(correction):
        bound = "" if math.isnan(found.p_bound) else f"{100 * found.p_bound:.2f} % by the bound used here, "
        told.append(f"for {found.error} at {bound}{100 * found.p_exact:.2f} % with exact decoding")
    return f"Without loss it breaks even {'; '.join(told)}."


def _correction(scenario: Scenario, payload: DevicePath, dwell_us: float) -> list[PassTotal]:
    """Whether the code helps here, and its break-even."""
    applied = next((s.component.correction for s in payload.steps if s.component.corrects), None)
    if applied is None:
        return []
    bare = hop_noise(scenario, payload, dwell_us)
    block = correct(bare, applied)
    fidelities = [float(epr.fidelity(channel, QubitChannel.identity())) for channel in (bare, block)]
    shares = [float(channel.eta) for channel in (bare, block)]
    changes = {round(after - before, 9) for before, after in (fidelities, shares)}
    better, worse = max(changes) > 0, min(changes) < 0
    return [
        {
            "name": "correction",
            "label": f"{CODES[applied].label} code",
            "text": _VERDICTS[better, worse],
            "note": _limits(applied),
            "tip": f"{_break_evens(applied)} From one q-processor to the next, without and with it: "
            f"{percent(shares[0])} and {percent(shares[1])} of the qubits arrive, "
            f"with F = {fidelities[0]:.4g} and {fidelities[1]:.4g}.",
        }
    ]


def _relay_path(scenario: Scenario) -> RelayPath:
    return Quantities(scenario.values()).arm
