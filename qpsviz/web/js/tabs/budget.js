// Where fidelity and rate go, hop by hop, and what it would take to have more.
import { button, fixed, h, scientific } from "../page/dom.js";
import { Lifetime } from "../page/lifetime.js";
import { svg } from "../page/svg.js";
/** @import { Answer, Budget, BudgetData, BudgetGoal, BudgetRow, CostKind, ExplorerPage, Needed, NeededTable } from "../types.js" */

const ROW = 22;
const LABEL = 172;
const VALUE = 74;
const LEAST_WIDTH = 300;
const MOST_WIDTH = 640;
const REST_MS = 150;
const AGAIN_MS = 120;
/** @type {Record<CostKind, string>} */
const KIND_CLASS = {
  fibre: "fibre",
  switch: "switch",
  memory: "memory",
  "partner memory": "memory",
  routing: "routing",
  detector: "detector",
  distillation: "detector",
  light: "light",
  source: "source",
  block: "block",
  correction: "correction",
};

export class BudgetTab {
  /** @type {BudgetData} */ data;
  /** @type {HTMLElement} */ total;
  /** @type {HTMLElement} */ answer;
  /** @type {HTMLSelectElement} */ outputs;
  /** @type {HTMLInputElement} */ amount;
  /** @type {number} */ width;
  /** @type {BudgetRow[]} */ drawn;
  /** @type {boolean} */ asked;
  /** @type {Budget | null} That of a finite key, which is asked for when the controls rest. */ finite = null;
  /** @type {number | undefined} */ timer;
  /** @type {number | undefined} */ scene;
  /** @type {number} A later wish makes an earlier one void. */ wishes = 0;

  /** @param {ExplorerPage} page */
  constructor(page) {
    this.page = page;
    /** @type {BudgetGoal} */
    this.goal = "fidelity";
    this.chart = h("div", { class: "qps-waterfall" });
    this.lifetime = new Lifetime();
    this.lifetime.size(this.chart, () => this.draw());
    this.element = h("div", { class: "qps-tab-content qps-budget" }, this.waterfall(), this.wish());
  }

  waterfall() {
    /** @param {BudgetGoal} name @param {string} label */
    const option = (name, label) => {
      const input = h("input", {
        type: "radio",
        name: `${this.page.spec.id}-budget`,
        checked: name === this.goal,
        onchange: () => {
          this.goal = name;
          this.askFinite();
          this.draw();
        },
      });
      return h("label", { class: "qps-option" }, input, h("span", {}, label));
    };
    const choice = h(
      "div",
      { class: "qps-choice", role: "radiogroup", "aria-label": "Budget of" },
      option("fidelity", "fidelity"),
      option("key_rate", "key rate"),
      option("key_rate_finite", "finite key"),
    );
    this.total = h("p", { class: "qps-hint" });
    return h(
      "section",
      { "aria-label": "Budget" },
      h("div", { class: "qps-plot-head" }, h("h3", {}, "Where it goes"), choice),
      this.chart,
      this.total,
    );
  }

  wish() {
    this.outputs = h("select", { "aria-label": "Wanted output", onchange: () => this.prefill() });
    this.amount = h("input", { type: "text", class: "qps-box", "aria-label": "Wanted value", value: "0.9" });
    this.answer = h("div", { role: "status" });
    const form = h(
      "form",
      {
        class: "qps-wish",
        onsubmit: (event) => {
          event.preventDefault();
          this.ask();
        },
      },
      this.outputs,
      h("span", {}, "="),
      this.amount,
      h("button", { type: "submit", class: "qps-primary" }, "What would it take?"),
    );
    return h("section", { "aria-label": "What would it take" }, h("h3", {}, "What would it take?"), form, this.answer);
  }

  /** @param {BudgetData} data @param {Answer} [answer] */
  update(data, answer) {
    this.data = data;
    if (answer?.scene !== this.scene) this.giveUp();
    this.scene = answer?.scene;
    if (!this.outputs.options.length) {
      this.outputs.append(...data.goals.map((w) => h("option", { value: w.name }, w.label)));
    }
    if (this.asked) this.answer.classList.add("qps-stale");
    this.askFinite();
    this.draw();
  }

  /** Ask for the budget of a finite key where it is on screen, once the controls rest. */
  askFinite() {
    this.chart.classList.toggle("qps-stale", this.goal === "key_rate_finite");
    clearTimeout(this.timer);
    if (this.goal !== "key_rate_finite") return;
    const { data } = this;
    this.timer = setTimeout(async () => {
      const told = await this.page.ask("tab", { tab: "budget", of: this.goal }).catch(() => null);
      if (!told || data !== this.data) return;
      this.finite = /** @type {Budget} */ (/** @type {unknown} */ (told));
      this.chart.classList.remove("qps-stale");
      this.draw();
    }, REST_MS);
  }

  /** A wish was of another state: what is still looked for does not come. */
  giveUp() {
    this.wishes += 1;
    this.answer.querySelector(".qps-hint")?.remove();
  }

  destroy() {
    clearTimeout(this.timer);
    this.giveUp();
    this.lifetime.end();
  }

  prefill() {
    this.amount.value = this.data.goals.find((w) => w.name === this.outputs.value)?.now ?? "";
    this.answer.replaceChildren();
    this.wishes += 1;
    this.asked = false;
  }

  draw() {
    const budget = this.goal === "key_rate_finite" ? this.finite : this.data?.[this.goal];
    if (!budget) return;
    const { rows, total } = budget;
    const isFidelity = this.goal === "fidelity";
    const width = Math.max(LEAST_WIDTH, Math.min(this.chart.clientWidth, MOST_WIDTH)); // one unit is one px: no text shrinks
    if (width === this.width && this.drawn === rows) return;
    [this.width, this.drawn] = [width, rows];
    const scale = this.scale(rows, isFidelity);
    const height = rows.length * ROW + 8;
    const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `Budget of ${this.goal}` });
    let level = 0;
    rows.forEach((row, i) => {
      const start = isFidelity ? 1 - row.before : level;
      const end = isFidelity ? 1 - row.after : level + (row.change ?? 0);
      level = end;
      drawing.append(...bar(row, i * ROW + 4, scale(start), scale(end), width));
    });
    this.chart.replaceChildren(drawing);
    const sum = isFidelity
      ? `1 minus all of these is F = ${total === null ? "0" : fixed(total, 4)}.`
      : `All of these make R = ${total ? `10^(${fixed(10 * Math.log10(total), 2)} dB ∕ 10) = ${scientific(total, 3)} bit/pulse` : "0: no key"}.`;
    this.total.textContent = `Each element is charged what it changes after all before it. ${sum}`;
  }

  /** From lost fidelity, or from dB, to px; both grow to the right. @param {BudgetRow[]} rows @param {boolean} isFidelity */
  scale(rows, isFidelity) {
    let level = 0;
    let lo = 0;
    let hi = 1e-9;
    for (const row of rows) {
      level = isFidelity ? 1 - row.after : level + (row.change ?? 0);
      lo = Math.min(lo, level);
      hi = Math.max(hi, level);
    }
    return (/** @type {number} */ value) => LABEL + ((value - lo) / (hi - lo)) * (this.width - LABEL - VALUE);
  }

  async ask() {
    const number = ++this.wishes;
    const wish = { tab: "budget", output: this.outputs.value, text: this.amount.value };
    this.answer.classList.remove("qps-stale");
    this.say("Looking …");
    try {
      for (let left = 1; left > 0; ) {
        const told = /** @type {NeededTable} */ (/** @type {unknown} */ (await this.page.ask("tab", wish)));
        if (number !== this.wishes) return;
        left = told.left;
        this.asked = true;
        this.answer.replaceChildren(this.table(told.rows));
        if (left) this.answer.append(h("p", { class: "qps-hint" }, `Looking … ${told.rows.length} of ${told.rows.length + left}`));
        if (left) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    } catch (error) {
      if (number === this.wishes)
        this.answer.replaceChildren(h("p", { class: "qps-refused", role: "alert" }, /** @type {Error} */ (error).message));
    }
  }

  /** @param {string} words */
  say(words) {
    this.answer.replaceChildren(h("p", { class: "qps-hint" }, words));
  }

  /** @param {Needed[]} rows */
  table(rows) {
    /** @param {Needed} row */
    const line = (row) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, row.label),
        h("td", {}, row.now),
        row.why === undefined ? h("td", { class: "qps-needed" }, row.needed) : h("td", { class: "qps-why", colspan: 2 }, row.why),
        row.why === undefined
          ? h(
              "td",
              {},
              button("Set", () => this.page.change(Object.fromEntries(row.parameters.map((p) => [p, row.value ?? null]))), {
                "aria-label": `Set ${row.label} to ${row.needed}`,
              }),
            )
          : null,
      );
    return h(
      "table",
      { class: "qps-table" },
      h("thead", {}, h("tr", {}, ...["Turn only", "now", "needed", ""].map((t) => h(t ? "th" : "td", t ? { scope: "col" } : {}, t)))),
      h("tbody", {}, ...rows.map(line)),
    );
  }
}

/** @param {BudgetRow} row @param {number} y @param {number} from @param {number} to @param {number} full */
function bar(row, y, from, to, full) {
  const left = Math.min(from, to);
  const label = svg("text", { x: LABEL - 8, y: y + 14, "text-anchor": "end", class: "qps-svg-text" }, row.name);
  const width = Math.max(1.5, Math.abs(to - from));
  const box = svg(
    "rect",
    {
      x: left,
      y: y + 3,
      width,
      height: ROW - 8,
      class: `qps-cost-${KIND_CLASS[row.kind]}${to < from ? " qps-gain" : ""}`,
    },
    svg("title", {}, `${row.name} at ${row.position}`),
  );
  const value = svg("text", { x: full - VALUE + 70, y: y + 14, "text-anchor": "end", class: "qps-svg-text" }, row.text);
  const lead = svg("line", { x1: to, y1: y + ROW - 5, x2: to, y2: y + ROW + 3, class: "qps-cell" });
  return [label, box, value, lead];
}
