"""What it would take to reach a goal: the value that each parameter alone would need."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from qpsviz.closed_form.outputs import output
from qpsviz.closed_form.solve import solve
from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.declaration import in_json
from qpsviz.session.controls.idle import idle_controls
from qpsviz.session.controls.rows import value_text
from qpsviz.session.executor import Executor
from qpsviz.session.plain_text import plain
from qpsviz.units import parse_quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import Needed, NeededTable

#: Outputs that can be brought to a goal.
GOAL_OUTPUTS = (
    "fidelity", "key_rate", "key_rate_hz", "key_rate_finite_hz", "first_key_us", "reach_km", "entanglement_reach_km",
    "delay_us", "raman_per_gate",
)  # fmt: skip
LINKED = ("t1_us", "t2_us")
#: Parameters that are solved for; T1 and T2 move together.
SOLVED: tuple[tuple[str, ...], ...] = (
    LINKED, ("length_km",), ("n_relays",), ("processing_us",), ("guard_us",), ("loss_db_per_km",), ("depol_per_km",),
    ("insertion_loss_db",), ("p_free",), ("spacing_us",), ("eta_detector",), ("p_dark",), ("n_block_pulses",),
    ("launch_dbm",), ("filter_nm",),
)  # fmt: skip


class Looking:
    """A table that is being made, a row at a time, until it is whole or nobody wants it.

    Parameters
    ----------
    scenario : Scenario
        The state that it is of.
    goal : str
        Output.
    wish : float
        The value that it shall reach, in its unit.
    """

    def __init__(self, scenario: Scenario, goal: str, wish: float) -> None:
        idle = idle_controls(scenario)
        self._scenario, self._goal, self._wish = scenario, goal, wish
        self._names = [names for names in SOLVED if names[0] not in idle]
        self._rows: list[Needed] = []
        self._future: Future[None] | None = None
        self._is_wanted = True

    def start(self, executor: Executor) -> None:
        """Begin, or go on where it was stopped."""
        self._is_wanted = True
        if self._future is None or self._future.done():
            self._future = executor.start(self._look)

    def stop(self) -> None:
        """Leave it after the row that is being made."""
        self._is_wanted = False

    def table(self) -> NeededTable:
        """The rows so far, and how many are to come.

        Raises
        ------
        Exception
            What a row met that is no answer.
        """
        if self._future is not None and self._future.done():
            self._future.result()
        rows = list(self._rows)
        return {"rows": rows, "left": len(self._names) - len(rows)}

    def _look(self) -> None:
        while self._is_wanted and len(self._rows) < len(self._names):
            names = self._names[len(self._rows)]
            self._rows.append(_needed(self._scenario, names, self._goal, self._wish))


#: What was last looked for, by who looks.
_latest: WeakKeyDictionary[Executor, Looking] = WeakKeyDictionary()


def what_it_takes(scenario: Scenario, question: Mapping[str, object], executor: Executor) -> NeededTable:
    """For every parameter that matters, the value at which an output reaches a wish.

    Parameters
    ----------
    scenario : Scenario
        The present state.
    question : dict
        ``output`` and the typed ``text`` of the wish.
    executor : Executor
        Who looks for a goal that takes long.

    Returns
    -------
    dict
        Rows of parameter, present text, and either the needed value with its text or why none does; how many rows are
        ``left``, for which the same question is to be asked again.

    Raises
    ------
    ValueError
        If the wish is no number, or the output unknown.
    """
    name = str(question.get("output"))
    if name not in GOAL_OUTPUTS:
        raise ParameterError("output", f"unknown wish {name!r}")
    looking = _looking(scenario, name, parse_quantity(str(question.get("text")), output(name).unit))
    before = _latest.get(executor)
    if before is not None and before is not looking:
        before.stop()
    _latest[executor] = looking
    looking.start(executor)
    return looking.table()


@lru_cache(maxsize=4)
def _looking(scenario: Scenario, goal: str, wish: float) -> Looking:
    return Looking(scenario, goal, wish)


def _needed(scenario: Scenario, names: tuple[str, ...], goal: str, wish: float) -> Needed:
    declared = parameter(names[0])
    row: Needed = {
        "label": "T₁ = T₂" if names == LINKED else declared.label,
        "now": value_text(declared, scenario.flat()[names[0]]),
        "parameters": list(names),
    }
    try:
        value = solve(scenario, names if len(names) > 1 else names[0], within=None, **{goal: wish})
    except ValueError as problem:
        return {**row, "why": plain(str(problem))}
    return {**row, "value": in_json(value), "needed": value_text(declared, value)}
