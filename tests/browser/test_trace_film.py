"""A trace of another tool in a browser: what it says is drawn where and when it says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.traces import Trace, load
from qpsviz.traces.reader import parse

NODES = [{"type": "createNode", "label": name, "x": x, "y": y} for name, x, y in (("Ann", 20, 30), ("Ben", 80, 70))]
CHANNELS = [{"type": "createChannel", "from": "Ann", "to": "Ben", "kind": kind} for kind in ("quantum", "classical")]
TRACE = [
    *NODES,
    *CHANNELS,
    {"type": "createQubit", "t_ns": 1000, "label": "p", "node": "Ann"},
    {"type": "createQubit", "t_ns": 1000, "label": "q", "node": "Ann"},
    {"type": "entangle", "t_ns": 1500, "bits": ["p", "q"]},
    {"type": "sendQubit", "t0_ns": 2000, "t1_ns": 4000, "bit": "q", "from": "Ann", "to": "Ben"},
    {"type": "sendPacket", "t0_ns": 2000, "t1_ns": 4000, "from": "Ann", "to": "Ben", "label": "<b>go</b>"},
    {"type": "measure", "t_ns": 6000, "bit": "p"},
    {"type": "removeQubit", "t_ns": 8000, "bit": "q", "reason": "lost </script> in fibre"},
]
FIND = "document.getElementById('film').qpsviz"
# The colour of the picture at a place, and whether it is that of a token.
COLOUR_AT = """(p, [x, y, token]) => {
  const { canvas, painter } = p.player, ratio = canvas.width / painter.width;
  const [r, g, b] = canvas.getContext("2d").getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data;
  const wanted = [1, 3, 5].map((i) => parseInt(painter.tokens[token].slice(i, i + 2), 16));
  return wanted.every((value, k) => Math.abs(value - [r, g, b][k]) < 6);
}"""


@pytest.fixture
def shown(new_context: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Show the film of a trace from a file on the disk; its errors must be none, and it asks nobody for anything."""
    errors: list[str] = []
    asked: list[str] = []
    opened = []

    def show(trace: Trace, width: int = 1280) -> Any:
        file = tmp_path / "film.html"
        file.write_text(qps.film(trace).page(), encoding="utf-8")
        page = new_context(viewport={"width": width, "height": 844}).new_page()
        opened.append(page.context)
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_selector(".qps[data-run]")
        film = page.evaluate_handle(FIND)
        film.evaluate("p => p.clock.play(false)")
        page.wait_for_function("p => p.player.painter.width === p.player.element.clientWidth", arg=film)
        return film

    yield show
    for context in opened:
        context.close()
    assert errors == []
    assert {url for url in asked if not url.startswith(("file:", "data:", "blob:"))} == set()


def places(film: Any, time_us: float) -> dict[str, list[float]]:
    """Where the bits are drawn at a time, by name. [px]"""
    found: dict[str, list[float]] = film.evaluate(
        """(p, t) => {
          p.clock.seek(t);
          return Object.fromEntries([...p.player.spotsAt(t)].map(([bit, { point }]) => [p.run.names[bit], point]));
        }""",
        time_us,
    )
    return found


def test_bits_are_drawn_where_and_when_the_trace_says(shown: Any) -> None:
    film = shown(parse(json.dumps(TRACE)))
    ann, ben = film.evaluate("p => p.player.layout.spots")
    assert ben[0] - ann[0] > 100
    assert ben[1] - ann[1] > 50, "down is down"
    assert (ben[0] - ann[0]) * 40 == pytest.approx((ben[1] - ann[1]) * 60)
    assert places(film, 0.5) == {}
    assert set(places(film, 1.2)) == {"p", "q"}
    middle = places(film, 3.0)["q"]
    assert middle == pytest.approx([(ann[0] + ben[0]) / 2, (ann[1] + ben[1]) / 2])
    assert film.evaluate(COLOUR_AT, [*middle, "qubit"])
    assert abs(places(film, 5.0)["q"][0] - ben[0]) < 60
    assert set(places(film, 8.0)) == {"p"}
    assert film.evaluate("p => p.player.layout.labels.every((label) => label)")


def test_the_list_tells_every_event_and_follows_the_clock(shown: Any) -> None:
    film = shown(parse(json.dumps(TRACE)))
    film.evaluate("p => p.clock.seek(6)")
    page = film.evaluate_handle("p => p.root").as_element()
    rows = page.query_selector_all(".qps-log-row")
    texts = [" ".join((row.text_content() or "").split()) for row in rows]
    assert len(texts) == 8
    assert texts[0].startswith("1.000 µs")
    assert "Qubit p is made at Ann." in texts[0]
    assert any("<b>go</b>" in text for text in texts), "a label is a text, never markup"
    assert page.query_selector("b.go, .qps-log-words b") is None
    current = page.query_selector('.qps-log-row[aria-selected="true"]')
    assert "Qubit p is measured in base Z." in (current.text_content() or "")
    assert page.query_selector(".qps-balance").is_hidden()
    assert page.query_selector(".qps-dots").is_hidden()
    assert len(page.query_selector_all(".qps-log-drop")) == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_a_run_that_went_through_a_trace_is_watched_with_all_its_nodes(shown: Any, width: int, tmp_path: Path) -> None:
    run = qps.simulate(qps.preset("first").replace(n_frames=2), seed=1)
    run.to_q2nsviz(tmp_path / "trace.json")
    film = shown(load(tmp_path / "trace.json"), width)
    assert film.evaluate("p => p.run.nodes.map((node) => node.name)") == list(run.network.node_names)
    time_us = float(run.legs["payload_out_us"][0] + run.scenario.source.payload_us)
    assert any(name.startswith("q0:") for name in places(film, time_us))
    assert film.evaluate("p => p.root.scrollWidth <= p.root.clientWidth")


def test_nodes_without_places_stand_apart_and_the_picture_says_so(shown: Any) -> None:
    bare = [{"type": "createNode", "label": name} for name in "ABCDE"]
    film = shown(parse(json.dumps([*bare, {"type": "traceText", "t_ns": 10, "text": "hello"}])))
    spots = film.evaluate("p => p.player.layout.spots")
    assert len({tuple(spot) for spot in spots}) == 5
    assert film.evaluate("p => p.run.placed") is False
    assert film.evaluate("p => p.transport.run.sentences") == ["hello"]
