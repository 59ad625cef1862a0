// The network with frames moving through it, drawn to scale from the legs of a run.
import { h } from "../page/dom.js";
import { Lifetime } from "../page/lifetime.js";
import { FrameDrawing } from "./frames.js";
import { layOutFilm } from "./layout.js";
import { drawReservations, drawSignals } from "./signals.js";
import { counted, holding, holdings, received } from "./holdings.js";
import { drawLegend, filmLegend, withLegend } from "./legend.js";
import { Painter } from "./painter.js";
import { countOfDrops, NO_LEG, shortTime } from "./run.js";
/** @import { Clock, FilmRun, Holdings, LineLayout, MapLayout, TextStyle, WholeLayout } from "../types.js" */

const MEMORY_DOWN = 60; // below the fibre of a line
const ABOVE_UP = 68;
const LABEL_DOWN = 38;
const LABEL_ROW_PX = 14;
const FOOT_PX = 14;
const FADING_S = 0.5; // of the person's time: how long a lost photon is seen

export class Player {
  /** @type {FilmRun} */ run;
  /** @type {WholeLayout} */ layout;
  /** @type {Holdings[]} */ states;
  /** @type {boolean} */ slots;

  /** @param {Clock} clock */
  constructor(clock) {
    this.clock = clock;
    this.canvas = h("canvas", { class: "qps-canvas", role: "img", "aria-label": "Frames moving through the network" });
    this.element = h("div", { class: "qps-player" }, this.canvas);
    this.painter = new Painter(this.canvas);
    this.still = new Painter(document.createElement("canvas")); // below what moves
    this.frames = new FrameDrawing(this.painter);
    this.painted = 0;
    this.lifetime = new Lifetime();
    this.lifetime.size(this.element, () => this.resize());
    this.lifetime.clock(clock, () => this.draw());
  }

  /** A new run; the clock, which is rewound for it, has it drawn. @param {FilmRun} run */
  load(run) {
    this.run = run;
    this.canvas.setAttribute("aria-label", run.description);
    this.layOut();
  }

  /** Fit the room there is; a picture to save asks for a ratio of pixels of its own. @param {number} [ratio] */
  resize(ratio) {
    this.painter.resize(this.element.clientWidth, this.layout?.whole ?? this.element.clientHeight, ratio);
    this.layOut();
    this.draw();
  }

  /** Places for this run and width, and rows for its legend; the picture is as tall as both need. */
  layOut() {
    const { run, painter } = this;
    if (!run || !painter.width) return;
    this.slots = this.clock.slots;
    const layout = layOutFilm(run, painter.width, (name) => painter.widthOf(name, { bold: true }));
    this.layout = withLegend(painter, layout, filmLegend(run));
    const { whole } = this.layout;
    if (whole !== painter.height) {
      this.element.style.height = `${whole}px`;
      painter.resize(painter.width, whole);
    }
    this.paintStill();
  }

  retheme() {
    this.painter.readTokens();
    this.paintStill();
    this.draw();
  }

  /** What no moment changes: fibres with their lengths, names of a line, the scale and the legend. */
  paintStill() {
    if (!this.run || !this.painter.width) return;
    this.still.follow(this.painter);
    this.drawFibres(this.still);
    if (this.layout.isLine) this.drawNames(this.layout);
    this.drawFoot(this.still);
  }

  draw() {
    const { painter, run } = this;
    if (!run || !painter.width) return;
    if (this.slots !== this.clock.slots) this.layOut();
    const t = this.clock.time;
    this.painted += 1;
    painter.clear();
    painter.lay(this.still);
    drawReservations(painter, run, this.layout, t);
    const life = this.clock.speed * FADING_S;
    for (let leg = 0; leg < run.nLegs; leg++) this.frames.draw(run, this.layout, leg, t, life);
    drawSignals(painter, run, this.layout, t);
    this.states = holdings(run, t);
    const { layout } = this;
    this.states.forEach((state, node) => {
      if (layout.isLine) this.drawNode(layout, node, state);
      else this.drawSpot(layout, node, state);
    });
    this.drawFlashes(t);
  }

  /** @param {Painter} painter */
  drawFibres(painter) {
    const { run, layout } = this;
    const drawn = new Map();
    /** @type {{ x: number, y: number, half: number }[]} */
    const written = []; // a length that would lie on another is left out
    for (const { from, to, length, count } of run.links) {
      const [[xa, ya], [xb, yb]] = [layout.spots[from], layout.spots[to]];
      const before = drawn.get(`${from},${to}`) ?? 0;
      drawn.set(`${from},${to}`, before + count);
      const many = run.links.reduce((sum, link) => sum + (link.from === from && link.to === to ? link.count : 0), 0);
      const size = Math.hypot(xb - xa, yb - ya) || 1;
      const [nx, ny] = [-(yb - ya) / size, (xb - xa) / size];
      for (let k = before; k < Math.min(before + count, 3); k++) {
        const aside = (k - (Math.min(many, 3) - 1) / 2) * 4;
        painter.line(xa + nx * aside, ya + ny * aside, xb + nx * aside, yb + ny * aside, painter.tokens.fibre, layout.isLine ? 2 : 1.3);
      }
      const style = { color: painter.tokens["ink-soft"], size: 11, halo: !layout.isLine };
      if (layout.isLine && Math.abs(xb - xa) > 150) {
        painter.text(`${+length.toFixed(1)} km · ${shortTime(length / run.speed)}`, (xa + xb) / 2, layout.y + LABEL_DOWN, style);
      }
      const words = [many > 1 && before === 0 && `×${many}`, !layout.isLine && !layout.crowded && size > 110 && `${+length.toFixed(1)} km`];
      const text = words.filter(Boolean).join(" · ");
      if (!text || before > 0) continue;
      const half = painter.widthOf(text, style) / 2;
      const x = painter.within((xa + xb) / 2 + nx * (16 + 12 * Math.abs(nx)), 2 * half);
      const y = (ya + yb) / 2 + ny * (16 + 12 * Math.abs(nx));
      if (written.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < LABEL_ROW_PX)) continue;
      written.push({ x, y, half });
      painter.text(text, x, y, style);
    }
  }

  /** @param {LineLayout} layout */
  drawNames({ at, y, labels }) {
    const style = { color: this.still.tokens.ink, bold: true };
    labels.forEach((label, i) => {
      if (label) this.still.text(label.text, at[i], y + LABEL_DOWN + LABEL_ROW_PX * label.row, style);
    });
  }

  /**
   * A node of a line, with its memory and what it has received, cut off and dropped.
   * @param {LineLayout} layout @param {number} index @param {Holdings} state
   */
  drawNode(layout, index, state) {
    const { painter, run } = this;
    const node = run.nodes[index];
    const x = layout.at[index];
    const { crowded, scale, slotsPerRow, labelRows } = layout;
    painter.node(x, layout.y, node.role, state.reading, scale);
    let y = layout.y + MEMORY_DOWN + LABEL_ROW_PX * (labelRows - 1);
    const keeps = run.keeps && node.role === "sender";
    if (((node.role === "relay" && run.dwells) || keeps) && slotsPerRow[index] > 0) y = this.drawMemory(layout, index, state, keeps, y);
    if (node.role === "receiver") {
      const top = crowded ? layout.y - ABOVE_UP : y; // below, the memories of its neighbours need the room
      const [frames, photons] = received(run, state);
      painter.text(frames, x, top, { color: painter.tokens.ink, size: 12, inside: true });
      const fitting = crowded ? photons[0] : painter.fit(photons, layout.rooms[index], { size: 11 });
      painter.text(fitting, x, top + 15, { color: painter.tokens["ink-soft"], size: 11, inside: true });
    }
    if (state.cut) {
      const words = [`${counted(state.cut, "slot")} cut off`, `${state.cut} cut off`, `−${state.cut}`];
      painter.text(painter.fit(words, layout.rooms[index], { size: 11 }), x, y, { color: painter.tokens.drop, size: 11, inside: true });
      y += 15;
    }
    if (state.drops) this.drawDrops(x, y, state.drops, layout.rooms[index]);
  }

  /** @param {LineLayout} layout @param {number} index @param {Holdings} state @param {boolean} keeps @param {number} top */
  drawMemory(layout, index, state, keeps, top) {
    const { painter, run } = this;
    const room = keeps || run.memory === null ? run.qubits : run.memory;
    let y = painter.slots(layout.at[index], top, room, state.held, layout.slotsPerRow[index]) + 13;
    const count = state.held.length + state.more;
    if (!layout.crowded || count) {
      const words = holding(run, state, keeps ? "kept" : "stored");
      const text = layout.crowded ? String(count) : painter.fit(words, layout.rooms[index], { size: 11 });
      painter.text(text, layout.at[index], y, { color: painter.tokens.memory, size: 11, inside: true });
    }
    y += 17;
    return y;
  }

  /** @param {number} x @param {number} y @param {number} count @param {number} room */
  drawDrops(x, y, count, room) {
    const { painter, run } = this;
    const style = { size: 11, bold: false };
    const words = [`${countOfDrops(run, count)} dropped`, `${count} dropped`, String(count)];
    const text = painter.fit(words, room - 14, style);
    const width = painter.widthOf(text, style) + 14;
    const left = painter.within(x, width) - width / 2;
    painter.mark(left + 4, y, 4);
    painter.text(text, left + 14, y, { color: painter.tokens.drop, align: "left", ...style });
  }

  /**
   * A node of a map: small, with its name and, in short, what it received, holds and dropped.
   * @param {MapLayout} layout @param {number} index @param {Holdings} state
   */
  drawSpot(layout, index, state) {
    const { painter, run } = this;
    const [x, y] = layout.spots[index];
    painter.node(x, y, run.nodes[index].role, state.reading, layout.scale);
    const label = layout.labels[index];
    if (label) painter.text(label.text, label.x, label.y, { color: painter.tokens.ink, size: 11, bold: true, halo: true });
    const held = state.held.length + state.more;
    const { ink, memory, drop } = painter.tokens;
    const counts = [
      { mark: "✓", count: state.frames, color: ink },
      { mark: "▪", count: held, color: memory },
      { mark: "✕", count: state.drops, color: drop },
    ];
    const parts = counts.filter(({ count }) => count).map(({ mark, count, color }) => ({ text: `${mark}${count}`, color }));
    if (!parts.length || (layout.crowded && !label)) return;
    const wide = parts.reduce((sum, { text }) => sum + painter.widthOf(text, { size: 11 }) + 5, -5);
    let left = painter.within(label?.x ?? x, wide) - wide / 2;
    const top = label?.countsY ?? y + 19;
    for (const { text, color } of parts) {
      painter.text(text, left, top, { color, size: 11, align: "left", halo: true });
      left += painter.widthOf(text, { size: 11 }) + 5;
    }
  }

  /**
   * A drop is shown where it happens, with its reason, for about a second of the person's time; so is a new colour.
   * @param {number} t
   */
  drawFlashes(t) {
    const { run, painter, layout } = this;
    const life = this.clock.speed * 0.9;
    const seen = new Set();
    for (const { time, node, reason } of run.drops) {
      const age = (t - time) / life;
      if (age < 0 || age > 1 || seen.has(`${node}${reason}`)) continue;
      seen.add(`${node}${reason}`);
      const [x, y] = layout.spots[node];
      painter.cross(x, y, reason, 1 - age, layout.isLine ? 1 : 0.5);
    }
    if (run.wavelengths < 2) return;
    const { next, channel, h0, to } = run.legs;
    for (let leg = 0; leg < run.nLegs; leg++) {
      const after = next[leg];
      if (after === NO_LEG || channel[after] === channel[leg]) continue;
      const age = (t - h0[after]) / life;
      if (age < 0 || age > 1) continue;
      const [x, y] = layout.spots[to[leg]];
      const words = `λ${channel[leg] + 1} → λ${channel[after] + 1}`;
      painter.text(words, x, y - 38, { color: painter.tokens.ink, size: 12, bold: true, halo: true, alpha: 1 - age, inside: true });
    }
  }

  /** @param {Painter} painter */
  drawFoot(painter) {
    const { run, layout } = this;
    const y = layout.height - FOOT_PX;
    /** @type {TextStyle} */
    const soft = { color: painter.tokens["ink-soft"], size: 11, align: "left" };
    if (!layout.isLine) {
      const delivered = "✓ frames delivered · ▪ slots held · ✕ dropped";
      painter.text(painter.width > 500 ? `${run.network}: ${delivered}` : delivered, 12, y, soft);
    } else if (layout.span) {
      const { margin, span } = layout;
      const power = 10 ** Math.floor(Math.log10(span / 6));
      const km =
        [1, 2, 5, 10]
          .map((m) => m * power)
          .filter((v) => v <= (span / 6) * 1.01)
          .pop() ?? power;
      const px = (km / span) * (painter.width - 2 * margin);
      painter.scaleBar(margin, y, px, `${+km.toPrecision(2)} km = ${shortTime(km / run.speed)} of light`);
    } else painter.text("no fibre; nodes drawn apart", layout.margin, y, soft);
    drawLegend(painter, layout.legend);
  }

  destroy() {
    this.lifetime.end();
  }
}
