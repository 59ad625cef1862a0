"""What the tab "Traffic" is told, and what it asks: a network, a run to watch, curves against load, a file."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.experiments.load_curves import LoadCurves
from qpsviz.scenario import Scenario
from qpsviz.scenario.layout import Layout
from qpsviz.session.executor import Executor, Once
from qpsviz.session.plain_text import plain
from qpsviz.session.tabs.traffic.charts import charts, table
from qpsviz.session.tabs.traffic.choices import Choice, choice_of, menu
from qpsviz.session.tabs.traffic.map import guard_note, network_map
from qpsviz.session.tabs.traffic.networks import network_named, open_file
from qpsviz.session.tabs.traffic.study import study_of
from qpsviz.session.tabs.traffic.watched import shown, watched_run
from qpsviz.units import parse_quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.tabs import Loading
    from qpsviz.session.protocol.traffic import (
        TrafficCurves,
        TrafficFile,
        TrafficMap,
        TrafficMenu,
        TrafficReply,
        TrafficRun,
        TrafficSame,
    )
    from qpsviz.sim import Run

K = TypeVar("K")
T = TypeVar("T")
MOST_KEPT = 6
#: Parameters of the line of the other tabs, and those that the tab sets for each discipline.
LINE_ALONE = ("length_km", "n_relays", "p_free", "n_frames", "discipline", "reservation")
_runs: OrderedDict[tuple[Scenario, Choice, int], Once[TrafficRun]] = OrderedDict()
_maps: OrderedDict[tuple[str, Scenario], Once[TrafficMap]] = OrderedDict()


def data(_scenario: Scenario, _run: Run | None) -> TrafficMenu:
    """What can be chosen."""
    return menu()


def question(
    scenario: Scenario, _run: Run | None, asked: Mapping[str, object], executor: Executor
) -> TrafficReply | Loading:
    """Answer one of the tab's questions.

    Parameters
    ----------
    scenario : Scenario
        The present state of the page.
    asked : dict
        Untrusted. ``do`` says what: ``"network"``, ``"watch"``, ``"curves"`` (with ``pause``), each with a choice as
        :func:`~qpsviz.session.tabs.traffic.choices.choice_of` reads it; or ``"file"`` with ``name``, ``text`` and
        perhaps ``length``.
    executor : Executor
        Who computes.

    Raises
    ------
    ValueError
        If a part of it is wrong; the message is for people.
    """
    do = asked.get("do")
    try:
        if do == "file":
            return _opened(asked)
        choice, scenario = choice_of(asked), on_network(scenario)
        if do == "network":
            return _network(scenario, choice, executor)
        if do == "watch":
            return _watched(scenario, choice, asked, executor)
        if do == "curves":
            return _curves(scenario, choice, asked.get("pause"), executor)
    except ValueError as error:
        raise ValueError(plain(str(error))) from None
    raise ParameterError("do", "this is no question of the traffic tab")


def on_network(scenario: Scenario) -> Scenario:
    """The scenario with what no network asks for as it is in every scenario: its line, and what the tab itself sets.

    Notes
    -----
    Assumption: every user has a source of its own, because a source in the middle belongs to one path.
    """
    own = Scenario().flat()
    return scenario.replace(**{name: own[name] for name in LINE_ALONE} | {"layout": Layout.SENDER.value})


def _network(scenario: Scenario, choice: Choice, executor: Executor) -> TrafficMap | Loading:
    def make() -> TrafficMap:
        network = network_named(choice.network)
        note, guard_us = guard_note(scenario, network)
        return {**network_map(choice.network, network), "guard_note": note, "guard": guard_us}

    return _kept(_maps, (choice.network, scenario), make, executor)


def _watched(
    scenario: Scenario, choice: Choice, asked: Mapping[str, object], executor: Executor
) -> TrafficRun | TrafficSame | Loading:
    """A run to watch, or that it is the one that the page has: it is long, and most moves do not change it."""
    seed = _seed(asked)
    run = f"{hash((scenario, choice, seed)):x}"
    if asked.get("known") == run:
        return {"same": True}

    def make() -> TrafficRun:
        return {**shown(watched_run(scenario, network_named(choice.network), choice, seed), choice), "run": run}

    return _kept(_runs, (scenario, choice, seed), make, executor)


def _kept(known: OrderedDict[K, Once[T]], key: K, make: Callable[[], T], executor: Executor) -> T | Loading:
    """The result of long work: that it is under way, or what it found; the latest ones are kept."""
    if key not in known:
        known[key] = Once(make)
        while len(known) > MOST_KEPT:
            known.popitem(last=False)
    known.move_to_end(key)
    if not known[key].ready(executor):
        return {"loading": True}
    try:
        return known[key].result()
    except Exception:
        del known[key]
        raise


def _curves(scenario: Scenario, choice: Choice, pause: object, executor: Executor) -> TrafficCurves:
    study = study_of(scenario, choice, lambda: network_named(choice.network))
    progress = study.ask(executor, pause=pause if isinstance(pause, bool) else None)
    curves = study.curves() if study.n_done else None
    return {
        "progress": progress,
        "charts": charts(curves),
        "states": [[state.value for state in row] for row in curves.states] if curves else [],
        "verdicts": _verdicts(curves) if curves else [],
        "notes": curves.notes() if curves else [],
        "table": table(curves, choice.load),
    }


def _verdicts(curves: LoadCurves) -> list[str]:
    """One sentence for what is delivered, and one for the key where any can be told."""
    told = [name for name in ("throughput_qubits_hz", "pairs_key_hz") if np.isfinite(curves.of(name)).any()]
    return list(dict.fromkeys(curves.verdict(name).sentence for name in told))


def _opened(asked: Mapping[str, object]) -> TrafficFile:
    name, text, length = asked.get("name"), asked.get("text"), asked.get("length")
    if not isinstance(name, str) or not isinstance(text, str):
        raise ParameterError("file", "a file has a name and a text")
    length_km = None
    if isinstance(length, str) and length.strip():
        length_km = parse_quantity(length, "km")
        if not 0 <= length_km < math.inf:
            raise ParameterError("length", "the length must be a number of km")
    return {"network": open_file(name, text, length_km=length_km)}


def _seed(asked: Mapping[str, object]) -> int:
    seed = asked.get("seed")
    return seed if isinstance(seed, int) and not isinstance(seed, bool) and seed >= 0 else 1
