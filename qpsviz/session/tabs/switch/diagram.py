"""One relay taken apart for a picture: components in their places, what joins them, and what passing them costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.session.film.sentences import number_of
from qpsviz.session.tabs.switch.component_texts import EDGE_KINDS, SHORT_NAMES, what_it_does
from qpsviz.session.tabs.switch.costs import fading_db, idle_dwells_us, pass_fidelity, totals
from qpsviz.switch.codes import CODES
from qpsviz.switch.components import Carries, Component, Kind
from qpsviz.switch.fates import DROPS, Fate
from qpsviz.switch.paths import DevicePath, Step
from qpsviz.switch.qroadm import QRoadm
from qpsviz.switch.relay import device_of
from qpsviz.units import decibel, percent, quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import ComponentTexts, SwitchDiagram, SwitchEdge, SwitchNode, SwitchPass


def switch_diagram(scenario: Scenario) -> SwitchDiagram:
    """What the picture of one relay shows, for every relay of an idle path.

    Parameters
    ----------
    scenario : Scenario
        Its ``device``, ``fabric``, ``storage``, ``correction`` and times.

    Returns
    -------
    dict
        ``nodes`` (name, kind, column, row and words of each component), ``edges`` (positions in ``nodes`` and what
        they carry), ``header`` and ``payload`` (positions on each path), ``releases`` (what lets qubits go),
        ``drops`` (position by reason), ``set_up`` (numbers of the events of a circuit's set-up), ``passes`` (costs for
        every dwell that occurs) and ``pass_of`` (which of them belongs to the 1st, 2nd … relay).

    Notes
    -----
    One lane of one fibre is drawn; a real device repeats it for every wavelength of every fibre. Assumption: a payload
    waits in the q-memory only, and passes the q-buffer, because errors are corrected after the wait.
    """
    values = scenario.values()
    device = device_of(values, n_fibres=1, n_wavelengths=1)
    dwells_us = idle_dwells_us(scenario)
    unique_us, pass_of = np.unique(np.asarray(dwells_us or [0.0]), return_inverse=True)
    header = device.header_path(0, 0)
    place = {c.name: i for i, c in enumerate(device.components)}
    payload = device.payload_path(0, 0)
    return {
        "device": device.name,
        "figure": values.device.figure,
        "nodes": [_node(c) for c in device.components],
        "edges": [_edge(device, place, i) for i in range(len(device.edges))],
        "header": [place[c.name] for c in header.components],
        "payload": [place[c.name] for c in payload.components],
        "releases": _releaser(device, place),
        "drops": [-1, *(_drop_place(device, fate) for fate in DROPS)],
        "crossing": quantity(float(payload.latency_us), "us", n_digits=2),
        "set_up": (number_of("SETUP"), number_of("BLOCKED")),
        "stores": Discipline(scenario.switch.discipline).stores,
        "passes": [_pass(scenario, device, header, float(dwell)) for dwell in unique_us],
        "pass_of": pass_of[: len(dwells_us)].tolist(),
    }


def _node(c: Component) -> SwitchNode:
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


def _edge(device: QRoadm, place: dict[str, int], number: int) -> SwitchEdge:
    edge = device.edges[number]
    return {"from": place[edge.source], "to": place[edge.target], "kind": EDGE_KINDS[edge.carries]}


def _drop_place(device: QRoadm, fate: Fate) -> int:
    """Position of the last component of the first kind that there is; drops at a port are the last switch's."""
    kinds = [c.kind for c in device.components]
    kind = next(k for k in fate.about.places if k in kinds)
    return max((i for i, k in enumerate(kinds) if k is kind), key=lambda i: device.components[i].column)


def _releaser(device: QRoadm, place: dict[str, int]) -> int:
    """Position of the component that the control unit tells to let the qubits go: the buffer, else the memory."""
    kinds = {c.kind: c.name for c in device.components}
    return place[kinds.get(Kind.Q_BUFFER, kinds[Kind.Q_MEMORY])]


def _pass(scenario: Scenario, device: QRoadm, header: DevicePath, dwell_us: float) -> SwitchPass:
    """All costs of one pass with one dwell, as words."""
    payload = device.payload_path(0, 0, dwell_us=dwell_us)
    cards = {c.name: _card(c, 0.0 if c.kind is not Kind.Q_MEMORY else dwell_us) for c in device.components}
    done: list[Step] = []
    for step in payload.steps:
        done.append(step)
        so_far = DevicePath(carries=Carries.PAYLOAD, steps=tuple(done))
        channel = so_far.channel
        cards[step.component.name]["after"] = (
            f"Behind it {percent(float(channel.eta))} of the qubits are left, "
            f"and a perfect pair has F = {pass_fidelity(so_far):.4g}."
        )
    return {
        "cards": [cards[c.name] for c in device.components],
        "loss_db": float(payload.loss_db),
        "fidelity": pass_fidelity(payload),
        "fading_db": fading_db(payload, dwell_us),
        "totals": totals(scenario, header, payload, dwell_us),
    }


def _card(c: Component, dwell_us: float) -> ComponentTexts:
    loss_db = float(c.loss_db(dwell_us))
    latency = quantity(float(c.passing_us(dwell_us)), "us", n_digits=3, trimmed=True)
    return {
        "loss": decibel(loss_db) if loss_db >= 0 else f"+{decibel(-loss_db)}",
        "latency": CODES[c.correction].label if c.corrects else latency,
        "does": what_it_does(c),
        "after": "",
    }
