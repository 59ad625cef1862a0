// What a part of the page listens to for as long as it is there: sizes of elements, and the clock of a run.

export class Lifetime {
  constructor() {
    /** @type {(() => void)[]} */
    this.ends = [];
  }

  /**
   * Call `resized` with the width of an element, now and whenever its size changes.
   * @param {Element} element
   * @param {(width: number) => void} resized
   */
  size(element, resized) {
    const observer = new ResizeObserver(([entry]) => resized(entry.contentRect.width));
    observer.observe(element);
    this.ends.push(() => observer.disconnect());
  }

  /**
   * Call `changed` now and at every change of a clock.
   * @param {import("../film/clock.js").Clock} clock
   * @param {() => void} changed
   */
  clock(clock, changed) {
    this.ends.push(clock.subscribe(() => changed()));
  }

  /** Listen to nothing more. */
  end() {
    for (const end of this.ends.splice(0)) end();
  }
}
