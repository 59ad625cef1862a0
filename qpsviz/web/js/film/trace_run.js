// A trace of another tool: where its bits are at a time, which of them are entangled, and what it says about them.
import { columns } from "../page/dom.js";
import { lastUpTo } from "../page/search.js";
/** @import { BitPlace, TraceRun, TraceSchedule } from "../types.js" */

const NANOSECOND_DECIMALS = 3; // of a time in µs: such traces count whole nanoseconds

/** Unpack a trace. @param {TraceSchedule} packed @returns {TraceRun} */
export function openTrace(packed) {
  const { bits, channels, moves, packets, bonds, colours, events } = packed;
  const tables = { bits, channels, moves, packets, bonds, colours, events };
  const unpacked = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, columns(table)]));
  return indexTrace(/** @type {TraceRun} */ (/** @type {unknown} */ ({ ...packed, ...unpacked })));
}

/** What is looked up again and again. @param {TraceRun} trace */
export function indexTrace(trace) {
  trace.nEvents = trace.sentences.length;
  trace.decimals = NANOSECOND_DECIMALS;
  trace.movesOf = rowsOf(trace.names.length, trace.moves.bit);
  trace.coloursOf = rowsOf(trace.names.length, trace.colours.bit);
  return trace;
}

/** Rows of a table that belong to each bit. @param {number} count @param {ArrayLike<number>} bit */
function rowsOf(count, bit) {
  /** @type {number[][]} */
  const rows = Array.from({ length: count }, () => []);
  for (let row = 0; row < bit.length; row++) rows[bit[row]].push(row);
  return rows;
}

/**
 * Where a bit is, null before it is made and when it has gone.
 * @param {TraceRun} trace @param {number} bit @param {number} t @returns {BitPlace | null}
 */
export function placeOf(trace, bit, t) {
  return t < trace.bits.made[bit] || t >= trace.bits.gone[bit] ? null : placeBy(trace, bit, t);
}

/** Where a bit is by its moves alone. @param {TraceRun} trace @param {number} bit @param {number} t @returns {BitPlace} */
export function placeBy(trace, bit, t) {
  const { from, to, out, in: came } = trace.moves;
  const rows = trace.movesOf[bit];
  const last = lastUpTo(rows.length, (index) => out[rows[index]], t);
  if (last < 0) return { node: trace.bits.node[bit] };
  const move = rows[last];
  if (t >= came[move]) return { node: to[move] };
  return { from: from[move], to: to[move], share: (t - out[move]) / (came[move] - out[move]) };
}

/** The colour that a trace gives a bit, "" where it gives none. @param {TraceRun} trace @param {number} bit @param {number} t */
export function colourOf(trace, bit, t) {
  const rows = trace.coloursOf[bit];
  const last = lastUpTo(rows.length, (index) => trace.colours.time[rows[index]], t);
  return last < 0 ? trace.firstColours[bit] : trace.colourNames[rows[last]];
}

/** Rows of the pairs that are entangled at a time. @param {TraceRun} trace @param {number} t */
export function bondsAt(trace, t) {
  const { start, end } = trace.bonds;
  const rows = [];
  for (let row = 0; row < start.length; row++) if (t >= start[row] && t < end[row]) rows.push(row);
  return rows;
}
