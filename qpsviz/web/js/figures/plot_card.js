// A figure with its title, its legend and the button that pins the present curve.
import { BokehHost } from "./bokeh_host.js";
import { h } from "../page/dom.js";
/** @import { BokehScript, ExplorerPage, LegendSpec, Packed, PlotSpec } from "../types.js" */

export class PlotCard {
  /** @param {ExplorerPage} page @param {PlotSpec} plot @param {Promise<BokehScript>} ready */
  constructor(page, plot, ready) {
    const { name, title, caption, legend } = plot;
    this.host = new BokehHost(plot, page.spec.figures[name], ready, (values) => page.change(values));
    /** @type {HTMLButtonElement} */
    this.pin = h(
      "button",
      {
        type: "button",
        class: "qps-pin",
        "aria-pressed": "false",
        title: "Freeze the present curve to compare with",
        onclick: () => this.turn(page, this.pin.getAttribute("aria-pressed") !== "true"),
      },
      "Pin",
    );
    const line = h("i", { class: "qps-key qps-key-pinned", style: "--key: var(--line-strong)" });
    this.key = h("li", { hidden: true }, line, "pinned");
    this.element = h(
      "figure",
      { class: "qps-plot" },
      h("div", { class: "qps-plot-head" }, h("h3", {}, title), legend.length > 1 ? this.pin : null),
      legend.length ? h("ul", { class: "qps-legend" }, ...legend.map(legendItem), this.key) : null,
      this.host.element,
      h("figcaption", {}, caption),
    );
  }

  /**
   * What is on screen is frozen at once; the session, to which the pin belongs, tells all views of it.
   * @param {ExplorerPage} page @param {boolean} on
   */
  turn(page, on) {
    this.mark(on);
    this.host.pin(on);
    page.request({ pin: { figure: this.host.name, on } });
  }

  /** The pinned curve as the session has it, undefined for none. @param {{ x: Packed, y: Packed } | undefined} pinned */
  take(pinned) {
    this.mark(pinned !== undefined);
    this.host.showPinned(pinned);
  }

  /** @param {boolean} on */
  mark(on) {
    this.pin.setAttribute("aria-pressed", String(on));
    this.key.hidden = !on;
  }
}

/** @param {LegendSpec} given */
function legendItem({ text, series, dash, kind }) {
  const line = h("i", { class: `qps-key qps-key-${kind}`, style: `--key: var(--${series})`, "data-dash": dash });
  return h("li", {}, line, text);
}
