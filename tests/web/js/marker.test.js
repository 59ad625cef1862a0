import assert from "node:assert/strict";
import { test } from "node:test";
import { Marker } from "../../../qpsviz/web/js/figures/marker.js";
import { fakeBrowser } from "./fakes.js";

const scale = (pxPerUnit) => ({ compute: (value) => value * pxPerUnit, invert: (px) => px / pxPerUnit });
const AXES = { x: scale(2), y: scale(100), box: { left: 20, right: 220, top: 10, bottom: 110 } };

/** A marker on a figure whose axes are 2 px a km and 100 px a unit. */
function placed(at) {
  const browser = fakeBrowser();
  const dragged = [];
  const marker = new Marker({ x: ["length_km", 1], y: ["dwell_us", 1000] }, (values) => dragged.push(values));
  const figure = browser.element();
  marker.at = at;
  marker.follow(AXES, figure);
  return { browser, dragged, figure, marker };
}

test("a marker lies at its values on the axes", () => {
  const { marker } = placed({ x: 50, y: 0.6, on: true });
  assert.equal(marker.element.hidden, false);
  assert.equal(marker.element.style.transform, "translate(100px, 60px) rotate(45deg)");
  assert.ok(!marker.element.classes.has("qps-marker-off"));
});

test("a value off the curve is marked at the foot of the figure", () => {
  const { marker } = placed({ x: 50, y: 0.6, on: false });
  assert.equal(marker.element.style.transform, "translate(100px, 110px) rotate(45deg)");
  assert.ok(marker.element.classes.has("qps-marker-off"));
});

test("a marker beyond the axes, or of no state, is hidden", () => {
  assert.equal(placed({ x: 300, y: 0.6, on: true }).marker.element.hidden, true);
  assert.equal(placed({ x: 50, y: 5, on: true }).marker.element.hidden, true);
  assert.equal(placed(null).marker.element.hidden, true);
});

test("it follows when the figure lays itself out anew, and one figure at a time", () => {
  const { browser, marker } = placed({ x: 50, y: 0.6, on: true });
  marker.at = { x: 60, y: 0.6, on: true };
  browser.frame(0);
  assert.equal(marker.element.style.transform, "translate(120px, 60px) rotate(45deg)");
  marker.follow(AXES, browser.element());
  assert.equal(browser.observers.size, 1);
});

test("dragging sets the parameters of both axes, inside the axes and to three digits", () => {
  const { dragged, figure, marker } = placed({ x: 50, y: 0.6, on: true });
  figure.box = { left: 1000, top: 500 };
  const { pointerdown, pointermove, pointerup } = marker.element.listeners;
  pointermove({ pointerId: 1, clientX: 1100, clientY: 550 });
  assert.deepEqual(dragged, [], "only after a grab");
  pointerdown({ pointerId: 1, preventDefault: () => {} });
  pointermove({ pointerId: 1, clientX: 1066.67, clientY: 550 });
  pointermove({ pointerId: 1, clientX: 9999, clientY: 0 });
  pointerup({ pointerId: 1 });
  pointermove({ pointerId: 1, clientX: 1100, clientY: 550 });
  assert.deepEqual(dragged, [
    { length_km: 33.3, dwell_us: 500 },
    { length_km: 110, dwell_us: 100 },
  ]);
});
