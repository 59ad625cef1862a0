import assert from "node:assert/strict";
import { test } from "node:test";
import { layOutFilm } from "../../../qpsviz/web/js/film/layout.js";
import { layOut } from "../../../qpsviz/web/js/film/network_layout.js";

const measure = (text) => 7 * text.length;

/** A line of two ends and some relays, evenly spaced. */
function line(nRelays, km = 10) {
  const relays = Array.from({ length: nRelays }, (_, i) => ({ name: `Relay ${i + 1}`, role: "relay", x: km * (i + 1), y: 0 }));
  return [{ name: "Alice", role: "sender", x: 0, y: 0 }, ...relays, { name: "Bob", role: "receiver", x: km * (nRelays + 1), y: 0 }];
}

/** Nodes on a circle. */
function ring(n) {
  const angle = (i) => (2 * Math.PI * i) / n;
  return Array.from({ length: n }, (_, i) => ({ name: `Node ${i}`, role: "user", x: 5 * Math.cos(angle(i)), y: 5 * Math.sin(angle(i)) }));
}

for (const nRelays of [0, 1, 5, 20, 60]) {
  for (const width of [340, 900, 1600]) {
    test(`a line of ${nRelays} relays is drawn to scale in ${width} px, and no name covers another`, () => {
      const nodes = line(nRelays);
      const { at, labels, labelRows, span, x, scale } = layOut(nodes, width, measure);
      assert.equal(span, 10 * (nRelays + 1));
      for (const [i, node] of nodes.entries()) assert.ok(Math.abs(at[i] - x(node.x)) < 1e-9);
      const steps = at.slice(1).map((px, i) => px - at[i]);
      for (const step of steps) assert.ok(Math.abs(step - steps[0]) < 1e-6);
      assert.ok(at[0] > 0 && at.at(-1) < width && scale > 0 && scale <= 1);
      assert.ok(labels[0] && labels.at(-1), "the ends are always named");
      const shown = labels.flatMap((label, i) =>
        label ? [{ ...label, from: at[i] - measure(label.text) / 2, to: at[i] + measure(label.text) / 2 }] : [],
      );
      for (const one of shown) {
        assert.ok(one.row < labelRows);
        for (const other of shown) assert.ok(one === other || one.row !== other.row || one.to <= other.from || other.to <= one.from);
      }
    });
  }
}

test("without any fibre nodes are drawn apart all the same", () => {
  const { at, span } = layOut(line(2, 0), 900, measure);
  assert.equal(span, 0);
  assert.equal(new Set(at).size, 4);
});

test("memory slots beside a node fit between its neighbours", () => {
  for (const nRelays of [1, 4, 12, 40]) {
    const { at, slotsPerRow } = layOut(line(nRelays), 900, measure);
    const gap = at[1] - at[0];
    for (const count of slotsPerRow) assert.ok(count <= 10 && (count === 10 ? 80 : 7 * count) <= gap + 1e-9);
  }
});

test("on a line both directions share one fibre", () => {
  const layout = layOutFilm({ line: true, nodes: line(1) }, 900, measure);
  assert.ok(layout.isLine);
  const [there, back] = [layout.fibre(0, 1, 0), layout.fibre(1, 0, 0)];
  assert.deepEqual(there.point(0), back.point(1));
  assert.deepEqual(there.point(1), layout.spots[1]);
  assert.equal(there.angle, 0);
  assert.equal(Math.abs(back.angle), Math.PI);
});

for (const width of [320, 900]) {
  test(`a map keeps the shape of its network in ${width} px, inside the picture`, () => {
    const nodes = ring(8);
    const layout = layOutFilm({ line: false, nodes }, width, measure);
    const px = (i, k) => Math.hypot(layout.spots[i][0] - layout.spots[k][0], layout.spots[i][1] - layout.spots[k][1]);
    const km = (i, k) => Math.hypot(nodes[i].x - nodes[k].x, nodes[i].y - nodes[k].y);
    const pxPerKm = px(0, 4) / km(0, 4);
    for (let i = 1; i < 8; i++) assert.ok(Math.abs(px(0, i) / km(0, i) - pxPerKm) < 1e-9);
    for (const [x, y] of layout.spots) assert.ok(x >= 0 && x <= width && y >= 0 && y <= layout.height);
    assert.ok(layout.spots[2][1] < layout.spots[6][1], "north is above south");
  });
}

test("on a map each direction keeps to its right, and parallel fibres lie side by side", () => {
  const layout = layOutFilm({ line: false, nodes: ring(4) }, 900, measure);
  const [there, back, second] = [layout.fibre(0, 1, 0), layout.fibre(1, 0, 0), layout.fibre(0, 1, 1)];
  const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  assert.ok(Math.abs(apart(there.point(0.5), back.point(0.5)) - 2 * 0.6 * 6) < 1e-9);
  assert.ok(Math.abs(apart(there.point(0.5), second.point(0.5)) - 6) < 1e-9);
  assert.ok(Math.abs(there.px - apart(layout.spots[0], layout.spots[1])) < 1e-9);
});

test("names on a map touch neither another nor a node nor the edge", () => {
  for (const n of [3, 12, 40]) {
    const layout = layOutFilm({ line: false, nodes: ring(n) }, 700, measure);
    const boxes = layout.labels
      .filter(Boolean)
      .map(({ text, x, y }) => ({ x0: x - measure(text) / 2, x1: x + measure(text) / 2, y0: y - 7, y1: y + 7 }));
    assert.ok(boxes.length > 0);
    const spots = layout.spots.map(([x, y]) => ({ x0: x - 7, x1: x + 7, y0: y - 7, y1: y + 7 }));
    boxes.forEach((one, i) => {
      assert.ok(one.x0 >= 0 && one.x1 <= 700 && one.y0 >= 0 && one.y1 <= layout.height);
      for (const other of [...boxes.slice(i + 1), ...spots]) {
        assert.ok(one.x1 <= other.x0 || other.x1 <= one.x0 || one.y1 <= other.y0 || other.y1 <= one.y0);
      }
    });
  }
});
