// The present scenario on a curve: laid over the figure, so that moving it repaints nothing, and draggable.
import { h } from "../page/dom.js";

export class Marker {
  /** `axes` says which parameter each axis sets, `{x: [name, value per axis unit]}`. */
  constructor(axes, drag) {
    this.axes = axes;
    this.drag = drag;
    this.at = null;
    this.element = h("div", { class: "qps-marker", title: "Drag along the curve", "aria-hidden": "true", hidden: true });
    this.element.addEventListener("pointerdown", (event) => this.grab(event));
    this.element.addEventListener("pointermove", (event) => this.pull(event));
    this.element.addEventListener("pointerup", (event) => this.element.releasePointerCapture(event.pointerId));
  }

  /** Stay on the figure's axes whatever happens to its size. */
  follow(frame, figure) {
    this.frame = frame;
    this.figure = figure;
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => this.settle());
    this.observer.observe(figure);
    this.settle();
  }

  /** The figure lays itself out over a few frames; place the marker after each. */
  settle(frames = 3) {
    this.place();
    if (frames > 0) requestAnimationFrame(() => this.settle(frames - 1));
  }

  place() {
    if (!this.at) this.element.hidden = true;
    if (!this.frame || !this.at) return;
    const { x_scale, y_scale, bbox } = this.frame;
    const x = x_scale.compute(this.at.x);
    const y = this.at.on ? y_scale.compute(this.at.y) : bbox.bottom;
    const inside = x >= bbox.left - 1 && x <= bbox.right + 1 && y >= bbox.top - 1 && y <= bbox.bottom + 1;
    this.element.hidden = !inside;
    if (!inside) return;
    this.element.classList.toggle("qps-marker-off", !this.at.on);
    this.element.style.transform = `translate(${x}px, ${y}px) rotate(45deg)`;
  }

  grab(event) {
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
  }

  pull(event) {
    if (!this.element.hasPointerCapture(event.pointerId)) return;
    const bounds = this.figure.getBoundingClientRect();
    const { x_scale, y_scale, bbox } = this.frame;
    const within = (value, lo, hi) => Math.max(lo, Math.min(hi, value));
    const at = {
      x: x_scale.invert(within(event.clientX - bounds.left, bbox.left, bbox.right)),
      y: y_scale.invert(within(event.clientY - bounds.top, bbox.top, bbox.bottom)),
    };
    const values = Object.entries(this.axes).map(([axis, [name, scale]]) => [name, Number((at[axis] * scale).toPrecision(3))]);
    this.drag(Object.fromEntries(values));
  }
}
