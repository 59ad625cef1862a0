"""The state of an arrived pair, asked of the referee: QuTiP is imported when somebody first looks."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.closed_form.outputs import output
from qpsviz.closed_form.sweep import evaluate
from qpsviz.scenario import Scenario
from qpsviz.session.executor import Executor, Once

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import Loading, StateAnswer
    from qpsviz.sim import Run

#: Outputs that the referee's state has under the same names.
COMPARED = ("fidelity", "concurrence", "chsh", "teleport_fidelity")


def state(
    scenario: Scenario, _run: Run | None, _question: Mapping[str, object], executor: Executor
) -> StateAnswer | Loading:
    """The density matrix and what it is good for, or that QuTiP is still loading.

    Parameters
    ----------
    scenario : Scenario
        The present state.
    executor : Executor
        Who imports QuTiP.

    Returns
    -------
    dict
        ``loading``, or ``re`` and ``im`` of the matrix by rows, Bloch vectors, correlations and, for each figure
        of merit, the referee's value beside the closed form's. [1]

    Raises
    ------
    ValueError
        If no pair arrives, so that there is no state.
    """
    if not _referee.ready(executor):
        return {"loading": True}
    _referee.result()
    from qpsviz.referee.pair_state import scenario_state

    seen = scenario_state(scenario)
    matrix = seen.density_matrix
    return {
        "re": np.real(matrix).tolist(),
        "im": np.imag(matrix).tolist(),
        "bloch": [list(vector) for vector in seen.bloch],
        "correlations": np.diag(seen.correlations).tolist(),
        "purity": seen.purity,
        "p_arrival": seen.p_arrival,
        "merits": [
            {"name": output(name).short, "referee": getattr(seen, name), "closed_form": evaluate(scenario, name)}
            for name in COMPARED
        ],
    }


def _import_qutip() -> None:
    from qpsviz.referee.kraus import qutip_module

    importlib.import_module("qpsviz.referee.pair_state")
    qutip_module()


_referee = Once(_import_qutip)
