// Where the components of a switch stand and how light runs between them, in px: no drawing, no document.
/** @import { SwitchDiagram, Point, SlotGrid, Stretch, SwitchCard, SwitchColumn, SwitchEdge, SwitchLayout, SwitchNode, SwitchPath, SwitchRails, SwitchWire } from "../../types.js" */

const SWITCH_END_PX = 28;
const SWITCH_GAP_PX = 17;
const SWITCH_WIDE = 1.5; // how much wider the column of the q-memory is
const SWITCH_LEAST_PX = 916;
/** @type {Record<string, [above: number, below: number]>} Px from a rail to the edges of the cards on it. */
const CARD_HEIGHTS = { "control unit": [55, 12], "q-memory": [48, 28] };
export const SWITCH_LEAST_HEIGHT = 190;

/**
 * Cards, wires and the paths of header and payload for a picture of at least this size.
 * @param {SwitchDiagram} data @param {number} wanted @param {number} height
 * @returns {SwitchLayout}
 */
export function layOutSwitch(data, wanted, height) {
  const width = Math.max(wanted, SWITCH_LEAST_PX);
  const columns = columnsOf(data.nodes, width);
  const rails = railsOf(data.nodes, height);
  const cards = data.nodes.map((node) => cardOf(node, columns, rails));
  const wires = data.edges.map((edge) => ({
    ...edge,
    points: wireOf(cards, edge.from, edge.to),
    used: follows(data.header, edge) || follows(data.payload, edge),
  }));
  /** @param {number[]} places */
  const path = (places) => pathOf(cards, wires, places);
  const paths = { header: path(data.header), payload: path(data.payload) };
  return { width, height, cards, wires, command: commandOf(cards, data), ...paths, ...joints(data) };
}

/** Whether a path goes along an edge. @param {number[]} places @param {SwitchEdge} given */
function follows(places, { from, to }) {
  return places.some((place, i) => place === from && places[i + 1] === to);
}

/** @param {SwitchNode[]} nodes @param {number} width */
function columnsOf(nodes, width) {
  const last = Math.max(...nodes.map((node) => node.column));
  const wide = nodes.find((node) => node.kind === "q-memory")?.column;
  /** @param {number} column */
  const weight = (column) => (column === wide ? SWITCH_WIDE : 1);
  let total = 0;
  for (let column = 1; column < last; column++) total += weight(column);
  const unit = (width - 2 * SWITCH_END_PX - last * SWITCH_GAP_PX) / total;
  const places = [];
  let x = 0;
  for (let column = 0; column <= last; column++) {
    const w = column === 0 || column === last ? SWITCH_END_PX : unit * weight(column);
    places.push({ x, w });
    x += w + SWITCH_GAP_PX;
  }
  return places;
}

/**
 * Height of the rail on which marks run, by row; the control unit stands above its own.
 * @param {SwitchNode[]} nodes @param {number} height
 */
function railsOf(nodes, height) {
  const spare = Math.max(0, height - SWITCH_LEAST_HEIGHT);
  const local = nodes.some((node) => node.row > 1);
  const header = 57 + spare * 0.12;
  const payload = height - (local ? 44 : 29) - spare * 0.2;
  return { header, payload, middle: (header + payload) / 2, local: height - 8 };
}

/** @param {SwitchNode} node @param {SwitchColumn[]} columns @param {SwitchRails} rails @returns {SwitchCard} */
function cardOf(node, columns, rails) {
  const { x, w } = columns[node.column];
  /** @type {SwitchCard["level"]} */
  const name = node.row < 0.25 ? "header" : node.row < 0.75 ? "middle" : node.row <= 1 ? "payload" : "local";
  const rail = rails[name];
  const [above, below] = CARD_HEIGHTS[node.kind] ?? [37, 12];
  const isEnd = ["input fibre", "output fibre", "add", "drop"].includes(node.kind);
  return { x, w, rail, y: rail - (isEnd ? 8 : above), h: isEnd ? 16 : above + below, isEnd, level: name, kind: node.kind };
}

/** @param {SwitchCard[]} cards @param {number} from @param {number} to @returns {Point[]} */
function wireOf(cards, from, to) {
  const [a, b] = [cards[from], cards[to]];
  /** @type {Point[]} */
  const [start, end] = [
    [a.x + a.w, a.rail],
    [b.x, b.rail],
  ];
  if (a.level === "local") return [start, [b.x + b.w * 0.3, a.rail], [b.x + b.w * 0.3, b.y + b.h]];
  if (b.level === "local") return [[a.x + a.w * 0.7, a.y + a.h], [a.x + a.w * 0.7, b.rail], end];
  if (a.rail === b.rail) return [start, end];
  const [first, last] = [a.x + a.w + SWITCH_GAP_PX / 2, b.x - SWITCH_GAP_PX / 2];
  const between = cards.find((c) => c.level === a.level && c.x > a.x && c.x < b.x);
  if (between && b.level === "middle") {
    const over = between.y - 8;
    return [start, [first, a.rail], [first, over], [last, over], [last, b.rail], end];
  }
  const turn = a.level === "middle" ? first : last;
  return [start, [turn, a.rail], [turn, b.rail], end];
}

/**
 * The wire by which the control unit lets the qubits go.
 * @param {SwitchCard[]} cards @param {SwitchDiagram} data
 * @returns {Point[]}
 */
function commandOf(cards, data) {
  const unit = cards[data.nodes.findIndex((node) => node.kind === "control unit")];
  const x = unit.x + unit.w / 2;
  return [
    [x, unit.y + unit.h],
    [x, cards[data.releases].y],
  ];
}

/**
 * One line through the rails of these cards and the wires between, with the length at which each card lies.
 * @param {SwitchCard[]} cards @param {SwitchWire[]} wires @param {number[]} places
 */
function pathOf(cards, wires, places) {
  /** @type {SwitchPath["points"]} */
  const points = [];
  /** @type {SwitchPath["at"]} */
  const at = new Map();
  let length = 0;
  /** @param {Point} point */
  const add = (point) => {
    const last = points[points.length - 1];
    if (last) length += Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]);
    points.push([...point, length]);
  };
  places.forEach((place, i) => {
    const card = cards[place];
    add([card.x, card.rail]);
    const left = length;
    add([card.x + card.w, card.rail]);
    at.set(place, { left, middle: (left + length) / 2, right: length });
    if (i + 1 < places.length) wires.find((w) => w.from === place && w.to === places[i + 1])?.points.forEach(add);
  });
  return { points, at, length };
}

/**
 * The last component that header and payload share before they part, and the first behind which they are one again.
 * @param {SwitchDiagram} given
 */
function joints({ header, payload }) {
  let i = 0;
  while (header[i + 1] === payload[i + 1]) i += 1;
  let k = 1;
  while (header[header.length - k - 1] === payload[payload.length - k - 1]) k += 1;
  return { parting: header[i], merging: header[header.length - k] };
}

/** Where a component lies on a path. @param {SwitchPath} path @param {number} node @returns {Stretch} */
export function stretchAt(path, node) {
  return path.at.get(node) ?? { left: NaN, middle: NaN, right: NaN };
}

/**
 * The point a certain length along a path.
 * @param {Pick<SwitchPath, "points">} path @param {number} length
 * @returns {Point}
 */
export function alongPath(path, length) {
  const { points } = path;
  let i = 1;
  while (i < points.length - 1 && points[i][2] < length) i += 1;
  const [a, b] = [points[i - 1], points[i]];
  const share = b[2] > a[2] ? Math.max(0, Math.min(1, (length - a[2]) / (b[2] - a[2]))) : 1;
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

/**
 * Places of memory slots inside a card: a grid as large as fits, or null when they would be too small to see.
 * @param {SwitchCard} card @param {number} count
 * @returns {SlotGrid | null}
 */
export function slotGrid(card, count) {
  const [left, top, width, height] = [card.x + 6, card.y + 33, card.w - 12, card.h - 38];
  for (let size = 13; size >= 5; size -= 0.5) {
    const perRow = Math.floor(width / size);
    if (perRow * Math.floor(height / size) < count) continue;
    const rows = Math.ceil(count / perRow);
    const row = Math.ceil(count / rows);
    const x0 = left + (width - row * size) / 2 + size / 2;
    const y0 = top + (height - rows * size) / 2 + size / 2;
    return { size, place: (i) => [x0 + (i % row) * size, y0 + Math.floor(i / row) * size] };
  }
  return null;
}
