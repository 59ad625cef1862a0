// The space-time diagram: distance to the right, time downwards, to scale, with the player's cursor.
import { h } from "../page/dom.js";
import { Lifetime } from "../page/lifetime.js";
import { keyOfMessages, reservationsOf } from "../film/signals.js";
import { Painter } from "../film/painter.js";
import { between, historyOf, NO_LEG, shortTime } from "../film/run.js";
/** @import { FilmRun, RunPage } from "../types.js" */

const LEFT = 74;
const RIGHT = 48;
const TOP = 30;
const BOTTOM = 8;
const NOBODY = "Click a frame to follow it; click a time to go there.";

/** @typedef {{ start: number, shown: number, scale: number }} TimeWindow In µs, and px per µs. */

export class SpaceTimeTab {
  /** @type {FilmRun} */ run;
  /** @type {number[]} */ nodes;
  /** @type {Map<number, number>} */ km;
  /** @type {number} */ span;
  /** @type {Set<string>} */ steps;

  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    this.clock = page.clock;
    /** @type {number | null} */
    this.followed = null;
    this.path = 0;
    this.canvas = h("canvas", {
      class: "qps-canvas",
      role: "img",
      tabindex: 0,
      "aria-label": "Space-time diagram of the run",
      onclick: (event) => this.click(event),
    });
    this.detail = h("p", { class: "qps-follow", role: "status" }, NOBODY);
    this.key = h("ul", { class: "qps-legend", "aria-label": "Messages" });
    /** @type {HTMLSelectElement} */
    this.paths = h("select", { "aria-label": "Path", hidden: true, onchange: () => this.choose(Number(this.paths.value)) });
    this.box = h("div", { class: "qps-spacetime" }, this.canvas);
    this.element = h(
      "div",
      { class: "qps-tab-content" },
      h("div", { class: "qps-follow-bar" }, this.paths, this.detail, this.key),
      this.box,
    );
    this.painter = new Painter(this.canvas);
    this.lifetime = new Lifetime();
    this.lifetime.size(this.box, () => this.resize());
    this.lifetime.clock(this.clock, () => this.draw());
  }

  /** @param {FilmRun} run */
  load(run) {
    this.run = run;
    this.paths.hidden = run.paths.length < 2;
    this.paths.replaceChildren(...run.paths.map((path, i) => h("option", { value: i }, path.name)));
    this.choose(this.path < run.paths.length ? this.path : 0);
    this.key.replaceChildren(...keyOfMessages(run));
  }

  /** One path through the network is the axis: where its nodes are, and which fibres lie on it. @param {number} index */
  choose(index) {
    this.path = index;
    this.followed = null;
    this.detail.textContent = this.run.paths.length ? NOBODY : "No frame travels in this run.";
    this.paths.value = String(index);
    const path = this.run.paths[index] ?? { nodes: [], km: [], both: true };
    this.nodes = path.nodes;
    this.km = new Map(path.nodes.map((node, i) => [node, path.km[i]]));
    this.span = Math.max(...path.km, 0) || 1;
    // Without any fibre all nodes are in one place: they are drawn apart all the same.
    if (!Math.max(...path.km, 0)) for (const [i, node] of this.nodes.entries()) this.km.set(node, i / Math.max(1, this.nodes.length - 1));
    this.steps = new Set();
    for (let i = 1; i < path.nodes.length; i++) {
      this.steps.add(`${path.nodes[i - 1]},${path.nodes[i]}`);
      if (path.both) this.steps.add(`${path.nodes[i]},${path.nodes[i - 1]}`);
    }
    this.draw();
  }

  /** Fit the room there is; a picture to save asks for a ratio of pixels of its own. @param {number} [ratio] */
  resize(ratio) {
    this.painter.resize(this.box.clientWidth, Math.max(200, this.box.clientHeight), ratio);
    this.draw();
  }

  retheme() {
    if (!this.painter.width) return;
    this.painter.readTokens();
    this.draw();
  }

  /** @param {number} node */
  x(node) {
    return LEFT + ((this.km.get(node) ?? 0) / this.span) * (this.painter.width - LEFT - RIGHT);
  }

  /** The time window: the whole run, or what fits around the cursor when it is long. */
  window() {
    const height = this.painter.height - TOP - BOTTOM;
    const shown = Math.min(this.run.duration, Math.max(height / 0.35, this.run.duration / 6));
    const start = Math.max(0, Math.min(this.clock.time - shown * 0.4, this.run.duration - shown));
    return { start, shown, scale: height / shown };
  }

  /** @param {number} time @param {TimeWindow} given */
  y(time, { start, scale }) {
    return TOP + (time - start) * scale;
  }

  draw() {
    const { painter, run } = this;
    if (!run || !painter.width || !this.canvas.isConnected || !this.canvas.clientWidth) return;
    const view = this.window();
    painter.clear();
    const c = painter.context;
    c.save();
    c.beginPath();
    c.rect(0, TOP - 2, painter.width, painter.height - TOP + 2);
    c.clip();
    this.drawTimes(view);
    for (const node of this.nodes) painter.line(this.x(node), TOP, this.x(node), painter.height, painter.tokens.fibre, 1);
    this.drawReservations(view);
    for (let leg = 0; leg < run.nLegs; leg++) this.drawLeg(leg, view);
    for (let i = 0; i < run.nSignals; i++) this.drawSignal(i, view);
    for (const { time, node, isFrame } of run.drops) {
      if (!isFrame || !run.reserves || !this.km.has(node)) continue;
      painter.mark(this.x(node), this.y(time, view), 6);
    }
    const y = this.y(this.clock.time, view);
    painter.line(LEFT - 6, y, painter.width - RIGHT + 6, y, painter.tokens.accent, 1.5);
    c.restore();
    this.drawNames();
  }

  /** Names over their nodes; those of relays are short, or left out, where there is little room. */
  drawNames() {
    const { painter, run } = this;
    const crowded = this.nodes.length * 84 > painter.width;
    /** @type {[from: number, to: number][]} */
    const taken = [];
    const order = [...this.nodes].sort((a, b) => Number(run.nodes[a].role === "relay") - Number(run.nodes[b].role === "relay"));
    for (const node of [order[0], this.nodes[this.nodes.length - 1], ...order].filter((n) => n !== undefined)) {
      const { name, role } = run.nodes[node];
      const text = crowded && role === "relay" ? name.replace("Relay ", "R") : name;
      const half = painter.widthOf(text, { bold: true }) / 2 + 3;
      const x = painter.within(this.x(node), 2 * half);
      if (taken.some(([a, b]) => x - half < b && x + half > a)) continue;
      taken.push([x - half, x + half]);
      painter.text(text, x, 14, { color: painter.tokens.ink, size: 12, bold: true });
    }
  }

  /** @param {TimeWindow} view */
  drawTimes(view) {
    const { painter } = this;
    const raw = view.shown / 6;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((m) => m * power).find((v) => v >= raw) ?? raw;
    for (let t = Math.ceil(view.start / step) * step; t <= view.start + view.shown; t += step) {
      const y = this.y(t, view);
      painter.line(LEFT, y, painter.width - RIGHT, y, painter.tokens.line, 1);
      if (y > TOP + 8) painter.text(shortTime(t), LEFT - 10, y, { color: painter.tokens["ink-soft"], size: 11, align: "right" });
    }
  }

  /** While a circuit holds a fibre, its piece of the diagram is shaded. @param {TimeWindow} view */
  drawReservations(view) {
    const { run, painter } = this;
    run.reservations ??= reservationsOf(run);
    for (const { from, to, start, end } of run.reservations) {
      if (!this.steps.has(`${from},${to}`)) continue;
      const until = Math.min(end, view.start + view.shown);
      painter.band(
        this.x(from),
        this.x(to),
        (this.y(start, view) + this.y(until, view)) / 2,
        this.y(until, view) - this.y(start, view),
        painter.tokens.header,
        0.1,
      );
    }
  }

  /** @param {number} i @param {TimeWindow} view */
  drawSignal(i, view) {
    const { run, painter } = this;
    const { kind, from, to, out, in: came, frame } = run.signals;
    if (!this.steps.has(`${from[i]},${to[i]}`) && !this.steps.has(`${to[i]},${from[i]}`)) return;
    if (came[i] < view.start || out[i] > view.start + view.shown) return;
    const { dash, fails } = run.signalKinds[kind[i]];
    const c = painter.context;
    const faint = this.followed !== null && run.frames.session[this.followed] !== run.frames.session[frame[i]];
    c.globalAlpha = faint ? 0.22 : 1;
    c.setLineDash(dash);
    const color = painter.tokens[fails ? "drop" : "header"];
    painter.line(this.x(from[i]), this.y(out[i], view), this.x(to[i]), this.y(came[i], view), color, 2);
    c.setLineDash([]);
    c.globalAlpha = 1;
  }

  /** @param {number} leg @param {TimeWindow} view */
  drawLeg(leg, view) {
    const { run, painter } = this;
    const { frame, attempt, h0, h1, p0, t0, lost, f0, f1, next, end, endTime, from, to } = run.legs;
    if (!this.steps.has(`${from[leg]},${to[leg]}`)) return;
    const flight = h1[leg] - h0[leg];
    const last = t0[leg] + flight;
    const until = next[leg] === NO_LEG ? Math.max(last, endTime[leg] < Infinity ? endTime[leg] : 0) : Math.max(last, t0[next[leg]]);
    if (until < view.start || h0[leg] > view.start + view.shown) return;
    const c = painter.context;
    c.globalAlpha = this.followed !== null && this.followed !== frame[leg] ? 0.22 : 1;
    const [a, b] = [this.x(from[leg]), this.x(to[leg])];
    /** @param {number} start @param {number} stop @param {string} color */
    const band = (start, stop, color) => this.quad(a, this.y(start, view), b, flight * view.scale, (stop - start) * view.scale, color);
    band(p0[leg] + lost[leg], p0[leg] + run.payload, painter.shade(between(f0[leg], f1[leg], 0.5)));
    /** @param {number} start */
    const stroke = (start) => painter.line(a, this.y(start, view), b, this.y(start + flight, view), painter.tokens.header, 2);
    if (attempt[leg] > 1) c.setLineDash([7, 3]);
    stroke(h0[leg]);
    stroke(t0[leg]);
    c.setLineDash([]);
    if (run.dwells && next[leg] !== NO_LEG) this.drawDwell(leg, b, flight, view);
    if (next[leg] === NO_LEG && end[leg] > 0) painter.mark(b, this.y(endTime[leg], view), 6);
    c.globalAlpha = 1;
  }

  /**
   * Held in a memory: a vertical run at the relay, as wide as a slot.
   * @param {number} leg @param {number} x @param {number} flight @param {TimeWindow} view
   */
  drawDwell(leg, x, flight, view) {
    const { run, painter } = this;
    const top = this.y(run.legs.p0[leg] + flight, view);
    const bottom = this.y(run.legs.p0[run.legs.next[leg]] + run.payload, view);
    painter.context.fillStyle = painter.tokens.memory;
    painter.context.fillRect(x - 4, top, 8, bottom - top);
  }

  /** @param {number} a @param {number} y @param {number} b @param {number} drop @param {number} height @param {string} color */
  quad(a, y, b, drop, height, color) {
    const c = this.painter.context;
    c.fillStyle = color;
    c.beginPath();
    c.moveTo(a, y);
    c.lineTo(b, y + drop);
    c.lineTo(b, y + drop + height);
    c.lineTo(a, y + height);
    c.closePath();
    c.fill();
  }

  /** @param {MouseEvent} event */
  click(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const view = this.window();
    const time = view.start + (event.clientY - bounds.top - TOP) / view.scale;
    const leg = this.legAt(event.clientX - bounds.left, time);
    if (leg === null) {
      this.followed = null;
      this.detail.textContent = NOBODY;
      this.clock.play(false);
      this.clock.seek(time);
      return;
    }
    this.followed = this.run.legs.frame[leg];
    this.detail.textContent = historyOf(this.run, this.followed);
    this.draw();
  }

  /** The leg drawn at a place of the diagram, in px, and a time. @param {number} px @param {number} time */
  legAt(px, time) {
    const { run } = this;
    const { h0, h1, p0, t0, from, to } = run.legs;
    for (let leg = 0; leg < run.nLegs; leg++) {
      if (!this.steps.has(`${from[leg]},${to[leg]}`)) continue;
      const share = (px - this.x(from[leg])) / (this.x(to[leg]) - this.x(from[leg]));
      if (!(share >= 0 && share <= 1)) continue;
      const flight = h1[leg] - h0[leg];
      if (time >= h0[leg] + share * flight && time <= Math.max(t0[leg], p0[leg] + run.payload) + share * flight) return leg;
    }
    return null;
  }

  destroy() {
    this.lifetime.end();
  }
}
