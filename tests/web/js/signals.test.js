import assert from "node:assert/strict";
import { test } from "node:test";
import { reservationsOf } from "../../../qpsviz/web/js/film/signals.js";

const SETUP = { ahead: true, reserves: true, frees: false };
const REFUSAL = { ahead: false, reserves: false, frees: true };
const RELEASE = { ahead: true, reserves: false, frees: true };
const CONFIRM = { ahead: false, reserves: false, frees: false };

/** A run with these messages over one fibre or two: kind, from, to, out, in. */
function runOf(...messages) {
  const column = (place) => messages.map((message) => message[place]);
  const ones = messages.map(() => 1);
  return {
    nSignals: messages.length,
    signalKinds: [SETUP, REFUSAL, RELEASE, CONFIRM],
    signals: {
      kind: column(0).map((kind) => [SETUP, REFUSAL, RELEASE, CONFIRM].indexOf(kind)),
      frame: ones,
      attempt: ones,
      from: column(1),
      to: column(2),
      out: column(3),
      in: column(4),
    },
  };
}

test("a release frees a fibre as it leaves, a refusal as it arrives, a confirmation never", () => {
  const setup = [SETUP, 0, 1, 10, 20];
  assert.deepEqual(reservationsOf(runOf(setup)), [{ from: 0, to: 1, start: 10, end: Infinity }]);
  assert.equal(reservationsOf(runOf(setup, [RELEASE, 0, 1, 90, 100]))[0].end, 90);
  assert.equal(reservationsOf(runOf(setup, [REFUSAL, 1, 0, 30, 40]))[0].end, 40);
  assert.equal(reservationsOf(runOf(setup, [CONFIRM, 1, 0, 30, 40]))[0].end, Infinity);
});

test("a message over another fibre frees nothing", () => {
  const found = reservationsOf(runOf([SETUP, 0, 1, 10, 20], [SETUP, 1, 2, 20, 30], [RELEASE, 1, 2, 90, 100]));
  assert.deepEqual(
    found.map(({ end }) => end),
    [Infinity, 90],
  );
});
