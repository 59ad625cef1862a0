// Which frames visit a switch and where each part of them is at a time: read off the legs of a run, no drawing.
import { between, NO_LEG } from "../../film/run.js";
import { slotMiddle, slotsHeld, slotsLost, slotsPassed } from "../../film/slots.js";
/** @import { FilmRun, Visit, Visits } from "../../types.js" */

const WITHOUT_DROP = 0;
const MOST_SLOTS = 40; // drawn of a memory that has more than the run needs

/** How long a passage through the switch is drawn to take, in µs; light needs only nanoseconds. @param {FilmRun} run */
export function stretchOf(run) {
  return Math.max(4 * run.spacing, run.payload / 4, run.processing / 5);
}

/**
 * Every frame that comes to a switch, with the times of its parts there, in order of coming.
 * @param {FilmRun} run @param {number} node
 * @returns {Visits}
 */
export function visitsTo(run, node) {
  const { legs, processing, reads, fates } = run;
  const visits = /** @type {Visits} */ (Object.assign([], { nSlots: 0 }));
  for (let leg = 0; leg < run.nLegs; leg++) {
    if (legs.to[leg] !== node || legs.home[leg]) continue;
    const next = legs.next[leg];
    const isLast = next === NO_LEG;
    const flight = legs.h1[leg] - legs.h0[leg];
    visits.push({
      leg,
      next,
      hop: legs.hop[leg],
      frame: legs.frame[leg],
      attempt: legs.attempt[leg],
      trailerIn: legs.t0[leg] + flight,
      trailerOut: isLast ? Infinity : legs.t0[next],
      headerIn: legs.h1[leg],
      read: legs.h1[leg] + (reads ? processing : 0),
      headerOut: isLast ? Infinity : legs.h0[next],
      payloadIn: legs.p0[leg] + flight,
      payloadOut: isLast ? Infinity : legs.p0[next],
      lostBefore: legs.lost[leg],
      lostHere: isLast ? legs.lost[leg] : legs.lost[next],
      drop: isLast && legs.end[leg] > 0 ? legs.end[leg] : WITHOUT_DROP,
      reason: isLast && legs.end[leg] > 0 ? fates[legs.end[leg]] : "",
      slots: [],
      dropTime: isLast && legs.end[leg] > 0 ? legs.endTime[leg] : Infinity,
    });
  }
  visits.sort((a, b) => a.headerIn - b.headerIn);
  giveSlots(run, visits);
  return visits;
}

/**
 * Memory slots of each visit: the lowest that nobody holds meanwhile, as many as it has qubits inside at once.
 * @param {FilmRun} run @param {Visits} visits
 */
function giveSlots(run, visits) {
  const freeFrom = [];
  for (const visit of visits) {
    const dwell = visit.payloadOut - visit.payloadIn;
    const wanted = slotsHeld(run, Math.min(dwell, visit.dropTime - visit.payloadIn));
    const until = Math.min(visit.payloadOut + run.payload, visit.dropTime);
    for (let slot = 0; visit.slots.length < wanted; slot++) {
      if ((freeFrom[slot] ?? -Infinity) > visit.payloadIn + 1e-9) continue;
      visit.slots.push(slot);
      freeFrom[slot] = until;
    }
  }
  visits.nSlots = freeFrom.length;
}

/**
 * Memory slots to draw: those of the run, or as many as a memory without limit needs for one frame at least.
 * @param {FilmRun} run @param {Visits} visits
 */
export function slotsOf(run, visits) {
  const wanted = Math.max(visits.nSlots, run.qubits);
  return run.memory === null ? wanted : Math.max(visits.nSlots, Math.min(Math.floor(run.memory), Math.max(wanted, MOST_SLOTS)));
}

/**
 * When qubit i of a visit comes and goes; it goes nowhere when it is cut off or its frame dropped.
 * @param {FilmRun} run @param {Visit} visit @param {number} i
 */
export function qubitTimes(run, visit, i) {
  const middle = slotMiddle(i, run.spacing);
  const cut = middle < visit.lostHere;
  return { came: visit.payloadIn + middle, goes: cut ? Infinity : visit.payloadOut + middle, cut };
}

/** Whether qubit i reaches this switch at all. @param {FilmRun} run @param {Visit} visit @param {number} i */
export function reaches(run, visit, i) {
  return slotMiddle(i, run.spacing) >= visit.lostBefore;
}

/** Share of its stay in the switch that the head of a payload has behind it. @param {Visit} visit @param {number} time */
export function stayShare(visit, time) {
  const stay = visit.payloadOut - visit.payloadIn;
  if (!Number.isFinite(stay)) return 0;
  return stay > 0 ? (time - visit.payloadIn) / stay : 1;
}

/** Fidelity of what a visit has in the switch at a time. @param {FilmRun} run @param {Visit} visit @param {number} time */
export function fidelityInside(run, visit, time) {
  const { f1, fEnd } = run.legs;
  const stay = visit.payloadOut - visit.payloadIn;
  if (!Number.isFinite(stay)) return f1[visit.leg];
  return between(f1[visit.leg], fEnd[visit.leg], stay > 0 ? (time - visit.payloadIn) / stay : 1);
}

/** How many qubits of a visit are stored at a time. @param {FilmRun} run @param {Visit} visit @param {number} time */
export function storedOf(run, visit, time) {
  if (!run.dwells || time < visit.payloadIn || time >= visit.dropTime) return 0;
  const first = slotsLost(visit.lostBefore, run.spacing);
  /** @param {number} start */
  const passed = (start) => Math.max(0, slotsPassed(run, start, time) - first);
  return passed(visit.payloadIn) - (Number.isFinite(visit.payloadOut) ? passed(visit.payloadOut) : 0);
}

/**
 * How many qubits of a visit have been cut off here by a time: they came before the path was open.
 * @param {FilmRun} run @param {Visit} visit @param {number} time
 */
export function cutOf(run, visit, time) {
  const { spacing } = run;
  const came = slotsPassed(run, visit.payloadIn, time);
  return Math.max(0, Math.min(came, slotsLost(visit.lostHere, spacing)) - slotsLost(visit.lostBefore, spacing));
}

/** Qubits that every node of a run holds at a time. @param {FilmRun} run @param {number} time */
export function storedAt(run, time) {
  run.visitsByNode ??= run.nodes.map((_, i) => (run.switches.includes(i) ? visitsTo(run, i) : /** @type {Visit[]} */ ([])));
  return run.visitsByNode.map((visits) => visits.reduce((sum, visit) => sum + storedOf(run, visit, time), 0));
}

/** The relay that a header reaches first. @param {FilmRun} run @param {number[]} relays */
export function firstReached(run, relays) {
  let first = null;
  for (let leg = 0; leg < run.nLegs; leg++) {
    if (!relays.includes(run.legs.to[leg])) continue;
    if (first === null || run.legs.h1[leg] < run.legs.h1[first]) first = leg;
  }
  return first === null ? relays[0] : run.legs.to[first];
}
