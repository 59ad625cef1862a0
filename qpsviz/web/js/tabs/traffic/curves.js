// The curves against load: verdict, progress, charts and the numbers of one load, asked for while they are watched.
import { button, h } from "../../page/dom.js";
import { Lifetime } from "../../page/lifetime.js";
import { chartOf, legendOf } from "./charts.js";
/** @import { ExplorerPage, TrafficCurves, TrafficVariant } from "../../types.js" */
/** @import { TrafficChoice } from "./choice.js" */

const BEGUN = "Packets or circuits? The runs that tell have just begun.";
const EVERY_MS = 900;
const NARROW_PX = 205;

export class Curves {
  /** @param {ExplorerPage} page @param {(load: number) => void} chooseLoad */
  constructor(page, chooseLoad) {
    this.page = page;
    this.chooseLoad = chooseLoad;
    /** @type {TrafficVariant[]} */
    this.variants = [];
    /** @type {TrafficChoice | null} */
    this.choice = null;
    /** @type {TrafficCurves | null} */
    this.told = null;
    this.number = 0;
    this.verdict = h("div", { class: "qps-traffic-verdict", role: "status" });
    this.progressText = h("span", {});
    this.progress = h("progress", { "aria-label": "Runs that are finished", max: 1, value: 0 });
    this.pause = button("Pause", () => this.turn());
    this.legend = h("div", {});
    this.charts = h("div", { class: "qps-traffic-charts" });
    this.table = h("div", { class: "qps-table-box", tabindex: 0, role: "group", "aria-label": "Numbers at one load" });
    this.source = h("p", { class: "qps-hint" });
    const bar = h("div", { class: "qps-traffic-progress" }, this.progress, this.progressText, this.pause);
    this.element = h("div", {}, bar, this.legend, this.charts);
    this.lifetime = new Lifetime();
    this.lifetime.size(this.charts, () => this.draw());
  }

  /** @param {TrafficVariant[]} variants */
  build(variants) {
    this.variants = variants;
    this.legend.replaceChildren(legendOf(variants));
  }

  /** Watch the study of a choice with the present state of the page. @param {TrafficChoice} choice */
  watch(choice) {
    if (!this.choice || different(this.choice, choice)) this.told = null;
    this.choice = choice;
    if (!this.told) this.verdict.replaceChildren(h("p", {}, BEGUN));
    this.draw();
    this.ask();
  }

  /** Pause, or go on. */
  turn() {
    const isRunning = this.told?.progress.state === "running";
    this.ask(isRunning);
  }

  /** @param {boolean} [pause] */
  async ask(pause) {
    const number = ++this.number;
    try {
      const told = await this.page.ask("tab", { tab: "traffic", do: "curves", .../** @type {TrafficChoice} */ (this.choice), pause });
      if (number !== this.number) return;
      this.told = /** @type {TrafficCurves} */ (/** @type {unknown} */ (told));
      this.draw();
      if (this.told.progress.state === "running") setTimeout(() => this.askAgain(number), EVERY_MS);
    } catch (error) {
      if (number !== this.number) return;
      this.verdict.replaceChildren(h("p", { class: "qps-refused", role: "alert" }, /** @type {Error} */ (error).message));
    }
  }

  /** Nobody asks for what nobody sees: the runs rest then. @param {number} number */
  askAgain(number) {
    if (number !== this.number || !this.element.isConnected) return;
    const isSeen = this.element.checkVisibility() && document.visibilityState === "visible";
    if (isSeen) this.ask();
    else setTimeout(() => this.askAgain(number), EVERY_MS);
  }

  draw() {
    const { told, choice } = this;
    if (!told || !choice) {
      this.progress.value = 0;
      this.progressText.textContent = "Starting …";
      this.charts.replaceChildren();
      this.table.replaceChildren();
      return;
    }
    this.drawProgress();
    const verdicts = told.verdicts.length ? told.verdicts : [BEGUN];
    const notes = told.notes.map((text) => h("p", { class: "qps-hint" }, text));
    this.verdict.replaceChildren(...verdicts.map((text) => h("p", {}, text)), ...notes);
    const room = this.charts.clientWidth;
    const columns = Math.max(1, Math.floor((room + 8) / (NARROW_PX + 8)));
    const width = Math.max(200, Math.floor((room - 8 * (columns - 1)) / columns));
    const given = { states: told.states, variants: this.variants, load: choice.load, width, choose: this.chooseLoad };
    this.charts.replaceChildren(...told.charts.map((chart) => chartOf(chart, given)));
    this.table.replaceChildren(tableOf(told));
  }

  drawProgress() {
    if (!this.told) return;
    const { state, done, points, seeds, most_seeds: most, frames, problem } = this.told.progress;
    this.progress.max = points;
    this.progress.value = done;
    const far = `${done} of ${points} runs, ${seeds} of ${most} seeds`;
    const first = "The first run takes longest: once per installation, the engine is compiled.";
    this.progressText.textContent = problem || (done === 0 && state === "running" ? first : far);
    this.progressText.classList.toggle("qps-refused", Boolean(problem));
    this.pause.hidden = state === "done";
    this.pause.textContent = state === "running" ? "Pause" : "Go on";
    this.source.textContent = `Each point is the mean over seeds of runs of ${frames.toLocaleString("en")} frames, simulated event by event with the parameters of this page; bars are 95 % intervals (Student's t). All ways to switch meet the same arrivals, and the first fifth of the sessions is not counted. More seeds are added for as long as you watch. Length, relays, source, discipline, reservation and availability are those of the line in the other tabs.`;
  }

  destroy() {
    this.number += 1;
    this.lifetime.end();
  }
}

/** Whether two choices need other runs: the load and what the map shows do not matter. @param {TrafficChoice} a @param {TrafficChoice} b */
function different(a, b) {
  return a.network !== b.network || a.pairs !== b.pairs || a.arrivals !== b.arrivals || a.n_frames_per_session !== b.n_frames_per_session;
}

/** @param {TrafficCurves} told */
function tableOf({ table }) {
  if (!table.rows.length) return h("span", {});
  return h(
    "table",
    { class: "qps-table" },
    h("caption", {}, `At load ${table.load}`),
    h("thead", {}, h("tr", {}, ...table.head.map((text) => h(text ? "th" : "td", text ? { scope: "col" } : {}, text)))),
    h(
      "tbody",
      {},
      ...table.rows.map(([name, ...texts]) => h("tr", {}, h("th", { scope: "row" }, name), ...texts.map((text) => h("td", {}, text)))),
    ),
  );
}
