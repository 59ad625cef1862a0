// Marks on a canvas: each meaning has one colour and one shape.

const TOKEN_NAMES = [
  "ground", "card", "sunken", "line", "line-strong", "ink", "ink-soft", "accent", "header", "header-ink", "qubit",
  "qubit-mixed", "memory", "memory-soft", "fibre", "drop", "drop-soft", "series-1", "series-2", "series-3", "series-4",
];
const FLOOR = 0.25;
const SHADES = 24;

export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.width = 0;
    this.height = 0;
    this.tokens = null;
  }

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
    this.shades = shades(this.tokens["qubit-mixed"], this.tokens.qubit);
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }

  line(x0, y0, x1, y1, color, width) {
    const c = this.context;
    c.strokeStyle = color;
    c.lineWidth = width;
    c.beginPath();
    c.moveTo(x0, y0);
    c.lineTo(x1, y1);
    c.stroke();
  }

  /** Write a text; `inside` moves a centred one so that it stays on the canvas. */
  text(text, x, y, { color, size = 12, bold = false, align = "center", halo = false, alpha = 1, inside = false }) {
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

  /** The centre nearest to x of something that wide, for it to be on the canvas. */
  within(x, width) {
    return Math.max(width / 2, Math.min(x, this.width - width / 2));
  }

  /** The first of some texts that is no wider than there is room, else the last. */
  fit(texts, room, style) {
    return texts.find((text) => this.widthOf(text, style) <= room) ?? texts[texts.length - 1];
  }

  widthOf(text, { size = 12, bold = false }) {
    this.context.font = `${bold ? "600 " : ""}${size}px ${this.font}`;
    return this.context.measureText(text).width;
  }

  /** A classical header or trailer: a solid block whose front edge is at x. */
  block(x, y, width, height, color, frontIsRight) {
    this.context.fillStyle = color;
    this.context.fillRect(frontIsRight ? x - width : x, y - height / 2, width, height);
  }

  band(x0, x1, y, height, color, alpha) {
    const c = this.context;
    c.globalAlpha = alpha;
    c.fillStyle = color;
    c.fillRect(Math.min(x0, x1), y - height / 2, Math.abs(x1 - x0), height);
    c.globalAlpha = 1;
  }

  shade(fidelity) {
    const share = Math.max(0, Math.min(1, (fidelity - FLOOR) / (1 - FLOOR)));
    return this.shades[Math.round(share * (SHADES - 1))];
  }

  /** A qubit: a dot, violet fading towards grey as its fidelity falls. */
  qubit(x, y, radius, fidelity) {
    const c = this.context;
    c.fillStyle = this.shade(fidelity);
    c.beginPath();
    c.arc(x, y, radius, 0, 2 * Math.PI);
    c.fill();
  }

  /** Qubits too close to tell apart at this scale. */
  qubitBand(x0, x1, y, height, fidelity) {
    const c = this.context;
    c.fillStyle = this.shade(fidelity);
    c.fillRect(Math.min(x0, x1), y - height / 2, Math.max(2, Math.abs(x1 - x0)), height);
  }

  bracket(x0, x1, y, color) {
    const c = this.context;
    c.strokeStyle = color;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x0, y + 5);
    c.lineTo(x0, y);
    c.lineTo(x1, y);
    c.lineTo(x1, y + 5);
    c.stroke();
  }

  /** A switch is a square, an end a circle, the pair source a diamond; a reading switch shows how far it is. */
  node(x, y, role, reading, scale = 1) {
    const c = this.context;
    c.save();
    c.translate(x, y);
    c.scale(scale, scale);
    c.fillStyle = this.tokens.card;
    c.strokeStyle = this.tokens.ink;
    c.lineWidth = 1.5 / Math.max(scale, 0.5);
    c.beginPath();
    if (role === "relay") c.roundRect(-20, -20, 40, 40, 7);
    else if (role === "source") {
      c.moveTo(0, -24);
      c.lineTo(24, 0);
      c.lineTo(0, 24);
      c.lineTo(-24, 0);
      c.closePath();
    } else c.arc(0, 0, 20, 0, 2 * Math.PI);
    c.fill();
    c.stroke();
    if (role === "relay") this.switchGlyph();
    if (reading !== null) {
      c.strokeStyle = this.tokens.header;
      c.lineWidth = 4;
      c.beginPath();
      c.arc(0, 0, 29, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * reading);
      c.stroke();
    }
    c.restore();
  }

  switchGlyph() {
    const color = this.tokens["line-strong"];
    for (const side of [-1, 1]) {
      this.line(-11, 6 * side, -5, 6 * side, color, 1.5);
      this.line(-5, 6 * side, 5, -6 * side, color, 1.5);
      this.line(5, -6 * side, 11, -6 * side, color, 1.5);
    }
  }

  /** Memory: teal slots, each with the fidelity of what it holds, or `LOST` where its photon is. Returns the y below. */
  slots(x, y, capacity, held, perRow) {
    const c = this.context;
    const shown = Math.min(Math.max(capacity, held.length), 4 * perRow);
    const size = perRow > 5 ? 8 : 7;
    const rows = Math.ceil(shown / perRow) || 1;
    c.lineWidth = 1;
    for (let i = 0; i < shown; i++) {
      const row = Math.floor(i / perRow);
      const inRow = Math.min(perRow, shown - row * perRow);
      const cx = x + ((i % perRow) - (inRow - 1) / 2) * size;
      const cy = y + row * size;
      c.fillStyle = this.tokens["memory-soft"];
      c.strokeStyle = this.tokens.memory;
      c.fillRect(cx - size / 2 + 0.5, cy - size / 2 + 0.5, size - 1, size - 1);
      c.strokeRect(cx - size / 2 + 0.5, cy - size / 2 + 0.5, size - 1, size - 1);
      if (held[i] >= 0) this.qubit(cx, cy, size / 2 - 1.5, held[i]);
      else if (held[i] !== undefined) this.ring(cx, cy, 1.2, this.tokens.memory, 1);
    }
    return y + rows * size - size / 2;
  }

  /** A photon that is lost, or the slot that it leaves empty. */
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

  /** A header or trailer of a later attempt: the same block, hollow. */
  hollowBlock(x, top, width, height) {
    const c = this.context;
    c.fillStyle = this.tokens.card;
    c.fillRect(x, top, width, height);
    c.strokeStyle = this.tokens.header;
    c.lineWidth = 2;
    c.strokeRect(x + 1, top + 1, width - 2, height - 2);
  }

  /** A message beside the frames: one shape per kind, pointing where it goes (1 to the right, -1 to the left). */
  message(x, y, kind, sign) {
    const c = this.context;
    c.lineWidth = 1.8;
    c.strokeStyle = c.fillStyle = kind === "refuse" || kind === "notice" ? this.tokens.drop : this.tokens.header;
    c.beginPath();
    if (kind === "release") c.arc(x, y, 4.2, 0, 2 * Math.PI);
    else if (kind === "notice") c.arc(x, y, 3.2, 0, 2 * Math.PI);
    else {
      c.moveTo(x + 6 * sign, y);
      c.lineTo(x - 4 * sign, y - 5.5);
      c.lineTo(x - 4 * sign, y + 5.5);
      c.closePath();
    }
    if (kind === "setup" || kind === "release") {
      c.fillStyle = this.tokens.card;
      c.fill();
      c.stroke();
    } else c.fill();
  }

  /** A fibre that a circuit holds. */
  reserved(x0, y0, x1, y1) {
    const c = this.context;
    c.globalAlpha = 0.35;
    this.line(x0, y0, x1, y1, this.tokens.header, 7);
    c.globalAlpha = 1;
  }

  mark(x, y, arm) {
    this.line(x - arm, y - arm, x + arm, y + arm, this.tokens.drop, 2);
    this.line(x - arm, y + arm, x + arm, y - arm, this.tokens.drop, 2);
  }

  cross(x, y, reason, alpha, scale = 1) {
    const c = this.context;
    const arm = 15 * scale;
    c.globalAlpha = Math.min(1, alpha * 2);
    this.line(x - arm, y - arm, x + arm, y + arm, this.tokens.drop, 4 * scale);
    this.line(x - arm, y + arm, x + arm, y - arm, this.tokens.drop, 4 * scale);
    this.text(reason, x, y - 38 * scale, { color: this.tokens.drop, bold: true, halo: true, alpha: c.globalAlpha, inside: true });
    c.globalAlpha = 1;
  }

  scaleBar(x, y, width, text) {
    this.line(x, y, x + width, y, this.tokens["ink-soft"], 1.5);
    this.line(x, y - 4, x, y + 4, this.tokens["ink-soft"], 1.5);
    this.line(x + width, y - 4, x + width, y + 4, this.tokens["ink-soft"], 1.5);
    this.text(text, x + width + 8, y, { color: this.tokens["ink-soft"], size: 11, align: "left" });
  }
}

function shades(from, to) {
  const [a, b] = [channels(from), channels(to)];
  return Array.from({ length: SHADES }, (_, i) => {
    const share = i / (SHADES - 1);
    return `rgb(${a.map((v, k) => Math.round(v + (b[k] - v) * share)).join(",")})`;
  });
}

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}
