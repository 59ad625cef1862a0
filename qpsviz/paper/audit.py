"""The audit: every claim of a publication measured under every reading of it. No verdict is written down."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from qpsviz.paper.claims import Case, Claim, Reading, allowed, cases, expected, meets, standard_error
from qpsviz.paper.models import READING_TEXTS, check_claim, model_of
from qpsviz.paper.publications import FIRST, publication
from qpsviz.scenario import Scenario
from qpsviz.units import quantity

_LEAST_PERCENT = 1e-3  # smaller distances are all the same to a reader


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one reading gives: the number measured in each case of a claim, and whether the claim holds in all."""

    reading: Reading
    values: tuple[float, ...]
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Point:
    """One case of a claim: the number that a publication gives, how far from it is near enough, and ours."""

    case: Case
    expected: float
    error: float | None
    allowed: float
    found: float
    holds: bool

    @property
    def percent(self) -> float:
        """How much larger ours is than that of the publication. [%]"""
        return 100 * (self.found / self.expected - 1) if self.expected else math.nan

    @property
    def n_errors(self) -> float:
        """How many standard errors of the publication lie between both, NaN where it gives none. [1]"""
        return abs(self.found - self.expected) / self.error if self.error else math.nan


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A claim with what every reading of the publication gives; the first outcome is the default reading's."""

    claim: Claim
    outcomes: tuple[Outcome, ...]
    unit: str

    @property
    def verdict(self) -> str:
        """``"holds"``, ``"holds only under …"`` or ``"does not hold under any reading"``."""
        held = [o.reading for o in self.outcomes if o.holds]
        if len(held) == len(self.outcomes):
            return "holds"
        if not held:
            return "does not hold under any reading"
        return "holds only under " + "; or ".join(
            _in_words(held, {k: READING_TEXTS[k] for k in self.outcomes[0].reading})
        )

    @property
    def expected(self) -> str:
        """What the publication says the number is, in words."""
        c, wanted = self.claim, self.points()
        bounds = (("at least", c.get("at_least")), ("at most", c.get("at_most")))
        limits = [f"{words} {quantity(value, self.unit)}" for words, value in bounds if value is not None]
        if self.is_table:
            limits.insert(0, f"{len(wanted)} numbers, each within {self.rule}")
        elif wanted:
            limits.insert(0, f"{quantity(wanted[0].expected, self.unit)} ± {quantity(wanted[0].allowed, self.unit)}")
        return ", ".join(limits)

    @property
    def is_table(self) -> bool:
        """Whether the publication gives a number of its own for each of several cases."""
        return any("expect" in case for case in cases(self.claim))

    @property
    def rule(self) -> str:
        """How near a number must be to that of the publication, in words."""
        c = self.claim
        if "within_errors" in c:
            return f"{c['within_errors']:g} standard errors"
        return f"{c['tolerance_percent']:g} %" if "tolerance_percent" in c else quantity(c["tolerance"], self.unit)

    def points(self, outcome: Outcome | None = None) -> tuple[Point, ...]:
        """What was measured in each case beside the number of the publication; nothing where it gives bounds alone."""
        values = (outcome or self.outcomes[0]).values
        return tuple(
            Point(
                case=case,
                expected=wanted,
                error=standard_error(self.claim, case),
                allowed=allowed(self.claim, case),
                found=value,
                holds=meets(self.claim, value, case),
            )
            for case, value in zip(cases(self.claim), values, strict=True)
            if (wanted := expected(self.claim, case)) is not None
        )

    def found(self, outcome: Outcome | None = None) -> str:
        """The numbers of an outcome in words, by default of the default reading."""
        if self.is_table:
            points = self.points(outcome)
            near, never = sum(p.holds for p in points), sum(math.isnan(p.found) for p in points)
            if never:
                return f"{near} of {len(points)} are; {never} never"
            farthest = max(points, key=lambda point: abs(point.found - point.expected) / point.allowed)
            return f"{near} of {len(points)} are; the farthest is {self.distance(farthest)} away"
        values = (outcome or self.outcomes[0]).values
        return ", ".join("never" if math.isnan(v) else quantity(v, self.unit) for v in values)

    def distance(self, point: Point) -> str:
        """How far a number is from that of the publication, in the measure of the claim's rule."""
        if math.isnan(point.found):
            return "never"
        if "within_errors" in self.claim:
            return f"{point.n_errors:.2f} standard errors"
        if "tolerance_percent" in self.claim:
            return f"{abs(point.percent):.2g} %" if abs(point.percent) >= _LEAST_PERCENT else "less than 0.001 %"
        return quantity(abs(point.found - point.expected), self.unit)

    def scenario(self, outcome: Outcome | None = None, case: int = 0) -> Scenario | None:
        """The scenario to look at, None where what is measured is none; it carries the reading as far as one can."""
        of = model_of(self.claim).scenario_of
        return None if of is None else of(self.claim, (outcome or self.outcomes[0]).reading, cases(self.claim)[case])

    def row(self) -> dict[str, str]:
        """The finding as one row of a table, all words."""
        told = {"id": self.claim["id"], "where": self.claim["where"], "claim": self.claim["says"]}
        return told | {"expected": self.expected, "found": self.found(), "verdict": self.verdict}

    def readings(self) -> list[dict[str, str]]:
        """One row for every reading: its words, what it gives, and whether the claim holds."""
        return [{**o.reading, "found": self.found(o), "holds": "yes" if o.holds else "no"} for o in self.outcomes]


@cache
def audit(name: str = FIRST) -> tuple[Finding, ...]:
    """Every claim of a publication, measured under every reading that matters for it.

    Parameters
    ----------
    name : str
        One of :func:`qpsviz.paper.publications.publication_names`.

    Returns
    -------
    tuple of Finding
        In the order of the data file; ``finding.row()`` is a table row, ``finding.readings()`` has every reading.

    Raises
    ------
    ParameterError
        If there is no such publication.

    Examples
    --------
    >>> {f.claim["id"]: f.verdict for f in audit()}["reach-direct"]
    'holds only under depol_convention = decibel, fidelity_form = squared'
    >>> {f.claim["id"]: f.verdict for f in audit("measured-bbm92-link")}["raw-measured"]
    'does not hold under any reading'
    """
    return tuple(find(claim) for claim in publication(name).claims)


def find(claim: Claim) -> Finding:
    """Measure one claim under every reading that matters for it.

    Raises
    ------
    ValueError
        If the claim cannot be measured.
    """
    check_claim(claim)
    model = model_of(claim)
    names: list[str] = claim.get("readings", [])
    outcomes = []
    for words in itertools.product(*(READING_TEXTS[name] for name in names)):
        reading = dict(zip(names, words, strict=True))
        values = tuple(model.measure(claim, reading, case) for case in cases(claim))
        holds = all(meets(claim, v, case) for v, case in zip(values, cases(claim), strict=True))
        outcomes.append(Outcome(reading=reading, values=values, holds=holds))
    return Finding(claim=claim, outcomes=tuple(outcomes), unit=model.measured_unit(claim))


def _in_words(held: Sequence[Reading], options: Mapping[str, Collection[str]]) -> Iterator[str]:
    """The fewest, widest conditions that together name exactly the readings held."""
    every: list[dict[str, str]] = [dict(zip(options, r, strict=True)) for r in itertools.product(*options.values())]
    partial = itertools.product(*((None, *words) for words in options.values()))
    conditions = [{k: w for k, w in zip(options, choice, strict=True) if w is not None} for choice in partial]
    covers = [(c, [r for r in every if c.items() <= r.items()]) for c in conditions]
    allowed = [(c, readings) for c, readings in covers if all(r in held for r in readings)]
    left = list(held)
    while left:
        best, named = max(allowed, key=lambda pair: (sum(r in left for r in pair[1]), -len(pair[0])))
        yield ", ".join(f"{k} = {w}" for k, w in best.items())
        left = [r for r in left if r not in named]
