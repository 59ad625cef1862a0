// The network as a map that moves: one canvas, a layer that changes with a run, and what flies above it.
import { Canvas } from "../../film/canvas.js";
import { h } from "../../page/dom.js";
import { Lifetime } from "../../page/lifetime.js";
import { lastUpTo } from "../../page/search.js";
import { Flow, Queues } from "./flow.js";
import { heightFor, layOutMap, linkAt, stationAt, stationTowards, trace } from "./geometry.js";
import { LABELLED, paintLost, paintNames, paintNetwork, paintWaiting } from "./paint.js";
/** @import { MapLayout } from "./geometry.js" */
/** @import { WatchedRun } from "./watched.js" */
/** @import { Clock, TrafficMap } from "../../types.js" */

/** @typedef {{ node?: number, link?: number }} Chosen */

const [MARGIN, BARE_MARGIN] = [34, 14]; // with names, and without
const LOST_S = 0.5; // for how long a cross is seen, of the person's time
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class NetworkMap {
  /** @type {MapLayout} */ layout;
  /** @type {TrafficMap | null} */ map = null;
  /** @type {WatchedRun | null} */ run = null;
  /** @type {Chosen} */ chosen = {};

  /** @param {Clock} clock @param {(chosen: Chosen) => void} choose */
  constructor(clock, choose) {
    this.clock = clock;
    this.tell = choose;
    this.canvasElement = h("canvas", {
      class: "qps-canvas qps-traffic-canvas",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "network map",
      "aria-label": "Map of the network. Arrow keys go from station to station, Enter from link to link of a station.",
      onclick: (event) => this.click(event),
      onkeydown: (event) => this.key(event),
    });
    this.box = h("div", { class: "qps-traffic-map" }, this.canvasElement);
    this.canvas = new Canvas(this.canvasElement);
    this.still = new Canvas(document.createElement("canvas")); // below what moves
    this.names = new Canvas(document.createElement("canvas")); // above it
    this.lifetime = new Lifetime();
    this.lifetime.size(this.box, (width) => this.resize(width));
    this.lifetime.clock(clock, () => this.draw());
  }

  /** Another network. @param {TrafficMap} map */
  show(map) {
    this.map = map;
    this.run = null;
    this.choose({});
    this.resize(this.box.clientWidth);
  }

  /** A run on it. @param {WatchedRun} run */
  load(run) {
    if (!this.map) return;
    this.run = run;
    this.flow = new Flow(run.legs, this.map, run);
    this.queues = new Queues(run.waits, this.map.names.length);
    this.sources = new Queues(run.source_waits, this.map.names.length);
    this.repaint();
  }

  /** @param {number} width */
  resize(width) {
    if (!this.map || width < 40) return;
    const margin = this.map.names.length > LABELLED ? BARE_MARGIN : MARGIN;
    const height = heightFor(this.map, width, margin);
    this.layout = layOutMap(this.map, width, height, margin);
    this.canvas.resize(width, height);
    this.repaint();
  }

  /** The layer below, in the colours of the page, and what moves above it. */
  repaint() {
    if (!this.map || !this.layout) return;
    this.canvas.readTokens();
    for (const layer of [this.still, this.names]) layer.follow(this.canvas);
    paintNames(this.names, this.layout, this.map);
    paintNetwork(this.still, this.layout, this.map, this.run?.links.utilisation ?? null);
    this.draw();
  }

  draw() {
    const { canvas, layout, run } = this;
    if (!this.map || !layout || !canvas.width) return;
    canvas.clear();
    canvas.lay(this.still);
    if (run) this.drawPayloads();
    canvas.lay(this.names);
    if (run) {
      paintWaiting(canvas, layout, this.sources?.at(this.clock.time) ?? [], "header", true);
      paintWaiting(canvas, layout, this.queues?.at(this.clock.time) ?? [], "memory", false);
      paintLost(canvas, layout, this.freshlyLost());
    }
    this.drawChosen();
  }

  drawPayloads() {
    const { context, tokens } = this.canvas;
    const path = new Path2D();
    this.flow?.each(this.clock.time, (link, tail, head) => trace(path, this.layout.lanes[link], tail, head));
    context.lineCap = "round";
    context.strokeStyle = tokens.card;
    context.lineWidth = this.layout.dense ? 2.2 : 6;
    if (!this.layout.dense) context.stroke(path);
    context.strokeStyle = tokens.qubit;
    context.lineWidth = this.layout.dense ? 1.4 : 3.5;
    context.stroke(path);
    context.lineCap = "butt";
  }

  /** Stations where frames were just lost, each with how much is left of its cross. */
  freshlyLost() {
    /** @type {Map<number, number>} */
    const fresh = new Map();
    if (!this.run) return fresh;
    const { time, node } = this.run.lost;
    const span = LOST_S * this.clock.speed;
    for (let i = lastUpTo(time.length, (k) => time[k], this.clock.time); i >= 0 && time[i] > this.clock.time - span; i--) {
      if (!fresh.has(node[i])) fresh.set(node[i], 1 - (this.clock.time - time[i]) / span);
    }
    return fresh;
  }

  drawChosen() {
    const { context, tokens } = this.canvas;
    const { node, link } = this.chosen;
    context.strokeStyle = tokens.accent;
    context.lineWidth = 2;
    const path = new Path2D();
    if (link !== undefined) {
      context.lineWidth = 9;
      context.globalAlpha = 0.35;
      trace(path, this.layout.lanes[link], 0, 1);
    } else if (node !== undefined) path.arc(this.layout.x[node], this.layout.y[node], this.layout.dense ? 6 : 11, 0, 2 * Math.PI);
    context.stroke(path);
    context.globalAlpha = 1;
  }

  /** @param {Chosen} chosen */
  choose(chosen) {
    this.chosen = chosen;
    this.tell(chosen);
    this.draw();
  }

  /** @param {MouseEvent} event */
  click(event) {
    if (!this.map) return;
    const box = this.canvasElement.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const node = stationAt(this.layout, x, y);
    const link = node < 0 ? linkAt(this.layout, x, y) : -1;
    this.choose(node >= 0 ? { node } : link >= 0 ? { link } : {});
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.map) return;
    const { link_from: from } = this.map;
    const node = this.chosen.link === undefined ? this.chosen.node : from[this.chosen.link];
    const arrow = ARROWS[event.key];
    if (arrow) this.choose({ node: node === undefined ? 0 : stationTowards(this.layout, node, ...arrow) });
    else if (event.key === "Enter" && node !== undefined) this.choose({ link: nextOf(from, node, this.chosen.link ?? -1) });
    else if (event.key === "Escape") this.choose({});
    else return;
    event.preventDefault();
  }

  destroy() {
    this.lifetime.end();
  }
}

/** The next link that leaves a station, the first one after the last. @param {number[]} from @param {number} node @param {number} link */
function nextOf(from, node, link) {
  const next = from.indexOf(node, link + 1);
  return next >= 0 ? next : from.indexOf(node);
}
