import assert from "node:assert/strict";
import { test } from "node:test";
import { Moves } from "../../../qpsviz/web/js/page/moves.js";

test("moves wait in order, each with the next revision, until they are answered", () => {
  const moves = new Moves();
  moves.add({ values: { length_km: 10 } });
  moves.add({ preset: "first" });
  moves.add({ tab: "budget" });
  assert.deepEqual(moves.waiting, [
    { revision: 1, values: { length_km: 10 } },
    { revision: 2, preset: "first" },
    { revision: 3, tab: "budget" },
  ]);
  moves.answered(2);
  assert.deepEqual(moves.waiting, [{ revision: 3, tab: "budget" }]);
  assert.equal(moves.revision, 3);
});

test("a slider that moves again takes the place of its last move, and of no other move", () => {
  const moves = new Moves();
  for (const length of [10, 20, 30]) moves.add({ values: { length_km: length } });
  assert.deepEqual(moves.waiting, [{ revision: 3, values: { length_km: 30 } }]);
  moves.add({ values: { n_relays: 2 } });
  moves.add({ values: { length_km: 40 } });
  moves.add({ seed: 2 });
  moves.add({ values: {}, typed: { name: "length_km", text: "50" } });
  moves.add({ values: {}, typed: { name: "length_km", text: "60" } });
  assert.deepEqual(
    moves.waiting.map(({ revision }) => revision),
    [3, 4, 5, 6, 7, 8],
  );
});

test("controls that moved, or were typed into, are held until their answer", () => {
  const moves = new Moves();
  moves.add({ values: { length_km: 10 } });
  moves.add({ values: {}, typed: { name: "n_relays", text: "2" } });
  assert.deepEqual(moves.held(), new Set(["length_km", "n_relays"]));
  moves.answered(1);
  assert.deepEqual(moves.held(), new Set(["n_relays"]));
});

test("of values that wait the newest counts, and T1 = T2 where both are linked", () => {
  const moves = new Moves();
  moves.add({ values: { length_km: 10, t1_us: 400 } });
  moves.add({ values: { length_km: 20 } });
  assert.deepEqual(moves.values(false), { length_km: 20, t1_us: 400 });
  assert.deepEqual(moves.values(true), { length_km: 20, t1_us: 400, t2_us: 400 });
});

test("T1 and T2 that are linked end where the last of both was moved to", () => {
  const moves = new Moves();
  moves.add({ values: { t1_us: 400 } });
  moves.add({ values: { t2_us: 300 } });
  assert.deepEqual(moves.values(true), { t1_us: 300, t2_us: 300 });
  moves.add({ values: { t1_us: 100, t2_us: 50 } });
  assert.deepEqual(moves.values(true), { t1_us: 100, t2_us: 50 });
});

test("four hundred moves wait at most, and the oldest is given up first", () => {
  const moves = new Moves();
  for (let i = 0; i < 401; i++) moves.add({ seed: i });
  assert.equal(moves.waiting.length, 400);
  assert.deepEqual(moves.waiting[0], { revision: 2, seed: 1 });
});
