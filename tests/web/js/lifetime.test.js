import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../../qpsviz/web/js/film/clock.js";
import { Lifetime } from "../../../qpsviz/web/js/page/lifetime.js";
import { fakeBrowser } from "./fakes.js";

test("sizes and the clock are heard until the end, and not after it", () => {
  const browser = fakeBrowser();
  const [clock, lifetime, box] = [new Clock(1), new Lifetime(), browser.element()];
  const heard = [];
  lifetime.size(box, (width) => heard.push(width));
  lifetime.clock(clock, () => heard.push("clock"));
  const [observer] = browser.observers;
  assert.deepEqual(observer.seen, [box]);
  observer.tell([{ contentRect: { width: 320 } }]);
  clock.seek(0);
  assert.deepEqual(heard, ["clock", 320, "clock"]);
  lifetime.end();
  clock.seek(0);
  assert.equal(heard.length, 3);
  assert.equal(browser.observers.size, 0);
});

test("after an end it may begin again", () => {
  const browser = fakeBrowser();
  const [lifetime, box] = [new Lifetime(), browser.element()];
  for (let i = 0; i < 3; i++) {
    lifetime.end();
    lifetime.size(box, () => {});
  }
  assert.equal(browser.observers.size, 1);
});
