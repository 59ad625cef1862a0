// The page: asks the kernel with the newest state, and gives every answer to the parts that show it.
import { BokehHost, loadBokeh } from "./bokeh_host.js";
import { Clock } from "./clock.js";
import { Controls } from "./controls.js";
import { h, nextFrame, nextTask } from "./dom.js";
import { actionsOf } from "./actions.js";
import { Panes } from "./panes.js";
import { Player } from "./player.js";
import { openRun } from "./run.js";
import { Tiles } from "./tiles.js";
import { Tips } from "./tips.js";
import { TopBar } from "./topbar.js";
import { Transport } from "./transport.js";
import { VIEWS } from "./views.js";

class Page {
  constructor(model, element) {
    this.model = model;
    this.spec = model.get("spec");
    this.root = h("div", { class: `qps qps-${this.spec.kind}`, id: this.spec.id });
    this.written = null; // the answer whose texts are on screen
    this.pending = new Map(); // questions by number, until the kernel answers
    this.sent = new Map(); // when each revision was asked, for the latency read-out
    this.revision = model.get("answer").revision ?? 0;
    this.state = { values: {}, pane: this.spec.panes[0]?.name ?? "", linked: true, seed: 1 };
    this.clock = new Clock(this.spec.speed);
    this.build();
    element.append(this.root);
    element.qpsviz = this;
    this.listen();
    this.setMode(this.startMode());
    this.takeAnswer();
    this.takeRun();
    this.openLink();
  }

  build() {
    const { spec } = this;
    this.controls = new Controls(spec.controls, (values, typed) => this.change(values, typed), (on) => this.request({ linked: on }));
    this.tiles = new Tiles(spec.tiles);
    this.top = spec.kind === "dashboard" ? new TopBar(spec, actionsOf(this)) : null;
    const main = h("div", { class: "qps-stage" });
    if (spec.network) {
      this.player = new Player(this.clock);
      this.transport = new Transport(this.clock, spec.templates, () => this.request({ seed: this.state.seed + 1 }));
      main.append(
        h("section", { class: "qps-card qps-network", "aria-label": "Network" }, this.player.element, this.transport.element),
      );
    }
    main.append(this.tiles.element);
    this.hosts = new Map();
    this.views = new Map();
    this.panes = new Panes(spec.id, spec.panes, this.paneContents(), (pane) => this.request({ pane }));
    if (spec.panes.length) main.append(this.panes.element);
    this.clock.watch(this.player?.element.parentElement, ...[...this.views.values()].map((view) => view.element));
    this.root.append(...[this.top?.element, h("div", { class: "qps-main" }, this.controls.element, main)].filter(Boolean));
    this.tips = new Tips(this.root);
  }

  paneContents() {
    const ready = loadBokeh(this.spec.bokeh, (what) => this.ask(what));
    return Object.fromEntries(this.spec.panes.map((pane) => [pane.name, [this.paneContent(pane, ready)]]));
  }

  paneContent(pane, ready) {
    if (!pane.view) return h("div", { class: "qps-plots" }, ...pane.plots.map((plot) => this.plotCard(plot, ready)));
    const view = new VIEWS[pane.view](this);
    this.views.set(pane.view, view);
    return view.element;
  }

  plotCard(plot, ready) {
    const { name, title, caption, legend } = plot;
    const host = new BokehHost(plot, this.spec.figures[name], ready, (values) => this.change(values));
    this.hosts.set(name, host);
    const pinned = h("li", { hidden: true }, h("i", { class: "qps-key qps-key-pinned", style: "--key: var(--line-strong)" }), "pinned");
    const pin = h(
      "button",
      {
        type: "button", class: "qps-pin", "aria-pressed": "false", title: "Freeze the present curve to compare with",
        onclick: () => {
          const on = pin.getAttribute("aria-pressed") !== "true";
          pin.setAttribute("aria-pressed", String(on));
          pinned.hidden = !on;
          host.pin(on);
        },
      },
      "Pin",
    );
    return h(
      "figure",
      { class: "qps-plot" },
      h("div", { class: "qps-plot-head" }, h("h3", {}, title), legend.length > 1 ? pin : null),
      legend.length ? h("ul", { class: "qps-legend" }, ...legend.map(legendItem), pinned) : null,
      host.element,
      h("figcaption", {}, caption),
    );
  }

  listen() {
    this.onAnswer = () => this.takeAnswer();
    this.onRun = () => this.takeRun();
    this.onMessage = (message, buffers) => this.takeMessage(message, buffers);
    this.onHash = () => this.openLink();
    window.addEventListener("hashchange", this.onHash);
    this.model.on("change:answer", this.onAnswer);
    this.model.on("change:run", this.onRun);
    this.model.on("msg:custom", this.onMessage);
  }

  /** A control moved: the whole wanted state goes out; the widget manager drops all but the newest. */
  change(values, typed = null) {
    const wanted = { ...values };
    if (this.state.linked && wanted.t1_us !== undefined) wanted.t2_us = wanted.t1_us;
    else if (this.state.linked && wanted.t2_us !== undefined) wanted.t1_us = wanted.t2_us;
    this.request({ values: { ...this.state.values, ...wanted }, typed });
  }

  request(changes) {
    this.state = { ...this.state, ...changes };
    this.revision += 1;
    this.sent.set(this.revision, performance.now());
    this.clock.hurry(true);
    const { values, pane, linked, seed } = this.state;
    this.model.set("request", { revision: this.revision, values, pane, linked, seed, typed: null, preset: null, ...changes });
    this.model.save_changes();
  }

  takeAnswer() {
    const answer = this.model.get("answer");
    if (!answer.values) return;
    const newest = answer.revision >= this.revision;
    // An answer to an older move must not undo a newer one that is still on its way.
    if (newest) this.state = { ...this.state, values: answer.values, linked: answer.linked, pane: answer.pane, seed: answer.seed };
    this.answer = answer;
    this.panes.show(newest ? answer.pane : this.state.pane);
    const figures = Object.entries(answer.plots).map(([name, plot]) => this.hosts.get(name)?.update(plot));
    for (const [name, data] of Object.entries(answer.views)) this.views.get(name)?.update?.(data, answer);
    // Bokeh asks for styles as it paints, and every text changed before makes the browser compute them anew: so the
    // texts come after the curves.
    Promise.race([Promise.all(figures), nextFrame().then(nextFrame)]).then(() => this.writeAnswer());
  }

  /** Texts and sliders of the newest answer, whose curves are drawn by now. */
  writeAnswer() {
    const { answer } = this;
    if (this.written === answer) return;
    this.written = answer;
    for (const name of Object.keys(answer.plots)) this.hosts.get(name)?.marker.settle();
    this.controls.update(answer);
    this.tiles.update(answer.tiles);
    this.transport?.number(answer.seed);
    this.top?.update(answer);
    this.complain(answer.error);
    this.markPainted(answer.revision);
  }

  /** What was refused without a control in sight, such as a broken link, is said at the top. */
  complain(error) {
    const row = error && this.controls.rows.get(error.name);
    if (error && (!row || !row.element.checkVisibility())) this.top?.say(`Refused: ${error.message}`, 12000);
  }

  /** After the next frame is on screen, say so: tests and benchmarks wait for this. */
  async markPainted(revision) {
    await nextFrame();
    await nextTask();
    this.root.dataset.painted = revision;
    const asked = this.sent.get(revision);
    for (const known of this.sent.keys()) if (known <= revision) this.sent.delete(known);
    if (!this.sent.size) this.clock.hurry(false);
    if (asked) this.root.dataset.latency = (performance.now() - asked).toFixed(1);
    this.root.dispatchEvent(new CustomEvent("qpsviz:painted", { detail: { revision } }));
  }

  takeRun() {
    const packed = this.model.get("run");
    if (!packed.legs) return;
    this.run = openRun(packed, this.clock);
    this.player?.load(this.run);
    this.transport?.load(this.run);
    for (const view of this.views.values()) view.load?.(this.run);
    this.tiles.update(packed.tiles);
    this.clock.rewind(this.run.duration);
    this.root.dataset.run = packed.revision;
  }

  /** Ask the kernel something that is not part of the state; resolves with its answer. */
  ask(what, details = {}) {
    const number = this.pending.size ? Math.max(...this.pending.keys()) + 1 : 1;
    return new Promise((resolve, reject) => {
      this.pending.set(number, { resolve, reject });
      this.model.send({ ask: what, number, ...details });
    });
  }

  takeMessage(message, buffers) {
    const waiting = this.pending.get(message.number);
    if (!waiting) return;
    this.pending.delete(message.number);
    if (message.error) waiting.reject(new Error(message.error));
    else waiting.resolve({ ...message, buffers });
  }

  startMode() {
    const chosen = window.sessionStorage.getItem("qpsviz-mode");
    if (chosen) return chosen;
    const inLab = document.querySelector(".jp-LabShell") && !document.body.dataset.voila;
    if (inLab) return document.body.dataset.jpThemeLight === "false" ? "dark" : "light";
    return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  setMode(mode) {
    this.mode = mode;
    this.root.dataset.mode = mode;
    if (this.spec.kind === "dashboard") document.documentElement.dataset.qpsMode = mode;
    this.top?.mode(mode);
    this.player?.retheme();
    this.transport?.retheme();
    for (const view of this.views.values()) view.retheme?.();
    for (const host of this.hosts.values()) host.embed(mode);
  }

  /** A shared link restores its state; what it holds is checked by the kernel like any input. */
  openLink() {
    const hash = window.location.hash;
    if (this.spec.kind === "dashboard" && hash.startsWith("#s?")) this.request({ link: hash.slice(3) });
  }

  destroy() {
    window.removeEventListener("hashchange", this.onHash);
    this.model.off("change:answer", this.onAnswer);
    this.model.off("change:run", this.onRun);
    this.model.off("msg:custom", this.onMessage);
    this.clock.stop();
    this.player?.destroy();
    for (const view of this.views.values()) view.destroy?.();
    this.transport?.destroy();
  }
}

function legendItem({ text, series, dash, kind }) {
  const line = h("i", { class: `qps-key qps-key-${kind}`, style: `--key: var(--${series})`, "data-dash": dash });
  return h("li", {}, line, text);
}

export default {
  render({ model, el }) {
    const page = new Page(model, el);
    return () => page.destroy();
  },
};
