import assert from "node:assert/strict";
import { test } from "node:test";
import { lastUpTo } from "../../../qpsviz/web/js/page/search.js";

/** The same by looking at every value. */
function slow(values, limit) {
  return values.findLastIndex((value) => value <= limit);
}

test("the last value up to a limit is found among any number of values", () => {
  for (let length = 0; length < 20; length++) {
    const values = Array.from({ length }, (_, i) => 2 * i);
    for (let limit = -1.5; limit < 2 * length + 2; limit += 0.5) {
      assert.equal(
        lastUpTo(length, (i) => values[i], limit),
        slow(values, limit),
      );
    }
  }
});

test("of equal values the last one counts", () => {
  const values = [0, 1, 1, 1, 2];
  assert.equal(
    lastUpTo(values.length, (i) => values[i], 1),
    3,
  );
});

test("a million values are searched in twenty looks", () => {
  let looks = 0;
  const found = lastUpTo(
    1e6,
    (i) => {
      looks += 1;
      return i;
    },
    123_456.5,
  );
  assert.equal(found, 123_456);
  assert.ok(looks <= 20);
});
