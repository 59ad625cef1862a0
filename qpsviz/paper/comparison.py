"""Numbers of a publication beside ours: one row for each, one column for each kind of number that it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qpsviz.paper.audit import Finding, Point
from qpsviz.paper.claims import parameters_of
from qpsviz.paper.models import model_of
from qpsviz.units import quantity
from qpsviz.units.numerals import digits

_WITH_PREFIXES = ("us", "Hz")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A published number with its error, how far ours is from it, and whether that is near enough.

    Where it has a standard error, the distance also says by how much of the published number ours is larger.
    """

    published: str
    distance: str
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One quantity in one case: ours, and what each column of :class:`Comparison` says, None where it says nothing."""

    quantity: str
    case: str
    ours: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All numbers that a publication gives case by case; ``columns`` are the words of its claims, in their order."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def compare(findings: Sequence[Finding]) -> Comparison:
    """Put the published numbers of all claims that have a ``column`` beside ours, under the default reading.

    Parameters
    ----------
    findings : sequence of Finding
        As :func:`qpsviz.paper.audit.audit` returns them.

    Returns
    -------
    Comparison
        Without rows where no claim has a column.

    Examples
    --------
    >>> from qpsviz.paper.audit import audit
    >>> table = compare(audit("measured-bbm92-link"))
    >>> table.columns, len(table.rows), table.rows[1].case, table.rows[1].ours
    (('measured', 'theory'), 15, 'window 1.03 ns', '587.0 bit/s')
    """
    told = [finding for finding in findings if "column" in finding.claim]
    columns = tuple(dict.fromkeys(finding.claim["column"] for finding in told))
    found: dict[tuple[str, str], dict[str, tuple[Finding, Point]]] = {}
    for finding in told:
        model = model_of(finding.claim)
        for point in finding.points():
            case = ", ".join(model.parameter_text(*item) for item in parameters_of(point.case).items())
            place = (model.label(finding.claim["output"]), case)
            found.setdefault(place, {})[finding.claim["column"]] = (finding, point)
    rows = tuple(
        Row(
            quantity=label,
            case=case,
            ours=_ours(*next(iter(cells.values()))),
            cells=tuple(_cell(*cells[column]) if column in cells else None for column in columns),
        )
        for (label, case), cells in found.items()
    )
    return Comparison(columns=columns, rows=rows)


def _ours(finding: Finding, point: Point) -> str:
    return quantity(point.found, finding.unit, n_digits=4)


def _cell(finding: Finding, point: Point) -> Cell:
    distance = finding.distance(point)
    if point.error is not None:
        distance += f", {point.percent:+.1f} %".replace("-", "−")
    return Cell(published=_with_error(point.expected, point.error, finding.unit), distance=distance, holds=point.holds)


def _with_error(value: float, error: float | None, unit: str) -> str:
    """A published number, with its standard error where it has one."""
    if error is None:
        return quantity(value, unit, n_digits=4)
    if unit in _WITH_PREFIXES:  # each has the prefix of its own size
        return f"{quantity(value, unit, n_digits=4)} ± {quantity(error, unit, n_digits=2)}"
    return f"{digits(value, 4)} ± {quantity(error, unit, n_digits=2)}"
