"""The state of a delivered pair as the referee sees it: a density matrix, followed element by element with QuTiP.

The four-number algebra and the dwell rule are not used, so that they can be judged; what a device or a delay line
loses is looked up, not derived again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qpsviz.errors import ParameterError
from qpsviz.noise.storage import storage_of
from qpsviz.referee.kraus import Kraus, fibre_elements, kraus_loss, memory_elements, qutip_module
from qpsviz.scenario import Scenario
from qpsviz.scenario.choices import Release
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.layout import Layout
from qpsviz.switch.relay import device_loss_db, is_repeater

if TYPE_CHECKING:
    from qpsviz.referee.kraus import Qobj

ComplexArray = npt.NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class PairState:
    """A pair whose halves both arrived, ``rho`` its QuTiP density matrix, and what it is good for."""

    rho: Qobj
    p_arrival: float

    @property
    def density_matrix(self) -> ComplexArray:
        """The matrix in the order |00>, |01>, |10>, |11>. [1]"""
        return np.asarray(self.rho.full())

    @property
    def bloch(self) -> tuple[list[float], list[float]]:
        """Bloch vectors of both halves. [1]"""
        first, second = ([float(qutip_module().expect(s, self.rho.ptrace(i))) for s in _paulis()] for i in (0, 1))
        return first, second

    @property
    def correlations(self) -> npt.NDArray[np.float64]:
        """<sigma_i sigma_j> for i, j = x, y, z. [1]"""
        q = qutip_module()
        return np.array([[q.expect(q.tensor(s, t), self.rho) for t in _paulis()] for s in _paulis()])

    @property
    def purity(self) -> float:
        """Tr rho squared. [1]"""
        return float((self.rho * self.rho).tr().real)

    @property
    def fidelity(self) -> float:
        """Eq. 3, squared form: <Phi+|rho|Phi+>, because the reference state is pure. [1]"""
        return float(qutip_module().expect(qutip_module().ket2dm(qutip_module().bell_state("00")), self.rho))

    @property
    def concurrence(self) -> float:
        """Wootters' concurrence, good to 1e-8: singular values of Psi^T (sigma_y x sigma_y) Psi, rho = Psi Psi^+. [1]

        QuTiP's own takes eigenvalues of a matrix that is not Hermitian, which is good to 1e-6 only.
        """
        weights, vectors = np.linalg.eigh(self.density_matrix)
        psi = vectors * np.sqrt(np.clip(weights, 0.0, None))  # rounding makes a weight of zero -1e-17
        flip = np.fliplr(np.diag([-1.0, 1.0, 1.0, -1.0]))
        first, *others = np.linalg.svd(psi.T @ flip @ psi, compute_uv=False)
        return max(0.0, float(first - sum(others)))

    @property
    def chsh(self) -> float:
        """Largest CHSH value over all directions. [1]"""
        return 2 * float(np.sqrt(np.sum(np.linalg.svd(self.correlations, compute_uv=False)[:2] ** 2)))

    @property
    def teleport_fidelity(self) -> float:
        """Average fidelity of teleporting over the pair, by running the protocol on six states. [1]"""
        q = qutip_module()
        inputs = [ket for s in _paulis() for ket in s.eigenstates()[1]]
        return float(np.mean([q.expect(q.ket2dm(ket), self._teleport(ket)) for ket in inputs]))

    def _teleport(self, ket: Qobj) -> Qobj:
        q = qutip_module()
        corrections = {"00": q.qeye(2), "01": q.sigmaz(), "10": q.sigmax(), "11": q.sigmaz() * q.sigmax()}
        before, received = q.tensor(q.ket2dm(ket), self.rho), 0
        for outcome, correction in corrections.items():
            projection = q.tensor(q.bell_state(outcome).dag(), q.qeye(2))
            received += correction * _one_qubit(projection * before * projection.dag()) * correction.dag()
        return received


def pair_state(elements_a: Iterable[Kraus], elements_b: Iterable[Kraus]) -> PairState:
    """What is left of a Bell pair after each half met its elements.

    Parameters
    ----------
    elements_a, elements_b : iterable of Kraus
        Elements of each half, in the order met. [1]

    Returns
    -------
    PairState
        The state given that both halves arrived, and the chance of that. [1]

    Raises
    ------
    ValueError
        If no photon can arrive, so that there is no state.
    """
    q = qutip_module()
    rho, p_arrival, one = q.ket2dm(q.bell_state("00")), 1.0, q.qeye(2)
    pairs = [(k, True) for k in elements_a] + [(k, False) for k in elements_b]
    with q.CoreOptions(auto_tidyup=False):  # it sets to zero what is small, such as the rest of a lossy path
        for kraus, is_first in pairs:
            operators = [q.tensor(k, one) if is_first else q.tensor(one, k) for k in kraus]
            rho = sum(k * rho * k.dag() for k in operators)
            p_arrival *= (left := float(rho.tr().real))
            if not p_arrival > 0:
                raise ValueError(f"p_arrival = {p_arrival:g}: no pair arrives, so it has no state")
            rho = rho / left
    return PairState(rho=rho, p_arrival=p_arrival)


def scenario_state(scenario: Scenario) -> PairState:
    """The pair that a scenario delivers over an idle path, followed element by element.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    PairState
        State and chance of arrival before the detectors. [1]

    Raises
    ------
    ValueError
        If no photon can arrive, or relays correct errors: a corrected qubit is spread over many photons.

    Examples
    --------
    >>> from qpsviz import preset
    >>> round(scenario_state(preset("fig10a").replace(length_km=0.0, n_relays=3)).fidelity, 3)
    0.487
    """
    if is_repeater(scenario.switch.device, scenario.switch.correction):
        raise ParameterError(
            "correction", f"correction = {scenario.switch.correction!r} must be none to follow one photon's state"
        )
    if not Layout(scenario.path.layout).keeps_half:
        half, _ = _path(scenario, scenario.path.length_km / 2)
        return pair_state(half, half)
    travelling, delay_us = _path(scenario, scenario.path.length_km)
    kept = _held(scenario, delay_us) if scenario.path.partner_noise else []
    return pair_state(travelling, kept)


def _path(scenario: Scenario, length_km: float) -> tuple[list[Kraus], float]:
    """Elements on one path and the delay of a qubit, by following header and payload through every relay."""
    s, n_relays = scenario.switch, scenario.path.n_relays
    link = fibre_elements(
        length_km / (n_relays + 1),
        loss_db_per_km=scenario.fibre.loss_db_per_km,
        depol_per_km=scenario.fibre.depol_per_km,
        convention=scenario.fibre.depol_convention,
    )
    storage, relay_db = storage_of(scenario.values()), s.insertion_loss_db + sum(device_loss_db(s.device, s.fabric))
    payload_us = scenario.source.payload_us
    header_us, head_us = 0.0, s.guard_us
    elements = list(link)
    for _ in range(n_relays):
        if Discipline(s.discipline).stores:
            read_us = header_us + s.processing_us
            complete_us = head_us + (payload_us if Release(s.release).waits_for_frame else 0.0)
            asked_us = max(read_us, complete_us) - head_us
            release_us = head_us + float(storage.kept_us(asked_us))
            elements += _held(scenario, asked_us)
            header_us, head_us = max(read_us, release_us - (head_us - header_us)), release_us
        elements += [kraus_loss(relay_db), *link]
    return elements, length_km / scenario.fibre.speed_km_per_us + head_us - s.guard_us


def _held(scenario: Scenario, dwell_us: float) -> list[Kraus]:
    m, storage = scenario.memory, storage_of(scenario.values())
    decay = memory_elements(dwell_us, t1_us=m.t1_us, t2_us=m.t2_us, model=m.memory_model) if storage.decoheres else []
    return [*decay, kraus_loss(float(storage.loss_db(dwell_us)))]


def _paulis() -> tuple[Qobj, Qobj, Qobj]:
    q = qutip_module()
    return q.sigmax(), q.sigmay(), q.sigmaz()


def _one_qubit(rho: Qobj) -> Qobj:
    return qutip_module().Qobj(rho.full().reshape(2, 2))
