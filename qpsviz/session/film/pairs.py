"""Fidelity of a pair while its halves are still on their way, for the colour of moving qubits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qpsviz.network.roles import Role
from qpsviz.noise import QubitChannel
from qpsviz.protocols import epr
from qpsviz.scenario.layout import Layout
from qpsviz.switch.relay import Relay, kept_half
from qpsviz.units import Array, Column

if TYPE_CHECKING:
    from qpsviz.sim import Run
    from qpsviz.table import Table


def pair_fidelities(run: Run, after: Array) -> tuple[Array, Array, Array]:
    """Fidelity when a half enters a link, when it leaves it, and when it leaves the node behind it.

    Parameters
    ----------
    run : Run
        What happened.
    after : ndarray of int
        The leg that follows each leg, -1 for none.

    Returns
    -------
    tuple of ndarray
        One value per leg each. [1]

    Notes
    -----
    Eq. 3 for both halves at the same moment. Assumption: a half that has arrived no longer decays.
    """
    legs = run.legs
    out, into = _channel(legs, "out"), _channel(legs, "in")
    partner = _kept if Layout(run.scenario.path.layout).keeps_half else _travelling
    f_out = epr.fidelity(out, partner(run, legs["payload_out_us"]))
    f_in = epr.fidelity(into, partner(run, legs["payload_in_us"]))
    f_end = np.where(after >= 0, f_out[after], f_in)
    return f_out, f_in, f_end


def _channel(legs: Table, end: str) -> QubitChannel:
    return QubitChannel(eta=legs[f"eta_{end}"], c=legs[f"c_{end}"], a=legs[f"a_{end}"], b=legs[f"b_{end}"])


def _hold(run: Run, dwell_us: Array) -> QubitChannel:
    return Relay.of(run.scenario.values()).hold(dwell_us)


def _groups(run: Run, arm: Column) -> Column:
    """One number for each pair, attempt and arm."""
    legs = run.legs
    attempts = int(legs["attempt"].max(initial=1)) + 1
    return (legs["pair"].astype(np.int64) * attempts + legs["attempt"]) * 2 + arm


def _kept(run: Run, times_us: Array) -> QubitChannel:
    """The half that stayed at the sender since its twin left."""
    if not len(run.legs):
        return QubitChannel.identity()
    groups = _groups(run, np.zeros(len(run.legs), dtype=np.int64))
    first = np.where(run.legs["hop"] == 0, run.legs["payload_out_us"], np.inf)
    names, where = np.unique(groups, return_inverse=True)
    emitted = np.full(len(names), np.inf)
    np.minimum.at(emitted, where, first)
    waits_us = np.maximum(0.0, times_us - emitted[where])
    return kept_half(Relay.of(run.scenario.values()), waits_us, decays=run.scenario.path.partner_noise)


def _travelling(run: Run, times_us: Array) -> QubitChannel:
    """The twin on the other arm at the same moments."""
    legs = run.legs
    if not len(legs):
        return QubitChannel.identity()
    own, other = _groups(run, legs["arm"]), _groups(run, 1 - legs["arm"])
    order = np.lexsort((legs["payload_out_us"], own))
    span = float(np.max(legs["payload_in_us"])) + 1.0
    keys = own[order] * span + legs["payload_out_us"][order]
    place = np.searchsorted(keys, other * span + times_us, side="right") - 1
    leg = order[np.maximum(place, 0)]
    known = (place >= 0) & (own[leg] == other)
    return _underway(run, leg, times_us).where(known, QubitChannel.identity())


def _underway(run: Run, leg: Column, times_us: Array) -> QubitChannel:
    """State of what travels on ``leg`` at a time: part of the fibre, or all of it and a while in memory."""
    legs = run.legs
    out, into = _channel(legs, "out"), _channel(legs, "in")
    left, came = legs["payload_out_us"][leg], legs["payload_in_us"][leg]
    share = np.clip((times_us - left) / np.maximum(came - left, 1e-12), 0.0, 1.0)
    c, a = _part(out.c[leg], into.c[leg], share), _part(out.a[leg], into.a[leg], share)
    b = np.where(out.a[leg] > 0, out.b[leg] * a / np.where(out.a[leg] > 0, out.a[leg], 1.0), 0.0)
    fibre = QubitChannel(eta=_part(out.eta[leg], into.eta[leg], share), c=c, a=a, b=b)
    is_end = np.isin(legs["to_node"][leg], run.network.with_role(Role.RECEIVER))
    waits = np.where(is_end, 0.0, np.maximum(0.0, times_us - came))
    return fibre.then(_hold(run, waits))


def _part(start: Array, end: Array, share: Array) -> Array:
    """A share of an exponential decay from ``start`` to ``end``."""
    ratio = np.where(start > 0, end / np.where(start > 0, start, 1.0), 0.0)
    return np.asarray(start * np.power(ratio, share))
