// What a run says of one moment: which payloads are on which links, who waits where, what was just lost.
import { lastUpTo } from "../../page/search.js";
/** @import { Numbers, TrafficMap } from "../../types.js" */

/** @typedef {{ link: Numbers, first: Numbers, last: Numbers, frame: Numbers }} Legs */
/** @typedef {{ time: Numbers, node: Numbers, link: Numbers, step: Numbers }} Waits */

export class Flow {
  /**
   * `legs` are in order of `last`, which is when the end of each payload leaves.
   * @param {Legs} legs @param {TrafficMap} map @param {{ payload: number, speed: number }} given
   */
  constructor(legs, map, { payload, speed }) {
    this.legs = legs;
    this.payload = payload;
    this.travel = map.link_km.map((km) => km / speed);
    this.longest = Math.max(...this.travel);
  }

  /**
   * Call `draw(link, tail, head)` for each payload on a link, as shares of its length.
   * @param {number} time @param {(link: number, tail: number, head: number) => void} draw
   */
  each(time, draw) {
    const { link, first, last } = this.legs;
    const at = (/** @type {number} */ i) => last[i];
    const end = lastUpTo(last.length, at, time + this.payload);
    for (let i = lastUpTo(last.length, at, time - this.longest) + 1; i <= end; i++) {
      const travel = this.travel[link[i]];
      const head = travel > 0 ? Math.min(1, (time - first[i]) / travel) : 1;
      const tail = travel > 0 ? Math.max(0, (time - last[i]) / travel) : Number(time >= last[i]);
      if (time >= first[i] && tail < 1 && head > tail) draw(link[i], tail, head);
    }
  }
}

/** How many wait at every station, at one moment after the other. */
export class Queues {
  /** @param {Waits} waits @param {number} stations */
  constructor(waits, stations) {
    this.waits = waits;
    this.counts = new Int32Array(stations);
    this.next = 0;
  }

  /** @param {number} time */
  at(time) {
    const { time: times, node, step } = this.waits;
    if (this.next > 0 && times[this.next - 1] > time) {
      this.counts.fill(0);
      this.next = 0;
    }
    for (; this.next < times.length && times[this.next] <= time; this.next++) this.counts[node[this.next]] += step[this.next];
    return this.counts;
  }
}

/**
 * How many wait at a station, or for a link, over time: `[time, number]` at every change.
 * @param {Waits} waits @param {{ node?: number, link?: number }} of
 * @returns {[number, number][]}
 */
export function historyOf(waits, { node, link }) {
  let count = 0;
  /** @type {[number, number][]} */
  const found = [[0, 0]];
  for (let i = 0; i < waits.time.length; i++) {
    if (link === undefined ? waits.node[i] !== node : waits.link[i] !== link) continue;
    count += waits.step[i];
    found.push([waits.time[i], count]);
  }
  return found;
}
