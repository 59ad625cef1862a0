"""Inverse questions: which value of a parameter brings an output to a goal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qpsviz.closed_form.closest import SAME, closest
from qpsviz.closed_form.outputs import compute, output
from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.declaration import Parameter
from qpsviz.scenario.presets import scenario_of
from qpsviz.units import Array

Range = tuple[float, float]

ENDLESS = 1e12  # searched up to here where a parameter has no upper bound
_EVEN, _LOGARITHMIC, _DECADES, _COUNTS, _REFINED, _ROUNDS = 257, 769, 15, 64, 65, 4
_FEWER = {
    "number": 16,
    "count": 4,
}  # times: where each value takes a search, whose best changes but slowly along an axis
_SURE_DIGITS = 11  # of a result; further ones differ from machine to machine
_JUMP = 1e-6  # an output that misses its goal by more than this share of the bracket has jumped over it


def solve(scenario: Scenario | str, names: str | Sequence[str], *, within: Range | None = None, **goal: float) -> float:
    """The smallest value of a parameter at which an output reaches a goal.

    Parameters
    ----------
    scenario : Scenario or str
        Everything else; or the name of a preset.
    names : str or sequence of str
        Parameter to vary, or several that always share one value, such as ``("t1_us", "t2_us")``.
    within : tuple of float, optional
        Range to search, by default all that is valid, up to 1e12. [unit of the parameter]
    **goal
        Exactly one output and the value that it shall reach, in its unit.

    Returns
    -------
    float
        The value, in the unit of the parameter; a whole number for a count.

    Raises
    ------
    ValueError
        If no value reaches the goal; the message says how close it gets, and where.
    ParameterError
        For an unknown name, a parameter that is no number, or anything but one finite goal.

    Notes
    -----
    The output is scanned over the whole range in even and in logarithmic steps, and each interval in which it passes
    the goal is closed in by Brent's method. Passing upwards and downwards both count; where an output is not
    monotonic the smallest solution is returned, :func:`solutions` gives all, and ``within`` picks a branch. Where the
    output jumps over the goal, as it does between two counts, the value next to the jump that meets the goal is
    taken: at least the goal, or at most for outputs of which less is better (errors, delays, loss). Outputs whose every
    value takes a search (finite keys) are scanned in a sixteenth of the steps, counts in a quarter.

    Examples
    --------
    >>> from qpsviz import preset
    >>> round(solve(preset("fig12"), ("t1_us", "t2_us"), fidelity=0.9))
    2069
    """
    return solutions(scenario, names, within=within, **goal)[0]


def solutions(
    scenario: Scenario | str, names: str | Sequence[str], *, within: Range | None = None, **goal: float
) -> list[float]:
    """Every value of a parameter at which an output passes a goal, in ascending order.

    Parameters
    ----------
    scenario, names, within, **goal
        As in :func:`solve`. [unit of the parameter]

    Returns
    -------
    list of float
        At least one value, in the unit of the parameter.

    Raises
    ------
    ValueError
        As in :func:`solve`.

    Examples
    --------
    >>> from qpsviz import preset
    >>> dip = preset("fig11").replace(length_km=0.0)
    >>> [round(t) for t in solutions(dip, ("t1_us", "t2_us"), fidelity=0.45)]
    [189, 369]
    """
    scenario, varied = scenario_of(scenario), _varied(names)
    wanted, target = _one_goal(goal)
    lo, hi = _search_range(scenario, varied, within)
    values = scenario.values()

    def f(x: Array) -> Array:
        here = values.replace(**dict.fromkeys((p.name for p in varied), x))
        return np.array(np.broadcast_to(compute(here, wanted), x.shape))

    known, kind = output(wanted), varied[0].kind
    n_every = _FEWER[kind] if known.searched else 1
    search = Search(f=f, value=target, whole=kind == "count", less_is_better=known.less_is_better, n_every=n_every)
    return search.run(lo, hi, what=" = ".join(p.name for p in varied), unit=varied[0].unit, wanted=wanted)


@dataclass(frozen=True, kw_only=True)
class Search:
    """All places where a function of arrays passes a value; a slow one is scanned in every ``n_every``-th step."""

    f: Callable[[Array], Array]
    value: float
    whole: bool = False
    less_is_better: bool = False
    n_every: int = 1

    def run(self, lo: float, hi: float, *, what: str = "x", unit: str = "1", wanted: str = "output") -> list[float]:
        """Solutions in [lo, hi], at least one; ``what``, ``unit`` and ``wanted`` word the error.

        Raises
        ------
        ValueError
            If there is none, saying how close the function gets, and where.
        """
        x = _scan(lo, hi, whole=self.whole, n_every=self.n_every)
        y = self.f(x)
        for _ in range(_ROUNDS):
            found = self._passes(x, y)
            if found or np.all(np.isnan(y)):
                break
            x, y = self._closer(x, y)
        if not found:
            raise ValueError(self._failure(x, y, what, "" if unit == "1" else f" {unit}", wanted))
        return found

    def _passes(self, x: Array, y: Array) -> list[float]:
        """A solution for each step of the scan in which the target is passed or first reached."""
        side = self._side(y)
        found = [float(x[0])] if side[0] == 0 else []
        first_there, across = (side[:-1] != 0) & (side[1:] == 0), side[:-1] * side[1:] < 0
        for i in np.flatnonzero(first_there | across):
            if first_there[i]:
                found.append(self._bisect(x[i], x[i + 1], lambda d: d == 0))
            else:
                found.append(self._close_in(x[i], x[i + 1], y[i], y[i + 1]))
        return found

    def _side(self, y: Array) -> Array:
        """-1 below the target, 1 above, 0 at it, NaN where there is no value."""
        at = np.isclose(y, self.value, rtol=SAME, atol=0.0)
        with np.errstate(invalid="ignore"):
            return np.where(at, 0.0, np.sign(y - self.value))

    def _difference(self, x: float) -> float:
        return float(self.f(np.array([x]))[0]) - self.value

    def _close_in(self, lo: float, hi: float, y_lo: float, y_hi: float) -> float:
        """The solution between two points on different sides."""
        if not self.whole and math.isfinite(y_lo - y_hi):
            from scipy.optimize import brentq

            root = float(brentq(self._difference, lo, hi, xtol=1e-300, rtol=8.9e-16, maxiter=200, disp=False))
            if abs(self._difference(root)) <= _JUMP * abs(y_lo - y_hi):
                return root
        better = -1 if self.less_is_better else 1
        return self._bisect(lo, hi, lambda side: side in (0, better))

    def _bisect(self, lo: float, hi: float, good: Callable[[float], bool]) -> float:
        """The last value that is good, next to one that is not; exactly one end is good."""
        good_hi = good(self._side_at(hi))
        while True:
            middle = float(math.floor(lo + (hi - lo) / 2)) if self.whole else _between(lo, hi)
            if middle in (lo, hi):
                return float(hi if good_hi else lo)
            if good(self._side_at(middle)) == good_hi:
                hi = middle
            else:
                lo = middle

    def _side_at(self, x: float) -> float:
        return float(self._side(self.f(np.array([x])))[0])

    def _closer(self, x: Array, y: Array) -> tuple[Array, Array]:
        """The scan with more points around where it comes closest."""
        best = closest(y, self.value)
        around = np.linspace(x[max(best - 1, 0)], x[min(best + 1, len(x) - 1)], max(9, _REFINED // self.n_every))
        new = np.setdiff1d(np.round(around) if self.whole else around, x)
        both = np.concatenate([x, new])
        order = np.argsort(both)
        return both[order], np.concatenate([y, self.f(new) if new.size else new])[order]

    def _failure(self, x: Array, y: Array, what: str, unit: str, wanted: str) -> str:
        start = f"no {what} between {x[0]:g} and {x[-1]:g}{unit} reaches {wanted} = {self.value:g}"
        if np.all(np.isnan(y)):
            return f"{start}; it has no value there"
        best = closest(y, self.value)
        reached = _told(y[best], self.value)
        if np.allclose(y[~np.isnan(y)], y[best], rtol=SAME, atol=0.0):
            return f"{start}; it is {reached} everywhere"
        return f"{start}; best is {reached} at {_rounded(x[best], 6)}{unit}"


def _between(lo: float, hi: float) -> float:
    """The middle of all floats between two, so that 64 steps end at any root, even next to zero."""
    if lo < 0:
        return lo + (hi - lo) / 2
    first, last = np.array([lo, hi]).view(np.int64)
    return float(np.array([first + (last - first) // 2]).view(np.float64)[0])


def _told(value: float, wanted: float) -> str:
    """A value with as many digits as tell it from the wanted one, up to those that rounding leaves in doubt."""
    for n_digits in range(6, _SURE_DIGITS + 1):
        text = _rounded(value, n_digits)
        if float(text) != wanted:
            return text
    return f"just {'below' if value < wanted else 'above'} {text}"


def _rounded(value: float, n_digits: int) -> str:
    """A number with some digits that two computations of it agree on, even halfway between two roundings."""
    return f"{float(f'{value:.{_SURE_DIGITS}g}'):.{n_digits}g}"


def _scan(lo: float, hi: float, *, whole: bool, n_every: int) -> Array:
    """Even and logarithmic steps from lo to hi."""
    first = max(lo, hi * 10.0**-_DECADES)
    even_steps, log_steps = (_COUNTS, _COUNTS - 1) if whole else (_EVEN - 1, _LOGARITHMIC - 1)
    even_steps, log_steps = even_steps // n_every, log_steps // n_every
    logarithmic = np.geomspace(first, hi, log_steps + 1) if first > 0 else np.array([lo])
    even = np.arange(lo, min(hi, lo + even_steps) + 1) if whole else np.linspace(lo, hi, even_steps + 1)
    points = np.concatenate([[lo, hi], np.clip(even, lo, hi), np.clip(logarithmic, lo, hi)])
    return np.unique(np.round(points) if whole else points)


def _varied(names: str | Sequence[str]) -> list[Parameter]:
    """The declarations of the parameters to vary."""
    listed = [names] if isinstance(names, str) else list(names)
    varied = [parameter(str(name)) for name in listed]
    if not varied or len({p.name for p in varied}) < len(varied):
        raise ParameterError("names", f"names = {names!r} must be one parameter or several different ones")
    for p in varied:
        if p.kind not in ("number", "count"):
            raise ParameterError(p.name, f"{p.name} is {p.range_text} and cannot be solved for")
        if (p.unit, p.kind) != (varied[0].unit, varied[0].kind):
            raise ParameterError(p.name, f"{p.name} cannot share its value with {varied[0].name}: different units")
    return varied


def _one_goal(goal: Mapping[str, object]) -> tuple[str, float]:
    """The one output and the value that it shall reach."""
    if len(goal) != 1:
        raise ParameterError("goal", f"one goal is needed, such as fidelity=0.9, not {len(goal)}: {sorted(goal)}")
    ((name, value),) = goal.items()
    wanted = replace(parameter("length_km"), name=output(name).name, lo=-math.inf, hi=math.inf, unit=output(name).unit)
    try:
        target = float(wanted.check(value))
    except ParameterError:
        target = math.nan
    if not math.isfinite(target):
        raise ParameterError(name, f"{name} = {value!r} must be a finite number as a goal")
    return name, target


def _search_range(scenario: Scenario, varied: Sequence[Parameter], within: Range | None) -> tuple[float, float]:
    """What may be searched: all that is valid, with T2 <= 2 T1 and inside ``within``."""
    names = {p.name for p in varied}
    lo, hi = max(p.lo for p in varied), min(p.hi for p in varied)
    if "t1_us" in names and "t2_us" not in names:
        lo = max(lo, scenario.memory.t2_us / 2)
    if "t2_us" in names and "t1_us" not in names:
        hi = min(hi, 2 * scenario.memory.t1_us)
    if math.isinf(hi):
        hi = max(ENDLESS, lo * ENDLESS)
    if within is not None:
        low, high = (float(varied[0].check(edge)) for edge in within)
        if not lo <= low <= high <= hi:
            raise ParameterError(varied[0].name, f"within = ({low:g}, {high:g}) must rise and lie in {lo:g} … {hi:g}")
        lo, hi = low, high
    if lo > hi or math.isinf(lo):
        raise ParameterError(varied[0].name, f"{varied[0].name} has no valid value to search: {lo:g} … {hi:g}")
    return lo, hi
