// Questions that are asked one at a time.

/** @typedef {() => { turn?: number } & object} MakeQuestion Makes the question when its turn comes. */

export class QuestionQueue {
  /** @param {(kind: string, make: MakeQuestion) => Promise<void>} ask */
  constructor(ask) {
    this.ask = ask;
    /** @type {Map<string, MakeQuestion>} Not yet asked, the newest of each kind. */
    this.waiting = new Map();
    this.isBusy = false;
  }

  /** Of the questions of one kind that wait, only the newest is asked. @param {string} kind @param {MakeQuestion} make */
  async add(kind, make) {
    this.waiting.set(kind, make);
    if (this.isBusy) return;
    this.isBusy = true;
    for (const [next, question] of this.waiting) {
      this.waiting.delete(next);
      await this.ask(next, question);
    }
    this.isBusy = false;
  }

  /** Whether a newer question of a kind waits. @param {string} kind */
  has(kind) {
    return this.waiting.has(kind);
  }

  /** Whether nothing is asked and nothing waits. */
  get isIdle() {
    return !this.isBusy && !this.waiting.size;
  }

  clear() {
    this.waiting.clear();
  }
}
