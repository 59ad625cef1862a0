// Questions to the session outside the state, each with the number under which its answer comes.
/** @import { Question, Reply, WidgetModel } from "../types.js" */

export class Questions {
  /**
   * `asker` is the view: answers go to every view of a widget, and each takes its own.
   * @param {WidgetModel} model @param {string} asker
   */
  constructor(model, asker) {
    this.model = model;
    this.asker = asker;
    this.waiting = new Map();
    this.number = 0;
  }

  /** @param {Question["ask"]} what @param {object} details */
  ask(what, details) {
    this.number += 1;
    const { number, asker } = this;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject, since: performance.now() });
      this.model.send({ ...details, ask: what, number, asker });
    });
  }

  /** @param {Reply} message @param {DataView<ArrayBuffer>[]} buffers */
  take(message, buffers) {
    const waiting = message.asker === this.asker && this.waiting.get(message.number);
    if (!waiting) return;
    this.waiting.delete(message.number);
    if (message.error) waiting.reject(new Error(message.error));
    else waiting.resolve({ ...message, buffers });
  }

  /** When each open question was asked. */
  since() {
    return [...this.waiting.values()].map((question) => question.since);
  }

  /** Nobody will answer. @param {string} words */
  end(words) {
    for (const { reject } of this.waiting.values()) reject(new Error(words));
    this.waiting.clear();
  }
}
