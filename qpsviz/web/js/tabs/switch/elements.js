// Elements of the tab that shows the inside of a switch: choices, cards of components, costs of one pass.
import { h } from "../../page/dom.js";
/** @import { SwitchNode, SwitchPass } from "../../types.js" */

/**
 * One of several choices.
 * @param {string} name Of the group that it belongs to.
 * @param {[value: string | number, text: string]} choice @param {() => void} choose
 */
export function optionOf(name, [value, text], choose) {
  const input = h("input", { type: "radio", name, value, onchange: choose });
  return h("label", { class: "qps-option" }, input, h("span", {}, text));
}

/** What the two kinds of wire look like. */
export function keyOfWires() {
  const [classical, quantum] = [h("i", { class: "qps-wire-classical" }), h("i", { class: "qps-wire-quantum" })];
  return h("p", { class: "qps-switch-key", "aria-hidden": "true" }, classical, "classical", h("br"), quantum, "quantum");
}

/**
 * The card of a component; that of the memory has two places for what it holds now.
 * @param {SwitchNode} node @param {boolean} stores
 */
export function cardOf(node, stores) {
  const end = node.column === 0 || node.kind === "output fibre" || node.kind === "drop";
  const now = node.kind === "q-memory" ? [h("span", { class: "qps-part-now" }), h("span", { class: "qps-part-now" })] : [];
  const kind = node.kind === "q-memory" && !stores ? "idle" : node.kind;
  const costs = h("span", { class: "qps-part-costs" }, h("span", {}), now[1]);
  const name = h("span", { class: "qps-part-name" }, node.label, now[0]);
  const about = { class: `qps-part${end ? " qps-part-end" : ""}`, tabindex: end ? undefined : 0, role: "listitem", "data-kind": kind };
  return { element: h("div", about, name, end ? null : costs), now };
}

/** @param {SwitchPass["totals"][number]} total */
export function totalOf({ name, label, text, note, tip }) {
  const parts = [h("span", { class: "qps-total-label" }, label), h("b", {}, text), h("span", { class: "qps-total-note" }, note)];
  return h("div", { "data-total": name, title: tip || note, role: "listitem" }, ...parts);
}
