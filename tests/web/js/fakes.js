// As much of a browser as the pure modules touch: elements that remember, and a display whose frames a test makes.

class FakeElement {
  constructor(tag) {
    this.tag = tag;
    this.style = {};
    this.dataset = {};
    this.attributes = {};
    this.children = [];
    this.listeners = {};
    this.classes = new Set();
    this.classList = { toggle: (name, on) => (on ? this.classes.add(name) : this.classes.delete(name)) };
    this.captured = new Set();
    this.box = { left: 0, top: 0 };
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  append(...children) {
    this.children.push(...children);
  }

  addEventListener(kind, listener) {
    this.listeners[kind] = listener;
  }

  setPointerCapture(id) {
    this.captured.add(id);
  }

  releasePointerCapture(id) {
    this.captured.delete(id);
  }

  hasPointerCapture(id) {
    return this.captured.has(id);
  }

  getBoundingClientRect() {
    return this.box;
  }
}

/** Put the fakes in place; returns what a test does to them. */
export function fakeBrowser({ reducedMotion = false } = {}) {
  const frames = [];
  const observers = new Set();
  class FakeObserver {
    constructor(tell) {
      this.tell = tell;
      this.seen = [];
    }

    observe(element) {
      this.seen.push(element);
      observers.add(this);
    }

    disconnect() {
      observers.delete(this);
    }
  }
  Object.assign(globalThis, {
    document: { createElement: (tag) => new FakeElement(tag) },
    window: { matchMedia: () => ({ matches: reducedMotion }) },
    IntersectionObserver: FakeObserver,
    ResizeObserver: FakeObserver,
    requestAnimationFrame: (draw) => frames.push(draw),
    cancelAnimationFrame: () => frames.splice(0),
  });
  return {
    observers,
    element: (tag = "div") => new FakeElement(tag),
    /** Draw the frames that were asked for, at a time in ms; how many there were. */
    frame(now) {
      const due = frames.splice(0);
      for (const draw of due) draw(now);
      return due.length;
    },
  };
}
