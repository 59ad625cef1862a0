// The present scenario on a curve: laid over the figure, so that moving it repaints nothing, and draggable.
import { h } from "../page/dom.js";
import { Lifetime } from "../page/lifetime.js";
/** @import { Axes, MarkerAxes, MarkerPlace, Values } from "../types.js" */

export class Marker {
  /**
   * `parameters` says which one each axis sets, `{x: [name, value per axis unit]}`.
   * @param {MarkerAxes} parameters @param {(values: Values) => void} drag
   */
  constructor(parameters, drag) {
    this.parameters = parameters;
    this.drag = drag;
    /** @type {MarkerPlace | null} */
    this.at = null;
    /** @type {Axes | null} */
    this.axes = null;
    /** @type {HTMLElement | null} */
    this.figure = null;
    this.lifetime = new Lifetime();
    this.element = h("div", { class: "qps-marker", title: "Drag along the curve", "aria-hidden": "true", hidden: true });
    this.element.addEventListener("pointerdown", (event) => this.grab(event));
    this.element.addEventListener("pointermove", (event) => this.pull(event));
    this.element.addEventListener("pointerup", (event) => this.element.releasePointerCapture(event.pointerId));
  }

  /** Stay on the figure's axes whatever happens to its size. @param {Axes} axes @param {HTMLElement} figure */
  follow(axes, figure) {
    this.axes = axes;
    this.figure = figure;
    this.lifetime.end();
    this.lifetime.size(figure, () => this.settle());
    this.settle();
  }

  /** The figure lays itself out over a few frames; place the marker after each. */
  settle(frames = 3) {
    this.place();
    if (frames > 0) requestAnimationFrame(() => this.settle(frames - 1));
  }

  place() {
    if (!this.at) this.element.hidden = true;
    if (!this.axes || !this.at) return;
    const { x: xScale, y: yScale, box } = this.axes;
    const x = xScale.compute(this.at.x);
    const y = this.at.on ? yScale.compute(this.at.y) : box.bottom;
    const inside = x >= box.left - 1 && x <= box.right + 1 && y >= box.top - 1 && y <= box.bottom + 1;
    this.element.hidden = !inside;
    if (!inside) return;
    this.element.classList.toggle("qps-marker-off", !this.at.on);
    this.element.style.transform = `translate(${x}px, ${y}px) rotate(45deg)`;
  }

  /** @param {PointerEvent} event */
  grab(event) {
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  pull(event) {
    if (!this.figure || !this.axes || !this.element.hasPointerCapture(event.pointerId)) return;
    const bounds = this.figure.getBoundingClientRect();
    const { x: xScale, y: yScale, box } = this.axes;
    /** @param {number} value @param {number} lo @param {number} hi */
    const within = (value, lo, hi) => Math.max(lo, Math.min(hi, value));
    const at = /** @type {Record<string, number>} */ ({
      x: xScale.invert(within(event.clientX - bounds.left, box.left, box.right)),
      y: yScale.invert(within(event.clientY - bounds.top, box.top, box.bottom)),
    });
    const values = Object.entries(this.parameters).map(([axis, [name, scale]]) => [name, Number((at[axis] * scale).toPrecision(3))]);
    this.drag(Object.fromEntries(values));
  }
}
