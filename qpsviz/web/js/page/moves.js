// What this view asked for and has no answer to yet. All of it goes out with every request, in order, so that nothing
// is lost where the widget manager drops all but the newest; the session leaves out what it has taken already.
/** @import { Move, Values } from "../types.js" */

const MOST_WAITING = 400;

export class Moves {
  constructor() {
    this.revision = 0;
    /** @type {Move[]} */
    this.waiting = [];
  }

  /** A new move; the same slider moved again takes the place of its last move. @param {Move} move */
  add(move) {
    this.revision += 1;
    if (sameSliders(this.waiting.at(-1), move)) this.waiting.pop();
    this.waiting.push({ revision: this.revision, ...move });
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
  }

  /** @param {number} revision */
  answered(revision) {
    this.waiting = this.waiting.filter((move) => /** @type {number} */ (move.revision) > revision);
  }

  /** Controls that moved and wait for an answer: an older one must not pull them back. */
  held() {
    return new Set(this.waiting.flatMap((m) => [...Object.keys(m.values ?? {}), ...(m.typed ? [m.typed.name] : [])]));
  }

  /** Values that wait, as a link has them, taken in order as the session takes them; `linked` keeps T1 = T2. @param {boolean} linked @returns {Values} */
  values(linked) {
    /** @type {Values} */
    const values = {};
    for (const move of this.waiting) {
      const moved = { ...move.values };
      if (linked && !("t2_us" in moved) && "t1_us" in moved) moved.t2_us = moved.t1_us;
      else if (linked && !("t1_us" in moved) && "t2_us" in moved) moved.t1_us = moved.t2_us;
      Object.assign(values, moved);
    }
    return values;
  }
}

/** @param {Move | undefined} one @param {Move} other */
function sameSliders(one, other) {
  /** @param {Move | undefined} move */
  const onlyValues = (move) => move && Object.keys(move).every((key) => key === "values" || key === "revision");
  if (!onlyValues(one) || !onlyValues(other)) return false;
  return Object.keys(one?.values ?? {}).join() === Object.keys(other.values ?? {}).join();
}
