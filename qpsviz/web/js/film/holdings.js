// What every node of a run holds, has received, cut off and dropped at a time: counted, not drawn.
import { inSwitch, photonsIn, showsSlots } from "./photons.js";
import { between, NO_LEG } from "./run.js";
import { slotMiddle, slotsLost, slotsPassed, trailerReadUntil } from "./slots.js";
/** @import { FilmRun, Holdings } from "../types.js" */

const MOST_DOTS_HELD = 400;
export const LOST = -1; // in place of a fidelity: a slot that is taken, without its photon

/** State of every node. `held` has a fidelity for each slot that is taken, or `LOST`. @param {FilmRun} run @param {number} t */
export function holdings(run, t) {
  /** @type {Holdings[]} */
  const nodes = run.nodes.map(() => ({ held: [], more: 0, reading: null, drops: 0, frames: 0, photons: 0, slots: 0, due: 0, cut: 0 }));
  for (let leg = 0; leg < run.nLegs; leg++) {
    if (t < run.legs.h0[leg]) continue;
    readings(run, leg, t, nodes[run.legs.to[leg]]);
    qubits(run, leg, t, nodes);
  }
  if (run.keeps) kept(run, t, nodes);
  messages(run, t, nodes);
  for (const { time, node, isFrame } of run.drops) if (isFrame && time <= t) nodes[node].drops += 1;
  return nodes;
}

/**
 * A switch reads the header, and the trailer behind it.
 * @param {FilmRun} run @param {number} leg @param {number} t @param {Holdings} node
 */
function readings(run, leg, t, node) {
  const { h0, h1, t0, home, endTime, next } = run.legs;
  if (!run.reads || home[leg]) return;
  const goesOn = next[leg] !== NO_LEG;
  const trailerIn = t0[leg] + h1[leg] - h0[leg];
  for (const { came, until } of [
    { came: h1[leg], until: Math.min(h1[leg] + run.processing, goesOn ? Infinity : endTime[leg] + 1e-9) },
    { came: trailerIn, until: trailerReadUntil(trailerIn, goesOn ? t0[next[leg]] : Infinity, run.processing) ?? -Infinity },
  ]) {
    if (t >= came && t < until) node.reading ??= (t - came) / run.processing;
  }
}

/**
 * Slots that are due at a receiver, all of an attempt that has ended; and those inside the node that a leg ends at.
 * @param {FilmRun} run @param {number} leg @param {number} t @param {Holdings[]} nodes
 */
function qubits(run, leg, t, nodes) {
  const { frame, h0, h1, p0, lost, next, end, endTime, hop, home, to } = run.legs;
  const isOver = t >= endTime[leg];
  if (hop[leg] === 0 && isOver) nodes[run.frames.destination[frame[leg]]].due += run.qubits;
  const arrival = p0[leg] + h1[leg] - h0[leg];
  const node = nodes[to[leg]];
  if (home[leg] && end[leg] === 0 && isOver) node.frames += 1;
  const first = slotsLost(lost[leg], run.spacing);
  const arrived = slotsPassed(run, arrival, t);
  if (home[leg] && !isOver) node.due += arrived;
  if (arrived <= first) return;
  if (home[leg]) {
    node.slots += arrived - first;
    node.photons += photonsIn(run, leg, first, arrived);
    return;
  }
  const leaving = next[leg];
  if (leaving === NO_LEG) {
    if (run.dwells && t < endTime[leg]) hold(run, leg, node, first, arrived, 0, run.legs.f1[leg]);
    return;
  }
  node.cut += Math.max(0, Math.min(arrived, slotsLost(lost[leaving], run.spacing)) - first);
  if (!run.dwells) return;
  const sent = Math.max(first, slotsPassed(run, p0[leaving], t));
  const dwell = p0[leaving] - arrival;
  const share = dwell ? (t - arrival) / dwell : 1;
  hold(run, leg, node, sent, arrived, share, between(run.legs.f1[leg], run.legs.fEnd[leg], share));
}

/** @param {FilmRun} run @param {number} leg @param {Holdings} node @param {number} from @param {number} to @param {number} share @param {number} fidelity */
function hold(run, leg, node, from, to, share, fidelity) {
  if (node.held.length + to - from > MOST_DOTS_HELD) {
    node.more += to - from;
    return;
  }
  for (let i = from; i < to; i++) node.held.push(inSwitch(run, leg, i, share) ? fidelity : LOST);
}

/**
 * In the sender layout one half of every pair waits at its source until the frame is done, and fades meanwhile.
 * @param {FilmRun} run @param {number} t @param {Holdings[]} nodes
 */
function kept(run, t, nodes) {
  const { legs } = run;
  for (let leg = 0; leg < run.nLegs; leg++) {
    const done = legs.doneTime[leg];
    if (legs.hop[leg] !== 0 || t < legs.p0[leg] || t >= (Number.isNaN(done) ? Infinity : done)) continue;
    const node = nodes[legs.from[leg]];
    const gone = Number.isNaN(done) ? 0 : slotsPassed(run, done - run.payload, t);
    for (let i = gone; i < slotsPassed(run, legs.p0[leg], t); i++) {
      if (node.held.length > MOST_DOTS_HELD) node.more += 1;
      else node.held.push(keptFidelity(run, t - legs.p0[leg] - slotMiddle(i, run.spacing)));
    }
  }
}

/**
 * Fidelity of a pair whose other half is perfect, after its kept half has waited for a while.
 * @param {FilmRun} run @param {number} wait
 */
function keptFidelity(run, wait) {
  const { longest, f } = /** @type {NonNullable<FilmRun["kept"]>} */ (run.kept);
  const place = Math.max(0, Math.min(1, wait / longest)) * (f.length - 1);
  const low = Math.floor(place);
  return between(f[low], f[Math.min(low + 1, f.length - 1)], place - low);
}

/**
 * A switch reads set-up messages, and the answers that come back.
 * @param {FilmRun} run @param {number} t @param {Holdings[]} nodes
 */
function messages(run, t, nodes) {
  const { kind, to, in: came } = run.signals;
  for (let i = 0; i < run.nSignals; i++) {
    if (t < came[i] || t >= came[i] + run.processing || !run.signalKinds[kind[i]].read) continue;
    if (run.nodes[to[i]].role === "relay" || run.nodes[to[i]].role === "user") nodes[to[i]].reading = (t - came[i]) / run.processing;
  }
}

/**
 * What a receiver has got, as words: photons of the slots that have come to it, or came to an end on their way.
 * @param {FilmRun} run @param {Pick<Holdings, "frames" | "photons" | "slots" | "due">} given
 * @returns {[frames: string, photons: string[]]} The latter from the longest to the shortest.
 */
export function received(run, { frames, photons, slots, due }) {
  const got = counted(frames, "frame");
  const full = showsSlots(run) ? `${slots} of ${due} slots` : `${counted(photons, "photon")} of ${due} slots`;
  return [got, [full, showsSlots(run) ? `${slots} of ${due}` : counted(photons, "photon"), String(showsSlots(run) ? slots : photons)]];
}

/** A number of things: "1 slot", "2 slots". @param {number} count @param {string} thing */
export function counted(count, thing) {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/**
 * How many a node holds, in words; the first with all there is to say, the last as short as can be.
 * @param {FilmRun} run @param {Pick<Holdings, "held" | "more">} given @param {string} word
 */
export function holding(run, { held, more }, word) {
  const photons = held.filter((f) => f !== LOST).length + more;
  const room = run.memory !== null && word === "stored" ? ` of ${run.memory}` : "";
  const count = held.length + more;
  const short = [`${count}${room} ${word}`, String(count)];
  if (showsSlots(run) || photons === count) return short;
  return [`${short[0]}, ${counted(photons, "photon")}`, ...short];
}
