"""When sessions start: as a Poisson process, in equal steps, or in bursts of each user."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from qpsviz.network.patterns import Draw, Pattern
from qpsviz.units import Array, Column

_AT_ONCE = 4096
_OF_EACH_AT_ONCE = 4


class Arrivals(Protocol):
    """Start times of sessions in order, and the users that begin them: the same ones in parts of any size."""

    def take(self, n_sessions: int) -> tuple[Array, Column]:
        """The next sessions. [us]"""


class ArrivalSettings(Protocol):
    """What :class:`qpsviz.Traffic` says of arrivals, under the names that it gives them."""

    @property
    def arrivals(self) -> str:
        """One of ``ARRIVALS``."""

    @property
    def burstiness(self) -> float:
        """Squared coefficient of variation of the times between sessions of one user. [1]"""

    @property
    def p_on(self) -> float:
        """Share of time for which a user is on. [1]"""


class Begun(NamedTuple):
    """What arrivals are made of: chance, users drawn from a pattern, and the mean time between sessions. [us]"""

    rng: np.random.Generator
    draw: Draw
    pattern: Pattern
    gap_us: float


class Poisson:
    """Independent start times; a user is drawn for each."""

    def __init__(self, gaps: np.random.Generator, draw: Draw, gap_us: float) -> None:
        self._gaps, self._draw, self._gap_us = gaps, draw, gap_us
        self._last_us = 0.0

    @classmethod
    def of(cls, _: ArrivalSettings, begun: Begun) -> Poisson:
        """Those of a traffic."""
        return cls(begun.rng, begun.draw, begun.gap_us)

    def take(self, n_sessions: int) -> tuple[Array, Column]:
        """The next start times. [us]"""
        # Added one to the last, so that parts of any size give the same sums.
        start_us: Array = np.cumsum(np.append(self._last_us, self._gaps.exponential(self._gap_us, size=n_sessions)))
        self._last_us = float(start_us[-1])
        return start_us[1:], self._draw.senders(n_sessions)


class Regular:
    """Start times in equal steps; a user is drawn for each."""

    def __init__(self, draw: Draw, gap_us: float) -> None:
        self._draw, self._gap_us = draw, gap_us
        self._n_taken = 0

    @classmethod
    def of(cls, _: ArrivalSettings, begun: Begun) -> Regular:
        """Those of a traffic."""
        return cls(begun.draw, begun.gap_us)

    def take(self, n_sessions: int) -> tuple[Array, Column]:
        """The next start times. [us]"""
        start_us: Array = np.arange(self._n_taken + 1, self._n_taken + n_sessions + 1, dtype=np.float64) * self._gap_us
        self._n_taken += n_sessions
        return start_us, self._draw.senders(n_sessions)


@dataclass(frozen=True, kw_only=True)
class OnOff:
    """An interrupted Poisson process: while a source is on, it begins sessions at random; while it is off, none.

    Parameters
    ----------
    burstiness : float
        Squared coefficient of variation of the times between sessions of one source, above 1. It is also the index of
        dispersion (variance over mean) of the number of sessions in a long time, of one source as of many together. [1]
    p_on : float
        Share of time for which a source is on: the mean rate is this share of that while it is on. [1]

    Notes
    -----
    Kuczura, Bell Syst. Tech. J. 52, 437 (1973). Times on and off are exponential with rates γ and ω, sessions begin at
    rate λ while on: the mean rate is λω/(γ + ω), and c² = 1 + 2λγ/(γ + ω)². The times between sessions are exponential
    with one of two rates, drawn for each.
    """

    burstiness: float
    p_on: float

    def rates(self) -> tuple[float, float, float]:
        """γ, ω and λ where one session begins per unit of time on average. [1]"""
        change = 2 * (1 - self.p_on) / (self.p_on * (self.burstiness - 1))
        return (1 - self.p_on) * change, self.p_on * change, 1 / self.p_on

    def gaps(self, rng: np.random.Generator, n_gaps: int) -> Array:
        """Times between sessions of a source that begins one per unit of time. [1]"""
        leave, come, begin = self.rates()
        total = begin + leave + come
        fast = (total + math.sqrt(total**2 - 4 * begin * come)) / 2
        slow = begin * come / fast
        p_fast = (begin - slow) / (fast - slow)
        mean = np.where(rng.random(n_gaps) < p_fast, 1 / fast, 1 / slow)
        times: Array = rng.exponential(size=n_gaps) * mean
        return times

    def first_gaps(self, rng: np.random.Generator, n_gaps: int) -> Array:
        """Times until the first session of a source that has been on and off for long. [1]"""
        off = np.where(rng.random(n_gaps) < self.p_on, 0.0, rng.exponential(1 / self.rates()[1], size=n_gaps))
        first: Array = off + self.gaps(rng, n_gaps)
        return first


class OnOffArrivals:
    """Sessions of many sources that are on and off independently of each other.

    Parameters
    ----------
    rng : Generator
        Chance.
    on_off : OnOff
        What each source is like.
    gap_us : ndarray
        Mean time between the sessions of each user; infinite where it begins none. [us]
    """

    def __init__(self, rng: np.random.Generator, on_off: OnOff, gap_us: Array) -> None:
        self._rng, self._on_off = rng, on_off
        self._user: Column = np.flatnonzero(np.isfinite(gap_us))
        self._gap_us: Array = gap_us[self._user]
        # The last session drawn of each user.
        self._last_us: Array = self._gap_us * on_off.first_gaps(rng, self._user.size)
        # Sessions are drawn for one span of time after another, whatever the parts that are asked for.
        self._n_of_each = max(_OF_EACH_AT_ONCE, _AT_ONCE // self._user.size)
        self._span_us = self._n_of_each * self._user.size / float(np.sum(1 / self._gap_us))
        self._n_spans = 0
        self._later: tuple[Array, Column] = self._last_us.copy(), self._user
        self._left: tuple[Array, Column] = np.empty(0), np.empty(0, dtype=np.int64)

    @classmethod
    def of(cls, settings: ArrivalSettings, begun: Begun) -> OnOffArrivals:
        """Those of a traffic; users begin sessions as often as its pattern says."""
        with np.errstate(divide="ignore"):
            of_each_us: Array = begun.gap_us / begun.pattern.of_senders()
        return cls(begun.rng, OnOff(burstiness=settings.burstiness, p_on=settings.p_on), of_each_us)

    def take(self, n_sessions: int) -> tuple[Array, Column]:
        """The next start times and users. [us]"""
        drawn = [self._left]
        while sum(times_us.size for times_us, _ in drawn) < n_sessions:
            drawn.append(self._span())
        start_us, user = (np.concatenate(columns) for columns in zip(*drawn, strict=True))
        self._left = start_us[n_sessions:], user[n_sessions:]
        return start_us[:n_sessions], user[:n_sessions]

    def _span(self) -> tuple[Array, Column]:
        """The sessions of the next span of time, in order."""
        self._n_spans += 1
        until_us = self._n_spans * self._span_us
        drawn = [self._later]
        while (short := np.flatnonzero(self._last_us < until_us)).size:
            gaps = self._on_off.gaps(self._rng, short.size * self._n_of_each).reshape(short.size, -1)
            times_us: Array = self._last_us[short, None] + np.cumsum(gaps, axis=1) * self._gap_us[short, None]
            self._last_us[short] = times_us[:, -1]
            drawn.append((times_us.ravel(), np.repeat(self._user[short], self._n_of_each)))
        start_us, user = (np.concatenate(columns) for columns in zip(*drawn, strict=True))
        order = np.argsort(start_us, kind="stable")
        start_us, user = start_us[order], user[order]
        n = int(np.searchsorted(start_us, until_us))
        self._later = start_us[n:], user[n:]
        return start_us[:n], user[:n]


_MAKERS: dict[str, Callable[[ArrivalSettings, Begun], Arrivals]] = {
    "poisson": Poisson.of,
    "on_off": OnOffArrivals.of,
    "regular": Regular.of,
}
ARRIVALS = tuple(_MAKERS)


def arrivals_of(settings: ArrivalSettings, begun: Begun) -> Arrivals:
    """The arrivals that a traffic asks for."""
    return _MAKERS[settings.arrivals](settings, begun)
