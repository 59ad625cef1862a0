// A run to watch, with its arrays unpacked.
import { array } from "../../page/dom.js";
/** @import { Numbers, Told, TrafficRun } from "../../types.js" */

/**
 * @typedef {Omit<TrafficRun, "legs" | "lost" | "waits" | "source_waits" | "links" | "nodes"> & {
 *   legs: Record<"link" | "first" | "last" | "frame", Numbers>,
 *   lost: Record<"time" | "node" | "why", Numbers>,
 *   waits: Record<"time" | "node" | "link" | "step", Numbers>,
 *   source_waits: Record<"time" | "node" | "link" | "step", Numbers>,
 *   links: Record<"utilisation" | "n_frames" | "n_waiting" | "offered", Numbers>,
 *   nodes: Record<"sent" | "received" | "lost", Numbers>,
 * }} WatchedRun
 */

/** What came with its arrays beside it: each `{type, at}` becomes an array. @param {Told} told @returns {unknown} */
export function withArrays(told) {
  const { buffers } = told;
  /** @param {unknown} value @returns {unknown} */
  const unpacked = (value) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    const { type, at } = /** @type {{ type?: unknown, at?: number }} */ (value);
    if (typeof type === "string" && typeof at === "number") return array({ type, data: buffers[at] });
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, name === "buffers" ? part : unpacked(part)]));
  };
  return unpacked(told);
}
