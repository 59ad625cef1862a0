"""A page's state as a link and as Python; both hold only what differs from the defaults."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypedDict, cast
from urllib.parse import parse_qsl, quote

from qpsviz.errors import ParameterError
from qpsviz.figures.plots import PLOTS
from qpsviz.figures.theme import MODES
from qpsviz.paper.publications import publication_names
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.declaration import Value
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.presets import Preset, all_presets
from qpsviz.session.tabs.declared import TABS
from qpsviz.session.tabs.traffic.choices import read_choice

#: A pin is a scenario of its own, so a link with every figure pinned is some thousands of characters.
LONGEST_LINK = 12_000
MOST_FIELDS = 200
FIRST_SEED, LAST_SEED = 0, 2**63 - 1
MOST_RELAYS = 1_000
LAST_TIME_US = 1e15


class LinkState(TypedDict, total=False):
    """What a link says beside the scenario: :func:`from_link` says what each part means."""

    tab: str
    linked: bool
    seed: int
    pins: Mapping[str, Scenario]
    cursor: float
    relay: int
    theme: str
    dots: str
    traffic: str
    publication: str


def to_link(scenario: Scenario, state: LinkState) -> str:
    """Query text that restores a state.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    state : mapping
        Any of what :func:`from_link` gives back.

    Returns
    -------
    str
        ``name=value`` pairs joined by ``&``.
    """
    told: Mapping[str, object] = state
    pairs = [*_changes(scenario)]
    pairs += [(key, _write(told[key])) for key in _READ if key in told]
    pairs += [("pin", f"{figure}?{_joined(_changes(pinned))}") for figure, pinned in state.get("pins", {}).items()]
    return _joined(pairs)


def from_link(link: object) -> tuple[Scenario, LinkState]:
    """Read what :func:`to_link` wrote; a link is untrusted input, and every part of it is checked.

    Parameters
    ----------
    link : str
        Query text.

    Returns
    -------
    tuple
        The scenario and the state beside it: ``tab`` on screen, ``linked`` where T1 = T2 is kept, ``seed`` of the
        run, ``pins`` as scenarios by the figure that they are pinned on, and what one view of the page shows:
        ``cursor`` in the run [us], ``relay`` inside which one looks, ``theme``,
        whether ``dots`` of the film are photons or slots, what is chosen on the tab ``traffic``, and the
        ``publication`` on the tab ``audit``.

    Raises
    ------
    ParameterError
        For anything that is not a state: too long, unknown names, bad values.
    """
    if not isinstance(link, str) or len(link) > LONGEST_LINK:
        raise ParameterError("link", "this link is not a qpsviz state")
    values: dict[str, Value] = {}
    state: dict[str, Value] = {}
    pins: dict[str, Scenario] = {}
    for name, text in _pairs(link):
        if name == "pin":
            figure, _, changes = text.partition("?")
            if figure not in PLOTS:
                raise ParameterError("pin", f"there is no figure {_short(figure)} to pin a curve on")
            pins[figure] = _scenario({n: parameter(n).read(t) for n, t in _pairs(changes)})
        elif (word := _EARLIER.get(name, name)) in _READ:
            state[word] = _READ[word](word, text)
        else:
            values[name] = parameter(name).read(text)
    said = cast("LinkState", state)  # what reads a part gives its type
    if pins:
        said["pins"] = pins
    return _scenario(values), said


def _changes(scenario: Scenario) -> Iterator[tuple[str, str]]:
    changes = scenario.changes()
    if not Discipline(scenario.switch.discipline).stores:
        changes["p_free"] = scenario.switch.p_free
    return ((name, _write(value)) for name, value in changes.items())


def _scenario(changes: Mapping[str, Value]) -> Scenario:
    """The scenario of a link's values.

    Links say the availability of switches that do not store, even where it is the default: an earlier version, whose
    default was another one, left it out, and such a link still opens what it was made of.
    """
    scenario = Scenario().replace(**changes)
    if "p_free" in changes or Discipline(scenario.switch.discipline).stores:
        return scenario
    return scenario.replace(p_free=_EARLIER_P_FREE)


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{name}={quote(text)}" for name, text in pairs)


def _pairs(link: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(link, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ParameterError("link", "this link is not a qpsviz state") from None


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def _one_of(words: Collection[str]) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if text not in words:
            raise ParameterError(name, f"{name} = {_short(text)} must be one of {', '.join(words)}")
        return text

    return read


def _flag(name: str, text: str) -> bool:
    return _one_of(("true", "false"))(name, text) == "true"


def _whole(lo: int, hi: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 20 and lo <= int(text) <= hi):
            raise ParameterError(name, f"{name} = {_short(text)} must be a whole number from {lo} to {hi}")
        return int(text)

    return read


def _time(name: str, text: str) -> float:
    try:
        time_us = float(text) if len(text) < 40 else math.nan
    except ValueError:
        time_us = math.nan
    if not 0 <= time_us <= LAST_TIME_US:
        raise ParameterError(name, f"{name} = {_short(text)} must be a time in the run")
    return time_us


#: Name in a link, beside parameters and pins, to what reads it.
_READ: dict[str, Callable[[str, str], Value]] = {
    "tab": _one_of(TABS),
    "linked": _flag,
    "seed": _whole(FIRST_SEED, LAST_SEED),
    "cursor": _time,
    "relay": _whole(1, MOST_RELAYS),
    "theme": _one_of(MODES),
    "dots": _one_of(("photons", "slots")),
    "traffic": lambda _name, text: read_choice(text).text,
    "publication": lambda name, text: _one_of(publication_names())(name, text),
}

#: Names that links had before, to the names that they have now.
_EARLIER = {"pane": "tab"}

#: Availability of a link that says none, where switches do not store: the default of the version that wrote such links.
_EARLIER_P_FREE = 0.5


def _write(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def to_python(scenario: Scenario, *, plots: tuple[str, ...] = (), seed: int = 1) -> str:
    """Python that gives a state: the scenario, its numbers and its run.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    plots : tuple of str
        Outputs to sweep over length.
    seed : int
        Seed of the run.

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
    lines += ["", f"run = qps.simulate(s, seed={seed})", "print(run.summary())"]
    return "\n".join(lines) + "\n"


def nearest_preset(scenario: Scenario) -> Preset:
    """The preset that differs from a scenario in the fewest parameters."""
    return min(all_presets(), key=lambda p: len(_difference(p.scenario, scenario)))


def _difference(start: Scenario, goal: Scenario) -> dict[str, Value]:
    before = start.flat()
    return {name: value for name, value in goal.flat().items() if value != before[name]}


def _literal(value: Value) -> str:
    return "np.inf" if value == float("inf") else repr(value)
