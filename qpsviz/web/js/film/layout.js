// Where the film puts nodes and fibres: a line across the picture, or a map of a network.
import { layOut } from "./network_layout.js";
/** @import { FibrePlace, FilmRun, LineLayout, MapLayout, Measure, NetworkNode, Point } from "../types.js" */

const LINE_HEIGHT = 236;
const LINE_Y = 78;
const MAP_LEAST_HEIGHT = 300;
const MAP_MOST_HEIGHT = 520;
const MAP_MARGIN = { side: 56, top: 34, bottom: 62 };
const WORDS_APART_PX = 6;
const LANE_PX = 6;
const MOST_LANES = 3; // drawn side by side; more share them, with their count beside the fibre

/**
 * Places in px: `at` and `spots` of nodes, `fibre(from, to, lane)` of a fibre, and how large nodes are drawn.
 * @param {FilmRun} run @param {number} width @param {Measure} measure
 * @returns {LineLayout | MapLayout}
 */
export function layOutFilm(run, width, measure) {
  return run.line ? lineOf(run, width, measure) : mapOf(run, width, measure);
}

/** @param {FilmRun} run @param {number} width @param {Measure} measure @returns {LineLayout} */
function lineOf(run, width, measure) {
  const line = layOut(run.nodes, width, measure);
  const spots = line.at.map((x) => /** @type {Point} */ ([x, LINE_Y]));
  return {
    ...line,
    rooms: roomsOf(line.at, width),
    isLine: true,
    height: LINE_HEIGHT,
    y: LINE_Y,
    spots,
    fibre: (from, to) => fibreBetween(spots[from], spots[to], 0),
  };
}

/**
 * How wide the words under each node may be: to halfway of the next ones, and to the edge of the picture.
 * @param {number[]} at @param {number} width
 */
function roomsOf(at, width) {
  return at.map((x, i) => {
    const half = Math.min(...[at[i - 1], at[i + 1]].filter((other) => other !== undefined).map((other) => Math.abs(other - x))) / 2;
    return half + Math.min(half, x, width - x) - WORDS_APART_PX;
  });
}

/**
 * A map keeps the shape of the network; what is too wide for the picture is made to fit.
 * @param {Pick<FilmRun, "nodes">} run @param {number} width @param {Measure} measure
 * @returns {MapLayout}
 */
export function mapOf(run, width, measure) {
  const [xs, ys] = [run.nodes.map((n) => n.x), run.nodes.map((n) => n.y)];
  const [left, bottom] = [Math.min(...xs), Math.min(...ys)];
  const [wide, tall] = [Math.max(...xs) - left || 1e-9, Math.max(...ys) - bottom || 1e-9];
  const side = Math.min(MAP_MARGIN.side, width * 0.12);
  const inside = width - 2 * side;
  const height = Math.round(
    Math.max(MAP_LEAST_HEIGHT, Math.min(MAP_MOST_HEIGHT, (inside * tall) / wide + MAP_MARGIN.top + MAP_MARGIN.bottom)),
  );
  const room = height - MAP_MARGIN.top - MAP_MARGIN.bottom;
  const pxPerKm = Math.min(inside / wide, room / tall);
  const x0 = side + (inside - wide * pxPerKm) / 2;
  const y0 = MAP_MARGIN.top + (room - tall * pxPerKm) / 2;
  const spots = run.nodes.map((n) => /** @type {Point} */ ([x0 + (n.x - left) * pxPerKm, y0 + (tall - (n.y - bottom)) * pxPerKm]));
  const gap = nearest(spots);
  return {
    isLine: false,
    height,
    spots,
    at: spots.map(([x]) => x),
    span: 0,
    scale: Math.max(0.12, Math.min(0.6, gap / 90)),
    crowded: gap < 70,
    labels: namesOf(run.nodes, spots, measure, width, height),
    fibre: (from, to, lane) => fibreBetween(spots[from], spots[to], LANE_PX * (0.6 + (lane % MOST_LANES))),
  };
}

/** Distance of the two nodes that are nearest to each other. @param {Point[]} spots */
function nearest(spots) {
  let least = 400;
  spots.forEach(([x, y], i) => {
    for (let k = i + 1; k < spots.length; k++) least = Math.min(least, Math.hypot(x - spots[k][0], y - spots[k][1]));
  });
  return least;
}

/**
 * A straight fibre that keeps to the right of the line between its ends, so that both directions can be told apart.
 * @param {Point} from @param {Point} to @param {number} aside
 * @returns {FibrePlace}
 */
function fibreBetween([xa, ya], [xb, yb], aside) {
  const length = Math.hypot(xb - xa, yb - ya) || 1e-9;
  const [ux, uy] = [(xb - xa) / length, (yb - ya) / length];
  const [x0, y0, x1, y1] = [xa - uy * aside, ya + ux * aside, xb - uy * aside, yb + ux * aside];
  return {
    x0,
    y0,
    x1,
    y1,
    px: length,
    angle: Math.atan2(uy, ux),
    point: (share) => [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share],
  };
}

/**
 * Each name under its node, over it or beside it, where it touches neither another nor the edge; null where it would.
 * @param {NetworkNode[]} nodes @param {Point[]} spots @param {Measure} measure @param {number} width @param {number} height
 */
function namesOf(nodes, spots, measure, width, height) {
  const taken = spots.map(([x, y]) => ({ x0: x - 7, x1: x + 7, y0: y - 7, y1: y + 7 }));
  return nodes.map((node, i) => {
    const half = measure(node.name) / 2 + 2;
    for (const [dx, dy] of [
      [0, 19],
      [0, -19],
      [half + 11, 0],
      [-half - 11, 0],
    ]) {
      const [wanted, y] = [spots[i][0] + dx, spots[i][1] + dy];
      const x = Math.max(half, Math.min(width - half, wanted));
      if (dx && x !== wanted) continue;
      const box = { x0: x - half, x1: x + half, y0: y - 7, y1: y + 7 };
      if (y < 8 || y > height - 30) continue;
      if (taken.some((b) => b.x0 < box.x1 && box.x0 < b.x1 && b.y0 < box.y1 && box.y0 < b.y1)) continue;
      taken.push(box);
      return { text: node.name, x, y, countsY: dy < 0 ? y - 13 : y + 13 };
    }
    return null;
  });
}
