// The audit of a publication: its numbers beside ours, every claim with what each reading gives, and a button that sets its scenario.
import { button, h } from "../page/dom.js";
/** @import { AuditComparison, AuditNumber, AuditRow, AuditTable, ExplorerPage } from "../types.js" */

const MARKS = { holds: "✓", partly: "◐", fails: "✕" };
const AGAIN_MS = 400;

export class AuditTab {
  /** @param {ExplorerPage} page */
  constructor(page) {
    this.page = page;
    this.chosen = "";
    this.first = "";
    /** @type {HTMLSelectElement} */
    this.menu = h("select", { "aria-label": "Publication", onchange: () => this.pick(this.menu.value) });
    this.source = h("a", { target: "_blank", rel: "noopener" });
    this.bar = h("div", { class: "qps-audit-bar", hidden: true }, h("label", {}, h("span", {}, "Publication"), this.menu), this.source);
    this.body = h("div", { class: "qps-audit" });
    this.element = h("div", { class: "qps-tab-content" }, this.bar, this.body);
    this.asked = 0;
  }

  update() {
    if (!this.asked) this.choose(this.chosen);
  }

  /** The part of a link that is this tab's: nothing while it shows the publication that it opens with. */
  link() {
    return this.chosen === this.first ? undefined : this.chosen;
  }

  /** What a link asks for; nothing is measured before the tab is open. @param {string} name */
  restore(name) {
    if (this.asked) this.choose(name);
    else this.chosen = name;
  }

  /** A person chose. @param {string} name */
  pick(name) {
    this.choose(name);
    this.page.address.later();
  }

  /** Show a publication, or the first one. @param {string} name */
  choose(name) {
    this.chosen = name;
    this.body.replaceChildren(h("p", { class: "qps-empty", role: "status" }, "Measuring every claim under every reading …"));
    this.ask(++this.asked);
  }

  /** @param {number} asked a later choice makes this one void */
  async ask(asked) {
    const wanted = this.chosen ? { publication: this.chosen } : {};
    try {
      const answer = await this.page.ask("tab", { tab: "audit", ...wanted });
      if (asked !== this.asked) return;
      if (answer.loading) setTimeout(() => asked === this.asked && this.ask(asked), AGAIN_MS);
      else this.show(/** @type {AuditTable} */ (/** @type {unknown} */ (answer)));
    } catch (error) {
      if (asked !== this.asked) return;
      this.body.replaceChildren(h("p", { class: "qps-refused", role: "alert" }, /** @type {Error} */ (error).message));
    }
  }

  /** @param {AuditTable} table */
  show({ publications, publication, cited, address, part, comparison, rows }) {
    this.first = publications[0].name;
    this.chosen = publication;
    if (!this.menu.options.length) this.menu.append(...publications.map((p) => h("option", { value: p.name }, p.about)));
    this.menu.value = publication;
    this.source.textContent = cited;
    this.source.href = address;
    this.bar.hidden = false;
    /** @param {AuditRow["kind"]} kind */
    const count = (kind) => rows.filter((row) => row.kind === kind).length;
    const summary = `${rows.length} claims of ${part}: ${count("holds")} hold, ${count("partly")} hold only under some readings, ${count("fails")} under none. Each verdict is computed.`;
    const titles = ["Claim", "expected", "default reading gives", "verdict", ""];
    this.body.replaceChildren(
      h("p", { class: "qps-hint" }, summary),
      table(
        titles,
        rows.map((row) => this.row(row)),
      ),
      ...(comparison ? [h("h3", {}, "Its numbers and ours"), numbers(comparison)] : []),
    );
  }

  /** @param {AuditRow} row */
  row(row) {
    const { values, linked } = row;
    const show = () => this.page.request({ values: values ?? {}, linked });
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, row.claim, h("small", {}, row.where)),
      h("td", {}, row.expected),
      h("td", {}, row.found),
      h("td", { class: `qps-verdict-${row.kind}` }, h("span", {}, `${MARKS[row.kind]} ${row.verdict}`), readings(row)),
      h("td", {}, values && button("Show", show, { "aria-label": `Set the scenario of: ${row.claim}` })),
    );
  }
}

/** @param {string[]} titles @param {HTMLElement[]} rows */
function table(titles, rows) {
  const head = titles.map((title) => h(title ? "th" : "td", title ? { scope: "col" } : {}, title));
  return h("table", { class: "qps-table" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}

/** What every reading gives, folded; nothing where there is one. @param {AuditRow} row */
function readings(row) {
  if (row.readings.length < 2) return null;
  const lines = row.readings.map((r) => h("li", { class: r.holds ? "" : "qps-dim" }, `${r.holds ? "✓" : "✕"} ${r.words}: ${r.found}`));
  return h("details", {}, h("summary", {}, `${row.share} readings`), h("ul", {}, ...lines));
}

/** @param {AuditComparison} comparison */
function numbers({ columns, rows }) {
  const shown = table(["Number", "ours", ...columns], rows.map(number));
  shown.classList.add("qps-audit-numbers");
  return shown;
}

/** @param {AuditNumber} row */
function number(row) {
  const cells = row.cells.map((cell) =>
    cell
      ? h(
          "td",
          { class: `qps-verdict-${cell.holds ? "holds" : "fails"}` },
          cell.published,
          h("small", {}, h("span", {}, cell.holds ? MARKS.holds : MARKS.fails), ` ${cell.distance}`),
        )
      : h("td", {}, "–"),
  );
  return h("tr", {}, h("th", { scope: "row" }, row.quantity, h("small", {}, row.case)), h("td", {}, row.ours), ...cells);
}
