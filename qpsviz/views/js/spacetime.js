// The space-time diagram: distance to the right, time downwards, to scale, with the player's cursor.
import { h } from "./dom.js";
import { Painter } from "./painter.js";
import { between, NO_LEG, shortTime } from "./run.js";

const LEFT = 74;
const RIGHT = 48;
const TOP = 30;
const BOTTOM = 8;

export class SpaceTime {
  constructor(page) {
    this.page = page;
    this.clock = page.clock;
    this.followed = null;
    this.canvas = h("canvas", {
      class: "qps-canvas", role: "img", tabindex: 0, "aria-label": "Space-time diagram of the run",
      onclick: (event) => this.click(event),
    });
    this.detail = h("p", { class: "qps-follow", role: "status" }, "Click a frame to follow it; click a time to go there.");
    this.box = h("div", { class: "qps-spacetime" }, this.canvas);
    this.element = h("div", { class: "qps-view" }, this.detail, this.box);
    this.painter = new Painter(this.canvas);
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.box);
    this.unsubscribe = this.clock.subscribe(() => this.draw());
  }

  load(run) {
    this.run = run;
    this.followed = null;
    const xs = run.nodes.map((node) => node.x);
    this.x0 = Math.min(...xs);
    this.span = Math.max(...xs) - this.x0 || 1;

    this.draw();
  }

  /** Fit the room there is; a picture to save asks for a ratio of pixels of its own. */
  resize(ratio) {
    this.painter.resize(this.box.clientWidth, Math.max(200, this.box.clientHeight), ratio);

    this.draw();
  }

  retheme() {
    if (!this.painter.width) return;
    this.painter.readTokens();

    this.draw();
  }

  x(km) {
    return LEFT + ((km - this.x0) / this.span) * (this.painter.width - LEFT - RIGHT);
  }

  /** The time window: the whole run, or what fits around the cursor when it is long. */
  window() {
    const height = this.painter.height - TOP - BOTTOM;
    const shown = Math.min(this.run.duration, Math.max(height / 0.35, this.run.duration / 6));
    const start = Math.max(0, Math.min(this.clock.time - shown * 0.4, this.run.duration - shown));
    return { start, shown, scale: height / shown };
  }

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
    for (const node of run.nodes) {
      painter.line(this.x(node.x), TOP, this.x(node.x), painter.height, painter.tokens.fibre, 1);
    }
    for (let leg = 0; leg < run.nLegs; leg++) this.drawLeg(leg, view);
    const y = this.y(this.clock.time, view);
    painter.line(LEFT - 6, y, painter.width - RIGHT + 6, y, painter.tokens.accent, 1.5);
    c.restore();
    for (const node of run.nodes) this.drawName(node);
  }

  drawName(node) {
    const crowded = this.run.nodes.length * 84 > this.painter.width;
    const text = crowded && node.role === "relay" ? node.name.replace("Relay ", "R") : node.name;
    this.painter.text(text, this.x(node.x), 14, { color: this.painter.tokens.ink, size: 12, bold: true });
  }

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

  drawLeg(leg, view) {
    const { run, painter } = this;
    const { frame, h0, h1, p0, lost, f0, f1, next, end, endTime, x0, x1, to } = run.legs;
    const flight = h1[leg] - h0[leg];
    const last = p0[leg] + flight + run.payload;
    const until = next[leg] === NO_LEG ? last : Math.max(last, run.legs.p0[next[leg]] + run.payload);
    if (until < view.start || h0[leg] > view.start + view.shown) return;
    const faint = this.followed !== null && this.followed !== frame[leg];
    painter.context.globalAlpha = faint ? 0.22 : 1;
    const [a, b] = [this.x(x0[leg]), this.x(x1[leg])];
    const band = (start, stop, color) => this.quad(a, this.y(start, view), b, flight * view.scale, (stop - start) * view.scale, color);
    band(p0[leg] + lost[leg], p0[leg] + run.payload, painter.shade(between(f0[leg], f1[leg], 0.5)));
    const stroke = (start) => painter.line(a, this.y(start, view), b, this.y(start + flight, view), painter.tokens.header, 2);
    stroke(h0[leg]);
    stroke(p0[leg] + run.payload);
    if (run.dwells && next[leg] !== NO_LEG) this.drawDwell(leg, b, flight, view);
    if (next[leg] === NO_LEG && end[leg] > 0) painter.mark(this.x(run.nodes[to[leg]].x), this.y(endTime[leg], view), 6);
    painter.context.globalAlpha = 1;
  }

  /** Held in a memory: a vertical run at the relay, as wide as a slot. */
  drawDwell(leg, x, flight, view) {
    const { run, painter } = this;
    const arrival = run.legs.p0[leg] + flight;
    const top = this.y(arrival, view);
    const bottom = this.y(run.legs.p0[run.legs.next[leg]] + run.payload, view);
    painter.context.fillStyle = painter.tokens.memory;
    painter.context.fillRect(x - 4, top, 8, bottom - top);
  }

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

  click(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const view = this.window();
    const time = view.start + (event.clientY - bounds.top - TOP) / view.scale;
    const km = this.x0 + ((event.clientX - bounds.left - LEFT) / (this.painter.width - LEFT - RIGHT)) * this.span;
    const leg = this.legAt(km, time);
    if (leg === null) {
      this.followed = null;
      this.detail.textContent = "Click a frame to follow it; click a time to go there.";
      this.clock.play(false);
      this.clock.seek(time);
      return;
    }
    this.followed = this.run.legs.frame[leg];
    this.detail.textContent = this.history(this.followed);
    this.draw();
  }

  legAt(km, time) {
    const { run } = this;
    const { h0, h1, p0, x0, x1 } = run.legs;
    for (let leg = 0; leg < run.nLegs; leg++) {
      const share = (km - x0[leg]) / (x1[leg] - x0[leg]);
      if (share < 0 || share > 1) continue;
      const flight = h1[leg] - h0[leg];
      if (time >= h0[leg] + share * flight && time <= p0[leg] + run.payload + share * flight) return leg;
    }
    return null;
  }

  /** Where one frame was, for how long, and what that cost. */
  history(frame) {
    const { run } = this;
    const { f0, f1, h0, h1, p0, to, next } = run.legs;
    const parts = [];
    for (let leg = 0; leg < run.nLegs; leg++) {
      if (run.legs.frame[leg] !== frame) continue;
      const dwell = next[leg] === NO_LEG ? 0 : p0[next[leg]] - p0[leg] - (h1[leg] - h0[leg]);
      const held = dwell > 0.001 ? `, held ${shortTime(dwell)}` : "";
      parts.push(`${run.nodes[to[leg]].name}: F ${f0[leg].toFixed(3)} → ${f1[leg].toFixed(3)}${held}`);
    }
    return `Frame ${frame + 1}. ${parts.join(" · ")}`;
  }

  destroy() {
    this.unsubscribe();
    this.resizer.disconnect();
  }
}
