"""However many nodes the network has and however narrow the page is, no node or name covers another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

# Names with their row and extent, nodes with their extent, and memory slots, all in px from left to right.
PLACED = """p => {
  const { painter, run, layout } = p.player;
  const nodes = run.nodes.map((node, i) => {
    const x = layout.at[i], half = 20 * layout.scale, slots = layout.slotsPerRow[i];
    const label = layout.labels[i], wide = label ? painter.widthOf(label.text, { bold: true }) / 2 : 0;
    return {
      x, node: [x - half, x + half], slots: [x - slots * (slots > 5 ? 8 : 7) / 2, x + slots * (slots > 5 ? 8 : 7) / 2],
      name: label && [x - wide, x + wide], row: label?.row, full: node.name, text: label?.text, role: node.role,
    };
  });
  return [nodes.sort((a, b) => a.x - b.x), painter.width];
}"""
# Texts at many moments of the film that are not whole on the canvas.
CUT_OFF = """p => {
  const { painter } = p.player, { context } = painter, cut = new Set();
  context.fillText = (text, x, y) => {
    const wide = context.measureText(text).width;
    const left = x - { left: 0, center: 0.5, right: 1 }[context.textAlign] * wide;
    if (left < 0 || left + wide > painter.width || y < 5 || y > painter.height - 5) cut.add(text);
  };
  for (let share = 0; share <= 1; share += 0.02) p.clock.seek(share * p.clock.duration);
  delete context.fillText;
  return [...cut];
}"""
FITS = "p => p.player.painter.width === p.player.element.clientWidth"


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def explorer_of_width(explorer: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The explorer on a page of some width."""
    explorer.page.set_viewport_size({"width": request.param, "height": 844})
    yield explorer
    explorer.page.set_viewport_size({"width": 1280, "height": 800})
    explorer.until(FITS)


@pytest.mark.parametrize("n_relays", [0, 1, 3, 8, 20])
@pytest.mark.parametrize("layout", ["sender", "split"])
def test_no_node_or_name_covers_another(explorer_of_width: Any, layout: str, n_relays: int) -> None:
    explorer = explorer_of_width
    explorer.start("fig12", layout=layout, n_relays=n_relays)
    explorer.until(FITS)
    nodes, width = explorer.ask(PLACED)
    assert len(nodes) == (2 * n_relays + 3 if layout == "split" else n_relays + 2)
    for one, next_one in pairwise(nodes):
        assert one["node"][1] <= next_one["node"][0]
        assert one["slots"][1] <= next_one["slots"][0] + 0.01
    for row in (0, 1):
        names = [n["name"] for n in nodes if n["name"] and n["row"] == row]
        assert all(one[1] < next_one[0] for one, next_one in pairwise(names))
    extents = [extent for n in nodes for extent in (n["node"], n["slots"], n["name"]) if extent]
    assert all(left >= 0 and right <= width for left, right in extents)
    assert all(n["text"] == n["full"] for n in nodes if n["role"] != "relay"), "an end or the source has lost its name"
    assert all(n["text"] is None or n["full"].endswith(n["text"]) for n in nodes)


def test_nodes_without_fibre_between_them_are_drawn_apart(explorer: Any) -> None:
    explorer.start("first", length_km=0.0)
    nodes, _ = explorer.ask(PLACED)
    assert all(one["node"][1] < next_one["node"][0] for one, next_one in pairwise(nodes))


@pytest.mark.parametrize("n_relays", [0, 3, 8])
@pytest.mark.parametrize("preset", ["first", "fig12"])
def test_no_text_is_cut_off_at_the_edge(explorer_of_width: Any, preset: str, n_relays: int) -> None:
    explorer = explorer_of_width
    explorer.start(preset, n_relays=n_relays, n_frames=20)
    explorer.until(FITS)
    assert explorer.ask(CUT_OFF) == []
