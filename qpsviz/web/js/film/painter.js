// Marks on a canvas: each meaning has one colour and one shape.
import { Canvas } from "./canvas.js";
/** @import { SignalKind } from "../types.js" */

export class Painter extends Canvas {
  /** @param {number} x0 @param {number} x1 @param {number} y @param {string} color */
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

  /**
   * A switch is a square, an end a circle, the pair source a diamond; a reading switch shows how far it is.
   * @param {number} x @param {number} y @param {string} role @param {number | null} reading
   */
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

  /**
   * Memory: teal slots, each with the fidelity of what it holds, or `LOST` where its photon is. Returns the y below.
   * @param {number} x @param {number} y @param {number} capacity @param {number[]} held @param {number} perRow
   */
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

  /**
   * A header or trailer of a later attempt: the same block, hollow.
   * @param {number} x @param {number} top @param {number} width @param {number} height
   */
  hollowBlock(x, top, width, height) {
    const c = this.context;
    c.fillStyle = this.tokens.card;
    c.fillRect(x, top, width, height);
    c.strokeStyle = this.tokens.header;
    c.lineWidth = 2;
    c.strokeRect(x + 1, top + 1, width - 2, height - 2);
  }

  /**
   * A message beside the frames: one shape per kind, pointing where it goes (1 to the right, -1 to the left).
   * @param {number} x @param {number} y @param {Pick<SignalKind, "shape" | "fails">} kind @param {number} sign
   */
  message(x, y, { shape, fails }, sign) {
    const c = this.context;
    c.lineWidth = 1.8;
    c.strokeStyle = c.fillStyle = fails ? this.tokens.drop : this.tokens.header;
    c.beginPath();
    if (shape === "ring") c.arc(x, y, 4.2, 0, 2 * Math.PI);
    else if (shape === "dot") c.arc(x, y, 3.2, 0, 2 * Math.PI);
    else {
      c.moveTo(x + 6 * sign, y);
      c.lineTo(x - 4 * sign, y - 5.5);
      c.lineTo(x - 4 * sign, y + 5.5);
      c.closePath();
    }
    if (shape === "ring" || shape === "hollow arrow") {
      c.fillStyle = this.tokens.card;
      c.fill();
      c.stroke();
    } else c.fill();
  }

  /** A fibre that a circuit holds. @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
  reserved(x0, y0, x1, y1) {
    const c = this.context;
    c.globalAlpha = 0.35;
    this.line(x0, y0, x1, y1, this.tokens.header, 7);
    c.globalAlpha = 1;
  }

  /** @param {number} x @param {number} y @param {number} arm */
  mark(x, y, arm) {
    this.line(x - arm, y - arm, x + arm, y + arm, this.tokens.drop, 2);
    this.line(x - arm, y + arm, x + arm, y - arm, this.tokens.drop, 2);
  }

  /** @param {number} x @param {number} y @param {string} reason @param {number} alpha */
  cross(x, y, reason, alpha, scale = 1) {
    const c = this.context;
    const arm = 15 * scale;
    c.globalAlpha = Math.min(1, alpha * 2);
    this.line(x - arm, y - arm, x + arm, y + arm, this.tokens.drop, 4 * scale);
    this.line(x - arm, y + arm, x + arm, y - arm, this.tokens.drop, 4 * scale);
    this.text(reason, x, y - 38 * scale, { color: this.tokens.drop, bold: true, halo: true, alpha: c.globalAlpha, inside: true });
    c.globalAlpha = 1;
  }

  /** @param {number} x @param {number} y @param {number} width @param {string} text */
  scaleBar(x, y, width, text) {
    this.line(x, y, x + width, y, this.tokens["ink-soft"], 1.5);
    this.line(x, y - 4, x, y + 4, this.tokens["ink-soft"], 1.5);
    this.line(x + width, y - 4, x + width, y + 4, this.tokens["ink-soft"], 1.5);
    this.text(text, x + width + 8, y, { color: this.tokens["ink-soft"], size: 11, align: "left" });
  }
}
