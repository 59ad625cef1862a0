// The look of the map: links by how busy they are, stations, payloads that fly, who waits, what is lost.
import { trace } from "./geometry.js";
/** @import { MapLayout } from "./geometry.js" */
/** @import { Canvas } from "../../film/canvas.js" */
/** @import { Numbers, TrafficMap } from "../../types.js" */

/** Shares of a link's time in use: up to where each step goes, its colour, width and dash. */
export const STEPS = [
  { upTo: 0.2, token: "fibre", width: 1.2, dash: [], text: "below 20 %" },
  { upTo: 0.4, token: "series-1", width: 2, dash: [], text: "20–40 %" },
  { upTo: 0.6, token: "memory", width: 3, dash: [], text: "40–60 %" },
  { upTo: 0.8, token: "header", width: 4, dash: [], text: "60–80 %" },
  { upTo: Infinity, token: "drop", width: 5, dash: [7, 2], text: "80 % and more" },
];
/** Stations that a map has at most for them to have their names on it. */
export const LABELLED = 40;

/** Place in STEPS of a share. @param {number} share */
export function stepOf(share) {
  return STEPS.findIndex(({ upTo }) => share < upTo);
}

/**
 * Links and stations, which change with a run only.
 * @param {Canvas} canvas @param {MapLayout} layout @param {TrafficMap} map @param {Numbers | null} utilisation
 */
export function paintNetwork(canvas, layout, map, utilisation) {
  const context = canvas.context;
  canvas.clear();
  const paths = STEPS.map(() => new Path2D());
  layout.lanes.forEach((lane, link) => {
    trace(paths[utilisation ? stepOf(utilisation[link]) : 0], lane, 0, 1);
  });
  STEPS.forEach(({ token, width, dash }, i) => {
    context.strokeStyle = canvas.tokens[token];
    context.lineWidth = layout.dense ? Math.max(0.4, width * 0.3) : width;
    context.globalAlpha = layout.dense ? 0.55 : 1;
    context.setLineDash(layout.dense ? [] : dash);
    context.stroke(paths[i]);
  });
  context.setLineDash([]);
  context.globalAlpha = 1;
  paintStations(canvas, layout, map);
}

/** @param {Canvas} canvas @param {MapLayout} layout @param {TrafficMap} map */
function paintStations(canvas, layout, map) {
  const context = canvas.context;
  const radius = layout.dense ? 1.6 : 5;
  for (const isUser of [true, false]) {
    context.beginPath();
    layout.x.forEach((x, i) => {
      if ((map.roles[i] !== "relay") !== isUser) return;
      context.moveTo(x + radius, layout.y[i]);
      context.arc(x, layout.y[i], radius, 0, 2 * Math.PI);
    });
    context.fillStyle = isUser ? canvas.tokens.ink : canvas.tokens.card;
    context.fill();
    context.strokeStyle = isUser ? canvas.tokens.card : canvas.tokens.ink;
    context.lineWidth = layout.dense ? 0.4 : 1.5;
    context.stroke();
  }
}

/** Each name where it covers neither another name nor a station; away from the middle first. @param {Canvas} canvas @param {MapLayout} layout @param {TrafficMap} map */
export function paintNames(canvas, layout, map) {
  canvas.clear();
  if (map.names.length > LABELLED) return;
  const size = map.names.length > 20 ? 10 : 12;
  /** @type {[number, number, number, number][]} */
  const taken = layout.x.map((x, i) => [x - 6, layout.y[i] - 6, x + 6, layout.y[i] + 6]);
  map.names.forEach((name, i) => {
    const [x, y, half] = [layout.x[i], layout.y[i], canvas.widthOf(name, { size }) / 2];
    const [ox, oy] = outward(x - canvas.width / 2, y - canvas.height / 2);
    const aside = half + 9;
    const tried = [
      [ox * aside, oy * 15],
      [0, (oy || 1) * 15],
      [(ox || 1) * aside, 0],
      [0, -(oy || 1) * 15],
      [-(ox || 1) * aside, 0],
    ];
    for (const [dx, dy] of tried) {
      const [cx, cy] = [x + dx, y + dy];
      const box = /** @type {[number, number, number, number]} */ ([cx - half, cy - 6, cx + half, cy + 6]);
      const inside = box[0] > 1 && box[1] > 1 && box[2] < canvas.width - 1 && box[3] < canvas.height - 1;
      if (!inside || taken.some((t) => t[0] < box[2] && t[2] > box[0] && t[1] < box[3] && t[3] > box[1])) continue;
      taken.push(box);
      canvas.text(name, cx, cy, { size, color: canvas.tokens["ink-soft"], halo: true });
      return;
    }
  });
}

/** Which way is away from the middle: each part -1, 0 or 1. @param {number} dx @param {number} dy */
function outward(dx, dy) {
  const far = Math.hypot(dx, dy) || 1;
  return [Math.round(dx / far), Math.round(dy / far)];
}

/**
 * Discs whose area is the number that waits, with the number where there is room.
 * @param {Canvas} canvas @param {MapLayout} layout @param {ArrayLike<number>} counts @param {string} token @param {boolean} hollow
 */
export function paintWaiting(canvas, layout, counts, token, hollow) {
  const context = canvas.context;
  const [base, unit] = layout.dense ? [1.6, 3] : [6, 26];
  context.beginPath();
  for (let i = 0; i < layout.x.length; i++) {
    if (!(counts[i] > 0)) continue;
    const radius = Math.min(26, Math.sqrt(base ** 2 + unit * counts[i]));
    context.moveTo(layout.x[i] + radius, layout.y[i]);
    context.arc(layout.x[i], layout.y[i], radius, 0, 2 * Math.PI);
  }
  context.globalAlpha = hollow ? 1 : 0.75;
  context.lineWidth = layout.dense ? 0.8 : 2;
  context.strokeStyle = context.fillStyle = canvas.tokens[token];
  if (hollow) context.stroke();
  else context.fill();
  context.globalAlpha = 1;
  if (layout.dense || hollow) return;
  for (let i = 0; i < layout.x.length; i++)
    if (counts[i] > 0) canvas.text(String(counts[i]), layout.x[i], layout.y[i], { size: 11, bold: true, color: canvas.tokens.card });
}

/** Crosses where frames were just lost, fading. @param {Canvas} canvas @param {MapLayout} layout @param {Map<number, number>} fresh */
export function paintLost(canvas, layout, fresh) {
  const context = canvas.context;
  const size = layout.dense ? 3 : 6;
  context.strokeStyle = canvas.tokens.drop;
  context.lineWidth = layout.dense ? 1.2 : 2.5;
  for (const [node, alpha] of fresh) {
    const [x, y] = [layout.x[node] + (layout.dense ? 0 : 9), layout.y[node] - (layout.dense ? 0 : 9)];
    context.globalAlpha = alpha;
    context.beginPath();
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x - size, y + size);
    context.lineTo(x + size, y - size);
    context.stroke();
  }
  context.globalAlpha = 1;
}
