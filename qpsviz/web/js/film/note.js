// Whether the film is of the state on screen: a line below it where the film stays behind.
import { h } from "../page/dom.js";

const LATE_MS = 500; // a film that is there in an instant needs no word

export class FilmNote {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.element = h("p", { class: "qps-film-note", role: "status" });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Say at once that all is well or what went wrong, and only after a while that the film is late. @param {boolean} isCurrent @param {string | null} fault */
  update(isCurrent, fault) {
    if (isCurrent || fault) {
      this.destroy();
      this.say(isCurrent ? "" : (fault ?? ""));
    } else this.timer ??= setTimeout(() => this.say("The film is still of the state before."), LATE_MS);
  }

  /** @param {string} words */
  say(words) {
    this.root.toggleAttribute("data-film-old", Boolean(words));
    if (this.element.textContent !== words) this.element.textContent = words;
  }

  destroy() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
