// Tabs: only the one on screen is asked of the session and drawn.
import { h } from "./dom.js";
/** @import { TabSpec } from "../types.js" */

export class Tabs {
  /** @param {string} id @param {Pick<TabSpec, "name" | "title">[]} specs @param {Record<string, HTMLElement[]>} contents @param {(name: string) => void} choose */
  constructor(id, specs, contents, choose) {
    this.choose = choose;
    this.present = "";
    this.tabs = new Map();
    this.panels = new Map();
    const strip = h("div", { class: "qps-tabs", role: "tablist", "aria-label": "Views", onkeydown: (e) => this.key(e) });
    this.element = h("section", { class: "qps-card qps-tabbed" }, specs.length > 1 ? strip : null);
    this.tabStrip = specs.length > 1 ? strip : null;
    for (const spec of specs) {
      const panel = h(
        "div",
        {
          role: specs.length > 1 ? "tabpanel" : undefined,
          id: `${id}-panel-${spec.name}`,
          class: `qps-tab-panel qps-tab-panel-${spec.name}`,
          "aria-labelledby": specs.length > 1 ? `${id}-tab-${spec.name}` : undefined,
          hidden: true,
        },
        h("h2", { class: "qps-unseen" }, spec.title),
        ...contents[spec.name],
      );
      const tab = h(
        "button",
        { type: "button", role: "tab", id: `${id}-tab-${spec.name}`, "aria-controls": panel.id, onclick: () => choose(spec.name) },
        spec.title,
      );
      this.tabs.set(spec.name, tab);
      this.panels.set(spec.name, panel);
      strip.append(tab);
      this.element.append(panel);
    }
  }

  /** @param {string} name */
  show(name) {
    if (name === this.present) return;
    for (const [key, tab] of this.tabs) {
      const on = key === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      this.panels.get(key).hidden = !on;
    }
    this.present = name;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const names = [...this.tabs.keys()];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = names[(names.indexOf(this.present) + step + names.length) % names.length];
    this.choose(next);
    this.tabs.get(next).focus();
  }
}
