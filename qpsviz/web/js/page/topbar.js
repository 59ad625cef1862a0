// The bar on top: presets with their stories, and what to do with the present state.
import { button, h } from "./dom.js";
/** @import { Answer, Child, ColourMode, PageSpec, TopActions } from "../types.js" */

export class TopBar {
  /** @param {PageSpec} spec @param {TopActions} actions */
  constructor(spec, actions) {
    this.presets = new Map(spec.presets.map((p) => [p.name, p]));
    /** @type {HTMLSelectElement} */
    this.select = h(
      "select",
      { "aria-label": "Preset", onchange: () => this.select.value && actions.preset(this.select.value) },
      h("option", { value: "", disabled: true, hidden: true }, "Your own scenario"),
      ...spec.presets.map((p) => h("option", { value: p.name }, p.title)),
    );
    this.story = h("p", { class: "qps-story" });
    this.theme = button("", actions.theme, { class: "qps-icon" });
    this.toast = h("div", { class: "qps-toast", role: "status", hidden: true });
    this.element = h(
      "header",
      { class: "qps-top" },
      h("h1", {}, spec.title),
      this.select,
      this.story,
      h(
        "nav",
        { "aria-label": "Actions" },
        button("Share", actions.share, { title: "Copy a link that restores this state" }),
        button("Code", actions.code, { title: "The Python that gives this state" }),
        button("Export", actions.export, { title: "Curves, run and pictures as files" }),
        button("Reset", actions.reset, { title: "Back to the opening scenario" }),
        this.theme,
      ),
      this.toast,
    );
  }

  /** @param {Pick<Answer, "preset" | "story">} given */
  update({ preset, story }) {
    this.select.value = preset ?? "";
    if (this.story.title === story) return;
    this.story.textContent = story;
    this.story.title = story;
  }

  /** @param {ColourMode} mode */
  mode(mode) {
    this.theme.textContent = mode === "dark" ? "☀" : "☾";
    this.theme.setAttribute("aria-label", mode === "dark" ? "Light colours" : "Dark colours");
  }

  /** A toast: a short confirmation that goes away by itself. @param {string} text @param {number} [duration] */
  say(text, duration = 3500) {
    this.isRefusal = false;
    this.toast.textContent = text;
    this.toast.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.toast.hidden = true;
    }, duration);
  }

  /** An error, which stays until the next state is good. @param {string} text */
  refuse(text) {
    this.say(text, 30000);
    this.isRefusal = true;
  }

  forgive() {
    if (this.isRefusal) this.toast.hidden = true;
    this.isRefusal = false;
  }
}

/**
 * A modal with a title, content and a way out by mouse and keyboard.
 * @param {HTMLElement} root @param {string} title @param {...(Node | string)} content
 */
export function openDialog(root, title, ...content) {
  const dialog = h("dialog", { class: "qps-dialog", "aria-label": title });
  dialog.append(
    h(
      "div",
      { class: "qps-dialog-head" },
      h("h2", {}, title),
      button("✕", () => dialog.close(), { "aria-label": "Close" }),
    ),
    ...content,
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  root.append(dialog);
  dialog.showModal();
  return dialog;
}
