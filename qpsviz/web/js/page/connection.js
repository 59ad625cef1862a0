// Says when the kernel, its server or the line to them is gone, and offers the one thing that helps.
import { button, h } from "./dom.js";
import { inLab } from "./mode.js";
/** @import { ExplorerPage } from "../types.js" */

const LOOK_EVERY_MS = 500;
const BLINK_MS = 1500; // a line that is back this soon is not worth a word
const LONGEST_ANSWER_MS = 10_000; // longer than any answer takes, unless the kernel does other work
const ENDED = new Set(["dead", "terminating", "restarting", "autorestarting"]);

/** @type {Record<string, string>} */
const SENTENCES = {
  lost: "Connection lost: moves wait, and nothing new is computed.",
  ended: "The kernel of this page has ended: run its cell again to go on from here.",
  slow: "No answer for 10 s: the kernel is busy or gone.",
  saved: "A saved page: its film plays, but controls and curves need a running kernel.",
  down: "The server does not answer: start qpsviz again, then reload.",
};

export class Connection {
  /** `page.waitsSince()` says since when an answer is missing, null for none. @param {ExplorerPage} page */
  constructor(page) {
    this.page = page;
    this.state = "";
    /** @type {number | null} */
    this.lostSince = null;
    this.hasEnded = false;
    this.words = h("p", {});
    this.button = button("Reload", () => this.help(), { class: "qps-primary" });
    this.element = h("div", { class: "qps-lost", role: "alert", hidden: true }, this.words, this.button);
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** The kernel as Voila and JupyterLab know it; undefined in a saved page and where a host does not tell. */
  get kernel() {
    const kernel = this.page.model.widget_manager?.kernel ?? undefined;
    if (kernel) this.known = kernel;
    return kernel ?? this.known;
  }

  get isGone() {
    return ["lost", "ended", "saved", "down"].includes(this.state);
  }

  look() {
    const state = this.judge(performance.now());
    if (state === this.state || (this.state === "down" && state === "lost")) return;
    const wasGone = this.isGone;
    this.show(state);
    if (this.isGone && !wasGone) this.page.loseKernel(SENTENCES[state]);
    if (!this.isGone && wasGone) this.page.post();
  }

  /** @param {number} now */
  judge(now) {
    const { kernel } = this;
    const since = this.page.waitsSince();
    const isSlow = since !== null && now - since > LONGEST_ANSWER_MS;
    if (!kernel) return isSlow ? "saved" : "";
    if (kernel.isDisposed || ENDED.has(kernel.status)) this.hasEnded = true;
    if (this.hasEnded) return inLab() ? "ended" : "lost";
    if (kernel.connectionStatus === "connected") this.lostSince = null;
    else this.lostSince ??= now;
    if (this.lostSince !== null && now - this.lostSince > BLINK_MS) return "lost";
    return isSlow ? "slow" : "";
  }

  /** @param {string} state */
  show(state) {
    this.state = state;
    this.page.root.dataset.connection = state;
    this.element.hidden = !state;
    this.words.textContent = SENTENCES[state] ?? "";
    this.button.textContent = this.action();
  }

  action() {
    if (this.state === "ended") return "Copy link";
    if (this.state === "saved") return "Hide";
    if (inLab()) return this.state === "slow" ? "Ask again" : "Reconnect";
    return "Reload";
  }

  async help() {
    const { page, kernel } = this;
    const action = this.action();
    if (action === "Hide") this.element.hidden = true;
    else if (action === "Copy link") this.button.textContent = (await page.copyLink()) ? "Copied" : "Copy link";
    else if (action === "Ask again") page.post();
    else if (action === "Reconnect") kernel?.reconnect().catch(() => {});
    else await this.reload();
  }

  /** Only where the server answers: a browser's own error page would take the address with it. */
  async reload() {
    this.page.address.write();
    this.button.disabled = true;
    const isUp = await serverAnswers();
    this.button.disabled = false;
    if (isUp) window.location.reload();
    else this.show("down");
  }

  stop() {
    clearInterval(this.timer);
  }
}

async function serverAnswers() {
  const script = /** @type {HTMLScriptElement | null} */ (document.getElementById("qpsviz-bokeh"));
  try {
    await fetch(script?.src ?? window.location.href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}
