// The balance of a run at the cursor: what was offered is delivered, dropped for a reason, or in flight.
import { SAME_TIME_US } from "../../film/run.js";
import { h } from "../../page/dom.js";
import { lastUpTo } from "../../page/search.js";
import { storedAt } from "../switch/moves.js";
/** @import { FilmRun, Ledger } from "../../types.js" */

const COUNTED = ["time", "offered", "delivered", "inFlight", "resent"];

/** Columns of a ledger that count drops, one for each reason, in the order of `run.fates`. @param {object} ledger */
const reasonsOf = (ledger) => Object.keys(ledger).filter((name) => !COUNTED.includes(name));

/** Counts of a ledger at a time: the last row that is not later. @param {Ledger} ledger @param {number} time */
export function countsAt(ledger, time) {
  const row = lastUpTo(ledger.time.length, (index) => ledger.time[index], time + SAME_TIME_US);
  /** @param {string} name */
  const take = (name) => (row < 0 ? 0 : ledger[name][row]);
  return {
    offered: take("offered"),
    delivered: take("delivered"),
    inFlight: take("inFlight"),
    resent: take("resent"),
    reasons: reasonsOf(ledger).map(take),
  };
}

export class Balance {
  /** @type {FilmRun} */ run;
  /** @type {Ledger} */ ledger;
  /** @type {string | null} */ seen;
  /** @type {Record<"delivered" | "flight" | "drop", HTMLElement>} */ segments;

  constructor() {
    /** @type {Map<string, HTMLElement>} */
    this.cells = new Map();
    this.bar = h("div", { class: "qps-balance-bar", "aria-hidden": "true" });
    this.list = h("div", { class: "qps-balance-list", role: "list" });
    this.memories = h("div", { class: "qps-balance-list", role: "list" });
    this.memoryTitle = h("h3", {}, "Memory slots taken now");
    this.element = h(
      "section",
      { class: "qps-balance", "aria-label": "Balance at the cursor" },
      h("h3", {}, "Frames up to the cursor"),
      this.bar,
      this.list,
      this.memoryTitle,
      this.memories,
    );
  }

  /** @param {FilmRun} run @param {Ledger} ledger */
  load(run, ledger) {
    this.run = run;
    this.ledger = ledger;
    this.seen = null;
    this.cells.clear();
    const reasons = reasonsOf(ledger);
    const ever = reasons.filter((name) => ledger[name].some((count) => count > 0));
    const drops = ever.map((name) => this.cell(name, `+ ✕ ${run.fates[reasons.indexOf(name) + 1]}`, "drop"));
    this.list.replaceChildren(
      this.cell("offered", "Offered"),
      this.cell("delivered", "= delivered"),
      this.cell("inFlight", "+ in flight"),
      ...(drops.length ? drops : [this.cell("none", "+ dropped")]),
      this.cell("resent", "Attempts sent again"),
    );
    const relays = run.switches;
    this.memoryTitle.hidden = this.memories.hidden = !run.dwells || !relays.length;
    this.memories.replaceChildren(...relays.map((i) => this.cell(`node${i}`, run.nodes[i].name, "memory")));
    const segment = (/** @type {string} */ kind) => h("i", { class: `qps-balance-${kind}` });
    this.segments = { delivered: segment("delivered"), flight: segment("flight"), drop: segment("drop") };
    this.bar.replaceChildren(...Object.values(this.segments));
  }

  /** @param {string} name @param {string} label */
  cell(name, label, kind = "") {
    const value = h("b", {}, "0");
    const about = { class: kind ? `qps-balance-row-${kind}` : undefined, "data-count": name, role: "listitem" };
    const row = h("div", about, h("span", {}, label), value);
    this.cells.set(name, value);
    return row;
  }

  /** @param {number} time */
  show(time) {
    const { run, ledger } = this;
    const counts = countsAt(ledger, time);
    const held = run.dwells ? storedAt(run, time) : [];
    const seen = JSON.stringify([counts, held]);
    if (seen === this.seen) return;
    this.seen = seen;
    for (const name of /** @type {const} */ (["offered", "delivered", "inFlight", "resent"])) this.write(name, counts[name]);
    for (const [i, name] of reasonsOf(ledger).entries()) this.write(name, counts.reasons[i]);
    for (const [i, slots] of held.entries()) this.write(`node${i}`, slots);
    const dropped = counts.reasons.reduce((a, b) => a + b, 0);
    /** @param {number} n */
    const share = (n) => `${counts.offered ? (100 * n) / counts.offered : 0}%`;
    this.segments.delivered.style.width = share(counts.delivered);
    this.segments.flight.style.width = share(counts.inFlight);
    this.segments.drop.style.width = share(dropped);
  }

  /** @param {string} name @param {number} value */
  write(name, value) {
    const cell = this.cells.get(name);
    if (cell) cell.textContent = String(value);
  }
}
