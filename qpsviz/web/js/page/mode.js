// Light or dark: as chosen in this tab, else as JupyterLab or the system has it, also when that changes.
import { recall, remember } from "./browser_storage.js";
/** @import { ColourMode } from "../types.js" */

const MODE_KEY = "qpsviz-mode";
const DARK = "(prefers-color-scheme: dark)";

/** Whether the page sits in JupyterLab, to which address and theme belong then. */
export function inLab() {
  return document.body.dataset.jpThemeLight !== undefined && !document.body.dataset.voila;
}

/** @returns {ColourMode} */
function ambientMode() {
  if (inLab()) return document.body.dataset.jpThemeLight === "false" ? "dark" : "light";
  return window.matchMedia(DARK).matches ? "dark" : "light";
}

export class Mode {
  /** `show(mode)` is called at every change. @param {(mode: ColourMode) => void} show */
  constructor(show) {
    this.show = show;
    const known = inLab() ? null : recall(MODE_KEY);
    /** @type {ColourMode | null} */
    this.chosen = known === "dark" || known === "light" ? known : null;
    this.ambient = ambientMode();
    this.present = this.chosen ?? this.ambient;
    this.changed = () => this.follow();
    this.system = window.matchMedia(DARK);
    this.system.addEventListener("change", this.changed);
    this.observer = new MutationObserver(this.changed);
    this.observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  }

  /** The surroundings changed: in JupyterLab their latest setting counts, elsewhere the person's own. */
  follow() {
    const now = ambientMode();
    if (now === this.ambient) return;
    this.ambient = now;
    if (inLab()) this.chosen = null;
    if (!this.chosen) this.set(now);
  }

  /** @param {ColourMode} mode */
  choose(mode) {
    this.chosen = mode;
    if (!inLab()) remember(MODE_KEY, mode);
    this.set(mode);
  }

  /** @param {ColourMode} mode */
  set(mode) {
    if (mode === this.present) return;
    this.present = mode;
    this.show(mode);
  }

  stop() {
    this.system.removeEventListener("change", this.changed);
    this.observer.disconnect();
  }
}
