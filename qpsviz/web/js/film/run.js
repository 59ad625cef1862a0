// A run as the session sends it: typed columns, and questions that every view of it asks.
import { columns, scientific } from "../page/dom.js";
import { lastUpTo } from "../page/search.js";
/** @import { Clock, Events, FilmData, FilmRun, OpenedRun, Templates, Watched } from "../types.js" */

export const NO_LEG = -1;
export const SAME_TIME_US = 1e-9; // times that differ by less are one moment

/**
 * Unpack a run; all times are in µs, all places in km. The clock knows whether dots are photons or slots.
 * @param {FilmData} packed @param {Clock | null} [clock]
 */
export function openRun(packed, clock = null) {
  const { legs, events, signals, frames, kept } = packed;
  const tables = { legs: columns(legs), events: columns(events), signals: columns(signals), frames: columns(frames) };
  return indexRun(/** @type {OpenedRun} */ ({ ...packed, ...tables, kept: kept && columns(kept), clock }));
}

/** What views look up again and again. @param {OpenedRun} opened */
export function indexRun(opened) {
  const run = /** @type {FilmRun} */ (opened);
  run.nLegs = run.legs.frame.length;
  run.nEvents = run.events.time.length;
  run.nSignals = run.signals.kind.length;
  const passed = new Set();
  for (let leg = 0; leg < run.nLegs; leg++) if (!run.legs.home[leg]) passed.add(run.legs.to[leg]);
  run.switches = run.nodes.map((_, i) => i).filter((i) => run.nodes[i].role === "relay" || passed.has(i));
  run.drops = [];
  for (let i = 0; i < run.nEvents; i++) {
    const order = run.dropKinds.indexOf(run.events.kind[i]);
    if (order < 0) continue;
    const reason = run.notes[i] || run.fates[run.refusal];
    run.drops.push({ time: run.events.time[i], node: run.events.node[i], reason, isFrame: order === 0 });
  }
  return run;
}

/**
 * Index of the last event at or before a time, -1 before the first.
 * @param {Pick<Watched, "nEvents" | "events">} run @param {number} time
 */
export function eventAt(run, time) {
  return lastUpTo(run.nEvents, (index) => run.events.time[index], time + SAME_TIME_US);
}

/**
 * A frame by its number, the row of `run.frames`; with its pair where both halves travel, and a later attempt.
 * @param {Pick<FilmRun, "arms" | "frames">} run @param {number} frame
 */
export function frameName(run, frame, attempt = 1) {
  const more = [];
  if (run.arms === 2) more.push(`pair ${run.frames.pair[frame]}`);
  if (attempt > 1) more.push(`attempt ${attempt}`);
  return `frame ${frame}${more.length ? ` (${more.join(", ")})` : ""}`;
}

/** Where one frame was, for how long, and what that cost. @param {FilmRun} run @param {number} frame */
export function historyOf(run, frame) {
  const { f0, f1, h0, h1, p0, to, next, attempt } = run.legs;
  const parts = [];
  for (let leg = 0; leg < run.nLegs; leg++) {
    if (run.legs.frame[leg] !== frame) continue;
    const dwell = next[leg] === NO_LEG ? 0 : p0[next[leg]] - p0[leg] - (h1[leg] - h0[leg]);
    const held = dwell > 0.001 ? `, held ${shortTime(dwell)}` : "";
    const again = attempt[leg] > 1 && run.legs.hop[leg] === 0 ? `attempt ${attempt[leg]}: ` : "";
    parts.push(`${again}${run.nodes[to[leg]].name}: F ${f0[leg].toFixed(3)} → ${f1[leg].toFixed(3)}${held}`);
  }
  const name = frameName(run, frame);
  return `${name[0].toUpperCase()}${name.slice(1)}. ${parts.join(" · ")}`;
}

/**
 * What is counted when something is dropped: an attempt, where a frame may have several.
 * @param {Pick<FilmRun, "attempts" | "reserves">} run @param {number} count
 */
export function countOfDrops(run, count) {
  return `${count} ${run.attempts > 1 && !run.reserves ? "attempt" : "frame"}${count === 1 ? "" : "s"}`;
}

/** What one event says, in a sentence; a trace brings its own. @param {Watched} run @param {number} index @param {Templates} templates */
export function sentence(run, index, templates) {
  if (index < 0) return "Nothing has happened yet.";
  if ("sentences" in run) return run.sentences[index];
  const { kind, frame, attempt, node } = run.events;
  const name = frameName(run, frame[index], attempt[index]);
  /** @type {Record<string, string | number>} */
  const words = {
    frame: name,
    Frame: name[0].toUpperCase() + name.slice(1),
    session: run.frames.session[frame[index]],
    destination: run.nodes[run.frames.destination[frame[index]]]?.name ?? "",
    node: run.nodes[node[index]]?.name ?? "",
    note: run.notes[index],
  };
  return templates[kind[index]].replace(/\{(\w+)\}/g, (_, part) => String(words[part]));
}

/** A duration with a prefix: µs, ms or s. @param {number} us */
export function shortTime(us) {
  if (!Number.isFinite(us)) return "–";
  const size = Math.abs(us);
  if (size < 1e-9) return "0 µs";
  if (size >= 1e6) return `${trim(us / 1e6)} s`;
  if (size >= 1e3) return `${trim(us / 1e3)} ms`;
  return `${trim(us)} µs`;
}

/** @param {number} value */
function trim(value) {
  return scientific(value, 3);
}

/** A number between two others, at a share of the distance between them. @param {number} a @param {number} b @param {number} share */
export function between(a, b, share) {
  return a + (b - a) * Math.max(0, Math.min(1, share));
}
