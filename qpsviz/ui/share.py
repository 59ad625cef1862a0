"""A page's state as a link and as Python; both hold only what differs from the defaults."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote

from qpsviz.parameter import Parameter, ParameterError, Value
from qpsviz.presets import Preset, all_presets
from qpsviz.scenario import Scenario, parameter

_STATE_KEYS = ("pane", "linked")
LONGEST_LINK = 4000


def to_link(scenario: Scenario, state: dict[str, Any]) -> str:
    """Query text that restores a state.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    state : dict
        Pane on screen and whether T1 = T2 is kept.

    Returns
    -------
    str
        ``name=value`` pairs joined by ``&``.
    """
    pairs = [(name, _write(value)) for name, value in scenario.changes().items()]
    pairs += [(key, _write(state[key])) for key in _STATE_KEYS if key in state]
    return "&".join(f"{name}={quote(text)}" for name, text in pairs)


def from_link(link: str) -> tuple[Scenario, dict[str, Any]]:
    """Read what :func:`to_link` wrote, as suspicious as of any input.

    Parameters
    ----------
    link : str
        Query text.

    Returns
    -------
    tuple
        The scenario and the state beside it.

    Raises
    ------
    ParameterError
        For anything that is not a state: too long, unknown names, bad values.
    """
    if not isinstance(link, str) or len(link) > LONGEST_LINK:
        raise ParameterError("link", "this link is not a qpsviz state")
    values: dict[str, Any] = {}
    state: dict[str, Any] = {}
    for name, text in parse_qsl(link, keep_blank_values=True, max_num_fields=200):
        if name == "pane":
            state[name] = text
        elif name == "linked":
            state[name] = text == "true"
        else:
            values[name] = read_word(parameter(name), text)
    return Scenario().replace(**values), state


def _write(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_word(declared: Parameter, text: str) -> Any:
    """A parameter's value from text without units, as links and the command line have it.

    Raises
    ------
    ParameterError
        If the text is no value of the parameter.
    """
    if declared.kind == "flag":
        flags = {"true": True, "false": False}
        if text.lower() in flags:
            return flags[text.lower()]
    elif declared.kind == "choice":
        return text
    else:
        try:
            return declared.check(float(text))
        except ValueError:
            pass
    raise ParameterError(declared.name, f"{declared.name} = {text!r} must be {declared.range_text}")


def to_python(scenario: Scenario, *, plots: tuple[str, ...] = ()) -> str:
    """Python that gives a state: the scenario, its numbers and its run.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    plots : tuple of str
        Outputs to sweep over length.

    Returns
    -------
    str
        A program that runs as it stands.
    """
    near = nearest_preset(scenario)
    changed = _difference(near.scenario, scenario)
    arguments = ", ".join(f"{name}={_literal(value)}" for name, value in changed.items())
    lines = ["import numpy as np", "import qpsviz as qps", "", f's = qps.preset("{near.name}")']
    if changed:
        lines.append(f"s = s.replace({arguments})")
    lines += [
        "",
        'print(qps.evaluate(s, "key_rate"), "bit per pulse")',
        'print(qps.evaluate(s, "fidelity"))',
    ]
    for plot in plots:
        lines.append(f'{plot} = qps.sweep(s, "{plot}", length_km=np.linspace(0, 300, 301), n_relays=[0, 1, 2, 3])')
    lines += ["", "run = qps.simulate(s, seed=1)", "print(run.summary())"]
    return "\n".join(lines) + "\n"


def nearest_preset(scenario: Scenario) -> Preset:
    """The preset that differs from a scenario in the fewest parameters."""
    return min(all_presets(), key=lambda p: len(_difference(p.scenario, scenario)))


def _difference(start: Scenario, goal: Scenario) -> dict[str, Value]:
    before = start.flat()
    return {name: value for name, value in goal.flat().items() if value != before[name]}


def _literal(value: Value) -> str:
    return "np.inf" if value == float("inf") else repr(value)
