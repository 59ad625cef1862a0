"""The key that the frames of a run make, per second that their sources took to send them.

A session takes its source the time until its circuit is there (or is refused for good), and for every attempt the
guard, the payload and the gap after it. Waiting for a port that others hold is not counted, nor is the tear-down of a
circuit: the set-up of the next one follows it.
"""

from __future__ import annotations

import math

import numpy as np

from qpsviz.noise import QubitChannel
from qpsviz.protocols import qkd
from qpsviz.protocols.sampling import Receiver
from qpsviz.scenario import Scenario
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.layout import Layout
from qpsviz.sim.results.attempts import mean_guard_us
from qpsviz.switch.fates import Fate
from qpsviz.table import Table
from qpsviz.units import Mask


def bits_per_second(frames: Table, scenario: Scenario) -> float:
    """Secret bits per second of the sources' time.

    Parameters
    ----------
    frames : Table
        The frames of a run.
    scenario : Scenario
        Its scenario.

    Returns
    -------
    float
        Rate; not a number where a source sends both halves of a pair and no key, or where nothing ended. [Hz]

    Notes
    -----
    Eq. 1 for the clicks of all delivered frames together, with their mean error rates.
    """
    ended = frames["fate"] != Fate.IN_FLIGHT
    if not Layout(scenario.path.layout).keeps_half or not np.any(ended):
        return math.nan
    bits = _secret_bits(frames, scenario)
    return bits / _sending_us(frames, scenario, ended) * 1e6 if bits > 0 else 0.0


def _secret_bits(frames: Table, scenario: Scenario) -> float:
    arrived = frames["fate"] == Fate.DELIVERED
    receiver = Receiver.of(scenario)
    channel = QubitChannel(**{name: frames[name][arrived] for name in ("eta", "c", "a", "b")})
    eta = channel.eta * receiver.eta_detector
    clicks = frames["payload_kept"][arrived] * scenario.source.n_qubits * qkd.gain(eta, receiver.p_dark)
    n_clicks = float(np.sum(clicks))
    if n_clicks == 0:
        return 0.0
    z, x = (
        float(np.sum(clicks * qkd.qber(eta, receiver.p_dark, qkd.combined_error(receiver.misalignment, path))))
        / n_clicks
        for path in qkd.path_errors(channel)
    )
    share = qkd.secret_share(min(z, 1.0), min(x, 1.0), ec_inefficiency=scenario.detector.ec_inefficiency)
    return n_clicks * max(0.0, float(share))


def _sending_us(frames: Table, scenario: Scenario, ended: Mask) -> float:
    """Time that all sessions took their sources, for the frames that ended. [us]"""
    switch = scenario.switch
    once_us = scenario.source.payload_us + scenario.source.frame_gap_us
    n = frames["attempts"][ended]
    if not Discipline(switch.discipline).sets_up:
        return float(np.sum(n * (once_us + mean_guard_us(n, scenario))))
    once_us += switch.guard_us
    firsts = np.unique(frames["session"][ended], return_index=True)[1]
    begun_us, sent_us, done_us = (frames[name][ended][firsts] for name in ("offered_us", "sent_us", "done_us"))
    set_up_us = np.where(np.isnan(sent_us), done_us, sent_us) - begun_us
    return float(np.sum(set_up_us)) + once_us * int(np.count_nonzero(frames["fate"] == Fate.DELIVERED))
