// A part of the page as one picture: an SVG of what is on screen, with a title and the scenario above it.
//
// The page draws with HTML, SVG, canvases and Bokeh; each kind is read in its own manner, so that a legend, a
// marker or a table is in it because it is on the page. The colours are those of the page, its background among them.
import { svg } from "./svg.js";
import { box, drawingOf, fontAttributes, key, marker } from "./export_parts.js";
/** @import { BokehHost, Picture, PictureWords, Rectangle } from "../types.js" */

const PICTURE_MARGIN = 16;
const SHARPNESS = 2; // pixels of a PNG per pixel of the page
const LEFT_OUT =
  "button:not(.qps-field-name, .qps-frame-plan), input:not([type=text]), .qps-unseen, .qps-frame-spoken, .qps-bar, .qps-switch-marks[hidden]";

/**
 * What an element shows, as `{text, width, height}` of an SVG document.
 *
 * `about` has `title`, the `words` under it and the `link` that restores the scenario; `figures` finds the Bokeh host of
 * an element.
 * @param {HTMLElement} element @param {PictureWords} about @param {(place: Element) => BokehHost | undefined} figures
 */
export function pictureOf(element, about, figures) {
  element.classList.add("qps-whole"); // nothing scrolled out of sight, for as long as it is measured
  try {
    const content = new Walk(element, about.title, figures);
    const width = Math.ceil(Math.max(element.scrollWidth, element.clientWidth)) + 2 * PICTURE_MARGIN;
    const look = getComputedStyle(/** @type {Element} */ (element.closest(".qps")));
    const head = heading(about, width, look);
    const height = Math.ceil(head.height + element.scrollHeight + 2 * PICTURE_MARGIN);
    const shift = `translate(${PICTURE_MARGIN}, ${PICTURE_MARGIN + head.height})`;
    const drawing = svg(
      "svg",
      { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
      svg("title", {}, about.title),
      svg("desc", {}, `${about.words} ${about.link}`),
      svg("rect", { width, height, fill: look.getPropertyValue("--card").trim() }),
      ...head.lines,
      svg("g", { transform: shift }, ...content.walk(element)),
    );
    return { text: new XMLSerializer().serializeToString(drawing), width, height };
  } finally {
    element.classList.remove("qps-whole");
  }
}

/** The picture as a PNG of twice its size. @param {Picture} given */
export async function pngOf({ text, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SHARPNESS * width, SHARPNESS * height];
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = /** @type {Blob | null} */ (await new Promise((resolve) => canvas.toBlob(resolve, "image/png")));
  if (!blob) throw new Error("the picture is too large for this browser");
  return blob;
}

/**
 * Title in bold, and under it the words in as many lines as the width asks for.
 * @param {PictureWords} given @param {number} width @param {CSSStyleDeclaration} look
 */
function heading({ title, words }, width, look) {
  const family = look.fontFamily;
  /** @type {string[]} */
  const rows = [];
  for (const word of words.split(" ")) {
    const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
    if (rows.length && fontOf(`12px ${family}`).measureText(longer).width <= width - 2 * PICTURE_MARGIN) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  /** @param {string} text @param {number} y @param {number} size @param {number} weight @param {string} token */
  const line = (text, y, size, weight, token) =>
    svg(
      "text",
      { x: PICTURE_MARGIN, y, "font-family": family, "font-size": size, "font-weight": weight, fill: look.getPropertyValue(token).trim() },
      text,
    );
  return {
    lines: [
      line(title, PICTURE_MARGIN + 14, 16, 600, "--ink"),
      ...rows.map((row, i) => line(row, PICTURE_MARGIN + 34 + 16 * i, 12, 400, "--ink-soft")),
    ],
    height: 34 + 16 * rows.length,
  };
}

/** @type {CanvasRenderingContext2D | null} */
let measuring = null;

/** @param {string} font */
function fontOf(font) {
  measuring ??= /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  measuring.font = font;
  return measuring;
}

/** Goes through an element and draws each part of it at its place. */
class Walk {
  /** @param {HTMLElement} root @param {string} title @param {(place: Element) => BokehHost | undefined} figures */
  constructor(root, title, figures) {
    this.title = title;
    this.figures = figures;
    const box = root.getBoundingClientRect();
    this.origin = { x: box.left - root.scrollLeft, y: box.top - root.scrollTop };
    this.clips = 0;
  }

  /** @param {Element} element @returns {SVGElement[]} */
  walk(element) {
    return [...element.childNodes].flatMap((node) => {
      if (node instanceof Text) return this.writing(node, element);
      return node instanceof Element && node.checkVisibility({ visibilityProperty: true }) && !node.matches(LEFT_OUT)
        ? this.part(node)
        : [];
    });
  }

  /** @param {Element} element @returns {SVGElement[]} */
  part(element) {
    const place = this.place(element);
    const style = getComputedStyle(element);
    if (element.matches("h3") && element.textContent === this.title) return [];
    if (element.matches(".qps-embed")) return this.figure(element, place);
    if (element.matches(".qps-marker")) return marker(place, style);
    if (element.matches(".qps-key")) return key(/** @type {HTMLElement} */ (element), place, style);
    if (element instanceof SVGElement) return [drawingOf(element, place)];
    if (element instanceof HTMLCanvasElement) return [svg("image", { ...place, href: element.toDataURL("image/png") })];
    const inside =
      element instanceof HTMLInputElement || element instanceof HTMLSelectElement
        ? this.value(element, place, style)
        : this.clipped(element, place, style, this.walk(element));
    const parts = [...box(place, style), ...inside];
    return Number(style.opacity) < 1 && parts.length ? [svg("g", { opacity: style.opacity }, ...parts)] : parts;
  }

  /** @param {Element} element */
  place(element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left - this.origin.x, y: top - this.origin.y, width, height };
  }

  /** @param {Element} element @param {Rectangle} place */
  figure(element, place) {
    const host = this.figures(element);
    if (!host?.drawing) throw new Error("its figure is not drawn yet");
    const drawing = /** @type {SVGElement} */ (host.drawing.svg().cloneNode(true));
    for (const [name, value] of Object.entries(place)) drawing.setAttribute(name, value);
    return [drawing];
  }

  /**
   * What does not fit into a part that hides or scrolls it is hidden in the picture too.
   * @param {Element} element @param {Rectangle} place @param {CSSStyleDeclaration} style @param {SVGElement[]} parts
   */
  clipped(element, place, style, parts) {
    const fits = element.scrollWidth <= element.clientWidth + 1 && element.scrollHeight <= element.clientHeight + 1;
    if (!parts.length || fits || (style.overflowX === "visible" && style.overflowY === "visible") || style.display === "inline")
      return parts;
    this.clips += 1;
    const id = `clip-${this.clips}`;
    return [svg("clipPath", { id }, svg("rect", place)), svg("g", { "clip-path": `url(#${id})` }, ...parts)];
  }

  /** @param {HTMLInputElement | HTMLSelectElement} element @param {Rectangle} place @param {CSSStyleDeclaration} style */
  value(element, place, style) {
    const text = element instanceof HTMLSelectElement ? (element.selectedOptions[0]?.text ?? "") : element.value;
    const size = parseFloat(style.fontSize);
    const isRight = style.textAlign === "right" || style.textAlign === "end";
    return [
      svg(
        "text",
        {
          x: isRight ? place.x + place.width - 6 : place.x + 6,
          y: place.y + place.height / 2 + 0.36 * size,
          "text-anchor": isRight ? "end" : "start",
          ...fontAttributes(style),
        },
        text,
      ),
    ];
  }

  /** A text, line by line as the browser broke it. @param {Text} node @param {Element} parent */
  writing(node, parent) {
    if (!node.data.trim()) return [];
    const style = getComputedStyle(parent);
    const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = fontOf(
      `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`,
    ).measureText("x");
    const range = document.createRange();
    /** @type {{ words: string[], left: number, right: number, top: number, height: number }[]} */
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
      svg(
        "text",
        {
          x: left - this.origin.x,
          y: top - this.origin.y + (height - ascent - descent) / 2 + ascent,
          textLength: right - left,
          lengthAdjust: "spacingAndGlyphs",
          ...fontAttributes(style),
        },
        words.join(" "),
      ),
    );
  }
}
