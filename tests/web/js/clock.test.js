import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../../qpsviz/web/js/film/clock.js";
import { fakeBrowser } from "./fakes.js";

/** A clock of 1,000 µs at 100 µs a second, and its display. */
function started(options) {
  const browser = fakeBrowser(options);
  const clock = new Clock(100);
  clock.rewind(1000);
  return { browser, clock };
}

test("time goes on by the speed, from frame to frame", () => {
  const { browser, clock } = started();
  browser.frame(5000);
  assert.equal(clock.time, 0);
  browser.frame(5050);
  assert.ok(Math.abs(clock.time - 5) < 1e-9);
});

test("a display that stood still for long moves the film by a tenth of a second at most", () => {
  const { browser, clock } = started();
  browser.frame(0);
  browser.frame(60_000);
  assert.ok(Math.abs(clock.time - 10) < 1e-9);
});

test("at the end the film starts anew, and play starts one that stands at its end", () => {
  const { browser, clock } = started();
  browser.frame(0);
  clock.seek(999);
  browser.frame(100);
  assert.equal(clock.time, 0);
  clock.play(false);
  clock.seek(5000);
  assert.equal(clock.time, 1000);
  clock.play(true);
  assert.equal(clock.time, 0);
});

test("a run of another length keeps the time if it has it, else the share", () => {
  const { clock } = started();
  clock.seek(400);
  clock.rewind(2000);
  assert.equal(clock.time, 400);
  clock.seek(1000);
  clock.rewind(500);
  assert.equal(clock.time, 250);
});

test("a listener is told at once, at every change, and no more once it has left", () => {
  const { clock } = started();
  const times = [];
  const leave = clock.subscribe(({ time }) => times.push(time));
  clock.seek(3);
  leave();
  clock.seek(4);
  assert.deepEqual(times, [0, 3]);
});

test("while an answer is on its way two pictures of three are left out, but time goes on", () => {
  const { browser, clock } = started();
  const now = performance.now();
  let told = 0;
  browser.frame(now);
  clock.subscribe(() => {
    told += 1;
  });
  clock.hurriedUntil = now + 1000;
  for (let i = 1; i <= 6; i++) browser.frame(now + 10 * i);
  assert.equal(told, 1 + 2);
  assert.ok(Math.abs(clock.time - 6) < 1e-9);
});

test("who asked for less motion gets a film that stands still", () => {
  const { browser, clock } = started({ reducedMotion: true });
  assert.equal(clock.playing, false);
  assert.equal(browser.frame(0), 0);
});

test("time stands still while nothing of the film is on screen", () => {
  const { browser, clock } = started();
  const card = browser.element();
  clock.watch(card, null, undefined);
  assert.deepEqual(clock.watcher.seen, [card]);
  browser.frame(0);
  clock.see([{ target: card, isIntersecting: false }]);
  browser.frame(50);
  assert.equal(clock.time, 0);
  assert.equal(browser.frame(60), 0);
  clock.see([{ target: card, isIntersecting: true }]);
  browser.frame(100);
  browser.frame(150);
  assert.ok(Math.abs(clock.time - 5) < 1e-9);
});

test("a stopped clock asks for no more frames and tells nobody", () => {
  const { browser, clock } = started();
  let told = 0;
  clock.subscribe(() => {
    told += 1;
  });
  clock.stop();
  clock.seek(7);
  assert.equal(told, 1);
  assert.equal(browser.frame(0), 0);
});
