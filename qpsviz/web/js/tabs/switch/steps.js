// Where a mark is between two places of a switch, as a length along its path.
import { between } from "../../film/run.js";
/** @import { ClassicalTrack, Point } from "../../types.js" */

/** @param {Point} a @param {Point} b @param {number} share @returns {Point} */
export function mixPoints(a, b, share) {
  return [between(a[0], b[0], share), between(a[1], b[1], share)];
}

/**
 * From `a` over `b` to `c`, each step taking `half`.
 * @param {number} since @param {number} half @param {number} a @param {number} b @param {number} c
 */
export function twoSteps(since, half, a, b, c) {
  return since < half ? between(a, b, since / half) : between(b, c, (since - half) / half);
}

/**
 * Where a header is that comes, is read and goes at these times; null when it is not in the switch.
 * @param {ClassicalTrack} track @param {number} stretch How long a passage is drawn to take, in µs.
 * @param {number} time @param {{ came: number, read: number, goes: number }} times
 */
export function classicalPlace(track, stretch, time, { came, read, goes }) {
  const { path, part, merge, reader, unit, writer } = track;
  const half = stretch / 2;
  if (time < came - stretch || time >= goes + stretch) return null;
  const rests = goes - came >= half;
  const [arrive, leave] = rests ? [reader, writer] : [unit, unit];
  if (time < came) return twoSteps(time - came + stretch, half, 0, part, arrive);
  if (time >= goes) return twoSteps(time - goes, half, leave, merge, path.length);
  if (!rests) return unit;
  const move = Math.min(half, Math.max((read - came) / 4, 0));
  if (time < came + move) return between(reader, unit, (time - came) / move);
  if (time < read - move) return unit;
  return time < read ? between(unit, writer, (time - read + move) / move) : writer;
}
