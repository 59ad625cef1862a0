import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwn, readChoice, writeChoice } from "../../../qpsviz/web/js/tabs/traffic/choice.js";
import { Flow, historyOf, Queues } from "../../../qpsviz/web/js/tabs/traffic/flow.js";
import { along, layOutMap, linkAt, stationAt, stationTowards } from "../../../qpsviz/web/js/tabs/traffic/geometry.js";

const MAP = {
  names: ["a", "b", "c"],
  x: [0, 30, 0],
  y: [0, 0, 40],
  pair_x: [15, 0],
  pair_y: [6, 20],
  link_from: [0, 1, 0],
  link_to: [1, 0, 2],
  link_pair: [0, 0, 1],
  link_km: [20, 20, 0],
};

test("a choice survives its text", () => {
  const text = "metro,even,on_off,10,0.45,burst_delayed";
  assert.equal(writeChoice(readChoice(text)), text);
  assert.deepEqual([isOwn(readChoice(text)), isOwn({ ...readChoice(text), network: "own-0123" })], [false, true]);
});

test("stations are inside the box, north up, with one scale for both directions", () => {
  const { x, y } = layOutMap(MAP, 400, 300, 20);
  assert.ok(x.every((px) => px >= 20 && px <= 380) && y.every((py) => py >= 19.9 && py <= 280.1));
  assert.ok(y[2] < y[0]);
  assert.ok(Math.abs((x[1] - x[0]) / 30 - (y[0] - y[2]) / 40) < 1e-9);
});

test("a lane goes through its ends and its middle, and the way back beside it", () => {
  const { lanes } = layOutMap(MAP, 400, 300, 20);
  const [there, back] = lanes;
  assert.deepEqual(along(there, 0), [there.x0, there.y0]);
  assert.deepEqual(along(there, 0.5), [there.mx, there.my]);
  assert.deepEqual(along(there, 1), [there.x1, there.y1]);
  assert.deepEqual([there.straight, lanes[2].straight], [false, true]);
  const apart = Math.hypot(there.x0 - back.x1, there.y0 - back.y1);
  assert.ok(Math.abs(apart - 5) < 1e-9);
});

test("what is near a point is found, and nothing where nothing is near", () => {
  const layout = layOutMap(MAP, 400, 300, 20);
  assert.equal(stationAt(layout, layout.x[1] + 3, layout.y[1]), 1);
  assert.equal(stationAt(layout, 0, 0), -1);
  assert.equal(linkAt(layout, ...along(layout.lanes[1], 0.5)), 1);
  assert.equal(linkAt(layout, 399, 1), -1);
  assert.equal(stationTowards(layout, 0, 1, 0), 1);
  assert.equal(stationTowards(layout, 0, 0, -1), 2);
  assert.equal(stationTowards(layout, 0, 0, 1), 0);
});

test("a payload is on a link from its head's start to its tail's end, as long as it lasts", () => {
  const legs = { link: [0, 2, 1], first: [0, 5, 110], last: [50, 60, 150], frame: [0, 1, 2] };
  const flow = new Flow(legs, MAP, { payload: 50, speed: 0.2 });
  const at = (time) => {
    const seen = [];
    flow.each(time, (link, tail, head) => seen.push([link, tail, head]));
    return seen;
  };
  assert.deepEqual(at(-1), []);
  assert.deepEqual(at(25), [
    [0, 0, 0.25],
    [2, 0, 1],
  ]);
  assert.deepEqual(at(100), [[0, 0.5, 1]]);
  assert.deepEqual(at(120), [
    [0, 0.7, 1],
    [1, 0, 0.1],
  ]);
  assert.deepEqual(at(151), [[1, 0.01, 0.41]]);
  assert.deepEqual(at(250), []);
});

test("queues are counted forwards and after a step back", () => {
  const waits = { time: [1, 2, 3, 4], node: [0, 0, 1, 0], link: [5, 6, 5, 5], step: [1, 1, 1, -1] };
  const queues = new Queues(waits, 2);
  assert.deepEqual([...queues.at(2.5)], [2, 0]);
  assert.deepEqual([...queues.at(9)], [1, 1]);
  assert.deepEqual([...queues.at(1)], [1, 0]);
  assert.deepEqual(historyOf(waits, { node: 0 }), [
    [0, 0],
    [1, 1],
    [2, 2],
    [4, 1],
  ]);
  assert.deepEqual(historyOf(waits, { link: 5 }), [
    [0, 0],
    [1, 1],
    [3, 2],
    [4, 1],
  ]);
});
