// The address holds the whole state and follows it; in JupyterLab, whose address is its own, it is only read.
import { linkIn, MARK, partsAsLink, withLink } from "./link.js";
import { inLab } from "./mode.js";
import { ownState } from "./own_state.js";
import { recall, remember } from "./browser_storage.js";
/** @import { ExplorerPage } from "../types.js" */

const REST_MS = 600; // a change of the address costs a redraw, and browsers refuse more than about a hundred in 30 s
const LOST_KEY = "qpsviz-lost";

export class Address {
  /** @param {ExplorerPage} page */
  constructor(page) {
    this.page = page;
    // Two explorers of one document would write over each other: the first has the address.
    this.isOurs = page.spec.kind === "dashboard" && !inLab() && !document.documentElement.dataset.qpsAddress;
    if (this.isOurs) document.documentElement.dataset.qpsAddress = page.id;
    /** @type {number | null} */
    this.opens = null; // revision of the move that opens a link, until it is answered
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.changed = (/** @type {HashChangeEvent} */ event) => this.open(linkIn(event.newURL));
    this.left = () => this.timer && this.write();
    if (this.isOurs) window.addEventListener("hashchange", this.changed);
    window.addEventListener("pagehide", this.left);
  }

  /** A page opens: with the link of the address, unless JupyterLab's notebook says with what, or the page has moved. */
  start() {
    const { spec, answer } = this.page;
    if (spec.kind !== "dashboard") return;
    const link = linkIn(window.location.href);
    if (!inLab()) {
      if (this.isOurs) this.open(link);
    } else if (!spec.chosen && answer?.scene === 1 && !answer.view) {
      this.open(recall(LOST_KEY) ?? link);
      remember(LOST_KEY, null);
    }
  }

  /** @param {string | null} link */
  open(link) {
    if (link === null) return;
    this.page.request({ link });
    this.opens = this.page.revision;
  }

  /** What is on screen, as a link: the session's part, what this view alone shows, and moves that wait for an answer. */
  link() {
    const { page } = this;
    const parts = partsAsLink({ ...ownState(page), ...page.waitingValues() });
    return [page.answer?.link, ...parts].filter(Boolean).join("&");
  }

  /** Something on screen changed: write when nothing has for a while. */
  later() {
    if (!this.isOurs) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), REST_MS);
  }

  /** Write now; false where the address is not ours or the browser refuses. */
  write() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.isOurs || this.opens !== null || !this.page.answer) return false;
    const hash = `${MARK}${this.link()}`;
    if (window.location.hash === hash) return true;
    try {
      window.history.replaceState(window.history.state, "", hash);
      return true;
    } catch {
      return false;
    }
  }

  /** The whole address, to copy; never with the token of a server. */
  href() {
    return withLink(window.location.href, this.link());
  }

  /** The session has answered a move of this view. @param {number} revision */
  answered(revision) {
    if (this.opens !== null && revision >= this.opens) this.opens = null;
    this.later();
  }

  /** Keep the state for the page that takes this one's place in JupyterLab. */
  keep() {
    if (inLab() && this.page.spec.kind === "dashboard") remember(LOST_KEY, this.link());
  }

  stop() {
    clearTimeout(this.timer);
    window.removeEventListener("hashchange", this.changed);
    window.removeEventListener("pagehide", this.left);
    if (this.isOurs) delete document.documentElement.dataset.qpsAddress;
  }
}
