// A run as the kernel sends it: typed columns, and questions that every view of it asks.
import { columns, scientific } from "./dom.js";

export const NO_LEG = -1;

/** Unpack a run; all times are in µs, all places in km. */
export function openRun(packed) {
  const run = { ...packed, legs: columns(packed.legs), events: columns(packed.events) };
  run.nLegs = run.legs.frame.length;
  run.nEvents = run.events.time.length;
  return run;
}

/** Index of the last event at or before a time, -1 before the first. */
export function eventAt(run, time) {
  let lo = -1;
  let hi = run.nEvents - 1;
  while (lo < hi) {
    const middle = (lo + hi + 1) >> 1;
    if (run.events.time[middle] <= time + 1e-9) lo = middle;
    else hi = middle - 1;
  }
  return lo;
}

/** What one event says, in a sentence. */
export function sentence(run, index, templates) {
  if (index < 0) return "Nothing has happened yet.";
  const { kind, frame, node } = run.events;
  const words = {
    frame: frame[index] + 1,
    node: run.nodes[node[index]]?.name ?? "",
    note: run.notes[index],
  };
  return templates[kind[index]].replace(/\{(\w+)\}/g, (_, name) => words[name]);
}

/** A duration with a prefix: µs, ms or s. */
export function shortTime(us) {
  if (!Number.isFinite(us)) return "–";
  const size = Math.abs(us);
  if (size >= 1e6) return `${trim(us / 1e6)} s`;
  if (size >= 1e3) return `${trim(us / 1e3)} ms`;
  return `${trim(us)} µs`;
}

function trim(value) {
  return scientific(value, 3);
}

/** Fidelity between two ends of a leg, as a share of the way. */
export function between(a, b, share) {
  return a + (b - a) * Math.max(0, Math.min(1, share));
}
