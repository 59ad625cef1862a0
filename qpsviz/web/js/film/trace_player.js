// A trace of another tool: its nodes and channels, bits at nodes and on their way, packets, and who is entangled.
import { h } from "../page/dom.js";
import { Lifetime } from "../page/lifetime.js";
import { mapOf } from "./layout.js";
import { drawLegend, withLegend } from "./legend.js";
import { Painter } from "./painter.js";
import { bondsAt, colourOf, placeBy, placeOf } from "./trace_run.js";
/** @import { BitPlace, BitSpot, Clock, LegendEntry, MapLayout, Point, TraceRun, WholeLayout } from "../types.js" */

const FOOT_PX = 14;
const BESIDE_PX = 15; // first dot beside a node
const DOT_PX = 9;
const PER_ROW = 8;
const MOST_DOTS = 24; // at one node; more are counted
const MOST_NAMES = 4; // at one node
const LABEL_PX = 13;
const CLASSICAL_DASH = [2, 4];
const BOND_DASH = [5, 4];
const SEEN_S = 0.9; // of the person's time: how long a loss is seen

export class TracePlayer {
  /** @type {TraceRun} */ run;
  /** @type {MapLayout & Pick<WholeLayout, "legend" | "whole">} */ layout;

  /** @param {Clock} clock */
  constructor(clock) {
    this.clock = clock;
    this.canvas = h("canvas", { class: "qps-canvas", role: "img", "aria-label": "A trace of another tool" });
    this.element = h("div", { class: "qps-player" }, this.canvas);
    this.painter = new Painter(this.canvas);
    /** @type {number[]} */
    this.more = []; // bits of each node that are counted only
    this.lifetime = new Lifetime();
    this.lifetime.size(this.element, () => this.resize());
    this.lifetime.clock(clock, () => this.draw());
  }

  /** @param {TraceRun} run */
  load(run) {
    this.run = run;
    this.canvas.setAttribute("aria-label", run.description);
    this.layOut();
  }

  resize() {
    this.painter.resize(this.element.clientWidth, this.layout?.whole ?? this.element.clientHeight);
    this.layOut();
    this.draw();
  }

  layOut() {
    const { run, painter } = this;
    if (!run || !painter.width) return;
    const map = mapOf(run, painter.width, (name) => painter.widthOf(name, { bold: true }));
    this.layout = withLegend(painter, map, legendOf(run));
    if (this.layout.whole === painter.height) return;
    this.element.style.height = `${this.layout.whole}px`;
    painter.resize(painter.width, this.layout.whole);
  }

  retheme() {
    this.painter.readTokens();
    this.draw();
  }

  draw() {
    const { painter, run, layout } = this;
    if (!run || !painter.width) return;
    const t = this.clock.time;
    painter.clear();
    this.drawChannels();
    const spots = this.spotsAt(t);
    this.drawBonds(spots, t);
    run.nodes.forEach((node, index) => {
      const [x, y] = layout.spots[index];
      painter.node(x, y, node.role, null, layout.scale);
      const label = layout.labels[index];
      if (label) painter.text(label.text, label.x, label.y, { color: painter.tokens.ink, size: 11, bold: true, halo: true });
    });
    this.drawPackets(t);
    this.drawBits(spots, t);
    this.drawLosses(t);
    this.drawFoot();
  }

  drawChannels() {
    const { painter, run, layout } = this;
    const { from, to, quantum } = run.channels;
    for (let row = 0; row < from.length; row++) {
      const { x0, y0, x1, y1 } = layout.fibre(from[row], to[row], 0);
      painter.context.setLineDash(quantum[row] ? [] : CLASSICAL_DASH);
      // The quantum line runs where qubits do, from node to node; the classical one beside it.
      const [[xa, ya], [xb, yb]] = [layout.spots[from[row]], layout.spots[to[row]]];
      if (quantum[row]) painter.line(xa, ya, xb, yb, painter.tokens.fibre, 1.6);
      else painter.line(x0, y0, x1, y1, painter.tokens["line-strong"], 1.2);
    }
    painter.context.setLineDash([]);
  }

  /** Where every bit is drawn. @param {number} t @returns {Map<number, BitSpot>} */
  spotsAt(t) {
    const { run, layout } = this;
    const spots = new Map();
    /** @type {number[][]} */
    const held = run.nodes.map(() => []);
    for (let bit = 0; bit < run.names.length; bit++) {
      const place = placeOf(run, bit, t);
      if (place === null) continue;
      if ("node" in place) held[place.node].push(bit);
      else spots.set(bit, { bit, node: null, point: this.pointOf(place) });
    }
    held.forEach((bits, node) => {
      const [x, y] = [layout.spots[node][0], layout.labels[node]?.countsY ?? layout.spots[node][1] + BESIDE_PX];
      const named = bits.length <= MOST_NAMES;
      bits.slice(0, MOST_DOTS).forEach((bit, i) => {
        const inRow = Math.min(PER_ROW, bits.length - Math.floor(i / PER_ROW) * PER_ROW);
        const aside = named ? 0 : ((i % PER_ROW) - (inRow - 1) / 2) * DOT_PX;
        const down = named ? i * (DOT_PX + 5) : Math.floor(i / PER_ROW) * DOT_PX;
        spots.set(bit, { bit, node, named, point: [x + aside, y + down] });
      });
      this.more[node] = Math.max(0, bits.length - MOST_DOTS);
    });
    return spots;
  }

  /** @param {BitPlace} place @returns {Point} */
  pointOf(place) {
    const { spots } = this.layout;
    if ("node" in place) return spots[place.node];
    const [[xa, ya], [xb, yb]] = [spots[place.from], spots[place.to]];
    return [xa + (xb - xa) * place.share, ya + (yb - ya) * place.share];
  }

  /** @param {Map<number, BitSpot>} spots @param {number} t */
  drawBonds(spots, t) {
    const { painter, run } = this;
    const { first, second } = run.bonds;
    const c = painter.context;
    c.setLineDash(BOND_DASH);
    c.strokeStyle = painter.tokens.accent;
    c.lineWidth = 1.3;
    for (const row of bondsAt(run, t)) {
      const [a, b] = [spots.get(first[row]), spots.get(second[row])];
      if (!a || !b) continue;
      const [[xa, ya], [xb, yb]] = [a.point, b.point];
      const bulge = 10 + 0.12 * Math.hypot(xb - xa, yb - ya);
      c.beginPath();
      c.moveTo(xa, ya);
      c.quadraticCurveTo((xa + xb) / 2 + (xa === xb ? bulge : 0), (ya + yb) / 2 - (xa === xb ? 0 : bulge), xb, yb);
      c.stroke();
    }
    c.setLineDash([]);
  }

  /** Packets with their labels; a label that would lie on another is left out. @param {number} t */
  drawPackets(t) {
    const { painter, run, layout } = this;
    const { from, to, out, in: came } = run.packets;
    /** @type {{ x: number, y: number, half: number }[]} */
    const written = [];
    for (let row = 0; row < from.length; row++) {
      if (t < out[row] || t >= came[row]) continue;
      const [x, y] = layout.fibre(from[row], to[row], 0).point((t - out[row]) / (came[row] - out[row]));
      painter.block(x - 4, y, 8, 11, painter.tokens.header, false);
      const style = { color: painter.tokens["header-ink"], size: 11, halo: true, inside: true };
      const half = painter.widthOf(run.labels[row], style) / 2;
      const lies = written.some((other) => Math.abs(other.x - x) < other.half + half + 4 && Math.abs(other.y - y) < LABEL_PX);
      if (!run.labels[row] || layout.crowded || lies) continue;
      written.push({ x, y, half });
      painter.text(run.labels[row], x, y - 13, style);
    }
  }

  /** @param {Map<number, BitSpot & { named?: boolean }>} spots @param {number} t */
  drawBits(spots, t) {
    const { painter, run, layout } = this;
    for (const { bit, node, named, point } of spots.values()) {
      const [x, y] = point;
      this.drawBit(bit, x, y, t);
      const style = { color: painter.tokens["ink-soft"], size: 11, halo: true };
      if (named) painter.text(run.names[bit], x + 8, y, { ...style, align: "left" });
      else if (node === null && !layout.crowded && spots.size <= 3 * MOST_NAMES) painter.text(run.names[bit], x, y + 13, style);
    }
    this.more.forEach((count, node) => {
      const [x, y] = [layout.spots[node][0], layout.labels[node]?.countsY ?? layout.spots[node][1] + BESIDE_PX];
      const text = `and ${count} more`;
      if (count) painter.text(text, x, y + (MOST_DOTS / PER_ROW) * DOT_PX + 4, { color: painter.tokens["ink-soft"], size: 11, halo: true });
    });
  }

  /** A dot, a square for a classical bit, hollow once it is measured. @param {number} bit @param {number} x @param {number} y @param {number} t */
  drawBit(bit, x, y, t) {
    const { painter, run } = this;
    const { quantum, measured } = run.bits;
    const c = painter.context;
    if (!quantum[bit]) {
      painter.block(x - 3, y, 6, 6, painter.tokens.header, false);
      return;
    }
    const said = colourOf(run, bit, t);
    const own = CSS.supports("color", said) ? said : "";
    if (t >= measured[bit]) {
      painter.ring(x, y, 3.2, own || painter.tokens.qubit, 1);
      return;
    }
    painter.qubit(x, y, 3.8, 1);
    if (!own) return;
    c.fillStyle = own;
    c.beginPath();
    c.arc(x, y, 2.6, 0, 2 * Math.PI);
    c.fill();
  }

  /** A loss is shown where it happens; each reason is written once. @param {number} t */
  drawLosses(t) {
    const { painter, run } = this;
    const life = this.clock.speed * SEEN_S;
    const told = new Set();
    for (let bit = 0; bit < run.names.length; bit++) {
      const age = (t - run.bits.gone[bit]) / life;
      const reason = run.reasons[bit];
      if (!reason || age < 0 || age > 1) continue;
      const [x, y] = this.pointOf(placeBy(run, bit, run.bits.gone[bit]));
      painter.cross(x, y, told.has(reason) ? "" : reason, 1 - age, 0.5);
      told.add(reason);
    }
  }

  drawFoot() {
    const { painter, run, layout } = this;
    const words = run.placed ? ["not to scale: a trace says no lengths", "not to scale"] : ["the trace gives no places", "no places given"];
    const style = { color: painter.tokens["ink-soft"], size: 11 };
    painter.text(painter.fit(words, painter.width / 2, style), 12, layout.height - FOOT_PX, { ...style, align: "left" });
    drawLegend(painter, layout.legend);
  }

  destroy() {
    this.lifetime.end();
  }
}

/** What each mark means; only marks that the trace can show. @param {TraceRun} run @returns {LegendEntry[]} */
function legendOf(run) {
  const [isQuantum, times] = [[...run.bits.quantum], [...run.bits.measured]];
  const measured = isQuantum.some((quantum, bit) => quantum && Number.isFinite(times[bit]));
  /** @type {(LegendEntry | false)[]} */
  const entries = [
    isQuantum.some(Boolean) && { text: "qubit", mark: 8, draw: (p, x, y) => p.qubit(x + 4, y, 3.8, 1) },
    measured && { text: "measured", mark: 8, draw: (p, x, y) => p.ring(x + 4, y, 3.2, p.tokens.qubit, 1) },
    isQuantum.some((quantum) => !quantum) && { text: "bit", mark: 6, draw: (p, x, y) => p.block(x, y, 6, 6, p.tokens.header, false) },
    run.labels.length > 0 && { text: "packet", mark: 8, draw: (p, x, y) => p.block(x, y, 8, 11, p.tokens.header, false) },
    run.bonds.start.length > 0 && { text: "entangled", mark: 20, draw: bond },
    run.reasons.some(Boolean) && { text: "lost", mark: 8, draw: (p, x, y) => p.mark(x + 4, y, 4) },
    { text: "node", mark: 10, draw: (p, x, y) => p.ring(x + 5, y, 4.5, p.tokens.ink, 1) },
  ];
  return entries.filter((entry) => entry !== false);
}

/** @param {Painter} painter @param {number} x @param {number} y */
function bond(painter, x, y) {
  painter.context.setLineDash(BOND_DASH);
  painter.line(x, y, x + 20, y, painter.tokens.accent, 1.3);
  painter.context.setLineDash([]);
}
