// What each kind of element becomes in a picture: boxes with their borders, markers, keys of legends, drawings.
import { svg } from "./svg.js";
/** @import { Rectangle } from "../types.js" */

const SVG_STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
];
/** @type {Record<string, string>} */
const BORDER_DASHES = { dashed: "4 3", dotted: "1.5 2" };
/** @type {Record<string, string>} */
const KEY_DASHES = { dashed: "6 6", dotted: "2 4", dotdash: "2 4 6 4" };

/** @param {CSSStyleDeclaration} style */
export function fontAttributes(style) {
  return {
    "font-family": style.fontFamily,
    "font-size": style.fontSize,
    "font-weight": style.fontWeight,
    "font-style": style.fontStyle === "normal" ? null : style.fontStyle,
    fill: style.color,
  };
}

/** @param {string} color */
function isSeen(color) {
  return color !== "transparent" && !/,\s*0\)$|\/\s*0\)$/.test(color);
}

/** Background and borders of a box. @param {Rectangle} given @param {CSSStyleDeclaration} style */
export function box({ x, y, width, height }, style) {
  const rx = Math.min(parseFloat(style.borderTopLeftRadius) || 0, width / 2, height / 2) || null;
  /** @type {SVGElement[]} */
  const parts = isSeen(style.backgroundColor) ? [svg("rect", { x, y, width, height, rx, fill: style.backgroundColor })] : [];
  const of = (/** @type {string} */ side, /** @type {string} */ what) => style.getPropertyValue(`border-${side}-${what}`);
  const sides = ["top", "right", "bottom", "left"].map((side) => ({
    wide: of(side, "style") === "none" ? 0 : parseFloat(of(side, "width")),
    color: of(side, "color"),
    line: of(side, "style"),
  }));
  /** @param {{ wide: number, color: string, line: string }} given */
  const strokes = ({ wide, color, line }) => ({
    stroke: color,
    "stroke-width": wide,
    "stroke-dasharray": BORDER_DASHES[line],
    fill: "none",
  });
  if (sides.every((s) => s.wide && s.wide === sides[0].wide && s.color === sides[0].color)) {
    const half = sides[0].wide / 2;
    if (isSeen(sides[0].color))
      parts.push(
        svg("rect", {
          x: x + half,
          y: y + half,
          width: Math.max(0, width - 2 * half),
          height: Math.max(0, height - 2 * half),
          rx,
          ...strokes(sides[0]),
        }),
      );
    return parts;
  }
  const ends = [
    [x, y, x + width, y],
    [x + width, y, x + width, y + height],
    [x, y + height, x + width, y + height],
    [x, y, x, y + height],
  ];
  sides.forEach((side, i) => {
    const [x1, y1, x2, y2] = ends[i];
    if (side.wide && isSeen(side.color)) parts.push(svg("line", { x1, y1, x2, y2, ...strokes(side) }));
  });
  return parts;
}

/**
 * The present state: the diamond that the page lays over a figure.
 * @param {Rectangle} given @param {CSSStyleDeclaration} style
 */
export function marker({ x, y, width, height }, style) {
  const [cx, cy] = [x + width / 2, y + height / 2];
  /** @param {number} r */
  const diamond = (r) => `${cx},${cy - r} ${cx + r},${cy} ${cx},${cy + r} ${cx - r},${cy}`;
  return [
    svg("polygon", { points: diamond(11.5), fill: style.backgroundColor, class: "marker" }),
    svg("polygon", { points: diamond(10), fill: style.borderTopColor }),
    svg("polygon", { points: diamond(7), fill: style.backgroundColor }),
  ];
}

/** @param {HTMLElement} element @param {Rectangle} given @param {CSSStyleDeclaration} style */
export function key(element, { x, y, width, height }, style) {
  if (element.matches(".qps-key-marker")) return marker({ x, y, width, height }, style).slice(2);
  const middle = y + height / 2;
  return [
    svg("line", {
      x1: x,
      x2: x + width,
      y1: middle,
      y2: middle,
      stroke: style.getPropertyValue("--key").trim() ? style.borderTopColor : style.color,
      "stroke-width": style.borderTopWidth,
      "stroke-opacity": style.opacity,
      "stroke-dasharray": KEY_DASHES[element.dataset.dash ?? ""],
    }),
  ];
}

/**
 * A drawing of the page with its styles written out, as a file has no style sheet.
 * @param {SVGElement} element @param {Rectangle} place
 */
export function drawingOf(element, place) {
  const drawing = /** @type {SVGElement} */ (element.cloneNode(true));
  const originals = [element, ...element.querySelectorAll("*")];
  const copies = [drawing, ...drawing.querySelectorAll("*")];
  originals.forEach((original, i) => {
    const style = getComputedStyle(original);
    for (const name of SVG_STYLES) copies[i].setAttribute(name, style.getPropertyValue(name));
    copies[i].removeAttribute("class");
    copies[i].removeAttribute("style");
  });
  for (const [name, value] of Object.entries(place)) drawing.setAttribute(name, value);
  return drawing;
}
