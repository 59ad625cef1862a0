// The Frame tab: a header of the run in time and in octets, that can be edited, pasted and read.
import { button, h } from "../../page/dom.js";
import { OctetGrid } from "./grid.js";
import { FieldList } from "./list.js";
import { legendOf, notesOf, plansOf, segments } from "./parts.js";
import { PasteBox } from "./paste.js";
import { drawFrame } from "./timing.js";

const FOLLOW_MS = 180; // between two questions while the film plays
const MAX_PASTE = 20000;

export class FrameTab {
  constructor(page) {
    this.page = page;
    this.queue = new Map(); // questions not yet asked, the newest of each kind
    this.following = true;
    this.wished = { role: "header", dialect: "paper", rate: null };
    this.plan = "time";
    this.row = -1;
    this.turn = 0; // answers from before a step to another frame are stale
    this.build(`${page.spec.id}-frame`);
    this.resizer = new ResizeObserver(() => (this.shown ? this.draw() : this.tick(true)));
    this.resizer.observe(this.strip);
    this.unsubscribe = page.clock.subscribe(() => this.tick());
  }

  build(id) {
    this.grid = new OctetGrid((name) => this.mark(name, "grid"), (name) => this.list.focus(name));
    this.list = new FieldList(id, (name) => this.mark(name, "list"), (name, text) => this.edit(name, text));
    this.paste = new PasteBox(id, MAX_PASTE, (text) => this.read(text), (text, how) => this.fetch({ do: "repair", text, how }));
    this.follow = h("input", { type: "checkbox", checked: true, id: `${id}-follow`, onchange: () => this.setFollow(this.follow.checked) });
    this.before = button("◂", () => this.go("previous"), { "aria-label": "Frame before", title: "Go to the frame before" });
    this.after = button("▸", () => this.go("next"), { "aria-label": "Frame after", title: "Go to the frame after" });
    this.title = h("b", { class: "qps-frame-title" });
    this.place = h("span", { class: "qps-frame-place" });
    this.spoken = h("p", { class: "qps-frame-spoken", role: "status" });
    this.roles = segments(`${id}-role`, "Part of the frame", { header: "Header", trailer: "Trailer" }, (role) => this.set("role", role));
    this.dialects = segments(`${id}-dialect`, "Dialect", { paper: "Table I", lldp: "LLDP" }, (dialect) => this.set("dialect", dialect));
    this.opener = button("Paste hex", () => this.toggle(), { "aria-expanded": "false", title: "Decode octets of your own" });
    this.rate = h("select", { "aria-label": "Classical line rate", onchange: () => this.set("rate", this.rate.value) });
    this.strip = h("div", { class: "qps-frame-strip" });
    this.legend = h("ul", { class: "qps-frame-legend", "aria-label": "Kinds of octets" });
    this.hint = h("p", { class: "qps-frame-hint" });
    this.plans = plansOf((plan) => { this.plan = plan; this.draw(); });
    const aside = h("div", { class: "qps-frame-aside" }, this.legend, this.hint);
    const left = this.grid.within(h("div", { class: "qps-frame-left" }, this.grid.element, aside));
    this.element = h("div", { class: "qps-tab-content qps-frame" },
      h("div", { class: "qps-frame-bar" },
        h("label", { class: "qps-frame-switch", for: this.follow.id }, this.follow, "Follow the run"),
        h("span", { class: "qps-frame-step" }, this.before, this.after), this.roles.element, this.dialects.element, this.opener,
        h("label", { class: "qps-frame-rate" }, "line rate", this.rate)),
      h("p", { class: "qps-frame-now" }, this.title, this.place), this.spoken, this.paste.element, this.strip,
      h("div", { class: "qps-frame-body" }, left, this.list.element),
      this.plans.element, notesOf());
  }

  /** The tab is on screen and the kernel has a new state: names once, then the header under the cursor. */
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

  tick(now = false) {
    if (!this.following || !this.wished.rate || !this.element.clientWidth) return;
    const { clock } = this.page;
    if (!now && clock.playing && performance.now() - (this.asked ?? 0) < FOLLOW_MS) return;
    this.asked = performance.now();
    this.enqueue("follow", () => ({ do: "follow", turn: this.turn, time: clock.time, row: this.row, role: this.wished.role, dialect: this.wished.dialect }));
  }

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

  /** Header or trailer, dialect and line rate: choices about what is shown, in the run or in an own copy. */
  set(name, value) {
    this.wished[name] = value;
    if (this.following) this.tick(true);
    else if (name === "rate") this.enqueue("edit:", () => this.question({ do: "paste", text: this.good?.octets ?? "" }));
    else this.ask(name, value);
  }

  edit(name, text) {
    if (name === "role" || name === "dialect") return this.set(name, text);
    if (this.following) this.setFollow(false);
    this.ask(name, text);
  }

  ask(name, text) {
    this.enqueue(`edit:${name}`, () => ({ do: "edit", octets: this.good.octets, name, text }));
  }

  read(text) {
    this.setFollow(false);
    this.enqueue("paste", () => ({ do: "paste", text }));
  }

  async fetch(question) {
    const { text } = await this.page.ask("tab", this.question(question));
    this.openPaste(text.replaceAll(" ", ""));
    this.read(text);
  }

  question(more) {
    return { tab: "frame", rate: this.wished.rate, known: this.good?.octets, ...more };
  }

  /** One question at a time; of those that wait, the newest of each kind is asked. */
  async enqueue(kind, make) {
    this.queue.set(kind, make);
    if (this.busy) return;
    this.busy = true;
    while (this.queue.size) {
      const [next, question] = this.queue.entries().next().value;
      this.queue.delete(next);
      try {
        const asked = question();
        const answer = await this.page.ask("tab", this.question(asked));
        const stale = asked.turn !== undefined && asked.turn !== this.turn;
        if (!stale && (next === "follow") === this.following) this.take(next, answer);
      } catch (error) {
        this.place.textContent = error.message;
      }
    }
    this.busy = false;
  }

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
    // A value that is left as it was typed is sent again: that is no news.
    if (!same || !kind.startsWith("edit:")) this.tell(kind, answer);
    this.draw();
  }

  tell(kind, answer) {
    if (kind === "follow") {
      this.row = answer.row;
      this.latest = answer;
      this.title.textContent = answer.title;
      this.place.textContent = answer.place;
      this.before.disabled = answer.previous === null;
      this.after.disabled = answer.next === null;
    } else if (!answer.fault) {
      this.title.textContent = kind === "paste" ? "Pasted frame" : "Your frame";
      this.place.textContent = kind === "paste" ? `${answer.n_octets} octets, check sequence right` : answer.said;
      this.spoken.textContent = this.place.textContent;
    } else {
      this.title.textContent = "Pasted octets";
      this.place.textContent = `${answer.n_octets} octets, not a valid frame`;
    }
    if (this.paste.isOpen) {
      if (kind !== "paste") this.paste.put(answer.octets);
      this.paste.say(answer.fault, answer.repairs);
    }
    this.legend.replaceChildren(...legendOf(this.kinds, answer.fields));
    this.hint.replaceChildren(...this.warning(answer));
    this.element.classList.toggle("qps-frame-broken", Boolean(answer.fault));
    for (const choice of [this.roles, this.dialects]) choice.disable(Boolean(answer.fault));
    if (answer.fault) return;
    // An answer of the film may be older than the choice just made.
    if (kind !== "follow") Object.assign(this.wished, { role: answer.role, dialect: answer.dialect });
    this.roles.choose(this.wished.role);
    this.dialects.choose(this.wished.dialect);
  }

  /** What a person must know about this EtherType and this address, where they meet it. */
  warning({ dialect, crosses_bridges: crosses, fault, fields }) {
    if (fault) {
      const misread = fields.find((field) => field.label === "Chassis ID" && field.length < 5);
      const words = misread ? "an LLDP reader takes Table I's types for its own: Chassis ID, Port ID, Time To Live. " : "the octets above are marked where reading stopped. ";
      return [h("b", {}, "Not read: "), words, button("Back to the run", () => this.setFollow(true), { class: "qps-frame-try" })];
    }
    if (!crosses) return [h("b", {}, "Ends at the next device: "), "bridges never forward link-local group addresses (01:80:c2:00:00:00 to 0f), so every relay would have to make a new header."];
    if (dialect === "lldp") {
      return [h("b", {}, "Valid LLDP: "), "the quantum fields ride in TLVs 127. LLDP's own group addresses are link-local and no bridge forwards them. ",
        button("Try that address", () => this.edit("destination", "01:80:c2:00:00:0e"), { class: "qps-frame-try" })];
    }
    return [h("b", {}, "Deviation: "), "not LLDP's EtherType 0x88CC. Under it ordinary tools read Table I's types 1, 2, 3 as Chassis ID, Port ID and Time To Live. ",
      button("See it misread", () => this.fetch({ do: "misread", octets: this.good.octets }), { class: "qps-frame-try" })];
  }

  toggle() {
    if (!this.paste.isOpen) return this.openPaste(this.shown?.octets ?? "");
    this.paste.close();
    this.opener.setAttribute("aria-expanded", "false");
    if (this.shown?.fault) this.setFollow(true);
  }

  openPaste(octets) {
    this.paste.open(octets);
    this.opener.setAttribute("aria-expanded", "true");
  }

  go(which) {
    const time = this.latest?.[which];
    if (time === null || time === undefined) return;
    this.page.clock.play(false);
    this.page.clock.seek(time);
    this.turn += 1; // what the clock has just asked still holds on to the frame before
    this.row = -1;
    this.setFollow(true);
  }

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
    if (layouts.fault) {
      this.strip.replaceChildren(h("p", { class: "qps-empty" }, layouts.fault));
      return;
    }
    const wedge = this.grid.body.offsetWidth;
    const pick = (chosen) => this.set("role", chosen);
    this.strip.replaceChildren(drawFrame(layouts, this.plan, { width, role, wedge, pick }));
    this.plans.draw(layouts, this.plan);
  }

  destroy() {
    this.unsubscribe();
    this.resizer.disconnect();
    this.grid.destroy();
    this.queue.clear();
  }
}
