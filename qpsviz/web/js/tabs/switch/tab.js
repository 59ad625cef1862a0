// Inside a switch: one relay of the run on screen, taken apart, with the same clock.
import { button, h } from "../../page/dom.js";
import { Painter } from "../../film/painter.js";
import { countOfDrops, sentence, shortTime } from "../../film/run.js";
import { SwitchDrawing } from "./draw.js";
import { layOutSwitch, SWITCH_LEAST_HEIGHT } from "./layout.js";
import { cutOf, fidelityInside, storedOf, visitsTo } from "./moves.js";

const DEVICES_DRAWN = [["ideal", "ideal"], ["near_term", "near term, Fig. 4"], ["long_term", "long term, Fig. 5"]];
const MOST_BUTTONS = 4;

export class SwitchTab {
  constructor(page) {
    this.page = page;
    this.clock = page.clock;
    this.id = `${page.spec.id}-switch`;
    this.build();
    this.painter = new Painter(this.canvas);
    this.drawing = new SwitchDrawing(this.painter);
    this.resizer = new ResizeObserver(() => this.place());
    this.resizer.observe(this.box);
    this.unsubscribe = this.clock.subscribe(() => this.draw());
  }

  build() {
    this.relays = h("div", { class: "qps-switch-relays" });
    const devices = DEVICES_DRAWN.map((d) => this.option("device", d, () => this.page.change({ device: d[0] })));
    this.devices = h("div", { class: "qps-choice", role: "radiogroup", "aria-label": "Device" }, ...devices);
    this.note = h("span", { class: "qps-switch-note" });
    this.words = h("p", { class: "qps-switch-now" });
    this.canvas = h("canvas", { class: "qps-switch-marks", "aria-hidden": "true" });
    this.cards = h("div", { class: "qps-switch-cards", role: "list" });
    this.key = h("p", { class: "qps-switch-key", "aria-hidden": "true" },
      h("i", { class: "qps-wire-classical" }), "classical", h("br"), h("i", { class: "qps-wire-quantum" }), "quantum");
    this.tally = h("p", { class: "qps-switch-tally" });
    this.picture = h("div", { class: "qps-switch-picture" }, this.cards, this.key, this.tally, this.canvas);
    const name = { class: "qps-switch-box", tabindex: 0, role: "group", "aria-label": "Inside the switch" };
    this.box = h("div", name, this.picture);
    this.totals = h("div", { class: "qps-switch-totals", role: "list", "aria-label": "What one pass costs" });
    const step = (label, sign, by) => button(sign, () => this.step(by), { "aria-label": label, title: label });
    this.empty = h("p", { class: "qps-switch-empty", hidden: true },
      "No frame passes through a switch here: light goes straight from end to end. Add one with the Relays control.");
    this.content = h("div", { class: "qps-switch-content" },
      h("div", { class: "qps-switch-bar" }, this.relays, this.devices, this.note),
      h("div", { class: "qps-switch-line" },
        step("Previous event in this switch", "◂", -1), step("Next event in this switch", "▸", 1), this.words),
      this.box, this.totals);
    // A finished run has its device already.
    this.devices.hidden = Boolean(this.page.fixed);
    this.element = h("div", { class: "qps-tab-content qps-switch" }, this.empty, this.content);
  }

  option(group, [value, text], choose) {
    const input = h("input", { type: "radio", name: `${this.id}-${group}`, value, onchange: choose });
    return h("label", { class: "qps-option" }, input, h("span", {}, text));
  }

  /** What the kernel says about the device. */
  update(data) {
    this.data = data;
    for (const input of this.devices.querySelectorAll("input")) input.checked = input.value === data.device;
    this.note.textContent = `Drawn stretched: light crosses in ${data.crossing}.`;
    this.note.title = "One lane of one fibre is drawn; a device repeats it for every wavelength of every fibre.";
    this.cards.replaceChildren(...data.nodes.map((node) => this.card(node)));
    this.place();
  }

  card(node) {
    const end = node.column === 0 || node.kind === "output fibre" || node.kind === "drop";
    const now = node.kind === "q-memory" ? [h("span", { class: "qps-part-now" }), h("span", { class: "qps-part-now" })] : [];
    if (now.length) this.now = now;
    const costs = h("span", { class: "qps-part-costs" }, h("span", {}), now[1]);
    return h("div", { class: `qps-part${end ? " qps-part-end" : ""}`, tabindex: end ? undefined : 0, role: "listitem",
      "data-kind": node.kind === "q-memory" && !this.data.stores ? "idle" : node.kind },
      h("span", { class: "qps-part-name" }, node.label, now[0]), end ? null : costs);
  }

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

  /** Buttons for a few relays, a list for many. */
  offer(relays) {
    const choose = (i) => {
      this.relay = i;
      this.isChosen = true;
      this.page.address?.later();
      this.follow();
    };
    if (relays.length > MOST_BUTTONS) {
      const entries = relays.map((i) => h("option", { value: i }, this.run.nodes[i].name));
      const list = h("select", { "aria-label": "Relay", onchange: () => choose(Number(list.value)) }, ...entries);
      list.value = this.relay;
      this.relays.replaceChildren(list);
      return;
    }
    const options = relays.map((i) => this.option("relay", [i, this.run.nodes[i].name], () => choose(i)));
    this.relays.replaceChildren(h("div", { class: "qps-choice", role: "radiogroup", "aria-label": "Relay" }, ...options));
    for (const input of this.relays.querySelectorAll("input")) input.checked = Number(input.value) === this.relay;
  }

  /** Choose a relay by its number along the path, counted from 1, as a link does. */
  lookInside(number) {
    const relay = this.run?.nodes.map((node, i) => i).filter((i) => this.run.nodes[i].role === "relay")[number - 1];
    if (relay === undefined) return;
    this.relay = relay;
    this.isChosen = true;
    this.names = "";
    this.load(this.run);
  }

  /** The number of the relay that somebody chose, null where nobody did. */
  looksInside() {
    if (!this.isChosen || !this.run) return null;
    return this.run.nodes.map((node, i) => i).filter((i) => this.run.nodes[i].role === "relay").indexOf(this.relay) + 1 || null;
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
    if (!this.data || !this.run) return;
    const { data } = this;
    const hop = this.visits[0]?.hop ?? 0;
    const pass = data.passes[data.pass_of[Math.min(hop, data.pass_of.length - 1)]];
    this.pass = pass;
    [...this.cards.children].forEach((card, i) => {
      const { loss, latency, does, after } = pass.cards[i];
      const node = data.nodes[i];
      const costs = card.querySelector(".qps-part-costs > span");
      if (costs) costs.textContent = `${loss} · ${latency}`;
      const text = `${node.full}: ${loss}, ${latency}. ${does} ${after} (${node.source})`;
      if (costs) card.dataset.tip = text;
      card.setAttribute("aria-label", text);
    });
    this.totals.replaceChildren(...pass.totals.map(({ name, label, text, note, tip }) =>
      h("div", { "data-total": name, title: tip || note, role: "listitem" },
        h("span", { class: "qps-total-label" }, label), h("b", {}, text), h("span", { class: "qps-total-note" }, note))));
  }

  place() {
    const { clientWidth, clientHeight } = this.box;
    this.visible = clientWidth > 0;
    if (!this.visible || !this.data || !this.run || this.relay === undefined) return;
    this.tell();
    this.layout = layOutSwitch(this.data, clientWidth, Math.max(SWITCH_LEAST_HEIGHT, clientHeight));
    const { width, height, cards } = this.layout;
    this.picture.style.width = `${width}px`;
    this.picture.style.height = `${height}px`;
    [...this.cards.children].forEach((card, i) => {
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

  /** The last thing that happened here, and what the memory holds. */
  say(time) {
    const { run, events } = this;
    const at = this.eventBefore(time);
    const count = (test) => this.visits.filter(test).length;
    const through = count((v) => v.payloadOut + run.payload <= time);
    const dropped = count((v) => v.dropTime <= time);
    const cut = this.visits.reduce((sum, v) => sum + cutOf(run, v, time), 0);
    const held = run.dwells ? this.visits.reduce((sum, v) => sum + storedOf(run, v, time), 0) : 0;
    const oldest = held ? this.visits.find((v) => storedOf(run, v, time) > 0) : null;
    const now = run.dwells ? `${held ? this.worth(oldest, time) : ""}|${held} held` : "not used|";
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
    this.tally.replaceChildren(`${through} frame${through === 1 ? "" : "s"} through`, h("span", { class: dropped ? "qps-bad" : "" }, `${countOfDrops(run, dropped)} dropped`),
      cut ? h("span", { class: "qps-bad" }, `✕ ${cut} slots cut off`) : "");
  }

  /** What waiting has done to the qubits that wait longest: their fidelity, or the light lost by now. */
  worth(visit, time) {
    const fading = this.pass.fading_db;
    if (!fading.length) return `F ${fidelityInside(this.run, visit, time).toFixed(3)}`;
    const stay = visit.payloadOut - visit.payloadIn;
    const share = Math.max(0, Math.min(1, (time - visit.payloadIn) / stay));
    return `−${fading[Math.round(share * (fading.length - 1))].toFixed(2)} dB`;
  }

  /** Position among this switch's events of the last one up to a time, -1 before the first. */
  eventBefore(time) {
    const times = this.run.events.time;
    let [lo, hi] = [-1, this.events.length - 1];
    while (lo < hi) {
      const middle = (lo + hi + 1) >> 1;
      if (times[this.events[middle]] <= time + 1e-9) lo = middle;
      else hi = middle - 1;
    }
    return lo;
  }

  step(by) {
    const times = this.run.events.time;
    const now = this.clock.time;
    let at = this.eventBefore(now);
    if (by > 0) at += 1;
    else while (at >= 0 && times[this.events[at]] >= now - 1e-9) at -= 1;
    this.clock.play(false);
    if (at < this.events.length) this.clock.seek(at < 0 ? 0 : times[this.events[at]]);
  }

  destroy() {
    this.unsubscribe();
    this.resizer.disconnect();
  }
}

/** The relay that a header reaches first. */
function firstReached(run, relays) {
  let first = null;
  for (let leg = 0; leg < run.nLegs; leg++) {
    if (!relays.includes(run.legs.to[leg])) continue;
    if (first === null || run.legs.h1[leg] < run.legs.h1[first]) first = leg;
  }
  return first === null ? relays[0] : run.legs.to[first];
}
