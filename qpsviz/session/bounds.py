"""What one page may ask of its session and of the browser that draws it."""

from __future__ import annotations

from collections.abc import Collection

from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario
from qpsviz.scenario.layout import Layout
from qpsviz.session.controls.idle import sends_once

#: Legs of a run that a page draws. Measured on two busy cores: 20 000 legs (140 000 events) take the session 2.5 s and
#: 6 MB; 17 000 take the tab 23 MB more than an ordinary run and 3 ms (95 %: 11 ms) a picture. 190 000 legs take the
#: session 14 s and 57 MB.
MOST_LEGS = 20_000


def most_legs(scenario: Scenario) -> int:
    """Legs of a scenario's run at most: every frame crosses every fibre in every attempt.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    int
        Upper bound of ``len(run.legs)``.
    """
    frames, fibres, attempts = _factors(scenario)
    return frames * fibres * attempts


def check_run(scenario: Scenario, moved: Collection[str] = ()) -> None:
    """Refuse a scenario whose run is too long for a page.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    moved : collection of str
        Parameters that were changed; the first stands for the refusal.

    Raises
    ------
    ParameterError
        Naming the control that was moved, and what the run would take.
    """
    if most_legs(scenario) <= MOST_LEGS:
        return
    frames, fibres, attempts = _factors(scenario)
    name = next(iter(moved), "n_frames")
    tries = f" × {attempts} attempts" if attempts > 1 else ""
    halves = " (two from each pair)" if Layout(scenario.path.layout).n_arms > 1 else ""
    raise ParameterError(
        name,
        f"{_grouped(frames)} frames{halves} × {_grouped(fibres)} fibres{tries} is more than a page shows: at most "
        f"{_grouped(MOST_LEGS)} flights over a fibre (qps.simulate takes more)",
    )


def _factors(scenario: Scenario) -> tuple[int, int, int]:
    halves = Layout(scenario.path.layout).n_arms
    attempts = 1 if sends_once(scenario.values()) else scenario.switch.max_attempts
    return scenario.source.n_frames * halves, scenario.path.n_relays + 1, attempts


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
