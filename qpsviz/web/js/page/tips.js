// One tip for the whole page, beside what it explains: by pointer, by keyboard focus and by touch; Escape puts it away.
import { h } from "./dom.js";

const TIP_GAP_PX = 6;
const EXPLAINED = "[data-tip], [title]";

export class Tips {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {HTMLElement | null} */
    this.about = null;
    // In the top layer no scrolling part of the page can cut it off.
    this.element = h("div", { class: "qps-tip", role: "tooltip", popover: "manual" });
    root.append(this.element);
    root.addEventListener("pointerover", (event) => event.pointerType !== "touch" && this.meet(elementOf(event)));
    root.addEventListener("focusin", (event) => elementOf(event)?.matches(":focus-visible") && this.meet(elementOf(event)));
    root.addEventListener("focusout", () => this.hide());
    root.addEventListener("pointerleave", () => this.hide());
    root.addEventListener("click", (event) =>
      elementOf(event)?.closest("button:not(.qps-tag), select") ? this.hide() : this.meet(elementOf(event)),
    );
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.hide());
    root.addEventListener("scroll", () => this.hide(), true);
  }

  /** @param {HTMLElement | null} target */
  meet(target) {
    const about = /** @type {HTMLElement | null | undefined} */ (target?.closest(EXPLAINED));
    if (!about || !this.root.contains(about)) this.hide();
    else if (about !== this.about) this.show(about);
  }

  /** @param {HTMLElement} about */
  show(about) {
    // The browser's own tip would come later, at the pointer, and never by keyboard or touch.
    if (about.title) {
      about.dataset.tip = about.title;
      about.removeAttribute("title");
      if (!about.hasAttribute("aria-description")) about.setAttribute("aria-description", about.dataset.tip);
    }
    this.about = about;
    this.element.textContent = about.dataset.tip ?? "";
    if (!this.element.matches(":popover-open")) this.element.showPopover();
    this.place(about.getBoundingClientRect());
  }

  /** Under what it explains, or above where that leaves the window; never over it. @param {DOMRect} given */
  place({ left, top, bottom, width }) {
    const { offsetWidth, offsetHeight } = this.element;
    const fits = bottom + TIP_GAP_PX + offsetHeight <= window.innerHeight || top < offsetHeight + TIP_GAP_PX;
    const x = Math.max(8, Math.min(left + width / 2 - offsetWidth / 2, window.innerWidth - offsetWidth - 8));
    const y = fits ? bottom + TIP_GAP_PX : top - TIP_GAP_PX - offsetHeight;
    this.element.style.left = `${x}px`;
    this.element.style.top = `${y}px`;
  }

  hide() {
    if (this.about === null) return;
    this.about = null;
    if (this.element.matches(":popover-open")) this.element.hidePopover();
  }
}

/** The element that an event came from. @param {Event} event */
function elementOf(event) {
  return event.target instanceof HTMLElement || event.target instanceof SVGElement ? /** @type {HTMLElement} */ (event.target) : null;
}
