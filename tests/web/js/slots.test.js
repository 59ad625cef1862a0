import assert from "node:assert/strict";
import { test } from "node:test";
import { slotMiddle, slotsHeld, slotsLost, slotsPassed, trailerReadUntil } from "../../../qpsviz/web/js/film/slots.js";

const RUN = { qubits: 10, spacing: 5 };

test("a slot passes when its middle does", () => {
  for (let i = 0; i < RUN.qubits; i++) {
    const moment = 100 + slotMiddle(i, RUN.spacing);
    assert.equal(slotsPassed(RUN, 100, moment - 0.1), i);
    assert.equal(slotsPassed(RUN, 100, moment + 0.1), i + 1);
  }
});

test("no slot passes before the head of its payload, and none after the last", () => {
  assert.equal(slotsPassed(RUN, 100, 0), 0);
  assert.equal(slotsPassed(RUN, 100, 1e6), RUN.qubits);
});

test("the slots that a payload lost are those whose middle it lost", () => {
  for (const lost of [0, 2, 3, 5, 7.4, 7.6, 50]) {
    const gone = Array.from({ length: RUN.qubits }, (_, i) => slotMiddle(i, RUN.spacing) < lost);
    assert.equal(slotsLost(lost, RUN.spacing), gone.filter(Boolean).length);
  }
});

test("a memory holds at most as many slots as the kernel sets apart", () => {
  assert.deepEqual(
    [0, 5, 12, 50, 125].map((stay) => slotsHeld(RUN, stay)),
    [0, 1, 3, 10, 10],
  );
  assert.equal(slotsHeld({ qubits: 10, spacing: 0.1 }, 3 * 0.1), 3);
});

test("a trailer is read where it goes on, late enough to be written anew", () => {
  assert.equal(trailerReadUntil(100, 120, 20), 120);
  assert.equal(trailerReadUntil(100, 150, 20), 120);
  assert.equal(trailerReadUntil(100, 110, 20), null);
  assert.equal(trailerReadUntil(100, Number.POSITIVE_INFINITY, 20), null);
});
