"""The key that the frames of a run make, per second that their sources took to send them.

A session takes its source the time until its circuit is there (or is refused for good), and for every attempt the
guard, the payload and the gap after it. Waiting for a port that others hold is not counted, nor is the tear-down of a
circuit: the set-up of the next one follows it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

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
from qpsviz.units import Array, ArrayLike, Mask


class Clicks(NamedTuple):
    """Clicks of the receivers by delivered frame, and how many have the wrong bit in either basis, on average."""

    n_clicks: Array
    n_wrong_z: Array
    n_wrong_x: Array


class KeyTotals:
    """What the key rate needs of all frames of a run.

    Parameters
    ----------
    scenario : Scenario
        That of the run.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._receiver = Receiver.of(scenario)
        self._sets_up = Discipline(scenario.switch.discipline).sets_up
        self._n_clicks = self._n_wrong_z = self._n_wrong_x = self._sending_us = 0.0
        self._n_ended = 0

    def add(self, frames: Table) -> Clicks | None:
        """Add frames: of sessions that are whole, unless the run ends before them; None where they make no key."""
        if not Layout(self._scenario.path.layout).keeps_half:
            return None
        ended, arrived = (frames["fate"] != Fate.IN_FLIGHT), (frames["fate"] == Fate.DELIVERED)
        self._n_ended += int(np.count_nonzero(ended))
        clicks = self._clicks(frames, arrived)
        self._n_clicks += float(np.sum(clicks.n_clicks))
        self._n_wrong_z += float(np.sum(clicks.n_wrong_z))
        self._n_wrong_x += float(np.sum(clicks.n_wrong_x))
        self._sending_us += self._sending_of(frames, ended, arrived)
        return clicks

    def _clicks(self, frames: Table, arrived: Mask) -> Clicks:
        channel = QubitChannel(**{name: frames[name][arrived] for name in ("eta", "c", "a", "b")})
        receiver = self._receiver
        if "raman_per_gate" in frames or self._scenario.detector.jitter_us:
            n_stray = frames["raman_per_gate"][arrived] if "raman_per_gate" in frames else 0.0
            receiver = Receiver.of(self._scenario, n_stray=n_stray, eta_path=channel.eta)
        eta = channel.eta * receiver.eta_detector
        clicks = frames["payload_kept"][arrived] * self._scenario.source.n_qubits * receiver.gates.gain(eta)
        z, x = (
            clicks * receiver.gates.qber(eta, qkd.combined_error(receiver.misalignment, path))
            for path in qkd.path_errors(channel)
        )
        return Clicks(clicks, z, x)

    def _sending_of(self, frames: Table, ended: Mask, arrived: Mask) -> float:
        """Time that sessions took their sources, for the frames that ended. [us]"""
        scenario = self._scenario
        once_us = scenario.source.payload_us + scenario.source.frame_gap_us
        n = frames["attempts"][ended]
        if not self._sets_up:
            return float(np.sum(n * (once_us + mean_guard_us(n, scenario))))
        once_us += scenario.switch.guard_us
        firsts = np.unique(frames["session"][ended], return_index=True)[1]
        begun_us, sent_us, done_us = (frames[name][ended][firsts] for name in ("offered_us", "sent_us", "done_us"))
        set_up_us = np.where(np.isnan(sent_us), done_us, sent_us) - begun_us
        return float(np.sum(set_up_us)) + once_us * int(np.count_nonzero(arrived))

    def bits_per_second(self) -> float:
        """Secret bits per second of the sources' time.

        Returns
        -------
        float
            Rate; not a number where a source sends both halves of a pair and no key, or where nothing ended. [Hz]
        """
        if not self._n_ended:
            return math.nan
        bits = float(key_bits(self._scenario, self._n_clicks, self._n_wrong_z, self._n_wrong_x))
        return bits / self._sending_us * 1e6 if bits > 0 else 0.0


def key_bits(scenario: Scenario, n_clicks: ArrayLike, n_wrong_z: ArrayLike, n_wrong_x: ArrayLike) -> Array:
    """Secret bits of clicks, of which so many are wrong in either basis.

    Parameters
    ----------
    scenario : Scenario
        Its ``ec_inefficiency`` is what reconciliation takes.
    n_clicks, n_wrong_z, n_wrong_x : array_like
        Clicks, and wrong bits among them, on average. [1]

    Returns
    -------
    ndarray
        0 where the errors leave none. [bit]

    Notes
    -----
    Eq. 1 for all clicks together, with their mean error rates.
    """
    clicks = np.asarray(n_clicks, dtype=np.float64)
    zeros = np.zeros(clicks.shape)
    z, x = (
        np.minimum(np.divide(n_wrong, clicks, out=zeros.copy(), where=clicks > 0), 1.0)
        for n_wrong in (n_wrong_z, n_wrong_x)
    )
    share = qkd.secret_share(z, x, ec_inefficiency=scenario.detector.ec_inefficiency)
    return np.asarray(clicks * np.maximum(share, 0.0))
