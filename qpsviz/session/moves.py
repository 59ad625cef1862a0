"""What a person's move does to the state of a page; the page, not one of its views, owns that state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from qpsviz.closed_form.sweep import EQUAL_TIMES
from qpsviz.errors import ParameterError
from qpsviz.scenario import Scenario, parameter
from qpsviz.scenario.presets import all_presets, preset
from qpsviz.session import share_link
from qpsviz.session.controls.rows import from_page
from qpsviz.session.tabs.declared import Tab
from qpsviz.units import parse_quantity, quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.messages import OwnState

SEED = 1
LONGEST_TEXT = 100
TIMES = (*EQUAL_TIMES.values(), *EQUAL_TIMES)  # T1 first
#: Everything that a move may hold.
PARTS = frozenset({"link", "preset", "typed", "values", "linked", "tab", "seed", "pin"})
_OF_ONE_VIEW = ("cursor", "relay", "theme", "dots", "traffic", "publication")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """All that a page is: what every view of it shows, and what a link restores.

    ``base`` is the preset that the controls go back to.
    """

    scenario: Scenario
    base: str = "first"
    tab: str = ""
    linked: bool = True
    seed: int = SEED
    pins: Mapping[str, Scenario] = field(default_factory=dict)

    def shown(self) -> share_link.LinkState:
        """What every view shows beside the scenario."""
        return {"tab": self.tab, "linked": self.linked, "seed": self.seed}

    @property
    def film(self) -> tuple[Scenario, int]:
        """What a film depends on."""
        return self.scenario, self.seed

    @property
    def link(self) -> str:
        """The state as a link; the seed that every page begins with needs no word."""
        stated: share_link.LinkState = {**self.shown(), "pins": self.pins}
        if self.seed == SEED:
            del stated["seed"]
        return share_link.to_link(self.scenario, stated)


def opened(name: str, tab: str = "") -> PageState:
    """The state in which a page shows a preset.

    Raises
    ------
    ParameterError
        If there is no such preset.
    """
    scenario = preset(name)
    return PageState(scenario=scenario, base=name, tab=tab, linked=scenario.memory.times_are_equal)


def moved(state: PageState, move: object, tabs: Mapping[str, Tab]) -> tuple[PageState, OwnState]:
    """Take one move.

    Parameters
    ----------
    state : PageState
        The state before.
    move : dict
        Some of :data:`PARTS`. A link replaces a whole state; else a preset replaces the scenario; else values that
        sliders set, then the one that was typed, change the present scenario.
    tabs : mapping
        Tabs that the page has.

    Returns
    -------
    tuple
        The state after, and what a link says about the one view that opened it.

    Raises
    ------
    ValueError
        For anything that is wrong: unknown parts and names, bad values. The state before stays good.

    Notes
    -----
    T1 = T2: while the two are linked, a move of one moves both. Ticking the link makes T2 = T1; whatever sets both to
    different values takes the tick away.
    """
    if not isinstance(move, Mapping):
        raise ParameterError("request", f"a move is a table, not {type(move).__name__}")
    for part in move:
        if part not in PARTS:
            raise ParameterError("request", f"a move has no part {str(part)[:40]!r}")
    shown: OwnState = {}
    if move.get("link") is not None:
        state, shown = _from_link(state, move["link"], tabs)
    elif move.get("preset") is not None:
        fresh = opened(_text("preset", move["preset"]))
        state = replace(fresh, tab=_tab_of(move["preset"], tabs, state.tab), pins=state.pins)
    else:
        state = _changed(state, move)
    return _beside(state, move, tabs), shown


def changed_names(move: Mapping[str, object]) -> tuple[str, ...]:
    """Parameters that a move sets by slider or by typing, the typed one first."""
    typed, values = move.get("typed"), move.get("values")
    names = [str(typed.get("name"))] if isinstance(typed, Mapping) else []
    return (*names, *map(str, values)) if isinstance(values, Mapping) else tuple(names)


def _from_link(state: PageState, link: object, tabs: Mapping[str, Tab]) -> tuple[PageState, OwnState]:
    scenario, stated = share_link.from_link(link)
    parts: Mapping[str, object] = stated
    tab = stated.get("tab", state.tab)
    fresh = PageState(
        scenario=scenario,
        base=share_link.nearest_preset(scenario).name,
        tab=tab if tab in tabs else state.tab,
        linked=stated.get("linked", True) and scenario.memory.times_are_equal,
        seed=stated.get("seed", SEED),
        pins=stated.get("pins", {}),
    )
    own = {name: parts[name] for name in _OF_ONE_VIEW if name in parts}
    return fresh, cast("OwnState", own)  # checked by what reads a link


def _changed(state: PageState, move: Mapping[str, object]) -> PageState:
    linked = state.linked if move.get("linked") is None else _flag("linked", move["linked"])
    values = {str(k): from_page(parameter(str(k)), v) for k, v in _table(move, "values").items()}
    typed = _typed(_table(move, "typed"))
    values |= typed
    present = state.scenario.flat()
    new = [name for name in TIMES if name in typed] or [n for n in TIMES if n in values and values[n] != present[n]]
    if linked and len(new) == 1:
        values |= dict.fromkeys(TIMES, values[new[0]])
    try:
        scenario = state.scenario.replace(**values)
    except ParameterError as problem:
        raise _beside_t1(problem, state, values) if new == ["t1_us"] else problem from None
    if move.get("linked") and not scenario.memory.times_are_equal:
        scenario = scenario.replace(t2_us=scenario.memory.t1_us)
    return replace(state, scenario=scenario, linked=linked and scenario.memory.times_are_equal)


def _beside_t1(problem: ParameterError, state: PageState, values: Mapping[str, object]) -> ParameterError:
    """T2 is at most 2 T1: who moves T1 alone is told so beside T1."""
    if problem.name != "t2_us":
        return problem
    t1_us = float(parameter("t1_us").check(values["t1_us"]))
    t1, t2 = (quantity(time_us, "us", trimmed=True) for time_us in (t1_us, state.scenario.memory.t2_us))
    return ParameterError("t1_us", f"{t1} is too short: T₂ = {t2} may be at most 2·T₁")


def _typed(typed: Mapping[str, object]) -> dict[str, object]:
    if not typed:
        return {}
    declared = parameter(_text("name", typed.get("name")))
    text = str(typed.get("text"))
    try:
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"{text[:20]!r} … is too long")
        value = parse_quantity(text, declared.unit)
    except ValueError as problem:
        raise ParameterError(declared.name, f"{problem}; must be {declared.range_text}") from None
    return {declared.name: declared.check(value)}


def _beside(state: PageState, move: Mapping[str, object], tabs: Mapping[str, Tab]) -> PageState:
    """What a move says about tab, seed and pins."""
    if move.get("tab") is not None:
        tab = _text("tab", move["tab"])
        if tab not in tabs:
            raise ParameterError("tab", f"this page has no tab {tab[:40]!r}")
        state = replace(state, tab=tab)
    seed = move.get("seed")
    if seed is not None:
        if (
            isinstance(seed, bool)
            or not isinstance(seed, int)
            or not share_link.FIRST_SEED <= seed <= share_link.LAST_SEED
        ):
            raise ParameterError("seed", f"seed = {str(seed)[:40]} must be a whole number of at least 0")
        state = replace(state, seed=seed)
    if move.get("pin") is not None:
        state = replace(state, pins=_pinned(state, _table(move, "pin"), tabs))
    return state


def _pinned(state: PageState, pin: Mapping[str, object], tabs: Mapping[str, Tab]) -> dict[str, Scenario]:
    figure, pins = _text("figure", pin.get("figure")), dict(state.pins)
    if not any(figure in tab.plots for tab in tabs.values()):
        raise ParameterError("pin", f"this page has no figure {figure[:40]!r}")
    if _flag("on", pin.get("on")):
        pins[figure] = state.scenario
    else:
        pins.pop(figure, None)
    return pins


def _tab_of(name: str, tabs: Mapping[str, Tab], present: str) -> str:
    """The tab that shows what a preset is about."""
    curve = next(p.curve for p in all_presets() if p.name == name)
    return next((key for key, tab in tabs.items() if curve in tab.plots), present)


def _table(move: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = move.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ParameterError(name, f"{name} must be a table, not {type(value).__name__}")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ParameterError(name, f"{name} must be a text, not {type(value).__name__}")
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ParameterError(name, f"{name} must be true or false, not {type(value).__name__}")
    return value
