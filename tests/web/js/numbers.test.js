import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleOf } from "../../../qpsviz/web/js/page/controls.js";
import { array, columns, fixed, scientific } from "../../../qpsviz/web/js/page/dom.js";

test("a number of fixed decimals has a sign only where one is seen", () => {
  assert.deepEqual(
    [0.5, -0.5, -0.001, 0, 12.344].map((value) => fixed(value, 2)),
    ["0.50", "−0.50", "0.00", "0.00", "12.34"],
  );
});

test("a small or large number has its power of ten written out", () => {
  assert.deepEqual(
    [0, 0.00123, 123456, 1.5e-7, -2e9, 1e-10].map((value) => scientific(value, 3)),
    ["0", "0.00123", "123000", "1.5×10⁻⁷", "−2×10⁹", "1×10⁻¹⁰"],
  );
});

test("an array comes out of its octets as what went in; a list and nothing stay what they are", () => {
  const octets = new Uint8Array([9, 1, 2, 3]);
  assert.deepEqual(array({ type: "u1", data: new DataView(octets.buffer, 1) }), new Uint8Array([1, 2, 3]));
  assert.deepEqual(array([1, null]), [1, null]);
  assert.equal(array(null), null);
  assert.equal(array(undefined), undefined);
  assert.equal(array(2.5), 2.5);
  assert.deepEqual(columns({ a: [1], b: { type: "i4", data: new DataView(new Int32Array([7]).buffer) } }), {
    a: [1],
    b: new Int32Array([7]),
  });
});

test("a linear slider has the values themselves, and stands at its end beyond them", () => {
  const scale = scaleOf({ lo: 0, hi: 10, step: 0.5, log: false, open: false });
  assert.deepEqual([scale.min, scale.max, scale.step], [0, 10, 0.5]);
  assert.deepEqual([scale.toValue("2.5"), scale.toPosition(2.5), scale.toPosition(99)], [2.5, 2.5, 10]);
});

test("a logarithmic slider comes back to every place it stands at, and ends at never where that is open", () => {
  const scale = scaleOf({ lo: 0.1, hi: 10_000, step: 0, log: true, open: true });
  for (let position = scale.min; position <= scale.max; position++) assert.equal(scale.toPosition(scale.toValue(position)), position);
  assert.equal(scale.toValue(scale.max), "inf");
  assert.equal(scale.toPosition(1e9), scale.max - 1);
  assert.equal(scaleOf({ lo: 1, hi: 10, step: 0, log: true, open: false }).max, 300);
});
