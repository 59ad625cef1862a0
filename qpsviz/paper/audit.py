"""The paper audit: every claim of Section IV measured under every reading of the paper. No verdict is written down."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from qpsviz.paper.claims import (
    READINGS,
    Claim,
    Reading,
    cases,
    check_claim,
    load_claims,
    measure,
    measured_unit,
    meets,
    scenario_of,
)
from qpsviz.scenario import Scenario
from qpsviz.units import quantity


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one reading gives: the number measured in each case of a claim, and whether the claim holds in all."""

    reading: Reading
    values: tuple[float, ...]
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A claim with what every reading of the paper gives; the first outcome is the default reading's."""

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
        return "holds only under " + "; or ".join(_in_words(held, {k: READINGS[k] for k in self.outcomes[0].reading}))

    @property
    def expected(self) -> str:
        """What the paper says the number is, in words."""
        c = self.claim
        if "expect" in c:
            return f"{quantity(c['expect'], self.unit)} ± {quantity(c['tolerance'], self.unit)}"
        bounds = (("at least", c.get("at_least")), ("at most", c.get("at_most")))
        return ", ".join(f"{words} {quantity(value, self.unit)}" for words, value in bounds if value is not None)

    def found(self, outcome: Outcome | None = None) -> str:
        """The numbers of an outcome in words, by default of the default reading."""
        values = (outcome or self.outcomes[0]).values
        return ", ".join("never" if math.isnan(v) else quantity(v, self.unit) for v in values)

    def scenario(self, outcome: Outcome | None = None, case: int = 0) -> Scenario:
        """The scenario to look at; the reading's fidelity form and relay count are not part of one."""
        return scenario_of(self.claim, (outcome or self.outcomes[0]).reading, cases(self.claim)[case])

    def row(self) -> dict[str, str]:
        """The finding as one row of a table, all words."""
        told = {"id": self.claim["id"], "where": self.claim["where"], "claim": self.claim["says"]}
        return told | {"expected": self.expected, "found": self.found(), "verdict": self.verdict}

    def readings(self) -> list[dict[str, str]]:
        """One row for every reading: its words, what it gives, and whether the claim holds."""
        return [{**o.reading, "found": self.found(o), "holds": "yes" if o.holds else "no"} for o in self.outcomes]


@cache
def audit() -> tuple[Finding, ...]:
    """Every claim of the data file, measured under every reading that matters for it.

    Returns
    -------
    tuple of Finding
        In the order of the paper; ``finding.row()`` is a table row, ``finding.readings()`` has every reading.

    Examples
    --------
    >>> {f.claim["id"]: f.verdict for f in audit()}["reach-direct"]
    'holds only under depol_convention = decibel, fidelity_form = squared'
    """
    return tuple(find(claim) for claim in load_claims())


def find(claim: Claim) -> Finding:
    """Measure one claim under every reading that matters for it.

    Raises
    ------
    ValueError
        If the claim cannot be measured.
    """
    check_claim(claim)
    names: list[str] = claim.get("readings", [])
    outcomes = []
    for words in itertools.product(*(READINGS[name] for name in names)):
        reading = dict(zip(names, words, strict=True))
        values = tuple(measure(claim, reading, case) for case in cases(claim))
        outcomes.append(Outcome(reading=reading, values=values, holds=all(meets(claim, v) for v in values)))
    return Finding(claim=claim, outcomes=tuple(outcomes), unit=measured_unit(claim))


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
