// A part of the page as one picture: an SVG of what is on screen, with a title and the scenario above it.
//
// The page draws with HTML, SVG, canvases and Bokeh; each kind has its own way into the picture, so that a legend, a
// marker or a table is in it because it is on the page. The colours are those of the page, its background among them.
import { svg } from "../page/svg.js";

const PICTURE_MARGIN = 16;
const SHARPNESS = 2; // pixels of a PNG per pixel of the page
const LEFT_OUT = "button:not(.qps-field-name, .qps-frame-plan), input:not([type=text]), .qps-unseen, .qps-frame-spoken, .qps-bar, .qps-switch-marks[hidden]";
const SVG_STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity", "font-family",
  "font-size", "font-weight", "text-anchor", "dominant-baseline",
];
const KEY_DASHES = { dashed: "6 6", dotted: "2 4", dotdash: "2 4 6 4" };

/**
 * What an element shows, as `{text, width, height}` of an SVG document.
 *
 * `about` has `title`, the `words` under it and the `link` that restores the scenario; `figures` finds the Bokeh host of
 * an element.
 */
export function pictureOf(element, about, figures) {
  element.classList.add("qps-whole"); // nothing scrolled out of sight, for as long as it is measured
  try {
    const content = new Walk(element, about.title, figures);
    const width = Math.ceil(Math.max(element.scrollWidth, element.clientWidth)) + 2 * PICTURE_MARGIN;
    const look = getComputedStyle(element.closest(".qps"));
    const head = heading(about, width, look);
    const height = Math.ceil(head.height + element.scrollHeight + 2 * PICTURE_MARGIN);
    const shift = `translate(${PICTURE_MARGIN}, ${PICTURE_MARGIN + head.height})`;
    const drawing = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
      svg("title", {}, about.title), svg("desc", {}, `${about.words} ${about.link}`),
      svg("rect", { width, height, fill: look.getPropertyValue("--card").trim() }),
      ...head.lines, svg("g", { transform: shift }, ...content.walk(element)));
    return { text: new XMLSerializer().serializeToString(drawing), width, height };
  } finally {
    element.classList.remove("qps-whole");
  }
}

/** The picture as a PNG of twice its size. */
export async function pngOf({ text, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SHARPNESS * width, SHARPNESS * height];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("the picture is too large for this browser");
  return blob;
}

/** Title in bold, and under it the words in as many lines as the width asks for. */
function heading({ title, words }, width, look) {
  const family = look.fontFamily;
  const rows = [];
  for (const word of words.split(" ")) {
    const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
    if (rows.length && fontOf(`12px ${family}`).measureText(longer).width <= width - 2 * PICTURE_MARGIN) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  const line = (text, y, size, weight, token) =>
    svg("text", { x: PICTURE_MARGIN, y, "font-family": family, "font-size": size, "font-weight": weight, fill: look.getPropertyValue(token).trim() }, text);
  return {
    lines: [line(title, PICTURE_MARGIN + 14, 16, 600, "--ink"), ...rows.map((row, i) => line(row, PICTURE_MARGIN + 34 + 16 * i, 12, 400, "--ink-soft"))],
    height: 34 + 16 * rows.length,
  };
}

let measuring = null;

function fontOf(font) {
  measuring ??= document.createElement("canvas").getContext("2d");
  measuring.font = font;
  return measuring;
}

/** Goes through an element and draws each part of it at its place. */
class Walk {
  constructor(root, title, figures) {
    this.title = title;
    this.figures = figures;
    const box = root.getBoundingClientRect();
    this.origin = { x: box.left - root.scrollLeft, y: box.top - root.scrollTop };
    this.clips = 0;
  }

  walk(element) {
    return [...element.childNodes].flatMap((node) => {
      if (node.nodeType === Node.TEXT_NODE) return this.writing(node, element);
      return node.nodeType === Node.ELEMENT_NODE && node.checkVisibility({ visibilityProperty: true }) && !node.matches(LEFT_OUT) ? this.part(node) : [];
    });
  }

  part(element) {
    const place = this.place(element);
    const style = getComputedStyle(element);
    if (element.matches("h3") && element.textContent === this.title) return [];
    if (element.matches(".qps-embed")) return this.figure(element, place);
    if (element.matches(".qps-marker")) return marker(place, style);
    if (element.matches(".qps-key")) return key(element, place, style);
    if (element.matches("svg")) return [drawingOf(element, place)];
    if (element.matches("canvas")) return [svg("image", { ...place, href: element.toDataURL("image/png") })];
    const inside = element.matches("input, select") ? this.value(element, place, style) : this.clipped(element, place, style, this.walk(element));
    const parts = [...box(place, style), ...inside];
    return style.opacity < 1 && parts.length ? [svg("g", { opacity: style.opacity }, ...parts)] : parts;
  }

  place(element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left - this.origin.x, y: top - this.origin.y, width, height };
  }

  figure(element, place) {
    const host = this.figures(element);
    if (!host?.view) throw new Error("its figure is not drawn yet");
    const drawing = host.view.export("svg", false).ctx.get_svg().cloneNode(true);
    for (const [name, value] of Object.entries(place)) drawing.setAttribute(name, value);
    return [drawing];
  }

  /** What does not fit into a part that hides or scrolls it is hidden in the picture too. */
  clipped(element, place, style, parts) {
    const fits = element.scrollWidth <= element.clientWidth + 1 && element.scrollHeight <= element.clientHeight + 1;
    if (!parts.length || fits || (style.overflowX === "visible" && style.overflowY === "visible") || style.display === "inline") return parts;
    const id = `clip-${(this.clips += 1)}`;
    return [svg("clipPath", { id }, svg("rect", place)), svg("g", { "clip-path": `url(#${id})` }, ...parts)];
  }

  value(element, place, style) {
    const text = element.matches("select") ? (element.selectedOptions[0]?.text ?? "") : element.value;
    const size = parseFloat(style.fontSize);
    const isRight = style.textAlign === "right" || style.textAlign === "end";
    return [svg("text", {
      x: isRight ? place.x + place.width - 6 : place.x + 6, y: place.y + place.height / 2 + 0.36 * size, "text-anchor": isRight ? "end" : "start",
      ...fontAttributes(style),
    }, text)];
  }

  /** A text, line by line as the browser broke it. */
  writing(node, parent) {
    if (!node.data.trim()) return [];
    const style = getComputedStyle(parent);
    const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = fontOf(`${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`).measureText("x");
    const range = document.createRange();
    const lines = [];
    for (const match of node.data.matchAll(/\S+/g)) {
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const { left, right, top, height } = range.getBoundingClientRect();
      const last = lines.at(-1);
      if (last && Math.abs(last.top - top) < 2) {
        last.words.push(match[0]);
        last.right = right;
      } else if (height) lines.push({ words: [match[0]], left, right, top, height });
    }
    return lines.map(({ words, left, right, top, height }) =>
      svg("text", {
        x: left - this.origin.x, y: top - this.origin.y + (height - ascent - descent) / 2 + ascent,
        textLength: right - left, lengthAdjust: "spacingAndGlyphs", ...fontAttributes(style),
      }, words.join(" ")));
  }
}

function fontAttributes(style) {
  return {
    "font-family": style.fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight,
    "font-style": style.fontStyle === "normal" ? null : style.fontStyle, fill: style.color,
  };
}

function isSeen(color) {
  return color !== "transparent" && !/,\s*0\)$|\/\s*0\)$/.test(color);
}

/** Background and borders of a box. */
function box({ x, y, width, height }, style) {
  const rx = Math.min(parseFloat(style.borderTopLeftRadius) || 0, width / 2, height / 2) || null;
  const parts = isSeen(style.backgroundColor) ? [svg("rect", { x, y, width, height, rx, fill: style.backgroundColor })] : [];
  const sides = ["Top", "Right", "Bottom", "Left"].map((side) => ({
    wide: style[`border${side}Style`] === "none" ? 0 : parseFloat(style[`border${side}Width`]),
    color: style[`border${side}Color`], line: style[`border${side}Style`],
  }));
  const strokes = ({ wide, color, line }) => ({ stroke: color, "stroke-width": wide, "stroke-dasharray": { dashed: "4 3", dotted: "1.5 2" }[line], fill: "none" });
  if (sides.every((s) => s.wide && s.wide === sides[0].wide && s.color === sides[0].color)) {
    const half = sides[0].wide / 2;
    if (isSeen(sides[0].color)) parts.push(svg("rect", { x: x + half, y: y + half, width: Math.max(0, width - 2 * half), height: Math.max(0, height - 2 * half), rx, ...strokes(sides[0]) }));
    return parts;
  }
  const ends = [[x, y, x + width, y], [x + width, y, x + width, y + height], [x, y + height, x + width, y + height], [x, y, x, y + height]];
  sides.forEach((side, i) => {
    const [x1, y1, x2, y2] = ends[i];
    if (side.wide && isSeen(side.color)) parts.push(svg("line", { x1, y1, x2, y2, ...strokes(side) }));
  });
  return parts;
}

/** The present state: the diamond that the page lays over a figure. */
function marker({ x, y, width, height }, style) {
  const [cx, cy] = [x + width / 2, y + height / 2];
  const diamond = (r) => `${cx},${cy - r} ${cx + r},${cy} ${cx},${cy + r} ${cx - r},${cy}`;
  return [
    svg("polygon", { points: diamond(11.5), fill: style.backgroundColor, class: "marker" }),
    svg("polygon", { points: diamond(10), fill: style.borderTopColor }),
    svg("polygon", { points: diamond(7), fill: style.backgroundColor }),
  ];
}

function key(element, { x, y, width, height }, style) {
  if (element.matches(".qps-key-marker")) return marker({ x, y, width, height }, style).slice(2);
  const middle = y + height / 2;
  return [svg("line", {
    x1: x, x2: x + width, y1: middle, y2: middle, stroke: style.getPropertyValue("--key").trim() ? style.borderTopColor : style.color,
    "stroke-width": style.borderTopWidth, "stroke-opacity": style.opacity, "stroke-dasharray": KEY_DASHES[element.dataset.dash],
  })];
}

/** A drawing of the page with its styles written out, as a file has no style sheet. */
function drawingOf(element, place) {
  const drawing = element.cloneNode(true);
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
