"""The film of a run on any network, in a browser without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.sim.engine.marks import KINDS

FIND = "document.getElementById('film').qpsviz"
# How much of the picture has the colour of each token, in px².
SEEN = """(p, tokens) => {
  const { canvas, painter } = p.player, ratio = canvas.width / painter.width;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const wanted = tokens.map((name) => channels(painter.tokens[name]));
  const counts = tokens.map(() => 0);
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] <= 200) continue;
    wanted.forEach((c, k) => { if (c.every((v, j) => Math.abs(v - data[i + j]) < 4)) counts[k] += 1; });
  }
  return Object.fromEntries(tokens.map((name, k) => [name, counts[k] / ratio ** 2]));
}"""
NETWORKS: dict[str, Callable[[], qps.Network]] = {
    "ring": lambda: qps.Network.ring(n_nodes=6, length_km=20.0),
    "grid": lambda: qps.Network.grid(n_rows=3, n_columns=3, length_km=10.0),
    "nsfnet": lambda: qps.Network.nsfnet(mean_length_km=60.0),
    "random regular": lambda: qps.Network.random_regular(n_nodes=16, degree=3, length_km=20.0),
}


def a_run(network: qps.Network, discipline: str = "burst", **changes: Any) -> qps.Run:
    """Some traffic of many users."""
    scenario = qps.Scenario().replace(discipline=discipline, max_attempts=2, processing_us=20.0, **changes)
    return qps.simulate(scenario, network=network, traffic=qps.Traffic(load=0.6, n_frames=40), seed=3)


@pytest.fixture
def shown(new_context: Any) -> Iterator[Callable[..., Any]]:
    """Show the film of a run on a page of some width; its errors must be none."""
    errors: list[str] = []
    opened = []

    def show(run: qps.Run, width: int = 1280, mode: str = "light") -> Any:
        page = new_context(viewport={"width": width, "height": 844}, color_scheme=mode).new_page()
        opened.append(page.context)
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.set_content(qps.film(run).page())
        page.wait_for_selector(".qps[data-run]")
        film = page.evaluate_handle(FIND)
        film.evaluate("p => p.clock.play(false)")
        page.wait_for_function("p => p.player.painter.width === p.player.element.clientWidth", arg=film)
        return film

    yield show
    for context in opened:
        context.close()
    assert errors == []


@pytest.mark.parametrize("name", NETWORKS)
def test_a_run_on_a_network_of_ones_own_is_drawn_with_its_frames(shown: Any, name: str) -> None:
    run = a_run(NETWORKS[name]())
    film = shown(run)
    assert film.evaluate("p => p.player.layout.labels.filter((label) => label).length") == run.network.n_nodes
    ink = film.evaluate("p => { p.clock.seek(0); return p.player.painter.tokens; }")
    assert ink["header"] != ink["fibre"]
    before = film.evaluate(SEEN, ["header", "fibre"])
    busiest_us = float(np.median(run.legs["header_in_us"]))
    film.evaluate("(p, t) => p.clock.seek(t)", busiest_us)
    during = film.evaluate(SEEN, ["header", "fibre"])
    assert during["header"] > before["header"] + 20
    assert during["fibre"] > 10


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("discipline", ["burst", "store", "circuit"])
def test_counts_at_the_end_of_a_film_are_those_of_the_run(
    shown: Any, survivors: Any, discipline: str, width: int
) -> None:
    run = a_run(NETWORKS["ring"](), discipline)
    film = shown(run, width, "dark" if width < 500 else "light")
    film.evaluate("p => p.clock.seek(p.clock.duration)")
    shown_states = film.evaluate("p => p.player.states")
    counted = {name: sum(state[name] for state in shown_states) for name in ("frames", "drops", "photons")}
    home = run.legs["to_node"] == run.frames["destination"][run.legs["frame"]]
    assert counted == {
        "frames": run.summary()["delivered"],
        "drops": int(np.count_nonzero(run.events["kind"] == KINDS.index("DROPPED"))),
        "photons": int(survivors(run)[home].sum()),
    }


def test_space_time_follows_one_way_through_the_network(shown: Any) -> None:
    run = a_run(NETWORKS["grid"]())
    film = shown(run)
    paths = film.evaluate("p => p.run.paths.map((path) => [path.nodes, path.km])")
    for i in (0, len(paths) - 1):
        film.evaluate("(p, i) => p.contents.get('spacetime').choose(i)", i)
        steps = film.evaluate("p => [...p.contents.get('spacetime').steps]")
        nodes, km = paths[i]
        assert steps == [f"{a},{b}" for a, b in pairwise(nodes)]
        assert km == [10.0 * k for k in range(len(nodes))]


def test_a_switch_of_any_network_can_be_looked_into(shown: Any) -> None:
    run = a_run(NETWORKS["ring"](), "store")
    film = shown(run)
    film.evaluate("p => p.tabs.show('switch')")
    passed = {int(node) for node in run.legs["from_node"][run.legs["hop"] > 0]}
    assert passed <= set(film.evaluate("p => p.run.switches"))
    assert film.evaluate("p => p.contents.get('switch').visits.length") > 0
