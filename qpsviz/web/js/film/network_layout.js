// Where nodes, their names and their memory slots go, so that none covers another however many there are.
/** @import { LineNodes, Measure, NetworkNode } from "../types.js" */

const ROOMY_PX = 78; // between neighbours, for whole names
const NODE_PX = 60; // between neighbours, for nodes of full size
const FULL_ROW = { slots: 10, px: 8 };
const SHORT_ROW = { slots: 5, px: 7 };
const LABEL_ROWS = [0, 1];

/**
 * Lay out the nodes of a run over a width; `measure(text)` gives the width of a name.
 *
 * Returns where a place and each node is in px, the span in km, how large nodes are drawn, how many memory slots fit
 * beside each other, each node's name with the row it goes to (null where there is no room), and how many rows these take.
 * @param {NetworkNode[]} nodes @param {number} width @param {Measure} measure
 */
export function layOut(nodes, width, measure) {
  const names = nodes.map((n) => (n.role === "relay" ? 0 : measure(n.name)));
  const margin = Math.max(Math.max(...names) / 2 + 2, Math.min(64, 0.09 * width));
  const lo = Math.min(...nodes.map((n) => n.x));
  const span = Math.max(...nodes.map((n) => n.x)) - lo;
  const inside = width - 2 * margin;
  /** @param {number} km */
  const x = (km) => margin + (span ? (km - lo) / span : 0) * inside;
  // Without any fibre all nodes are in one place: they are drawn apart all the same, or there would be nothing to see.
  const at = nodes.map((n, i) => (span ? x(n.x) : margin + (i / Math.max(1, nodes.length - 1)) * inside));
  const order = nodes.map((_, i) => i).sort((a, b) => at[a] - at[b]);
  const gap = Math.min(width, ...order.slice(1).map((i, k) => at[i] - at[order[k]]));
  const crowded = gap < ROOMY_PX;
  const labels = rows(order, nodes, crowded, at, measure);
  return {
    x,
    at,
    span,
    margin,
    crowded,
    scale: Math.min(1, gap / NODE_PX),
    slotsPerRow: at.map((px) => perRow(Math.min(gap, 2 * (px - 1), 2 * (width - px - 1)))),
    labels,
    labelRows: 1 + Math.max(0, ...labels.map((label) => label?.row ?? 0)),
  };
}

/**
 * Memory slots beside each other in a room of some pixels: half a payload of ten or a whole one, if either fits.
 * @param {number} room
 */
function perRow(room) {
  if (room >= FULL_ROW.slots * FULL_ROW.px) return FULL_ROW.slots;
  return Math.min(SHORT_ROW.slots, Math.floor(room / SHORT_ROW.px));
}

/**
 * Each name in the first row where it touches no other; ends and source first, as they are the landmarks.
 * @param {number[]} order @param {NetworkNode[]} nodes @param {boolean} crowded @param {number[]} at @param {Measure} measure
 */
function rows(order, nodes, crowded, at, measure) {
  /** @type {{ row: number, from: number, to: number }[]} */
  const taken = [];
  /** @type {LineNodes["labels"]} */
  const labels = new Array(nodes.length).fill(null);
  /** @param {number} i */
  const isRelay = (i) => nodes[i].role === "relay";
  for (const i of [...order.filter((i) => !isRelay(i)), ...order.filter(isRelay)]) {
    const text = crowded && isRelay(i) ? nodes[i].name.replace("Relay ", "") : nodes[i].name;
    const half = measure(text) / 2 + 3;
    const [from, to] = [at[i] - half, at[i] + half];
    /** @param {number} row */
    const free = (row) => taken.every((t) => t.row !== row || to < t.from || from > t.to);
    const row = LABEL_ROWS.find(free);
    if (row === undefined) continue;
    taken.push({ row, from, to });
    labels[i] = { text, row };
  }
  return labels;
}
