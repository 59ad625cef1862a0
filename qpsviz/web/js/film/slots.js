// When each slot of a payload passes a place, how many a switch holds or cuts off, and when it reads: the same for every picture.
/** @import { SlotRun } from "../types.js" */

const ROUNDING = 1e-9; // what differs by less, in slots or in µs, is the same but for rounding

/** How far the middle of slot i is behind the head of its payload, in µs. @param {number} i @param {number} spacing */
export function slotMiddle(i, spacing) {
  return (i + 0.5) * spacing;
}

/** Slots whose middle passed a place up to now, when the head of their payload passed at `start`. @param {SlotRun} run @param {number} start @param {number} now */
export function slotsPassed({ qubits, spacing }, start, now) {
  return Math.max(0, Math.min(qubits, Math.floor((now - start) / spacing + 0.5)));
}

/** Slots of a payload that has lost so much of its head, in µs, that are gone. @param {number} lost @param {number} spacing */
export function slotsLost(lost, spacing) {
  return Math.round(lost / spacing);
}

/** Most slots that a memory holds at once when each stays so long, in µs: `qubits_held` of the kernel. @param {SlotRun} run @param {number} stay */
export function slotsHeld({ qubits, spacing }, stay) {
  return Math.min(qubits, Math.max(0, Math.ceil(stay / spacing - ROUNDING)));
}

/**
 * Until when a switch reads a trailer that comes; it reads those that go on, and late enough to be written anew.
 * @param {number} came @param {number} goes Infinity where it stays. @param {number} processing
 * @returns {number | null} Null where it is not read.
 */
export function trailerReadUntil(came, goes, processing) {
  return Number.isFinite(goes) && goes - came >= processing - ROUNDING ? came + processing : null;
}
