import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence } from "../../../qpsviz/web/js/film/run.js";
import { bondsAt, colourOf, indexTrace, placeOf } from "../../../qpsviz/web/js/film/trace_run.js";
import { paceFor } from "../../../qpsviz/web/js/film/transport.js";

/** Two bits: one goes from node 0 over 1 to 2, is measured and goes away; the other stays. */
function smallTrace() {
  return indexTrace({
    names: ["p", "q"],
    bits: { node: [0, 1], quantum: [1, 0], made: [1, 0], measured: [8, Infinity], gone: [9, Infinity] },
    moves: { bit: [0, 0], from: [0, 1], to: [1, 2], out: [2, 5], in: [4, 5] },
    bonds: { first: [0, 0], second: [1, 1], start: [1, 4], end: [3, Infinity] },
    colours: { bit: [0, 0], time: [2, 6] },
    firstColours: ["", "red"],
    colourNames: ["#112233", "#445566"],
    sentences: ["p is made.", "p leaves."],
    events: { time: [1, 2], kind: [0, 1], node: [0, 0] },
  });
}

test("a bit is where it was made, then on its way, then where it came to, and nowhere before and after", () => {
  const trace = smallTrace();
  const places = [0.5, 1, 2, 3, 4, 5, 8.9, 9].map((t) => placeOf(trace, 0, t));
  assert.deepEqual(places, [
    null,
    { node: 0 },
    { from: 0, to: 1, share: 0 },
    { from: 0, to: 1, share: 0.5 },
    { node: 1 },
    { node: 2 }, // a move that takes no time
    { node: 2 },
    null,
  ]);
  assert.deepEqual(placeOf(trace, 1, 1e9), { node: 1 });
});

test("a bit has the colour that it was last given", () => {
  const trace = smallTrace();
  assert.deepEqual(
    [1, 2, 5.9, 6].map((t) => colourOf(trace, 0, t)),
    ["", "#112233", "#112233", "#445566"],
  );
  assert.equal(colourOf(trace, 1, 9), "red");
});

test("two bits are entangled from the beginning of their bond until before its end", () => {
  const trace = smallTrace();
  assert.deepEqual(
    [0, 1, 2.9, 3, 4, 99].map((t) => bondsAt(trace, t)),
    [[], [0], [0], [], [1], [1]],
  );
});

test("a trace says its own sentences", () => {
  assert.equal(sentence(smallTrace(), 1, []), "p leaves.");
  assert.equal(sentence(smallTrace(), -1, []), "Nothing has happened yet.");
});

test("a trace of a microsecond is watched slowly, and a run as before", () => {
  assert.equal(paceFor(1, true), 0.05);
  assert.equal(paceFor(7, true), 0.25);
  assert.equal(paceFor(7), 10);
  assert.equal(paceFor(5000, true), paceFor(5000));
});
