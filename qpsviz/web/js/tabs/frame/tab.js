// The Frame tab: a header of the run in time and in octets, that can be edited, pasted and read.
import { button, h } from "../../page/dom.js";
import { Lifetime } from "../../page/lifetime.js";
import { OctetGrid } from "./grid.js";
import { FieldList } from "./list.js";
import { barOf, headingOf, legendOf, notesOf, plansOf, segments, warningOf } from "./parts.js";
import { PasteBox } from "./paste.js";
import { QuestionQueue } from "./queue.js";
import { drawFrame } from "./timing.js";
/** @import { ExplorerPage, FrameAnswer, FrameChoices, FramePlan } from "../../types.js" */
/** @import { MakeQuestion } from "./queue.js" */

const FOLLOW_MS = 180; // between two questions while the film plays
const MAX_PASTE = 20000;

export class FrameTab {
  /** @type {OctetGrid} */ grid;
  /** @type {FieldList} */ list;
  /** @type {PasteBox} */ paste;
  /** @type {ReturnType<typeof segments>} */ roles;
  /** @type {ReturnType<typeof segments>} */ dialects;
  /** @type {ReturnType<typeof plansOf>} */ plans;
  /** @type {HTMLInputElement} */ follow;
  /** @type {HTMLButtonElement} */ before;
  /** @type {HTMLButtonElement} */ after;
  /** @type {HTMLButtonElement} */ opener;
  /** @type {HTMLElement} */ title;
  /** @type {HTMLElement} */ place;
  /** @type {HTMLElement} */ spoken;
  /** @type {HTMLElement} */ strip;
  /** @type {HTMLElement} */ legend;
  /** @type {HTMLElement} */ hint;
  /** @type {HTMLElement} */ element;
  /** @type {HTMLSelectElement} */ rate;
  /** @type {Record<string, string>} */ kinds;
  /** @type {FrameAnswer} */ good;
  /** @type {FrameAnswer} */ shown;
  /** @type {FrameAnswer} */ latest;
  /** @type {string | null} */ marked;
  /** @type {number} */ asked;

  /** @param {ExplorerPage} page */
  constructor(page) {
    this.page = page;
    this.queue = new QuestionQueue((kind, make) => this.askNext(kind, make));
    this.following = true;
    /** @type {{ role: string, dialect: string, rate: string | null }} */
    this.wished = { role: "header", dialect: "paper", rate: null };
    /** @type {FramePlan} */
    this.plan = "time";
    this.row = -1;
    this.turn = 0; // answers from before a step to another frame are stale
    this.escapes = {
      follow: () => this.setFollow(true),
      edit: (/** @type {string} */ text) => this.edit("destination", text),
      misread: () => this.fetch({ do: "misread", octets: this.good.octets }),
    };
    this.lifetime = new Lifetime();
    this.build(`${page.spec.id}-frame`);
    this.lifetime.size(this.strip, () => (this.shown ? this.draw() : this.tick(true)));
    this.lifetime.clock(page.clock, () => this.tick());
  }

  /** @param {string} id */
  build(id) {
    /** @param {"grid" | "list"} from */
    const mark = (from) => (/** @type {string | null} */ name) => this.mark(name, from);
    const repair = (/** @type {string} */ text, /** @type {string} */ how) => this.fetch({ do: "repair", text, how });
    this.grid = new OctetGrid(mark("grid"), (name) => this.list.focus(name));
    this.list = new FieldList(id, mark("list"), (name, text) => this.edit(name, text));
    this.paste = new PasteBox(id, MAX_PASTE, (text) => this.read(text), repair);
    this.follow = h("input", { type: "checkbox", checked: true, id: `${id}-follow`, onchange: () => this.setFollow(this.follow.checked) });
    this.before = button("◂", () => this.go("previous"), { "aria-label": "Frame before", title: "Go to the frame before" });
    this.after = button("▸", () => this.go("next"), { "aria-label": "Frame after", title: "Go to the frame after" });
    this.title = h("b", { class: "qps-frame-title" });
    this.place = h("span");
    this.spoken = h("p", { class: "qps-frame-spoken", role: "status" });
    this.roles = segments(`${id}-role`, "Part of the frame", { header: "Header", trailer: "Trailer" }, (role) => this.set("role", role));
    this.dialects = segments(`${id}-dialect`, "Dialect", { paper: "Table I", lldp: "LLDP" }, (dialect) => this.set("dialect", dialect));
    this.opener = button("Paste hex", () => this.toggle(), { "aria-expanded": "false", title: "Decode octets of your own" });
    this.rate = h("select", { "aria-label": "Classical line rate", onchange: () => this.set("rate", this.rate.value) });
    this.strip = h("div", { class: "qps-frame-strip" });
    this.legend = h("ul", { class: "qps-frame-legend", "aria-label": "Kinds of octets" });
    this.hint = h("p", { class: "qps-frame-hint" });
    this.plans = plansOf((plan) => {
      this.plan = plan;
      this.draw();
    });
    const left = h("div", { class: "qps-frame-left" }, this.grid.element, h("div", { class: "qps-frame-aside" }, this.legend, this.hint));
    this.lifetime.size(left, (width) => this.grid.fit(width));
    const bar = barOf(this.follow, [this.before, this.after], [this.roles.element, this.dialects.element, this.opener], this.rate);
    const now = h("p", { class: "qps-frame-now" }, this.title, this.place);
    const body = h("div", { class: "qps-frame-body" }, left, this.list.element);
    const parts = [bar, now, this.spoken, this.paste.element, this.strip, body, this.plans.element, notesOf()];
    this.element = h("div", { class: "qps-tab-content qps-frame" }, ...parts);
  }

  /**
   * The tab is on screen and the session has a new state: names once, then the header under the cursor.
   * @param {FrameChoices} data
   */
  update(data) {
    if (!this.wished.rate) {
      this.element.append(...this.list.setup(data));
      this.wished.rate = data.rate;
      this.rate.append(...data.rates.map((rate) => h("option", { value: rate, selected: rate === data.rate }, rate)));
      this.kinds = data.kinds;
    }
    this.tick(true);
  }

  load() {
    this.tick(true);
  }

  /** @param {boolean} [now] Whether to ask at once, however much is going on. */
  tick(now = false) {
    if (!this.following || !this.wished.rate || !this.element.clientWidth) return;
    const { clock } = this.page;
    if (!now && clock.playing && performance.now() - (this.asked ?? 0) < FOLLOW_MS) return;
    this.asked = performance.now();
    this.queue.add("follow", () => ({
      do: "follow",
      turn: this.turn,
      time: clock.time,
      row: this.row,
      role: this.wished.role,
      dialect: this.wished.dialect,
    }));
  }

  /** @param {boolean} on */
  setFollow(on) {
    this.following = on;
    this.follow.checked = on;
    this.element.classList.toggle("qps-frame-own", !on);
    if (!on) {
      this.place.textContent = "the run goes on without it";
      return;
    }
    this.queue.clear();
    this.paste.close();
    this.opener.setAttribute("aria-expanded", "false");
    this.list.settle();
    this.spoken.textContent = "";
    this.tick(true);
  }

  /**
   * Header or trailer, dialect and line rate: choices about what is shown, in the run or in an own copy.
   * @param {"role" | "dialect" | "rate"} name @param {string} value
   */
  set(name, value) {
    this.wished[name] = value;
    if (this.following) this.tick(true);
    else if (name === "rate") this.queue.add("edit:", () => this.question({ do: "paste", text: this.good?.octets ?? "" }));
    else this.ask(name, value);
  }

  /** @param {string} name @param {string} text */
  edit(name, text) {
    if (name === "role" || name === "dialect") return this.set(name, text);
    if (this.following) this.setFollow(false);
    this.ask(name, text);
  }

  /** @param {string} name @param {string} text */
  ask(name, text) {
    this.queue.add(`edit:${name}`, () => ({ do: "edit", octets: this.good.octets, name, text }));
  }

  /** @param {string} text */
  read(text) {
    this.setFollow(false);
    this.queue.add("paste", () => ({ do: "paste", text }));
  }

  /** @param {object} question */
  async fetch(question) {
    const { text } = await this.page.ask("tab", this.question(question));
    this.openPaste((text ?? "").replaceAll(" ", ""));
    this.read(text ?? "");
  }

  /** @param {object} more */
  question(more) {
    return { tab: "frame", rate: this.wished.rate, known: this.good?.octets, ...more };
  }

  /** Answers from before a step to another frame are stale. @param {string} kind @param {MakeQuestion} make */
  async askNext(kind, make) {
    try {
      const asked = make();
      const answer = await this.page.ask("tab", this.question(asked));
      const stale = asked.turn !== undefined && asked.turn !== this.turn;
      if (!stale && (kind === "follow") === this.following) this.take(kind, /** @type {FrameAnswer} */ (/** @type {unknown} */ (answer)));
    } catch (error) {
      this.place.textContent = /** @type {Error} */ (error).message;
    }
  }

  /** @param {string} kind @param {FrameAnswer} answer */
  take(kind, answer) {
    const own = kind !== "follow";
    if (own && this.queue.has(kind)) return; // more was typed meanwhile
    if (kind.startsWith("edit:") && answer.fault) {
      this.list.fault(kind.slice(5), answer.fault.message);
      return;
    }
    if (kind.startsWith("edit:")) this.list.fault(kind.slice(5), "");
    const same = this.shown?.octets === answer.octets && !this.shown.fault;
    if (!answer.fault) this.good = answer;
    this.shown = answer;
    this.grid.show(answer);
    this.list.show(answer);
    this.grid.mark(this.marked);
    if (!same) this.grid.change(answer.changed ?? [], own);
    // A value that is left as it was typed is sent again: it changes nothing.
    if (!same || !kind.startsWith("edit:")) this.tell(kind, answer);
    this.draw();
  }

  /** @param {string} kind @param {FrameAnswer} answer */
  tell(kind, answer) {
    const { title, place } = headingOf(kind, answer);
    this.title.textContent = title;
    this.place.textContent = place;
    if (kind === "follow") {
      this.row = answer.row;
      this.latest = answer;
      this.before.disabled = answer.previous === null;
      this.after.disabled = answer.next === null;
    } else if (!answer.fault) this.spoken.textContent = place;
    if (this.paste.isOpen) {
      if (kind !== "paste") this.paste.put(answer.octets);
      this.paste.say(answer.fault, answer.repairs);
    }
    this.legend.replaceChildren(...legendOf(this.kinds, answer.fields));
    this.hint.replaceChildren(...warningOf(answer, this.escapes));
    this.element.classList.toggle("qps-frame-broken", Boolean(answer.fault));
    for (const choice of [this.roles, this.dialects]) choice.disable(Boolean(answer.fault));
    if (answer.fault) return;
    // An answer of the film may be older than the choice just made.
    if (kind !== "follow") Object.assign(this.wished, { role: answer.role, dialect: answer.dialect });
    this.roles.choose(this.wished.role);
    this.dialects.choose(this.wished.dialect);
  }

  toggle() {
    if (!this.paste.isOpen) return this.openPaste(this.shown?.octets ?? "");
    this.paste.close();
    this.opener.setAttribute("aria-expanded", "false");
    if (this.shown?.fault) this.setFollow(true);
  }

  /** @param {string} octets */
  openPaste(octets) {
    this.paste.open(octets);
    this.opener.setAttribute("aria-expanded", "true");
  }

  /** @param {"previous" | "next"} which */
  go(which) {
    const time = this.latest?.[which];
    if (time === null || time === undefined) return;
    this.page.clock.play(false);
    this.page.clock.seek(time);
    this.turn += 1; // what the clock has just asked still holds on to the frame before
    this.row = -1;
    this.setFollow(true);
  }

  /** @param {string | null} name @param {"grid" | "list"} from */
  mark(name, from) {
    if (name === this.marked) return;
    this.marked = name;
    this.grid.mark(name);
    this.list.mark(name, from === "grid");
  }

  draw() {
    const width = this.strip.clientWidth;
    if (!this.good || !width) return;
    const { layouts, role } = this.good;
    if (layouts.fault !== null) {
      this.strip.replaceChildren(h("p", { class: "qps-empty" }, layouts.fault));
      return;
    }
    const wedge = this.grid.body.offsetWidth;
    /** @param {string} chosen */
    const pick = (chosen) => this.set("role", chosen);
    this.strip.replaceChildren(drawFrame(layouts, this.plan, { width, role, wedge, pick }));
    this.plans.draw(layouts, this.plan);
  }

  destroy() {
    this.lifetime.end();
    this.queue.clear();
  }
}
