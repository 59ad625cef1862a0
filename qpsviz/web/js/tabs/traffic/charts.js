// Curves against load: a small chart for each number, a line for each way to switch, bars for its intervals.
import { h } from "../../page/dom.js";
import { svg } from "../../page/svg.js";
/** @import { TrafficChart, TrafficVariant } from "../../types.js" */

const HEIGHT = 158;
const BOX = { left: 44, right: 10, top: 10, bottom: 30 };
/** Colour, dash and mark of each way to switch: packets solid, bursts dashed, circuits dotted. */
const LOOKS = [
  { token: "memory", dash: "", mark: "circle" },
  { token: "series-1", dash: "7 4", mark: "square" },
  { token: "series-3", dash: "9 3 2 3", mark: "triangle" },
  { token: "series-4", dash: "2 3", mark: "diamond" },
  { token: "series-5", dash: "1 5", mark: "cross" },
];
const STEADY = new Set(["steady", "open"]);

/** @typedef {{ x: (load: number) => number, y: (value: number) => number, width: number, top: number }} Axes */

/** The key of all charts. @param {TrafficVariant[]} variants */
export function legendOf(variants) {
  const items = variants.map(({ label, about }, i) => {
    const { token, dash } = LOOKS[i];
    const line = svg("line", {
      x1: 0,
      x2: 26,
      y1: 7,
      y2: 7,
      style: `stroke: var(--${token})`,
      "stroke-width": 2,
      "stroke-dasharray": dash,
    });
    return h("li", { title: about }, svg("svg", { width: 26, height: 14, "aria-hidden": "true" }, line, markOf(i, 13, 7, true)), label);
  });
  const open = svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, markOf(0, 7, 7, false));
  return h("ul", { class: "qps-legend" }, ...items, h("li", {}, open, "hollow: no steady state"));
}

/**
 * One chart. `states` has a word per line and load; `load` is marked, and `choose` hears of a click at another.
 * @param {TrafficChart} chart @param {{ states: string[][], variants: TrafficVariant[], load: number, width: number, choose: (load: number) => void }} given
 */
export function chartOf(chart, { states, variants, load, width, choose }) {
  const { title, unit, loads, lines } = chart;
  const axes = axesOf(chart, states, width);
  const drawing = svg("svg", { width, height: HEIGHT, role: "img", "aria-label": describe(chart, variants) }, ...gridOf(chart, axes));
  const at = axes.x(load);
  drawing.append(svg("line", { x1: at, x2: at, y1: BOX.top, y2: HEIGHT - BOX.bottom, class: "qps-traffic-now" }));
  lines.forEach((line, i) => {
    drawing.append(...lineOf(line, i, loads, states[i] ?? [], axes));
  });
  drawing.addEventListener("click", (event) => {
    const px = event.clientX - drawing.getBoundingClientRect().left;
    const inside = (px - BOX.left) / (axes.width - BOX.left - BOX.right);
    if (loads.length && inside >= 0 && inside <= 1) choose(inside * lastOf(loads));
  });
  const name = unit === "1" ? title : `${title} [${unit}]`;
  return h("figure", { class: "qps-traffic-chart", style: `width: ${width}px` }, h("h3", {}, name), drawing);
}

/** @param {number[]} values */
function lastOf(values) {
  return values[values.length - 1] * 1.03;
}

/** @param {TrafficChart} chart @param {string[][]} states @param {number} width @returns {Axes} */
function axesOf({ unit, loads, lines }, states, width) {
  // What has no steady state depends on how long the run was, and does not set the scale.
  const known = lines.flatMap(([mean, , hi], i) =>
    mean.map((value, k) => (STEADY.has(states[i]?.[k] ?? "open") ? (hi[k] ?? value) : null)).filter((value) => value !== null),
  );
  const highest = niceTop(Math.max(0, ...known));
  const top = unit === "%" ? Math.min(100, highest) : highest;
  const wide = width - BOX.left - BOX.right;
  const tall = HEIGHT - BOX.top - BOX.bottom;
  return {
    x: (load) => BOX.left + (loads.length ? load / lastOf(loads) : 0) * wide,
    y: (value) => BOX.top + (1 - Math.min(1, value / top)) * tall,
    width,
    top,
  };
}

/** The next of 1, 2, 2.5, 5 and 10 times a power of ten. @param {number} value */
export function niceTop(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return /** @type {number} */ ([1, 1.5, 2, 2.5, 4, 5, 8, 10].find((step) => step * power >= value * 0.9999)) * power;
}

/** @param {TrafficChart} chart @param {Axes} axes */
function gridOf({ loads }, { x, y, width, top }) {
  const parts = [0, 0.5, 1].flatMap((share) => {
    const at = y(share * top);
    const text = svg("text", { x: BOX.left - 6, y: at + 4, "text-anchor": "end", class: "qps-svg-text" }, numeral(share * top));
    return [svg("line", { x1: BOX.left, x2: width - BOX.right, y1: at, y2: at, class: "qps-traffic-grid" }), text];
  });
  const ticks = loads.length ? [0, 0.25, 0.5, 0.75, 1].filter((load) => load <= lastOf(loads)) : [];
  for (const load of ticks) {
    parts.push(
      svg("line", { x1: x(load), x2: x(load), y1: HEIGHT - BOX.bottom, y2: HEIGHT - BOX.bottom + 4, class: "qps-traffic-grid" }),
      svg("text", { x: x(load), y: HEIGHT - BOX.bottom + 14, "text-anchor": "middle", class: "qps-svg-text" }, String(load)),
    );
  }
  const middle = (BOX.left + width - BOX.right) / 2;
  return [...parts, svg("text", { x: middle, y: HEIGHT - 4, "text-anchor": "middle", class: "qps-svg-text" }, "load")];
}

/** @param {number} value */
function numeral(value) {
  return String(Number(value.toPrecision(3)));
}

/** @param {(number | null)[][]} line @param {number} i @param {number[]} loads @param {string[]} states @param {Axes} axes */
function lineOf([mean, lo, hi], i, loads, states, { x, y, top }) {
  const { token, dash } = LOOKS[i];
  const style = `stroke: var(--${token})`;
  /** @type {SVGElement[]} */
  const parts = [];
  let path = "";
  let joined = false;
  loads.forEach((load, k) => {
    const value = mean[k];
    const steady = STEADY.has(states[k] ?? "open");
    if (value !== null && steady) {
      path += `${joined ? "L" : "M"}${x(load).toFixed(1)},${y(value).toFixed(1)}`;
      const [low, high] = [lo[k], hi[k]];
      if (low !== null && high !== null)
        parts.push(svg("line", { x1: x(load), x2: x(load), y1: y(Math.max(0, low)), y2: y(high), style, "stroke-width": 1.5 }));
    }
    joined = value !== null && steady;
    if (value !== null) parts.push(markOf(i, x(load), value > top ? BOX.top : y(value), steady));
  });
  return [svg("path", { d: path, fill: "none", style, "stroke-width": 1.8, "stroke-dasharray": dash }), ...parts];
}

/** @param {number} i @param {number} x @param {number} y @param {boolean} filled */
function markOf(i, x, y, filled) {
  const { token, mark } = LOOKS[i];
  const style = `stroke: var(--${token}); fill: ${filled ? `var(--${token})` : "var(--card)"}`;
  if (mark === "circle") return svg("circle", { cx: x, cy: y, r: 3, style, "stroke-width": 1.5 });
  /** @type {Record<string, string>} */
  const shapes = {
    square: `M${x - 3},${y - 3}h6v6h-6z`,
    triangle: `M${x},${y - 4}l4,7h-8z`,
    diamond: `M${x},${y - 4}l4,4l-4,4l-4,-4z`,
    cross: `M${x - 3},${y - 3}l6,6m0,-6l-6,6`,
  };
  const boxed = mark === "cross" && !filled ? `${shapes.cross}M${x - 4.5},${y - 4.5}h9v9h-9z` : shapes[mark];
  return svg("path", { d: boxed, style: mark === "cross" ? `stroke: var(--${token}); fill: none` : style, "stroke-width": 1.5 });
}

/** @param {TrafficChart} chart @param {TrafficVariant[]} variants */
function describe({ title, unit, loads, lines }, variants) {
  if (!loads.length) return `${title} against load; nothing is finished yet.`;
  const ends = lines.map(([mean], i) => {
    const known = mean.filter((value) => value !== null);
    if (!known.length) return `${variants[i].label}: nothing yet`;
    return `${variants[i].label} from ${numeral(known[0])} to ${numeral(known[known.length - 1])}`;
  });
  return `${title}${unit === "1" ? "" : ` in ${unit}`} against load from ${loads[0]} to ${loads[loads.length - 1]}: ${ends.join("; ")}.`;
}
