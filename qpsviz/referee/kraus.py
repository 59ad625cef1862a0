"""The referee: every element as Kraus operators of QuTiP, from which states are followed as density matrices.

Nothing here uses the four-number algebra of :mod:`qpsviz.noise.channel` or the dwell rules of
:mod:`qpsviz.switch.timing`; that is the point. QuTiP takes seconds to import, so it is imported only when asked for.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from qpsviz.noise.elements import CONVENTIONS, MEMORY_MODELS, check_t1_t2
from qpsviz.units import in_range, in_unit_interval
from qpsviz.units.checks import one_of

if TYPE_CHECKING:
    from qutip import Qobj as Qobj  # for others, too

Kraus = Sequence["Qobj"]


@cache
def qutip_module() -> ModuleType:
    """QuTiP itself, imported on first use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns when matplotlib, which nothing here needs, is absent
        import qutip
    found: ModuleType = qutip
    return found


def kraus_loss(loss_db: float) -> Kraus:
    """Operators of a lossy element, for the branch in which the photon is still there.

    Parameters
    ----------
    loss_db : float
        Loss. [dB]

    Returns
    -------
    list of qutip.Qobj
        One operator; the trace it leaves is the chance of arrival. [1]

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    in_range("loss_db", loss_db, 0.0)
    return [math.sqrt(10 ** (-loss_db / 10)) * qutip_module().qeye(2)]


def kraus_depolarising(survival: float) -> Kraus:
    """Operators of a depolarising element.

    Parameters
    ----------
    survival : float
        Chance w that the state is left alone, else replaced by the maximally mixed one. [1]

    Returns
    -------
    list of qutip.Qobj
        Four operators: the identity and the three Pauli errors, each with chance (1 - w)/4. [1]

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    q = qutip_module()
    p = 1 - float(in_unit_interval("survival", survival))
    errors = [math.sqrt(p / 4) * sigma for sigma in (q.sigmax(), q.sigmay(), q.sigmaz())]
    return [math.sqrt(1 - 3 * p / 4) * q.qeye(2), *errors]


def kraus_amplitude_damping(p_decay: float) -> Kraus:
    """Operators of energy relaxation towards |0>.

    Parameters
    ----------
    p_decay : float
        Chance that |1> has decayed. [1]

    Returns
    -------
    list of qutip.Qobj
        Two operators. [1]

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    q = qutip_module()
    in_unit_interval("p_decay", p_decay)
    return [q.Qobj([[1, 0], [0, math.sqrt(1 - p_decay)]]), q.Qobj([[0, math.sqrt(p_decay)], [0, 0]])]


def kraus_dephasing(p_flip: float) -> Kraus:
    """Operators of pure dephasing.

    Parameters
    ----------
    p_flip : float
        Chance of a phase flip. [1]

    Returns
    -------
    list of qutip.Qobj
        Two operators. [1]

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    q = qutip_module()
    in_unit_interval("p_flip", p_flip)
    return [math.sqrt(1 - p_flip) * q.qeye(2), math.sqrt(p_flip) * q.sigmaz()]


def memory_elements(
    dwell_us: float, *, t1_us: float = math.inf, t2_us: float = math.inf, eta: float = 1.0, model: str = "t1t2"
) -> list[Kraus]:
    """A quantum memory as amplitude damping and pure dephasing, or as its Pauli twirl.

    Parameters
    ----------
    dwell_us : float
        Time in the memory. [us]
    t1_us, t2_us : float
        Relaxation and dephasing time. [us]
    eta : float
        Storage efficiency. [1]
    model : str
        ``"t1t2"`` or ``"twirled"``.

    Returns
    -------
    list of list of qutip.Qobj
        Elements in the order in which the qubit meets them. [1]

    Raises
    ------
    ValueError
        If a number is out of range, T2 exceeds 2 T1 or the model is unknown.

    Notes
    -----
    Pure dephasing has the rate 1/T2 - 1/(2 T1), because relaxation alone already dephases at half its rate.
    """
    q = qutip_module()
    in_range("dwell_us", dwell_us, 0.0)
    in_unit_interval("eta", eta)
    check_t1_t2(in_range("t1_us", t1_us, 1e-300), in_range("t2_us", t2_us, 1e-300))
    one_of("memory_model", model, MEMORY_MODELS)
    p_decay = -math.expm1(-dwell_us / t1_us)
    kept_phase = math.exp(-dwell_us / t2_us)
    efficiency: list[Kraus] = [[math.sqrt(eta) * q.qeye(2)]]
    if model == "twirled":
        p_x, p_z = p_decay / 4, (1 - kept_phase) / 2 - p_decay / 4
        chances = (1 - 2 * p_x - p_z, p_x, p_x, p_z)
        paulis = (q.qeye(2), q.sigmax(), q.sigmay(), q.sigmaz())
        return [[math.sqrt(max(0.0, p)) * op for p, op in zip(chances, paulis, strict=True)], *efficiency]
    p_flip = -math.expm1(-dwell_us * (1 / t2_us - 1 / (2 * t1_us))) / 2
    return [kraus_amplitude_damping(p_decay), kraus_dephasing(max(0.0, p_flip)), *efficiency]


def fibre_elements(
    length_km: float, *, loss_db_per_km: float = 0.0, depol_per_km: float = 0.0, convention: str = "decibel"
) -> list[Kraus]:
    """A stretch of fibre as loss and depolarising (Eq. 4).

    Parameters
    ----------
    length_km : float
        Length. [km]
    loss_db_per_km : float
        Attenuation. [dB/km]
    depol_per_km : float
        Depolarising constant p_L. [1/km]
    convention : str
        ``"decibel"`` or ``"printed"``.

    Returns
    -------
    list of list of qutip.Qobj
        Elements in the order in which the qubit meets them. [1]

    Raises
    ------
    ValueError
        If a number is out of range or the convention unknown.
    """
    one_of("depol_convention", convention, CONVENTIONS)
    for name, value in (("length_km", length_km), ("loss_db_per_km", loss_db_per_km), ("depol_per_km", depol_per_km)):
        in_range(name, value, 0.0)
    exponent = length_km * depol_per_km / (10 if convention == "decibel" else 1)
    return [kraus_loss(length_km * loss_db_per_km), kraus_depolarising(10**-exponent)]
