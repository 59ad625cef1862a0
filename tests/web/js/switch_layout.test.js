import assert from "node:assert/strict";
import { test } from "node:test";
import { alongPath, slotGrid } from "../../../qpsviz/web/js/tabs/switch/layout.js";
import { between } from "../../../qpsviz/web/js/film/run.js";
import { classicalPlace, mixPoints, twoSteps } from "../../../qpsviz/web/js/tabs/switch/steps.js";

const PATH = {
  points: [
    [0, 0, 0],
    [10, 0, 10],
    [10, 5, 15],
    [30, 5, 35],
  ],
  length: 35,
};
const TRACK = { path: PATH, part: 5, merge: 30, reader: 10, unit: 15, writer: 20 };

test("a point along a path is that length from its start, and never beyond its ends", () => {
  assert.deepEqual(
    [-4, 0, 4, 10, 12, 25, 99].map((length) => alongPath(PATH, length)),
    [
      [0, 0],
      [0, 0],
      [4, 0],
      [10, 0],
      [10, 2],
      [20, 5],
      [30, 5],
    ],
  );
});

test("memory slots fill a card without touching, or are not drawn at all", () => {
  const card = { x: 100, y: 50, w: 140, h: 76 };
  for (const count of [1, 7, 10, 40, 100]) {
    const grid = slotGrid(card, count);
    assert.ok(grid);
    const places = Array.from({ length: count }, (_, i) => grid.place(i));
    for (const [x, y] of places) {
      assert.ok(x - grid.size / 2 >= card.x && x + grid.size / 2 <= card.x + card.w);
      assert.ok(y - grid.size / 2 >= card.y + 33 - 1e-9 && y + grid.size / 2 <= card.y + card.h);
    }
    assert.equal(new Set(places.map(String)).size, count);
  }
  assert.equal(slotGrid(card, 10_000), null);
});

test("a mark goes from place to place in its time, and stays there", () => {
  assert.deepEqual(
    [-1, 0, 0.5, 1, 9].map((share) => between(2, 4, share)),
    [2, 2, 3, 4, 4],
  );
  assert.deepEqual(mixPoints([0, 10], [4, 20], 0.5), [2, 15]);
  assert.deepEqual(
    [0, 5, 10, 15, 20, 30].map((since) => twoSteps(since, 10, 0, 100, 120)),
    [0, 50, 100, 110, 120, 120],
  );
});

test("a header comes, is read in the control unit and goes, and is in one place at a time", () => {
  const times = { came: 100, read: 140, goes: 200 };
  const place = (time) => classicalPlace(TRACK, 20, time, times);
  assert.equal(place(79), null);
  assert.equal(place(80), 0);
  assert.equal(place(100), TRACK.reader);
  assert.equal(place(120), TRACK.unit);
  assert.equal(place(140), TRACK.writer);
  assert.equal(place(199), TRACK.writer);
  assert.equal(place(220), null);
  let last = 0;
  for (let time = 80; time < 220; time += 0.5) {
    const now = place(time);
    assert.ok(now >= last && now - last < 1.6, `${time} µs: from ${last} to ${now}`);
    last = now;
  }
  assert.ok(last > 34);
});
