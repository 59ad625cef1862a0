"""Questions about networks under traffic at the end of a lesson, graded by simulating them."""

from __future__ import annotations

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.experiments import LoadCurves, load_study
from qpsviz.experiments.intervals import over_seeds
from qpsviz.lessons.questions import ChoiceQuestion, NumberQuestion
from qpsviz.network import Network
from qpsviz.network.traffic import Traffic
from qpsviz.scenario import Scenario

N_SEEDS = 4


def ask_dropped(
    prompt: str, scenario: Scenario, discipline: str, *, network: Network, traffic: Traffic, tolerance: float, hint: str
) -> NumberQuestion:
    """A question for the share of frames that a discipline drops.

    Parameters
    ----------
    prompt : str
        What is asked.
    scenario : Scenario
        What is simulated.
    discipline : str
        One of :data:`qpsviz.experiments.VARIANTS`.
    network, traffic
        Where, and who sends when.
    tolerance : float
        Relative difference still taken as right; at least what chance allows. [1]
    hint : str
        Said after a wrong answer.

    Returns
    -------
    NumberQuestion
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If it cannot be simulated, or its answer is less certain than the tolerance.
    """
    curves = _study(scenario, [discipline], network, traffic)
    mean, lo, hi = (float(part[0, 0]) for part in curves.interval("dropped_share"))
    if not hi - lo <= 2 * tolerance * mean:
        raise ParameterError("tolerance", f"tolerance = {tolerance:g} is less than chance leaves open: more frames")
    return NumberQuestion(prompt, right=mean, unit="1", tolerance=tolerance, hint=hint)


def ask_most(
    prompt: str,
    scenario: Scenario,
    options: dict[str, str],
    measure: str,
    *,
    network: Network,
    traffic: Traffic,
    hint: str,
) -> ChoiceQuestion:
    """A question for the discipline that has most of something.

    Parameters
    ----------
    prompt : str
        What is asked.
    scenario : Scenario
        What is simulated.
    options : dict
        Statement to a word of :data:`qpsviz.experiments.VARIANTS`; the simulation decides which is right.
    measure : str
        A number of a load study, such as ``"throughput_hz"`` or ``"pairs_key_hz"``.
    network, traffic
        Where, and who sends when.
    hint : str
        Said after a wrong answer.

    Returns
    -------
    ChoiceQuestion
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If it cannot be simulated, or the best is not better than each other beyond chance.
    """
    curves = _study(scenario, list(options.values()), network, traffic)
    values = curves.of(measure)[:, 0]
    best = int(np.argmax(values.mean(axis=-1)))
    others = np.delete(values, best, axis=0)
    if not np.all(over_seeds(values[best] - others).lo > 0):
        raise ParameterError("measure", f"no discipline has most {measure} beyond chance: ask for more frames")
    return ChoiceQuestion(prompt, options=list(options), right=list(options)[best], hint=hint)


def _study(scenario: Scenario, disciplines: list[str], network: Network, traffic: Traffic) -> LoadCurves:
    return load_study(
        scenario, network=network, traffic=traffic, loads=[traffic.load], disciplines=disciplines,
        seeds=range(N_SEEDS), progress=False,
    )  # fmt: skip
