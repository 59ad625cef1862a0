// A run as the kernel sends it: typed columns, and questions that every view of it asks.
import { columns, scientific } from "../page/dom.js";

export const NO_LEG = -1;

/** Unpack a run; all times are in µs, all places in km. The clock knows whether dots are photons or slots. */
export function openRun(packed, clock = null) {
  const tables = Object.fromEntries(["legs", "events", "signals", "frames"].map((name) => [name, columns(packed[name])]));
  const run = { ...packed, ...tables, clock };
  run.kept = packed.kept && columns(packed.kept);
  return indexRun(run);
}

/** What views look up again and again. */
export function indexRun(run) {
  run.nLegs = run.legs.frame.length;
  run.nEvents = run.events.time.length;
  run.nSignals = run.signals.kind.length;
  const passed = new Set();
  for (let leg = 0; leg < run.nLegs; leg++) if (!run.legs.home[leg]) passed.add(run.legs.to[leg]);
  run.switches = run.nodes.map((node, i) => i).filter((i) => run.nodes[i].role === "relay" || passed.has(i));
  run.drops = [];
  for (let i = 0; i < run.nEvents; i++) {
    const order = run.dropKinds.indexOf(run.events.kind[i]);
    if (order < 0) continue;
    const reason = run.notes[i] || run.fates[run.fates.length - 1];
    run.drops.push({ time: run.events.time[i], node: run.events.node[i], reason, isFrame: order === 0 });
  }
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

/** A frame by its number, the row of `run.frames`; with its pair where both halves travel, and a later attempt. */
export function frameName(run, frame, attempt = 1) {
  const more = [];
  if (run.arms === 2) more.push(`pair ${run.frames.pair[frame]}`);
  if (attempt > 1) more.push(`attempt ${attempt}`);
  return `frame ${frame}${more.length ? ` (${more.join(", ")})` : ""}`;
}

/** What is counted when something is dropped: an attempt, where a frame may have several. */
export function countOfDrops(run, count) {
  return `${count} ${run.attempts > 1 && !run.reserves ? "attempt" : "frame"}${count === 1 ? "" : "s"}`;
}

/** What one event says, in a sentence. */
export function sentence(run, index, templates) {
  if (index < 0) return "Nothing has happened yet.";
  const { kind, frame, attempt, node } = run.events;
  const name = frameName(run, frame[index], attempt[index]);
  const words = {
    frame: name,
    Frame: name[0].toUpperCase() + name.slice(1),
    session: run.frames.session[frame[index]],
    target: run.nodes[run.frames.destination[frame[index]]]?.name ?? "",
    node: run.nodes[node[index]]?.name ?? "",
    note: run.notes[index],
  };
  return templates[kind[index]].replace(/\{(\w+)\}/g, (_, part) => words[part]);
}

/** A duration with a prefix: µs, ms or s. */
export function shortTime(us) {
  if (!Number.isFinite(us)) return "–";
  const size = Math.abs(us);
  if (size < 1e-9) return "0 µs";
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
