// The paper audit: every claim, what each reading gives, and a button that sets its scenario.
import { button, h } from "../page/dom.js";
/** @import { AuditRow, ExplorerPage } from "../types.js" */

const MARKS = { holds: "✓", partly: "◐", fails: "✕" };

export class AuditTab {
  /** @param {ExplorerPage} page */
  constructor(page) {
    this.page = page;
    this.body = h(
      "div",
      { class: "qps-audit" },
      h("p", { class: "qps-empty", role: "status" }, "Measuring every claim under every reading …"),
    );
    this.element = h("div", { class: "qps-tab-content" }, this.body);
    this.asked = false;
  }

  update() {
    if (this.asked) return;
    this.asked = true;
    this.ask();
  }

  async ask() {
    try {
      const answer = await this.page.ask("tab", { tab: "audit" });
      if (answer.loading) setTimeout(() => this.ask(), 400);
      else this.show(/** @type {AuditRow[]} */ (answer.rows));
    } catch (error) {
      this.body.replaceChildren(h("p", { class: "qps-refused", role: "alert" }, /** @type {Error} */ (error).message));
    }
  }

  /** @param {AuditRow[]} rows */
  show(rows) {
    /** @param {AuditRow["kind"]} kind */
    const count = (kind) => rows.filter((row) => row.kind === kind).length;
    const summary = `${rows.length} claims of Section IV: ${count("holds")} hold, ${count("partly")} hold only under some readings, ${count("fails")} under none. Each verdict is computed.`;
    this.body.replaceChildren(
      h("p", { class: "qps-hint" }, summary),
      h(
        "table",
        { class: "qps-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...["Claim", "expected", "default reading gives", "verdict", ""].map((t) => h(t ? "th" : "td", t ? { scope: "col" } : {}, t)),
          ),
        ),
        h("tbody", {}, ...rows.map((row) => this.row(row))),
      ),
    );
  }

  /** @param {AuditRow} row */
  row(row) {
    const readings =
      row.readings.length < 2
        ? null
        : h(
            "details",
            {},
            h("summary", {}, `${row.share} readings`),
            h(
              "ul",
              {},
              ...row.readings.map((r) => h("li", { class: r.holds ? "" : "qps-dim" }, `${r.holds ? "✓" : "✕"} ${r.words}: ${r.found}`)),
            ),
          );
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, row.claim, h("small", {}, row.where)),
      h("td", {}, row.expected),
      h("td", {}, row.found),
      h("td", { class: `qps-verdict-${row.kind}` }, h("span", {}, `${MARKS[row.kind]} ${row.verdict}`), readings),
      h(
        "td",
        {},
        button("Show", () => this.page.request({ values: row.values, linked: row.linked }), {
          "aria-label": `Set the scenario of: ${row.claim}`,
        }),
      ),
    );
  }
}
