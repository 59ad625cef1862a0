import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { etaBetween, inSwitch, lossOn, onLeg, photonLuck, photonsIn } from "../../../qpsviz/web/js/film/photons.js";

const { draws } = JSON.parse(readFileSync(new URL("luck.json", import.meta.url), "utf8"));

/** A run of one frame of 500 photons over two legs, with a switch between. */
function twoLegs(changes = {}) {
  return {
    key: 2463534242,
    qubits: 500,
    nLegs: 2,
    erases: false,
    legs: { frame: [0, 0], attempt: [1, 1], eta0: [1, 0.4], eta1: [0.5, 0.2], next: [1, -1] },
    ...changes,
  };
}

const all = Array.from({ length: 500 }, (_, i) => i);

test("the luck of a photon is the number that the kernel draws", () => {
  assert.equal(draws.length, 15);
  for (const { key, frame, attempt, qubit, luck } of draws) assert.equal(photonLuck(key, frame, attempt, qubit), luck);
});

test("loss along a fibre is exponential between its ends", () => {
  assert.equal(etaBetween(1, 0.25, 0.5), 0.5);
  assert.equal(etaBetween(1, 0.25, 7), 0.25);
  assert.equal(etaBetween(0, 0, 0.5), 0);
});

test("a photon that is lost stays lost, and is lost at the place where it fades", () => {
  const run = twoLegs();
  for (const i of all) {
    const seen = [onLeg(run, 0, i, 0), onLeg(run, 0, i, 0.5), onLeg(run, 0, i, 1), onLeg(run, 1, i, 0), onLeg(run, 1, i, 1)];
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => b - a),
    );
    const share = lossOn(run, 0, i);
    assert.equal(share === null, onLeg(run, 0, i, 1));
    if (share === null) continue;
    assert.ok(onLeg(run, 0, i, share - 1e-6) || share < 1e-6);
    assert.ok(!onLeg(run, 0, i, share + 1e-6) || share > 1 - 1e-6);
  }
});

test("a switch takes its loss at once, and a memory that erases little by little", () => {
  const count = (run, share) => all.filter((i) => inSwitch(run, 0, i, share)).length;
  assert.equal(count(twoLegs(), 0), count(twoLegs(), 1));
  const erasing = twoLegs({ erases: true });
  assert.equal(count(erasing, 0), photonsIn(erasing, 0, 0, 500));
  assert.equal(count(erasing, 1), count(twoLegs(), 1));
  assert.ok(count(erasing, 0) > count(erasing, 0.5) && count(erasing, 0.5) > count(erasing, 1));
});

test("as many photons reach the end of a leg as have enough luck, and all slots where slots are drawn", () => {
  const run = twoLegs();
  const lucky = all.filter((i) => photonLuck(run.key, 0, 1, i) < 0.2);
  assert.equal(photonsIn(run, 1, 0, 500), lucky.length);
  assert.equal(photonsIn(run, 1, 0, 500), lucky.length, "asked again, it is the same");
  assert.equal(photonsIn(run, 1, 100, 200), lucky.filter((i) => i >= 100 && i < 200).length);
  assert.equal(photonsIn(twoLegs({ clock: { slots: true } }), 1, 100, 200), 100);
});

test("beyond four million draws photons are counted by their mean", () => {
  const run = twoLegs({ nLegs: 8001 });
  assert.equal(photonsIn(run, 1, 0, 500), 100);
});
