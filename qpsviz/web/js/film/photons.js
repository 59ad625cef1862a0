// Which photons are still there: the same luck that the simulation draws, one number per photon for its whole path.
import { NO_LEG } from "./run.js";
/** @import { PhotonRun } from "../types.js" */

const MOST_DRAWS = 4e6; // beyond these, photons are counted by their mean

/** @param {number} word */
function scramble(word) {
  word ^= word >>> 16;
  word = Math.imul(word, 0x7feb352d);
  word ^= word >>> 15;
  word = Math.imul(word, 0x846ca68b);
  return (word ^ (word >>> 16)) >>> 0;
}

/**
 * A number in [0, 1): the photon is there while the transmittance of its path so far is above it.
 * @param {number} key @param {number} frame @param {number} attempt @param {number} qubit
 */
export function photonLuck(key, frame, attempt, qubit) {
  let word = scramble((key + Math.imul(frame, 0x9e3779b9)) | 0);
  word = scramble((word + Math.imul(attempt, 0x85ebca6b)) | 0);
  word = scramble((word + Math.imul(qubit, 0xc2b2ae35)) | 0);
  return word / 4294967296;
}

/** @param {PhotonRun} run @param {number} leg @param {number} i */
function luckOf(run, leg, i) {
  return photonLuck(run.key, run.legs.frame[leg], run.legs.attempt[leg], i);
}

/** Transmittance between two places, at a share of the fibre between them. @param {number} start @param {number} end @param {number} share */
export function etaBetween(start, end, share) {
  return start > 0 ? start * (end / start) ** Math.max(0, Math.min(1, share)) : 0;
}

/**
 * Whether dots are slots, all of them drawn, rather than the photons that are left in them.
 * @param {Pick<PhotonRun, "clock">} run
 */
export function showsSlots(run) {
  return Boolean(run.clock?.slots);
}

/**
 * Whether the photon of slot i is there at a share of a leg.
 * @param {PhotonRun} run @param {number} leg @param {number} i @param {number} share
 */
export function onLeg(run, leg, i, share) {
  if (showsSlots(run)) return true;
  return luckOf(run, leg, i) < etaBetween(run.legs.eta0[leg], run.legs.eta1[leg], share);
}

/**
 * Where on a leg the photon of slot i is lost, as a share of it; null when it is lost before or not here.
 * @param {PhotonRun} run @param {number} leg @param {number} i
 */
export function lossOn(run, leg, i) {
  const { eta0, eta1 } = run.legs;
  const u = luckOf(run, leg, i);
  if (u >= eta0[leg] || u < eta1[leg]) return null;
  return eta1[leg] > 0 ? Math.log(u / eta0[leg]) / Math.log(eta1[leg] / eta0[leg]) : 0;
}

/**
 * Whether the photon of slot i is there in the switch behind a leg, a share of its stay over.
 * @param {PhotonRun} run @param {number} leg @param {number} i @param {number} share
 */
export function inSwitch(run, leg, i, share) {
  if (showsSlots(run)) return true;
  const { eta0, eta1, next } = run.legs;
  const after = next[leg] === NO_LEG ? eta1[leg] : eta0[next[leg]];
  // A switch takes its loss at once; what erases while it stores does so little by little.
  return luckOf(run, leg, i) < (run.erases ? etaBetween(eta1[leg], after, share) : Math.min(eta1[leg], after));
}

/**
 * Photons among the slots `from` … `to` of a leg that reach its end.
 * @param {PhotonRun} run @param {number} leg @param {number} from @param {number} to
 */
export function photonsIn(run, leg, from, to) {
  if (showsSlots(run)) return to - from;
  const eta = run.legs.eta1[leg];
  if (run.nLegs * run.qubits > MOST_DRAWS) return Math.round((to - from) * eta);
  const whole = to === run.qubits;
  run.photonsOf ??= new Int32Array(run.nLegs).fill(-1);
  if (whole && run.photonsOf[leg] >= 0) return run.photonsOf[leg];
  let count = 0;
  for (let i = from; i < to; i++) if (luckOf(run, leg, i) < eta) count += 1;
  if (whole) run.photonsOf[leg] = count;
  return count;
}
