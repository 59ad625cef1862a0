// A canvas with the colours of the page: lines, texts, blocks, bands and dots.
/** @import { TextStyle } from "../types.js" */

const TOKEN_NAMES = [
  "ground",
  "card",
  "sunken",
  "line",
  "line-strong",
  "ink",
  "ink-soft",
  "accent",
  "header",
  "header-ink",
  "qubit",
  "qubit-mixed",
  "memory",
  "memory-soft",
  "fibre",
  "drop",
  "drop-soft",
  "series-1",
  "series-2",
  "series-3",
  "series-4",
];
const FLOOR = 0.25;
const MOST_WIDTHS = 2000; // of texts that are written again and again
const SHADES = 24;

export class Canvas {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.width = 0;
    this.height = 0;
    /** @type {Record<string, string>} */
    this.tokens = {};
    this.font = "sans-serif";
    /** @type {Map<string, number>} */
    this.widths = new Map();
    /** @type {string[]} */
    this.shades = [];
  }

  /** @param {number} width @param {number} height @param {number} [ratio] */
  resize(width, height, ratio = window.devicePixelRatio || 1) {
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.height = `${height}px`;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.readTokens();
  }

  readTokens() {
    const style = getComputedStyle(this.canvas);
    this.tokens = Object.fromEntries(TOKEN_NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.font = style.getPropertyValue("--font") || "sans-serif";
    this.widths.clear();
    this.shades = shades(this.tokens["qubit-mixed"], this.tokens.qubit);
  }

  /** Be as large and as fine as another canvas, in its colours, and empty: a layer for what does not move. @param {Canvas} other */
  follow(other) {
    const { canvas } = other;
    Object.assign(this.canvas, { width: canvas.width, height: canvas.height });
    this.context.setTransform(other.context.getTransform());
    Object.assign(this, { width: other.width, height: other.height, tokens: other.tokens, shades: other.shades });
    if (this.font !== other.font) this.widths.clear();
    this.font = other.font;
  }

  /** Lay a canvas of the same size on this one. @param {Canvas} layer */
  lay(layer) {
    this.context.drawImage(layer.canvas, 0, 0, this.width, this.height);
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @param {string} color @param {number} width */
  line(x0, y0, x1, y1, color, width) {
    const c = this.context;
    c.strokeStyle = color;
    c.lineWidth = width;
    c.beginPath();
    c.moveTo(x0, y0);
    c.lineTo(x1, y1);
    c.stroke();
  }

  /**
   * Write a text; `inside` moves a centred one so that it stays on the canvas.
   * @param {string} text @param {number} x @param {number} y @param {TextStyle} given
   */
  text(text, x, y, { color = "", size = 12, bold = false, align = "center", halo = false, alpha = 1, inside = false }) {
    const c = this.context;
    if (inside) x = this.within(x, this.widthOf(text, { size, bold }));
    c.font = `${bold ? "600 " : ""}${size}px ${this.font}`;
    c.textAlign = align;
    c.textBaseline = "middle";
    c.globalAlpha = alpha;
    if (halo) {
      c.strokeStyle = this.tokens.card;
      c.lineWidth = 3;
      c.lineJoin = "round";
      c.strokeText(text, x, y);
    }
    c.fillStyle = color;
    c.fillText(text, x, y);
    c.globalAlpha = 1;
  }

  /** The centre nearest to x of something that wide, for it to be on the canvas. @param {number} x @param {number} width */
  within(x, width) {
    return Math.max(width / 2, Math.min(x, this.width - width / 2));
  }

  /**
   * The first of some texts that is no wider than there is room, else the last.
   * @param {string[]} texts @param {number} room @param {TextStyle} style
   */
  fit(texts, room, style) {
    return texts.find((text) => this.widthOf(text, style) <= room) ?? texts[texts.length - 1];
  }

  /** @param {string} text @param {TextStyle} given */
  widthOf(text, { size = 12, bold = false }) {
    const font = `${bold ? "600 " : ""}${size}px ${this.font}`;
    const key = `${font}\n${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      this.context.font = font;
      width = this.context.measureText(text).width;
      if (this.widths.size >= MOST_WIDTHS) this.widths.clear();
      this.widths.set(key, width);
    }
    return width;
  }

  /**
   * A classical header or trailer: a solid block whose front edge is at x.
   * @param {number} x @param {number} y @param {number} width @param {number} height @param {string} color @param {boolean} frontIsRight
   */
  block(x, y, width, height, color, frontIsRight) {
    this.context.fillStyle = color;
    this.context.fillRect(frontIsRight ? x - width : x, y - height / 2, width, height);
  }

  /** @param {number} x0 @param {number} x1 @param {number} y @param {number} height @param {string} color @param {number} alpha */
  band(x0, x1, y, height, color, alpha) {
    const c = this.context;
    c.globalAlpha = alpha;
    c.fillStyle = color;
    c.fillRect(Math.min(x0, x1), y - height / 2, Math.abs(x1 - x0), height);
    c.globalAlpha = 1;
  }

  /** @param {number} fidelity */
  shade(fidelity) {
    const share = Math.max(0, Math.min(1, (fidelity - FLOOR) / (1 - FLOOR)));
    return this.shades[Math.round(share * (SHADES - 1))];
  }

  /**
   * A qubit: a dot, violet fading towards grey as its fidelity falls.
   * @param {number} x @param {number} y @param {number} radius @param {number} fidelity
   */
  qubit(x, y, radius, fidelity) {
    const c = this.context;
    c.fillStyle = this.shade(fidelity);
    c.beginPath();
    c.arc(x, y, radius, 0, 2 * Math.PI);
    c.fill();
  }

  /**
   * Qubits too close to tell apart at this scale.
   * @param {number} x0 @param {number} x1 @param {number} y @param {number} height @param {number} fidelity
   */
  qubitBand(x0, x1, y, height, fidelity) {
    const c = this.context;
    c.fillStyle = this.shade(fidelity);
    c.fillRect(Math.min(x0, x1), y - height / 2, Math.max(2, Math.abs(x1 - x0)), height);
  }

  /**
   * A photon that is lost, or the slot that it leaves empty.
   * @param {number} x @param {number} y @param {number} radius @param {string} color @param {number} alpha
   */
  ring(x, y, radius, color, alpha) {
    const c = this.context;
    c.globalAlpha = alpha;
    c.strokeStyle = color;
    c.lineWidth = 1.2;
    c.beginPath();
    c.arc(x, y, radius, 0, 2 * Math.PI);
    c.stroke();
    c.globalAlpha = 1;
  }
}

/** @param {string} from @param {string} to */
function shades(from, to) {
  const [a, b] = [channels(from), channels(to)];
  return Array.from({ length: SHADES }, (_, i) => {
    const share = i / (SHADES - 1);
    return `rgb(${a.map((v, k) => Math.round(v + (b[k] - v) * share)).join(",")})`;
  });
}

/** @param {string} hex */
function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}
