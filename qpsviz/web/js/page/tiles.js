// Read-out tiles: one number each, with what it is and where it comes from.
import { h } from "./dom.js";
/** @import { Settled, Tile, TileSpec } from "../types.js" */

export class Tiles {
  /** @param {TileSpec[]} specs */
  constructor(specs) {
    this.element = h("div", { class: "qps-tiles", role: "group", "aria-label": "Read-outs" });
    this.tiles = new Map();
    for (const spec of specs) {
      const value = h("span", { class: "qps-value" });
      const unit = h("span", { class: "qps-unit" });
      const note = h("span", { class: "qps-note" });
      const how = h("span", { class: `qps-how qps-how-${spec.how}` }, spec.how);
      const element = h(
        "div",
        { class: "qps-tile", "data-tile": spec.name, "data-tip": spec.source, tabindex: 0, role: "group", "aria-label": spec.label },
        h("div", { class: "qps-tile-head" }, spec.label, how),
        h("div", {}, value, unit, note),
      );
      this.element.append(element);
      this.tiles.set(spec.name, { element, value, unit, note, how, spec });
    }
  }

  /** @param {Record<string, Tile>} values */
  update(values) {
    for (const [name, { text, unit, note, bad, how, tip }] of Object.entries(values)) {
      const tile = this.tiles.get(name);
      if (!tile) continue;
      const seen = `${text}|${unit}|${note}|${bad}|${how}|${tip}`;
      if (seen === tile.seen) continue;
      tile.seen = seen;
      tile.value.textContent = text;
      tile.unit.textContent = unit;
      tile.note.textContent = note;
      tile.how.textContent = how ?? tile.spec.how;
      tile.element.dataset.tip = tip ? `${tile.spec.source} ${tip}` : tile.spec.source;
      tile.value.classList.toggle("qps-bad", Boolean(bad));
    }
  }
  /**
   * What took a search, and of which state: of an older one it is dimmed, once it stays so for longer than an instant.
   * @param {Partial<Settled> | undefined} settled @param {number | undefined} scene
   */
  settle(settled, scene) {
    if (!settled?.tiles) return;
    this.update(settled.tiles);
    for (const name of Object.keys(settled.tiles)) this.tiles.get(name)?.element.toggleAttribute("data-old", settled.scene !== scene);
  }
}
