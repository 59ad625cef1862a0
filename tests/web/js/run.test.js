import assert from "node:assert/strict";
import { test } from "node:test";
import {
  between,
  countOfDrops,
  eventAt,
  frameName,
  historyOf,
  indexRun,
  openRun,
  sentence,
  shortTime,
} from "../../../qpsviz/web/js/film/run.js";

/** Two frames from an end over a relay to the other: one arrives in its second attempt, one is dropped at the relay. */
function smallRun(changes = {}) {
  return {
    nodes: [
      { name: "Alice", role: "sender" },
      { name: "Relay 1", role: "relay" },
      { name: "Bob", role: "receiver" },
      { name: "Carol", role: "user" },
    ],
    arms: 1,
    attempts: 2,
    reserves: false,
    dropKinds: [3, 4],
    fates: ["", "no free channel", "too late", "path taken", "never shown"],
    refusal: 3,
    notes: ["", "", "too late", "", ""],
    legs: {
      frame: [0, 1, 0, 0],
      attempt: [1, 1, 2, 2],
      hop: [0, 0, 0, 1],
      to: [1, 1, 1, 2],
      home: [false, false, false, true],
      h0: [0, 10, 100, 160],
      h1: [50, 60, 150, 210],
      p0: [5, 15, 105, 175],
      next: [-1, -1, 3, -1],
      f0: [1, 1, 1, 0.9],
      f1: [0.95, 0.95, 0.95, 0.85],
    },
    events: { time: [0, 10, 60, 100, 210], kind: [0, 0, 3, 0, 1], frame: [0, 1, 1, 0, 0], attempt: [1, 1, 1, 2, 2], node: [0, 0, 1, 0, 2] },
    signals: { kind: [] },
    frames: { pair: [0, 0], session: [5, 6], source: [0, 0], destination: [2, 2] },
    ...changes,
  };
}

const TEMPLATES = ["{Frame} leaves {node} for {destination}", "{frame} reaches {node}", "", "{Frame} is dropped at {node}: {note}"];

test("a run is indexed: its lengths, its switches and what is dropped where", () => {
  const run = indexRun(smallRun());
  assert.deepEqual([run.nLegs, run.nEvents, run.nSignals], [4, 5, 0]);
  assert.deepEqual(run.switches, [1]);
  assert.deepEqual(run.drops, [{ time: 60, node: 1, reason: "too late", isFrame: true }]);
});

test("a node that frames only pass is a switch, whatever its role", () => {
  const run = smallRun();
  run.legs.to[0] = 3;
  assert.deepEqual(indexRun(run).switches, [1, 3]);
});

test("tables are unpacked from their octets, wherever in a message they lie", () => {
  const packed = (values, type, Kind, lead) => {
    const octets = new Uint8Array(lead + values.length * Kind.BYTES_PER_ELEMENT);
    octets.set(new Uint8Array(new Kind(values).buffer), lead);
    return { type, data: new DataView(octets.buffer, lead) };
  };
  const { legs, events, signals, frames, ...rest } = smallRun();
  const sent = {
    ...rest,
    signals,
    frames,
    legs: { ...legs, h0: packed(legs.h0, "f8", Float64Array, 8), to: packed(legs.to, "i4", Int32Array, 12) },
    events: { ...events, time: packed(events.time, "f4", Float32Array, 3) },
    kept: { longest: 2, f: packed([1, 0.5], "f4", Float32Array, 1) },
  };
  const clock = { slots: false };
  const run = openRun(sent, clock);
  assert.deepEqual([...run.legs.h0], legs.h0);
  assert.ok(run.legs.to instanceof Int32Array);
  assert.deepEqual([...run.events.time], events.time);
  assert.deepEqual([run.kept.longest, ...run.kept.f], [2, 1, 0.5]);
  assert.equal(run.clock, clock);
  assert.equal(openRun({ ...sent, kept: null }).kept, null);
});

test("the event at a time is the last that is not later; at its own time it counts", () => {
  const run = indexRun(smallRun());
  const found = [-1, 0, 9.99, 10, 59, 60 - 1e-10, 1e9].map((time) => eventAt(run, time));
  assert.deepEqual(found, [-1, 0, 0, 1, 1, 2, 4]);
});

test("a frame is named by its number, its pair and its attempt", () => {
  const run = indexRun(smallRun());
  assert.equal(frameName(run, 1), "frame 1");
  assert.equal(frameName(run, 1, 2), "frame 1 (attempt 2)");
  assert.equal(frameName({ ...run, arms: 2, frames: { pair: [0, 3] } }, 1, 2), "frame 1 (pair 3, attempt 2)");
});

test("an event is said in a sentence", () => {
  const run = indexRun(smallRun());
  assert.equal(sentence(run, -1, TEMPLATES), "Nothing has happened yet.");
  assert.equal(sentence(run, 0, TEMPLATES), "Frame 0 leaves Alice for Bob");
  assert.equal(sentence(run, 2, TEMPLATES), "Frame 1 is dropped at Relay 1: too late");
  assert.equal(sentence(run, 4, TEMPLATES), "frame 0 (attempt 2) reaches Bob");
});

test("drops are counted in attempts where a frame may have several, else in frames", () => {
  assert.equal(countOfDrops({ attempts: 2, reserves: false }, 1), "1 attempt");
  assert.equal(countOfDrops({ attempts: 1, reserves: false }, 2), "2 frames");
  assert.equal(countOfDrops({ attempts: 2, reserves: true }, 0), "0 frames");
});

test("the history of a frame tells of every leg, its fidelity and how long it was held", () => {
  const run = indexRun(smallRun());
  assert.equal(
    historyOf(run, 0),
    "Frame 0. Relay 1: F 1.000 → 0.950 · attempt 2: Relay 1: F 1.000 → 0.950, held 20 µs · Bob: F 0.900 → 0.850",
  );
});

test("a duration is written with the prefix that suits it", () => {
  const texts = [0, 1e-12, 0.25, 12.345, 999, 1000, 2.5e6, -1500, Infinity].map(shortTime);
  assert.deepEqual(texts, ["0 µs", "0 µs", "0.25 µs", "12.3 µs", "999 µs", "1 ms", "2.5 s", "−1.5 ms", "–"]);
});

test("between two ends a share beyond them is an end", () => {
  assert.deepEqual(
    [-1, 0, 0.25, 1, 2].map((share) => between(4, 8, share)),
    [4, 4, 5, 8, 8],
  );
});
