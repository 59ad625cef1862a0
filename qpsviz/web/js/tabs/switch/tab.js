// Inside a switch: one relay of the run on screen, taken apart, with the same clock.
import { button, h } from "../../page/dom.js";
import { Lifetime } from "../../page/lifetime.js";
import { lastUpTo } from "../../page/search.js";
import { Painter } from "../../film/painter.js";
import { countOfDrops, SAME_TIME_US, sentence, shortTime } from "../../film/run.js";
import { SwitchDrawing } from "./draw.js";
import { cardOf, keyOfWires, optionOf, totalOf } from "./elements.js";
import { layOutSwitch, SWITCH_LEAST_HEIGHT } from "./layout.js";
import { cutOf, fidelityInside, firstReached, storedOf, visitsTo } from "./moves.js";
/** @import { SwitchDiagram, FilmRun, RunPage, SwitchLayout, SwitchPass, Visit, Visits } from "../../types.js" */

/** @type {[name: string, text: string][]} */
const DEVICES_DRAWN = [
  ["ideal", "ideal"],
  ["near_term", "near term, Fig. 4"],
  ["long_term", "long term, Fig. 5"],
];
const WITHOUT_RELAYS = "No frame passes through a switch here: light goes straight from end to end. Add one with the Relays control.";
const MOST_BUTTONS = 4;

export class SwitchTab {
  /** @type {HTMLElement} */ relays;
  /** @type {HTMLElement} */ devices;
  /** @type {HTMLElement} */ note;
  /** @type {HTMLElement} */ words;
  /** @type {HTMLElement} */ cards;
  /** @type {HTMLElement} */ key;
  /** @type {HTMLElement} */ tally;
  /** @type {HTMLElement} */ picture;
  /** @type {HTMLElement} */ box;
  /** @type {HTMLElement} */ totals;
  /** @type {HTMLElement} */ empty;
  /** @type {HTMLElement} */ content;
  /** @type {HTMLElement} */ element;
  /** @type {HTMLElement[]} */ now;
  /** @type {HTMLCanvasElement} */ canvas;
  /** @type {SwitchDiagram} */ data;
  /** @type {FilmRun} */ run;
  /** @type {number} */ relay;
  /** @type {SwitchPass} */ pass;
  /** @type {SwitchLayout} */ layout;
  /** @type {Visits} */ visits;
  /** @type {number[]} */ events;
  /** @type {string | null} */ shown;
  /** @type {string} */ names;
  /** @type {boolean} */ isChosen;
  /** @type {boolean} */ visible;

  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    this.clock = page.clock;
    this.id = `${page.spec.id}-switch`;
    this.build();
    this.painter = new Painter(this.canvas);
    this.drawing = new SwitchDrawing(this.painter);
    this.lifetime = new Lifetime();
    this.lifetime.size(this.box, () => this.place());
    this.lifetime.clock(this.clock, () => this.draw());
  }

  build() {
    this.relays = h("div");
    const devices = DEVICES_DRAWN.map((d) => optionOf(`${this.id}-device`, d, () => this.page.change?.({ device: d[0] })));
    this.devices = h("div", { class: "qps-choice", role: "radiogroup", "aria-label": "Device" }, ...devices);
    this.note = h("span", { class: "qps-switch-note" });
    this.words = h("p", { class: "qps-switch-now" });
    this.canvas = h("canvas", { class: "qps-switch-marks", "aria-hidden": "true" });
    this.cards = h("div", { class: "qps-switch-cards", role: "list" });
    this.key = keyOfWires();
    this.tally = h("p", { class: "qps-switch-tally" });
    this.picture = h("div", { class: "qps-switch-picture" }, this.cards, this.key, this.tally, this.canvas);
    this.box = h("div", { class: "qps-switch-box", tabindex: 0, role: "group", "aria-label": "Inside the switch" }, this.picture);
    this.totals = h("div", { class: "qps-switch-totals", role: "list", "aria-label": "What one pass costs" });
    /** @param {string} label @param {string} sign @param {number} by */
    const step = (label, sign, by) => button(sign, () => this.step(by), { "aria-label": label, title: label });
    this.empty = h("p", { class: "qps-switch-empty", hidden: true }, WITHOUT_RELAYS);
    this.content = h(
      "div",
      { class: "qps-switch-content" },
      h("div", { class: "qps-switch-bar" }, this.relays, this.devices, this.note),
      h(
        "div",
        { class: "qps-switch-line" },
        step("Previous event in this switch", "◂", -1),
        step("Next event in this switch", "▸", 1),
        this.words,
      ),
      this.box,
      this.totals,
    );
    // A finished run has its device already.
    this.devices.hidden = Boolean(this.page.fixed);
    this.element = h("div", { class: "qps-tab-content" }, this.empty, this.content);
  }

  /** What the session says about the device. @param {SwitchDiagram} data */
  update(data) {
    this.data = data;
    for (const input of this.devices.querySelectorAll("input")) input.checked = input.value === data.device;
    this.note.textContent = `Drawn stretched: light crosses in ${data.crossing}.`;
    this.note.title = "One lane of one fibre is drawn; a device repeats it for every wavelength of every fibre.";
    const cards = data.nodes.map((node) => cardOf(node, data.stores));
    this.now = cards.flatMap(({ now }) => now);
    this.cards.replaceChildren(...cards.map(({ element }) => element));
    this.place();
  }

  /** @param {FilmRun} run */
  load(run) {
    this.run = run;
    const relays = run.switches;
    this.empty.hidden = relays.length > 0;
    this.content.hidden = relays.length === 0;
    if (!relays.includes(this.relay)) this.relay = firstReached(run, relays);
    const names = relays.map((i) => run.nodes[i].name).join("|");
    if (names !== this.names) this.offer(relays);
    this.names = names;
    this.follow();
  }

  /** Buttons for a few relays, a list for many. @param {number[]} relays */
  offer(relays) {
    /** @param {number} i */
    const choose = (i) => {
      this.relay = i;
      this.isChosen = true;
      this.page.address?.later();
      this.follow();
    };
    if (relays.length > MOST_BUTTONS) {
      const entries = relays.map((i) => h("option", { value: i }, this.run.nodes[i].name));
      /** @type {HTMLSelectElement} */
      const list = h("select", { "aria-label": "Relay", onchange: () => choose(Number(list.value)) }, ...entries);
      list.value = String(this.relay);
      this.relays.replaceChildren(list);
      return;
    }
    const options = relays.map((i) => optionOf(`${this.id}-relay`, [i, this.run.nodes[i].name], () => choose(i)));
    this.relays.replaceChildren(h("div", { class: "qps-choice", role: "radiogroup", "aria-label": "Relay" }, ...options));
    for (const input of this.relays.querySelectorAll("input")) input.checked = Number(input.value) === this.relay;
  }

  /** Choose a relay by its number along the path, counted from 1, as a link does. @param {number} number */
  lookInside(number) {
    const relay = this.run ? relaysOf(this.run)[number - 1] : undefined;
    if (relay === undefined) return;
    this.relay = relay;
    this.isChosen = true;
    this.names = "";
    this.load(this.run);
  }

  /** The number of the relay that somebody chose, null where nobody did. */
  looksInside() {
    if (!this.isChosen || !this.run) return null;
    return relaysOf(this.run).indexOf(this.relay) + 1 || null;
  }

  /** Gather what happens at the chosen relay. */
  follow() {
    const { run, relay } = this;
    if (relay === undefined) return;
    this.visits = visitsTo(run, relay);
    this.events = [];
    for (let i = 0; i < run.nEvents; i++) if (run.events.node[i] === relay) this.events.push(i);
    this.shown = null;
    this.tell();
    this.place();
  }

  /** Costs on the cards and under the picture, which may differ from relay to relay. */
  tell() {
    const { data } = this;
    if (!data || !this.run) return;
    const hop = this.visits[0]?.hop ?? 0;
    const pass = data.passes[data.pass_of[Math.min(hop, data.pass_of.length - 1)]];
    this.pass = pass;
    /** @type {HTMLElement[]} */ ([...this.cards.children]).forEach((card, i) => {
      const { loss, latency, does, after } = pass.cards[i];
      const node = data.nodes[i];
      const costs = card.querySelector(".qps-part-costs > span");
      if (costs) costs.textContent = `${loss} · ${latency}`;
      const text = `${node.full}: ${loss}, ${latency}. ${does} ${after} (${node.source})`;
      if (costs) card.dataset.tip = text;
      card.setAttribute("aria-label", text);
    });
    this.totals.replaceChildren(...pass.totals.map(totalOf));
  }

  place() {
    this.visible = !this.element.closest("[hidden]") && this.box.clientWidth > 0; // a hidden box is not measured at every run
    if (!this.visible || !this.data || !this.run || this.relay === undefined) return;
    const { clientWidth, clientHeight } = this.box;
    this.tell();
    this.layout = layOutSwitch(this.data, clientWidth, Math.max(SWITCH_LEAST_HEIGHT, clientHeight));
    const { width, height, cards } = this.layout;
    this.picture.style.width = `${width}px`;
    this.picture.style.height = `${height}px`;
    /** @type {HTMLElement[]} */ ([...this.cards.children]).forEach((card, i) => {
      const { x, y, w, h: tall } = cards[i];
      Object.assign(card.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${tall}px` });
    });
    this.painter.resize(width, height);
    this.drawing.set(this.layout, this.data, this.run, this.visits, this.setUps());
    this.draw();
  }

  /** Set-up messages that this switch has read: when, and whether it had to refuse. */
  setUps() {
    const { kind, time } = this.run.events;
    const [reserved, refused] = this.data.set_up;
    const found = this.events.filter((i) => kind[i] === reserved || kind[i] === refused);
    return found.map((i) => ({ done: time[i], refused: kind[i] === refused }));
  }

  retheme() {
    if (!this.painter.width) return;
    this.painter.readTokens();
    this.draw();
  }

  draw() {
    if (!this.visible || !this.layout || !this.visits) return;
    const { time, speed } = this.clock;
    this.painter.clear();
    this.drawing.draw(time, speed);
    this.say(time);
  }

  /** The last thing that happened here, and what the memory holds. @param {number} time */
  say(time) {
    const { run, events } = this;
    const at = this.eventBefore(time);
    /** @param {(visit: Visit) => boolean} test */
    const count = (test) => this.visits.filter(test).length;
    const through = count((v) => v.payloadOut + run.payload <= time);
    const dropped = count((v) => v.dropTime <= time);
    const cut = this.visits.reduce((sum, v) => sum + cutOf(run, v, time), 0);
    const held = run.dwells ? this.visits.reduce((sum, v) => sum + storedOf(run, v, time), 0) : 0;
    const oldest = held ? this.visits.find((v) => storedOf(run, v, time) > 0) : null;
    const now = run.dwells ? `${oldest ? this.worth(oldest, time) : ""}|${held} held` : "not used|";
    const seen = `${at}|${through}|${dropped}|${cut}|${now}`;
    if (seen === this.shown) return;
    this.shown = seen;
    now.split("|").forEach((text, i) => {
      this.now[i].textContent = text;
    });
    const name = run.nodes[this.relay].name;
    if (at < 0) this.words.replaceChildren(`Nothing has reached ${name} yet.`);
    else {
      const words = sentence(run, events[at], this.page.spec.templates);
      this.words.replaceChildren(h("b", {}, shortTime(run.events.time[events[at]])), ` ${words}`);
    }
    this.tally.replaceChildren(
      `${through} frame${through === 1 ? "" : "s"} through`,
      h("span", { class: dropped ? "qps-bad" : "" }, `${countOfDrops(run, dropped)} dropped`),
      cut ? h("span", { class: "qps-bad" }, `✕ ${cut} slots cut off`) : "",
    );
  }

  /**
   * What waiting has done to the qubits that wait longest: their fidelity, or the light lost by now.
   * @param {Visit} visit @param {number} time
   */
  worth(visit, time) {
    const fading = this.pass.fading_db;
    if (!fading.length) return `F ${fidelityInside(this.run, visit, time).toFixed(3)}`;
    const stay = visit.payloadOut - visit.payloadIn;
    const share = Math.max(0, Math.min(1, (time - visit.payloadIn) / stay));
    return `−${fading[Math.round(share * (fading.length - 1))].toFixed(2)} dB`;
  }

  /** Position among this switch's events of the last one up to a time, -1 before the first. @param {number} time */
  eventBefore(time) {
    const times = this.run.events.time;
    return lastUpTo(this.events.length, (index) => times[this.events[index]], time + SAME_TIME_US);
  }

  /** @param {number} by */
  step(by) {
    const times = this.run.events.time;
    const now = this.clock.time;
    let at = this.eventBefore(now);
    if (by > 0) at += 1;
    else while (at >= 0 && times[this.events[at]] >= now - SAME_TIME_US) at -= 1;
    this.clock.play(false);
    if (at < this.events.length) this.clock.seek(at < 0 ? 0 : times[this.events[at]]);
  }

  destroy() {
    this.lifetime.end();
  }
}

/** Nodes of a run that are relays, in their order along the path. @param {FilmRun} run */
function relaysOf(run) {
  return run.nodes.map((_, i) => i).filter((i) => run.nodes[i].role === "relay");
}
