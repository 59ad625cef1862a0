// A frame in time (Fig. 1) and in wavelength (Fig. 2), to scale.
import { shortTime } from "../../film/run.js";
import { slotMiddle } from "../../film/slots.js";
import { svg } from "../../page/svg.js";
/** @import { FrameDrawingContext, FrameDrawingOptions, FrameLayouts, FramePlan, FrameSegment } from "../../types.js" */

const FRAME_BAR = 24;
const FRAME_LABEL = 15;
const FRAME_UNDER = 20;
const FRAME_AXIS = 22;
const FRAME_MIN_PX = 3;
const FRAME_MIN_SPACING_PX = 4.5;
const FRAME_CHARACTER_PX = 6.9; // of a bold label, on the wide side

/**
 * Draw one frame. `layouts` as the session sends them; `plan` is "time" or "wavelength"; `options`: width in px,
 * `role` (the part whose octets are shown), `small` for Fig. 2, `wedge` (width that the octets fill below), `pick(role)`.
 * @param {FrameLayouts} layouts @param {FramePlan} plan @param {FrameDrawingOptions} options
 */
export function drawFrame(layouts, plan, options) {
  const layout = layouts[plan];
  const lanes =
    plan === "time"
      ? [["header", "guard", "payload", "trailer"]]
      : [
          ["header", "trailer"],
          ["guard", "payload"],
        ];
  const left = options.width < 420 || options.small ? 62 : 78;
  const right = 12;
  /** @param {number} time */
  const x = (time) => left + (time / layout.total) * (options.width - left - right);
  const context = { layouts, layout, options, x, left, edge: options.width - right };
  /** @type {SVGElement[]} */
  const parts = [];
  let y = options.small ? 0 : FRAME_AXIS;
  lanes.forEach((names, lane) => {
    const nm = plan === "time" ? layout.nm[0] : layout.nm[1 - lane];
    parts.push(...drawLane(context, names, y, nm));
    y += FRAME_LABEL + FRAME_BAR + (names.includes("guard") ? FRAME_UNDER : 4);
  });
  if (!options.small) parts.unshift(...drawAxis(context, y));
  const wedge = options.wedge ? 6 : 0;
  if (wedge) parts.unshift(drawWedge(context, y, wedge));
  const height = y + wedge;
  return svg(
    "svg",
    {
      class: "qps-frame-svg",
      width: options.width,
      height,
      viewBox: `0 0 ${options.width} ${height}`,
      role: "img",
      "aria-label": describeLayout(layouts, plan),
    },
    ...parts,
  );
}

/** @param {Pick<FrameDrawingContext, "layout">} given @param {string} name */
function segmentOf({ layout }, name) {
  return /** @type {FrameSegment} */ (layout.segments.find((segment) => segment.name === name));
}

/** @param {FrameDrawingContext} context @param {string[]} names @param {number} top @param {number} nm */
function drawLane(context, names, top, nm) {
  const { x, left, edge, layouts, options } = context;
  const y = top + FRAME_LABEL;
  const middle = y + FRAME_BAR / 2;
  /** @type {SVGElement[]} */
  const parts = [
    svg("line", { x1: left, x2: edge, y1: middle, y2: middle, class: "qps-frame-fibre" }),
    svgLabel(`${nm.toFixed(options.small || left < 70 ? 0 : 2)} nm`, 2, middle + 4, "start", "qps-frame-soft"),
  ];
  if (names.includes("payload")) {
    parts.push(...drawPayload(context, y));
    const payload = segmentOf(context, "payload");
    const [a, b] = [x(payload.start), x(payload.start + payload.duration)];
    const room = names.includes("header") ? left + (options.small ? 48 : 96) : left;
    parts.push(fitLabel(payloadWords(layouts, options.small), (a + b) / 2, top + 11, room, edge));
  }
  if (names.includes("guard")) parts.push(...drawGuard(context, y));
  if (names.includes("header")) parts.push(...drawClassical(context, "header", y, top, names));
  if (names.includes("trailer")) parts.push(...drawClassical(context, "trailer", y, top, names));
  return parts;
}

/** What to say of the payload, from most to least words. @param {FrameLayouts} given @param {boolean | undefined} small */
function payloadWords({ duration, n_qubits, n_kept, spacing }, small) {
  if (small) return ["payload"];
  const short = `payload ${shortTime(duration)}`;
  if (!n_qubits) return [`${short}, number of qubits not stated`, short];
  const count = `${short}: ${n_qubits} qubit${n_qubits === 1 ? "" : "s"}`;
  const cut = n_kept < n_qubits ? `, ${n_qubits - n_kept} cut off` : "";
  return [`${count}, ${shortTime(spacing ?? NaN)} apart${cut}`, count + cut, short];
}

/**
 * A classical part: a solid amber block; the one whose octets are below is outlined.
 * @param {FrameDrawingContext} context @param {"header" | "trailer"} name @param {number} y @param {number} top @param {string[]} names
 */
function drawClassical(context, name, y, top, names) {
  const { x, options, edge } = context;
  const { start, duration } = segmentOf(context, name);
  const [a, b] = [x(start), Math.max(x(start + duration), x(start) + FRAME_MIN_PX)];
  const words = options.small ? name : `${name} ${shortTime(duration)}`;
  const chosen = options.role === name;
  const block = svg(
    "rect",
    { x: a, y, width: b - a, height: FRAME_BAR, class: `qps-frame-block${chosen ? " qps-chosen" : ""}`, "data-role": name },
    svg("title", {}, `${name}: ${shortTime(duration)} at this line rate. Click to see its octets.`),
  );
  block.addEventListener("click", () => options.pick?.(name));
  const below = name === "trailer" && names.includes("payload");
  const label =
    name === "header"
      ? svgLabel(words, a, top + 11, "start", "qps-frame-amber")
      : svgLabel(
          words,
          Math.min(edge, Math.max(b, a + words.length * FRAME_CHARACTER_PX)),
          below ? y + FRAME_BAR + 13 : top + 11,
          "end",
          "qps-frame-amber",
        );
  return [block, label];
}

/**
 * Qubits: dots at their spacing, or one band where they are too close to tell apart.
 * @param {FrameDrawingContext} context @param {number} y
 */
function drawPayload(context, y) {
  const { x, layouts } = context;
  const { start, duration } = segmentOf(context, "payload");
  const [a, b] = [x(start), Math.max(x(start + duration), x(start) + FRAME_MIN_PX)];
  /** @type {SVGElement[]} */
  const parts = [svg("rect", { x: a, y, width: b - a, height: FRAME_BAR, class: "qps-frame-band" })];
  const pitch = layouts.spacing ? x(layouts.spacing) - x(0) : 0;
  if (pitch < FRAME_MIN_SPACING_PX) {
    if (layouts.n_qubits) parts.push(svg("rect", { x: a, y: y + FRAME_BAR / 2 - 5, width: b - a, height: 10, class: "qps-frame-many" }));
    return parts;
  }
  for (let i = 0; i < layouts.n_kept; i++) {
    const time = start + slotMiddle(i, layouts.spacing ?? 0);
    if (time > start + duration) break;
    parts.push(svg("circle", { cx: x(time), cy: y + FRAME_BAR / 2, r: Math.min(5, pitch * 0.38), class: "qps-frame-qubit" }));
  }
  return parts;
}

/** The guard time as a dimension line under the lane. @param {FrameDrawingContext} context @param {number} y */
function drawGuard(context, y) {
  const { x, options, left, edge } = context;
  const { start, duration } = segmentOf(context, "guard");
  const words = duration ? `guard ${options.small ? "" : shortTime(duration)}` : "no guard time";
  const [a, b] = [x(start), x(start + duration)];
  const base = y + FRAME_BAR + 3;
  /** @type {SVGElement[]} */
  const parts = [];
  if (b - a > 2) parts.push(svg("path", { d: `M${a} ${base - 2}v6M${a} ${base + 1}H${b}M${b} ${base - 2}v6`, class: "qps-frame-guard" }));
  const width = words.length * FRAME_CHARACTER_PX;
  const middle = Math.max(left + width / 2, Math.min(edge - 96 - width / 2, (a + b) / 2));
  parts.push(svgLabel(words.trim(), duration ? middle : a, base + 13, duration ? "middle" : "start", "qps-frame-soft"));
  return parts;
}

/** @param {FrameDrawingContext} given @param {number} bottom */
function drawAxis({ layout, x, left, edge }, bottom) {
  const raw = layout.total / Math.max(3, Math.floor((edge - left) / 110));
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) ?? raw;
  const [unit, us] = /** @type {[string, number]} */ (layout.total >= 1e6 ? ["s", 1e6] : layout.total >= 2e4 ? ["ms", 1e3] : ["µs", 1]);
  /** @type {SVGElement[]} */
  const parts = [svg("line", { x1: left, x2: edge, y1: FRAME_AXIS - 5, y2: FRAME_AXIS - 5, class: "qps-frame-axis" })];
  for (let i = 0; i * step <= layout.total * 1.0001; i++) {
    const at = x(i * step);
    parts.push(svg("line", { x1: at, x2: at, y1: FRAME_AXIS - 8, y2: bottom, class: i ? "qps-frame-tick" : "qps-frame-axis" }));
    const text = String(Number(((i * step) / us).toPrecision(6)));
    if (at < edge - 30 || i === 0) parts.push(svgLabel(text, at, FRAME_AXIS - 10, "middle", "qps-frame-soft"));
  }
  parts.push(
    svgLabel(unit, edge, FRAME_AXIS - 10, "end", "qps-frame-soft"),
    svgLabel("time", 2, FRAME_AXIS - 10, "start", "qps-frame-soft"),
  );
  return parts;
}

/**
 * From the chosen block to the octets below it.
 * @param {FrameDrawingContext} context @param {number} y @param {number} height
 */
function drawWedge(context, y, height) {
  const { start, duration } = segmentOf(context, context.options.role ?? "header");
  const [a, b] = [context.x(start), Math.max(context.x(start + duration), context.x(start) + FRAME_MIN_PX)];
  const from = FRAME_AXIS + FRAME_LABEL + FRAME_BAR; // both lie in the first lane
  return svg("polygon", {
    points: `${a},${from} ${b},${from} ${context.options.wedge},${y + height} 0,${y + height}`,
    class: "qps-frame-wedge",
  });
}

/** @param {string} text @param {number} x @param {number} y @param {string} anchor @param {string} name */
function svgLabel(text, x, y, anchor, name) {
  return svg("text", { x, y, "text-anchor": anchor, class: `qps-svg-text ${name}` }, text);
}

/**
 * The longest of some labels that fits into [lo, hi], centred at x as far as that allows.
 * @param {string[]} texts @param {number} x @param {number} y @param {number} lo @param {number} hi
 */
function fitLabel(texts, x, y, lo, hi) {
  const text = texts.find((t) => t.length * FRAME_CHARACTER_PX <= hi - lo) ?? texts[texts.length - 1];
  const half = (text.length * FRAME_CHARACTER_PX) / 2;
  return svgLabel(text, Math.max(lo + half, Math.min(hi - half, x)), y, "middle", "qps-frame-violet");
}

/** @param {FrameLayouts} layouts @param {FramePlan} plan */
function describeLayout(layouts, plan) {
  const parts = layouts[plan].segments.map((s) => `${s.name} from ${shortTime(s.start)} for ${shortTime(s.duration)}`);
  const count = layouts.n_qubits ? ` with ${layouts.n_qubits} qubits` : "";
  const colours = plan === "time" ? "on one wavelength" : "header and trailer on one wavelength, payload on another";
  return `The frame in time${count}, ${colours}: ${parts.join(", ")}.`;
}
