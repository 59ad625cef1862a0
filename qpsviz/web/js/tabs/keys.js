// What light, source and the end of a block leave of the key; its finite block is asked for when the controls rest.
import { h } from "../page/dom.js";
/** @import { ExplorerPage, KeyRow, KeysAnswer, KeysData } from "../types.js" */

const REST_MS = 150;
const AGAIN_MS = 60;
const DIMMED = 0.3;
/** @type {KeyRow} */
const AWAITED = { label: "Finite block", setting: "looking for the best settings …", left: "…", cost: "…" };

export class KeysTab {
  /** @type {KeysData | null} */ data = null;
  /** @type {KeysAnswer | null} */ answer = null;
  /** @type {number | undefined} */ timer;
  /** @type {Record<string, string>} The words of the lines of the answer. */ lines = {};
  /** @type {Record<string, string>} How each line was drawn last. */ drawn = {};

  /** @param {ExplorerPage} page */
  constructor(page) {
    this.page = page;
    this.asks = false;
    this.head = headed("What is left of the key", ["after", "bit/pulse", "costs"]);
    this.table = h("table", { class: "qps-table" }, ...this.head);
    this.others = headed("Other protocols on this path", ["instead", "bit/pulse", "of Eq. 1"]);
    this.instead = h("table", { class: "qps-table" }, ...this.others);
    // It scrolls, so keys must reach it.
    this.element = h("section", { class: "qps-keys", tabindex: 0, "aria-label": "What is left of the key" }, this.table, this.instead);
  }

  /** What is known of a state at once. @param {KeysData} data */
  update(data) {
    this.data = data;
    this.write();
    this.draw();
    if (this.isAwaited) this.askAfter(REST_MS);
  }

  get isAwaited() {
    return this.data !== null && this.answer?.state !== this.data.state;
  }

  destroy() {
    clearTimeout(this.timer);
  }

  /** @param {number} ms */
  askAfter(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), ms);
  }

  async ask() {
    if (!this.isAwaited) return;
    if (this.asks) return this.askAfter(REST_MS);
    this.asks = true;
    const asked = this.data;
    try {
      const told = /** @type {{ loading: true } | KeysAnswer} */ (/** @type {unknown} */ (await this.page.ask("tab", { tab: "keys" })));
      if ("loading" in told) this.askAfter(AGAIN_MS);
      else if (told.state === this.data?.state) this.show(told);
    } catch (error) {
      if (asked === this.data) this.write(/** @type {Error} */ (error).message);
    }
    this.asks = false;
  }

  /** @param {KeysAnswer} answer */
  show(answer) {
    this.answer = answer;
    this.lines = /** @type {KeysData} */ (this.data).lines;
    this.write();
    this.draw();
  }

  /** The lines of the finite block, dimmed where they are of another state, and their dots where nothing is awaited. */
  draw() {
    const { data, answer, isAwaited } = this;
    if (!data || !answer) return;
    for (const [figure, line] of Object.entries(answer.lines)) {
      const isOld = this.lines[figure] !== data.lines[figure];
      const looks = `${answer.state} ${isOld} ${isAwaited}`;
      const host = this.page.hosts.get(figure);
      if (!host || this.drawn[figure] === looks) continue;
      this.drawn[figure] = looks;
      const [x, y] = (!isAwaited && line.now) || [];
      host.lay("finite", { xs: [line.x], ys: [line.y], alpha: [isOld ? DIMMED : 1] });
      host.lay("finite_now", { x: x === undefined ? [] : [x], y: y === undefined ? [] : [y] });
    }
  }

  /** All rows; that of the finite block says that it is awaited, or why it is not there. @param {string} [problem] */
  write(problem) {
    const { data, answer, isAwaited } = this;
    if (!data) return;
    const block = isAwaited || !answer ? { ...(answer?.row ?? AWAITED), ...(problem ? { ...AWAITED, setting: problem } : {}) } : answer.row;
    this.table.replaceChildren(...this.head, ...data.rows.map((row) => written(row, false)), written(block, isAwaited));
    this.instead.replaceChildren(...this.others, ...data.instead.map((row) => written(row, false)));
    this.element.dataset.state = isAwaited ? "" : data.state;
  }
}

/** Caption and head of a table. @param {string} caption @param {string[]} columns */
function headed(caption, columns) {
  const cells = columns.map((text) => h("th", { scope: "col" }, text));
  return [h("caption", {}, caption), h("thead", {}, h("tr", {}, ...cells))];
}

/** A row, and one below it with what it is set to. @param {KeyRow} row @param {boolean} isAwaited */
function written({ label, setting, left, cost }, isAwaited) {
  const attributes = { class: isAwaited ? "qps-awaited" : null, "aria-busy": isAwaited ? "true" : null };
  return h(
    "tbody",
    attributes,
    h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, left), h("td", {}, cost)),
    h("tr", { class: "qps-setting" }, h("td", { colspan: 3 }, setting)),
  );
}
