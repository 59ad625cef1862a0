// Everything that happened, in a list that follows the clock, and what had become of the frames by then.
import { columns, h } from "../../page/dom.js";
import { Lifetime } from "../../page/lifetime.js";
import { lastUpTo } from "../../page/search.js";
import { Balance } from "./balance.js";
import { eventAt, sentence } from "../../film/run.js";
/** @import { RunPage, Watched } from "../../types.js" */

const ROW_PX = 24;
const NARROW_ROW_PX = 40; // two lines where there is no room for one
const NARROW_PX = 480;
const MORE_ROWS = 8;
/** @type {Record<string, string>} */
const MARK_SIGNS = { drop: "✕", done: "✓" };

export class EventsTab {
  /** @type {Watched} */ run;
  /** @type {HTMLSelectElement} */ place;
  /** @type {HTMLInputElement} */ onlyDrops;
  /** @type {HTMLElement} */ count;
  /** @type {HTMLElement} */ none;
  /** @type {HTMLElement} */ space;
  /** @type {HTMLElement} */ list;
  /** @type {HTMLElement} */ element;
  /** @type {Balance} */ balance;
  /** @type {string} */ names;
  /** @type {boolean} */ visible;

  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    this.clock = page.clock;
    this.id = `${page.spec.id}-event`;
    /** @type {number[]} */
    this.chosen = []; // positions of the events that pass the filter
    /** @type {number | null} */
    this.active = null; // position in `chosen` that the keyboard is on
    /** @type {number | null} */
    this.current = null; // position in `chosen` of the last event up to the cursor
    /** @type {Map<number, HTMLElement & { qpsState?: string }>} */
    this.rows = new Map(); // the rows that exist, by position
    /** @type {string[]} */
    this.marks = [];
    this.rowPx = ROW_PX;
    this.build();
    this.lifetime = new Lifetime();
    this.lifetime.size(this.list, () => this.resize());
    this.lifetime.clock(this.clock, () => this.follow());
  }

  build() {
    this.place = h("select", { "aria-label": "Place", onchange: () => this.filter() });
    this.onlyDrops = h("input", { type: "checkbox", onchange: () => this.filter() });
    this.count = h("span", { class: "qps-log-count" });
    this.none = h("p", { class: "qps-log-none", hidden: true }, "No such event in this run.");
    this.space = h("div", { class: "qps-log-space" }, this.none);
    this.list = h(
      "div",
      {
        class: "qps-log-list",
        role: "listbox",
        tabindex: 0,
        "aria-label": "Events of the run",
        onscroll: () => this.paint(),
        onkeydown: (event) => this.key(event),
        onclick: (event) => this.click(event),
      },
      this.space,
    );
    this.balance = new Balance();
    this.element = h(
      "div",
      { class: "qps-tab-content qps-log" },
      h(
        "div",
        { class: "qps-log-main" },
        h("div", { class: "qps-log-bar" }, this.place, h("label", {}, this.onlyDrops, "only drops"), this.count),
        this.list,
      ),
      this.balance.element,
    );
  }

  /** Which shape stands beside which kind of event. @param {{ marks: string[] }} given */
  update({ marks }) {
    if (this.marks.length) return;
    this.marks = marks;
    this.renew();
  }

  /** @param {Watched} run */
  load(run) {
    this.run = run;
    const names = ["everywhere", ...run.nodes.map((node) => node.name)];
    if (names.join("|") !== this.names) {
      this.names = names.join("|");
      this.place.replaceChildren(...names.map((name, i) => h("option", { value: i - 1 }, i ? `at ${name}` : name)));
    }
    this.list.classList.toggle("qps-log-exact", "decimals" in run);
    this.balance.element.hidden = !("ledger" in run); // a trace has no frames to count
    if ("ledger" in run) this.balance.load(run, columns(run.ledger));
    this.filter();
  }

  filter() {
    const { run } = this;
    if (!run) return;
    const node = Number(this.place.value);
    this.chosen = [];
    for (let i = 0; i < run.nEvents; i++) {
      if (node >= 0 && run.events.node[i] !== node) continue;
      if (this.onlyDrops.checked && !this.isDrop(i)) continue;
      this.chosen.push(i);
    }
    this.count.textContent = `${this.chosen.length} event${this.chosen.length === 1 ? "" : "s"}`;
    this.stretch();
    this.active = null;
    this.renew();
  }

  stretch() {
    this.space.style.height = `${Math.max(1, this.chosen.length) * this.rowPx}px`;
  }

  /** @param {number} event */
  isDrop(event) {
    return this.run.dropKinds.includes(this.run.events.kind[event]);
  }

  resize() {
    this.visible = this.list.clientHeight > 0;
    const rowPx = this.list.clientWidth < NARROW_PX ? NARROW_ROW_PX : ROW_PX;
    this.current = null;
    if (!this.visible || rowPx === this.rowPx) {
      this.follow();
      return;
    }
    this.rowPx = rowPx;
    this.list.classList.toggle("qps-log-narrow", rowPx === NARROW_ROW_PX);
    this.stretch();
    this.renew();
  }

  /** Where the clock is: mark the event, keep it in view, count the frames. */
  follow() {
    if (!this.visible || !this.run) return;
    if ("ledger" in this.run) this.balance.show(this.clock.time);
    const current = this.currentRow();
    if (current === this.current) return;
    this.current = current;
    if (this.clock.playing || document.activeElement !== this.list) this.reveal(current, 0.4);
    this.paint();
  }

  /** Position in the list of the last event so far, -1 before the first. */
  currentRow() {
    const now = eventAt(this.run, this.clock.time);
    return lastUpTo(this.chosen.length, (row) => this.chosen[row], now);
  }

  /**
   * Scroll only when a row is out of sight, then put it at a share of the height.
   * @param {number} row @param {number | null} share
   */
  reveal(row, share) {
    const { list } = this;
    const top = Math.max(0, row) * this.rowPx;
    const room = list.clientHeight;
    if (top >= list.scrollTop && top + this.rowPx <= list.scrollTop + room) return;
    list.scrollTop = share === null ? (top < list.scrollTop ? top : top + this.rowPx - room) : top - room * share;
  }

  /** Only the rows in sight exist; those that stay in sight are kept. */
  paint() {
    if (!this.visible || !this.run) return;
    const { list, chosen, rows } = this;
    const first = Math.max(0, Math.floor(list.scrollTop / this.rowPx) - MORE_ROWS);
    const last = Math.min(chosen.length, Math.ceil((list.scrollTop + list.clientHeight) / this.rowPx) + MORE_ROWS);
    for (const [row, element] of rows) {
      if (row >= first && row < last) continue;
      element.remove();
      rows.delete(row);
    }
    for (let row = first; row < last; row++) {
      if (!rows.has(row)) this.space.append(this.row(row));
      this.mark(row);
    }
    this.none.hidden = chosen.length > 0;
    if (this.active === null) list.removeAttribute("aria-activedescendant");
    else list.setAttribute("aria-activedescendant", `${this.id}-${this.active}`);
  }

  /** @param {number} row */
  row(row) {
    const { run, chosen } = this;
    const event = chosen[row];
    const drop = this.isDrop(event);
    const mark = drop ? "drop" : this.marks[run.events.kind[event]];
    const element = h(
      "div",
      {
        class: drop ? "qps-log-row qps-log-drop" : "qps-log-row",
        role: "option",
        id: `${this.id}-${row}`,
        "data-row": row,
        style: `top:${row * this.rowPx}px`,
        "aria-setsize": chosen.length,
        "aria-posinset": row + 1,
      },
      h("span", { class: "qps-log-time" }, exactTime(run.events.time[event], "decimals" in run ? run.decimals : undefined)),
      h("span", { class: `qps-log-mark qps-log-mark-${mark}` }, MARK_SIGNS[mark] ?? ""),
      h("span", { class: "qps-log-place" }, run.nodes[run.events.node[event]]?.name ?? ""),
      h("span", { class: "qps-log-words" }, sentence(run, event, this.page.spec.templates)),
    );
    this.rows.set(row, element);
    return element;
  }

  /** Past, present or still to come; and where the keyboard is. @param {number} row */
  mark(row) {
    const element = this.rows.get(row);
    const current = this.current ?? 0;
    const state = `${Math.sign(row - current)}${row === this.active}`;
    if (!element || element.qpsState === state) return;
    element.qpsState = state;
    element.setAttribute("aria-selected", String(row === this.current));
    element.classList.toggle("qps-log-later", row > current);
    element.classList.toggle("qps-log-active", row === this.active);
  }

  /** Make all rows anew, for another list. */
  renew() {
    this.rows.clear();
    this.space.replaceChildren(this.none);
    this.current = null;
    this.follow();
  }

  /** @param {MouseEvent} event */
  click(event) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-row]"));
    if (row) this.go(Number(row.dataset.row));
  }

  /** @param {number} row */
  go(row) {
    this.active = row;
    this.clock.play(false);
    this.clock.seek(this.run.events.time[this.chosen[row]]);
    this.paint();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const page = Math.max(1, Math.floor(this.list.clientHeight / this.rowPx) - 1);
    const last = this.chosen.length - 1;
    const at = this.active ?? Math.max(0, this.current ?? 0);
    const down = at + (this.active === null ? 0 : 1);
    /** @type {Record<string, number>} */
    const keys = { ArrowDown: down, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last };
    const wanted = keys[event.key];
    if (last < 0 || (wanted === undefined && event.key !== "Enter")) return;
    event.preventDefault();
    if (event.key === "Enter") {
      this.go(at);
      return;
    }
    const next = Math.max(0, Math.min(last, wanted));
    this.active = next;
    this.reveal(next, null);
    this.paint();
  }

  destroy() {
    this.lifetime.end();
  }
}

/** A time in one unit throughout, so that a column of them can be read down. @param {number} us */
function exactTime(us, decimals = us < 1e5 ? 1 : 0) {
  return `${us.toFixed(decimals)} µs`;
}
