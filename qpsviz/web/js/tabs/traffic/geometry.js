// Where stations and links go on the map, and what is near a point.
/** @import { TrafficMap } from "../../types.js" */

/** @typedef {{ x0: number, y0: number, mx: number, my: number, x1: number, y1: number, straight: boolean }} Lane In px; m is the middle. */
/** @typedef {{ x: number[], y: number[], lanes: Lane[], dense: boolean }} MapLayout Stations and one-way links, in px. */

const NEAR_PX = 12;

/** The height that a map takes over a width, within bounds. @param {TrafficMap} map @param {number} width @param {number} margin */
export function heightFor(map, width, margin) {
  const span = (/** @type {number[]} */ values) => Math.max(...values) - Math.min(...values);
  const share = span([...map.y, ...map.pair_y]) / (span([...map.x, ...map.pair_x]) || 1);
  return Math.round(Math.max(200, Math.min(440, width * 0.85, share * (width - 2 * margin) + 2 * margin)));
}

/**
 * Places in a box of some px, north up, and a lane for each one-way link, to the right of its direction.
 * @param {TrafficMap} map @param {number} width @param {number} height @param {number} margin
 * @returns {MapLayout}
 */
export function layOutMap(map, width, height, margin) {
  const [xs, ys] = [
    [...map.x, ...map.pair_x],
    [...map.y, ...map.pair_y],
  ];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = (/** @type {number} */ px, /** @type {number} */ span) => (span > 0 ? (px - 2 * margin) / span : Infinity);
  const fit = Math.min(room(width, right - left), room(height, high - low));
  const scale = Number.isFinite(fit) ? fit : 1;
  const px = (/** @type {number} */ x) => width / 2 + (x - (left + right) / 2) * scale;
  const py = (/** @type {number} */ y) => height / 2 - (y - (low + high) / 2) * scale;
  const [x, y] = [map.x.map(px), map.y.map(py)];
  const dense = map.names.length > 100;
  const aside = dense ? 0 : 2.5;
  const lanes = map.link_from.map((from, link) => {
    const [to, pair] = [map.link_to[link], map.link_pair[link]];
    return laneOf([x[from], y[from]], [px(map.pair_x[pair]), py(map.pair_y[pair])], [x[to], y[to]], aside);
  });
  return { x, y, lanes, dense };
}

/**
 * @param {[number, number]} start @param {[number, number]} middle @param {[number, number]} end @param {number} aside
 * @returns {Lane}
 */
function laneOf([x0, y0], [mx, my], [x1, y1], aside) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = Math.hypot(dx, dy) || 1;
  const [ax, ay] = [(-dy / length) * aside, (dx / length) * aside];
  const straight = Math.hypot(mx - (x0 + x1) / 2, my - (y0 + y1) / 2) < 0.5;
  return { x0: x0 + ax, y0: y0 + ay, mx: mx + ax, my: my + ay, x1: x1 + ax, y1: y1 + ay, straight };
}

/**
 * A place on a lane: the parabola through its ends and its middle.
 * @param {Lane} lane @param {number} share Of the way, 0 to 1.
 * @returns {[number, number]}
 */
export function along(lane, share) {
  const { x0, y0, mx, my, x1, y1 } = lane;
  const [a, b, c] = [(1 - share) * (1 - 2 * share), 4 * share * (1 - share), share * (2 * share - 1)];
  return [a * x0 + b * mx + c * x1, a * y0 + b * my + c * y1];
}

/** Add a stretch of a lane to a path. @param {CanvasRenderingContext2D | Path2D} path @param {Lane} lane @param {number} from @param {number} to */
export function trace(path, lane, from, to) {
  const steps = lane.straight ? 1 : Math.max(1, Math.ceil((to - from) * 12));
  path.moveTo(...along(lane, from));
  for (let i = 1; i <= steps; i++) path.lineTo(...along(lane, from + ((to - from) * i) / steps));
}

/** The station nearest to a point, -1 where none is near. @param {MapLayout} layout @param {number} x @param {number} y */
export function stationAt({ x: xs, y: ys }, x, y) {
  let [best, least] = [-1, NEAR_PX];
  for (let i = 0; i < xs.length; i++) {
    const far = Math.hypot(xs[i] - x, ys[i] - y);
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

/** The link nearest to a point, -1 where none is near. @param {MapLayout} layout @param {number} x @param {number} y */
export function linkAt({ lanes }, x, y) {
  let [best, least] = [-1, NEAR_PX];
  lanes.forEach((lane, i) => {
    for (let step = 1; step < 16; step++) {
      const [px, py] = along(lane, step / 16);
      const far = Math.hypot(px - x, py - y);
      if (far < least) [best, least] = [i, far];
    }
  });
  return best;
}

/** The nearest station in a direction, the same one where there is none. @param {MapLayout} layout @param {number} from @param {number} dx @param {number} dy */
export function stationTowards({ x, y }, from, dx, dy) {
  let [best, least] = [from, Infinity];
  for (let i = 0; i < x.length; i++) {
    const [ax, ay] = [x[i] - x[from], y[i] - y[from]];
    const ahead = ax * dx + ay * dy;
    const beside = Math.abs(ax * dy - ay * dx);
    if (i !== from && ahead > beside * 0.5 && ahead + 2 * beside < least) [best, least] = [i, ahead + 2 * beside];
  }
  return best;
}
