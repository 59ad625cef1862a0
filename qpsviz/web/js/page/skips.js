// Buttons that lead past the top bar for who has no mouse, seen once they have the focus.
import { button, h } from "./dom.js";
/** @import { ExplorerPage } from "../types.js" */

const TAKES_FOCUS = "button:not([disabled]):not([tabindex='-1']), input, select, summary, [tabindex='0']";

/** @param {ExplorerPage} page */
export function skipsOf(page) {
  if (page.spec.kind !== "dashboard") return null;
  /** @type {[words: string, place: HTMLElement | null | undefined][]} */
  const places = [
    ["To the film", page.transport?.element],
    ["To the controls", page.controls.element],
    ["To the views", page.tabs.tabStrip],
  ];
  const buttons = places
    .filter(([, place]) => place)
    .map(([words, place]) =>
      button(words, () => /** @type {HTMLElement | null | undefined} */ (place?.querySelector(TAKES_FOCUS))?.focus()),
    );
  return h("nav", { class: "qps-skips", "aria-label": "Skip" }, ...buttons);
}
