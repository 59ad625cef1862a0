"""The state of an arrived pair, asked of the referee: QuTiP is imported when somebody first looks."""

from __future__ import annotations

import importlib
import sys
import threading
from typing import Any

import numpy as np

from qpsviz.curves import evaluate
from qpsviz.scenario import Scenario

_AXES = ("X", "Y", "Z")
_importing: list[threading.Thread] = []

#: name on screen, output of the closed form, attribute of the referee's state
COMPARED = (
    ("Fidelity F", "fidelity", "fidelity"),
    ("Concurrence", "concurrence", "concurrence"),
    ("Largest CHSH value", "chsh", "chsh"),
    ("Teleportation fidelity", "teleport_fidelity", "teleport_fidelity"),
)


def state(scenario: Scenario, _run: Any, _question: dict[str, Any]) -> dict[str, Any]:
    """The density matrix and what it is good for, or that QuTiP is still loading.

    Parameters
    ----------
    scenario : Scenario
        The present state.

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
    if not _ready():
        return {"loading": True}
    from qpsviz.noise.pair_state import scenario_state

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
            {"name": name, "referee": getattr(seen, attribute), "closed_form": evaluate(scenario, output)}
            for name, output, attribute in COMPARED
        ],
    }


def _ready() -> bool:
    """Whether QuTiP is there; if not, it is being fetched beside the person's work, not before it."""
    if not _importing and "qutip" not in sys.modules:
        _importing.append(threading.Thread(target=_import_qutip, daemon=True))
        _importing[0].start()
    return not any(thread.is_alive() for thread in _importing)


def _import_qutip() -> None:
    importlib.import_module("qpsviz.noise.pair_state")
    from qpsviz.noise.reference import qutip_module

    qutip_module()
