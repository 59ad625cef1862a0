"""How long a stored payload waits for a port that other traffic keeps busy: the wait of M/D/1.

Assumption: beside the watched frames a port carries payloads of the same length D that come at random (Poisson), for a
share rho = 1 - P of the time; the waits at different relays are independent, which holds where the watched traffic is a
small share of each port and the rest comes fresh (a network of queues is simulated, not multiplied).

Lengths of time are counted in payloads here, D = 1. The functions of one wait run as plain Python and compiled.
"""

from __future__ import annotations

import math

NEVER_US = 1e15
"""A payload that would wait so long, thirty years, for a port that others keep busy never leaves."""

_FAR = 11.0  # payloads from which on only the slowest exponential is left: what is missing is below 5e-11 P
_MOST_STEPS = 60
_CLOSE = 1e-7  # a step of Newton's method after which the next one would be nothing


def p_longer(n_payloads: float, p_free: float, wait_rate: float, wait_share: float) -> float:
    """Chance that a payload waits longer than so many payloads, free of NumPy for the event engine.

    Parameters
    ----------
    n_payloads : float
        A wait, in payloads. [1]
    p_free : float
        Availability P above 0: the chance that the port is free. [1]
    wait_rate, wait_share : float
        As of :func:`tail`. [1]

    Returns
    -------
    float
        Chance, good to 1e-10. [1]

    Notes
    -----
    A. K. Erlang (1909): P(W <= x) = P sum over j <= x of exp(y) (-y)^j / j!, y = rho (x - j), a sum whose digits are
    lost where x is large; from 11 payloads on the tail C exp(-theta x).

    Examples
    --------
    >>> round(p_longer(0.0, 0.5, *tail(0.5)), 12), round(p_longer(1.0, 0.5, *tail(0.5)), 6)
    (0.5, 0.175639)
    """
    if n_payloads < 0.0:
        return 1.0
    if n_payloads >= _FAR:
        return wait_share * math.exp(-wait_rate * n_payloads)
    total, rho = 0.0, 1.0 - p_free
    for j in range(int(n_payloads) + 1):
        y = rho * (n_payloads - j)
        term = math.exp(y)
        for i in range(j):
            term = -term * y / (i + 1.0)
        total += term
    longer = 1.0 - p_free * total
    return longer if longer > 0.0 else 0.0


def wait_at_luck(p_shorter: float, p_free: float, wait_rate: float, wait_share: float) -> float:
    """The wait of a payload whose luck is a number in [0, 1): the inverse of its distribution, for the event engine.

    Parameters
    ----------
    p_shorter : float
        The luck, the chance of a shorter wait: below P, the port is free. [1]
    p_free, wait_rate, wait_share : float
        As of :func:`p_longer`. [1]

    Returns
    -------
    float
        Wait, in payloads. [1]

    Notes
    -----
    Distributed as the sum of N numbers that are uniform in [0, 1), with P(N = j) = (1 - rho) rho^j. A freer port never
    makes a frame of the same luck wait longer.

    Examples
    --------
    >>> [round(wait_at_luck(luck, 0.5, *tail(0.5)), 4) for luck in (0.3, 0.6, 0.9, 0.999999)]
    [0.0, 0.3646, 1.5157, 10.6663]
    """
    if p_shorter < p_free:
        return 0.0
    rho, left = 1.0 - p_free, 1.0 - p_shorter
    wait = math.log(p_shorter / p_free) / rho
    if wait <= 1.0:
        return wait
    wait = math.log(wait_share / left) / wait_rate
    if wait >= _FAR:
        return wait
    low, high = 1.0, _FAR
    wait = max(wait, low)
    for _ in range(_MOST_STEPS):
        longer = p_longer(wait, p_free, wait_rate, wait_share)
        if longer > left:
            low = wait
        else:
            high = wait
        slope = rho * (p_longer(wait - 1.0, p_free, wait_rate, wait_share) - longer)
        step = (longer - left) / slope if slope > 0.0 else 0.0
        wait += step
        if abs(step) <= _CLOSE * wait:
            break
        if wait <= low or wait >= high:
            wait = 0.5 * (low + high)
    return wait


def tail(p_free: float) -> tuple[float, float]:
    """The slowest exponential of the wait: P(W > x) is share exp(-rate x) where x is long.

    Parameters
    ----------
    p_free : float
        Availability P in (0, 1). [1]

    Returns
    -------
    tuple of float
        (rate per payload, share). [1]

    Notes
    -----
    rho (exp(theta) - 1) = theta, C = P / (theta - P); both keep their digits as P goes to 0, where theta is 2 P.

    Examples
    --------
    >>> [round(number, 6) for number in tail(0.5)]
    [1.256431, 0.660999]
    """
    rho = 1.0 - p_free
    odds = p_free / rho
    rate = min(2.0 * odds, 3.0 - 2.0 * math.log(rho))
    for _ in range(_MOST_STEPS):
        step = (_excess(rate) - odds) / _slope(rate)
        rate -= step
        if step <= 1e-15 * rate:
            break
    return rate, p_free / (rate - p_free)


def _excess(x: float) -> float:
    """(exp(x) - 1 - x)/x, also where x is small."""
    if x > 0.3:
        return (math.expm1(x) - x) / x
    term, total = x / 2.0, 0.0
    for n in range(3, 16):
        total += term
        term *= x / n
    return total


def _slope(x: float) -> float:
    """Derivative of (exp(x) - 1 - x)/x."""
    if x > 0.3:
        return (math.exp(x) - math.expm1(x) / x) / x
    term, total = 0.5, 0.0
    for n in range(3, 16):
        total += (n - 2) * term
        term *= x / n
    return total
