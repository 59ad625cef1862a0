// The tab "Traffic": many users on a network, as a map that moves, and as curves against load.
import { Clock } from "../../film/clock.js";
import { button, h } from "../../page/dom.js";
import { Lifetime } from "../../page/lifetime.js";
import { readChoice } from "./choice.js";
import { Curves } from "./curves.js";
import { counts, Details, mapLegend } from "./details.js";
import { Form } from "./form.js";
import { NetworkMap } from "./network_map.js";
import { PlayerBar } from "./player_bar.js";
import { withArrays } from "./watched.js";
/** @import { TrafficChoice } from "./choice.js" */
/** @import { WatchedRun } from "./watched.js" */
/** @import { Answer, ExplorerPage, TrafficMap, TrafficMenu, TrafficQuestion } from "../../types.js" */

const SPEED = 100; // µs per second, until a run says how long its links are
const REST_MS = 250;
const LOOK_MS = 150;
const NARROW_PX = 720;

export class TrafficTab {
  /** @type {TrafficChoice | null} */ choice = null;
  /** @type {TrafficMap | null} */ map = null;
  /** @type {WatchedRun | null} */ run = null;

  /** @param {ExplorerPage} page */
  constructor(page) {
    this.page = page;
    this.isUp = false;
    this.scene = -1;
    this.wanted = 0; // the newest map and run that were asked for
    this.settled = 0; // the newest that are shown, or that could not be made
    this.clock = new Clock(SPEED);
    this.form = new Form(
      (choice) => this.take(choice),
      (file, length) => this.open(file, length),
    );
    this.details = new Details(this.clock, (chosen) => this.picture.choose(chosen));
    this.picture = new NetworkMap(this.clock, (chosen) => this.details.show(this.map, this.run, chosen));
    this.bar = new PlayerBar(this.clock);
    this.curves = new Curves(page, (load) => this.takeLoad(load));
    this.empty = h("p", { class: "qps-empty", role: "status" }, "Laying out the network …");
    this.status = h("p", { class: "qps-hint", role: "status" });
    this.facts = h("div", {});
    this.about = h("p", { class: "qps-hint" });
    this.guard = h("p", { class: "qps-hint", hidden: true });
    this.element = h("div", { class: "qps-tab-content qps-traffic" }, ...this.parts());
    this.clock.watch(this.picture.box);
    this.lifetime = new Lifetime();
    this.lifetime.size(this.element, (width) => this.comesUp(width > 0));
    this.element.addEventListener("dragover", (event) => this.dragged(event, true));
    this.element.addEventListener("dragleave", (event) => this.dragged(event, false));
    this.element.addEventListener("drop", (event) => this.dropped(event));
  }

  parts() {
    const watched = h(
      "section",
      { class: "qps-traffic-watched", "aria-label": "The network under traffic" },
      this.empty,
      this.picture.box,
      this.bar.element,
      this.status,
      this.facts,
      mapLegend(),
      this.about,
      this.details.element,
    );
    const against = h("section", { "aria-label": "Curves against load" }, this.curves.verdict, this.curves.element);
    const sides = h("div", { class: "qps-traffic-sides" }, watched, against);
    return [this.form.element, this.form.story, this.form.fault, this.guard, sides, this.curves.table, this.curves.source];
  }

  /** On a phone, where this tab stands above the controls, it is also what one looks at. @param {boolean} isUp */
  comesUp(isUp) {
    if (isUp && !this.isUp && window.innerWidth <= NARROW_PX) this.element.closest(".qps-tabbed")?.scrollIntoView();
    this.isUp = isUp;
  }

  /** Only while this tab is open. @param {unknown} menu @param {Answer} [answer] */
  update(menu, answer) {
    if (!this.choice) {
      const known = /** @type {TrafficMenu} */ (menu);
      this.choice = this.linked ?? readChoice(known.first);
      this.form.build(known, this.choice);
      this.curves.build(known.variants);
    }
    if (!answer || answer.scene === this.scene) return;
    this.scene = answer.scene;
    this.later(true);
  }

  /** A choice of this view, which its address holds. @param {TrafficChoice} choice */
  take(choice) {
    this.choice = choice;
    this.form.refuse("");
    this.page.address.later();
    this.later(false);
  }

  /** @param {number} load */
  takeLoad(load) {
    const [lo, hi, step] = this.form.menu?.loads ?? [0, 1, 0.05];
    this.form.set({ load: Number(Math.max(lo, Math.min(hi, Math.round(load / step) * step)).toFixed(2)) });
  }

  /** As a link has it. @param {string} text */
  restore(text) {
    this.linked = readChoice(text);
    if (!this.choice) return;
    this.choice = this.linked;
    this.form.show(this.choice);
    this.later(false);
  }

  /** The part of a link that is this tab's. */
  link() {
    return this.form.link();
  }

  /** Ask once the controls rest; `again` where the state of the page is another. @param {boolean} again */
  later(again) {
    const wanted = ++this.wanted;
    this.again ||= again;
    this.status.textContent = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(wanted), this.map ? REST_MS : 0);
  }

  /** @param {number} wanted */
  async refresh(wanted) {
    const choice = /** @type {TrafficChoice} */ (this.choice);
    const again = Boolean(this.again);
    this.again = false;
    try {
      if (again || this.map?.name !== choice.network) {
        this.busy("Laying out the network and its routes …");
        const map = await this.asked({ do: "network", ...choice }, wanted);
        if (!map) return;
        this.showMap(/** @type {TrafficMap} */ (map));
      }
      this.curves.watch(choice);
      this.busy("Simulating what the map shows …");
      const run = await this.asked({ do: "watch", known: this.run?.run ?? null, ...choice }, wanted);
      if (run) this.showRun("same" in run && this.run ? this.run : /** @type {WatchedRun} */ (run));
    } catch (error) {
      if (wanted === this.wanted) this.say(/** @type {Error} */ (error).message, true);
    }
    this.settled = Math.max(this.settled, wanted);
  }

  /**
   * An answer, asked for until it is there; null where something newer is wanted.
   * @param {TrafficQuestion} question @param {number} wanted @returns {Promise<object | null>}
   */
  async asked(question, wanted) {
    for (;;) {
      const told = await this.page.ask("tab", { tab: "traffic", ...question });
      if (wanted !== this.wanted) return null;
      if (!told.loading) return /** @type {object} */ (withArrays(told));
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if (wanted !== this.wanted) return null;
    }
  }

  /** @param {string} text */
  busy(text) {
    this.element.toggleAttribute("data-busy", true);
    this.say(text, false);
  }

  /** @param {string} text @param {boolean} isFault */
  say(text, isFault) {
    this.status.textContent = text;
    this.status.classList.toggle("qps-refused", isFault);
    if (isFault) {
      this.empty.hidden = true;
      this.element.removeAttribute("data-busy");
    }
  }

  /** @param {TrafficMap} map */
  showMap(map) {
    const isOther = this.map?.name !== map.name;
    this.map = map;
    this.empty.hidden = true;
    this.about.textContent = `${map.title}. ${map.about} ${map.paths}${map.is_earth ? " Fibres are drawn as great circles." : ""}`;
    if (isOther) {
      this.run = null;
      this.picture.show(map);
    }
    const { guard_note: note, guard } = map;
    this.guard.hidden = !note;
    const change = () => this.page.change({ guard_us: guard ?? 0 });
    this.guard.replaceChildren(note ?? "", " ", ...(guard ? [button("Make it long enough", change)] : []));
  }

  /** @param {WatchedRun} run */
  showRun(run) {
    if (!this.map) return;
    const isFirst = !this.run;
    this.element.removeAttribute("data-busy");
    this.say(run.one_of > 1 ? `One session of ${run.one_of} is drawn; queues and counts are of all.` : "", false);
    if (this.run === run) return;
    this.run = run;
    const km = [...this.map.link_km].sort((a, b) => a - b)[this.map.link_km.length >> 1];
    this.bar.load(run.duration, km / run.speed + run.payload, isFirst);
    this.picture.load(run);
    this.details.show(this.map, run, this.picture.chosen);
    this.facts.replaceChildren(counts(run.facts));
  }

  /** @param {DragEvent} event @param {boolean} isOver */
  dragged(event, isOver) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.element.classList.toggle("qps-traffic-drop", isOver);
  }

  /** @param {DragEvent} event */
  dropped(event) {
    this.dragged(event, false);
    const file = event.dataTransfer?.files[0];
    if (file) this.open(file, "");
  }

  /** @param {File} file @param {string} length */
  async open(file, length) {
    this.form.refuse("");
    try {
      const text = await file.text();
      const told = await this.page.ask("tab", { tab: "traffic", do: "file", name: file.name, text, length });
      this.form.add(String(told.network), file.name);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      this.form.refuse(message, /has no length/.test(message) ? (typed) => this.open(file, typed) : null);
    }
  }

  retheme() {
    this.picture.repaint();
  }

  destroy() {
    this.wanted += 1;
    clearTimeout(this.timer);
    this.clock.stop();
    this.lifetime.end();
    for (const part of [this.picture, this.bar, this.details, this.curves]) part.destroy();
  }
}
