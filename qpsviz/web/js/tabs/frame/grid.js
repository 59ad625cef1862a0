// Octets of a frame in a grid: one outline for each field, one look for each kind of field.
import { h } from "../../page/dom.js";
/** @import { FrameAnswer, FrameField, OctetCell } from "../../types.js" */

const GRID_WIDE = 16;
const GRID_NARROW = 8;
const GRID_PX = 464;

export class OctetGrid {
  /** @type {FrameAnswer} */ answer;
  /** @type {string[]} */ octets;
  /** @type {string} */ shape;

  /**
   * `hover(name)` is told the field under the pointer or the focus; `pick(name)` the one that was chosen.
   * @param {(name: string | null) => void} hover @param {(name: string) => void} pick
   */
  constructor(hover, pick) {
    this.hover = hover;
    this.pick = pick;
    this.columns = GRID_WIDE;
    /** @type {OctetCell[]} */
    this.cells = [];
    this.focused = 0;
    this.body = h("div", {
      class: "qps-octets",
      role: "grid",
      "aria-label": "Octets of the frame",
      "aria-readonly": "true",
      onkeydown: (event) => this.key(event),
      onpointermove: (event) => (event.movementX || event.movementY) && this.point(event), // not when only the list moved
      onpointerleave: () => this.hover(null),
      onfocusin: (event) => this.point(event),
      onfocusout: () => this.hover(null),
      onclick: (event) => this.choose(event),
    });
    this.element = h("div", { class: "qps-octet-box" }, this.body);
  }

  /** Take as many columns as there is room for. @param {number} width */
  fit(width) {
    const columns = width && width < GRID_PX ? GRID_NARROW : GRID_WIDE;
    if (columns === this.columns) return;
    this.columns = columns;
    if (!this.answer) return;
    this.build();
    this.fill();
  }

  /** Show octets; only what differs is touched while the structure stays. @param {FrameAnswer} answer */
  show(answer) {
    const octets = answer.octets.match(/../g) ?? [];
    const shape = `${octets.length}|${answer.fault?.offset}|${answer.fields.map((f) => `${f.name}:${f.length}`).join()}`;
    this.answer = answer;
    this.octets = octets;
    if (shape !== this.shape) {
      this.shape = shape;
      this.build();
    }
    this.fill();
  }

  fill() {
    this.octets.forEach((octet, i) => {
      const cell = this.cells[i];
      if (cell.octet !== octet) {
        cell.octet = octet;
        cell.element.textContent = octet;
      }
      const label = this.label(i);
      if (cell.label === label) return;
      cell.label = label;
      cell.element.setAttribute("aria-label", label);
    });
  }

  /** @param {number} i */
  label(i) {
    const { field } = this.cells[i];
    const place = `octet ${i}, ${this.octets[i]}`;
    const fault = this.answer.fault?.offset === i ? ", here is the fault" : "";
    return `${place}${field ? `, ${field.label}, ${field.value}` : ""}${fault}`;
  }

  build() {
    const focused = this.body.contains(document.activeElement);
    const owner = new Map();
    for (const field of this.answer.fields) for (let i = 0; i < field.length; i++) owner.set(field.offset + i, field);
    const missing = this.answer.fault?.offset === this.octets.length;
    const count = this.octets.length + (missing ? 1 : 0);
    this.cells = Array.from({ length: count }, (_, i) => this.cell(i, owner));
    this.focused = Math.min(this.focused, Math.max(0, count - 1));
    this.body.style.setProperty("--columns", String(this.columns));
    const rows = [];
    for (let start = 0; start < count; start += this.columns) {
      const row = this.cells.slice(start, start + this.columns).map((cell) => cell.element);
      rows.push(
        h(
          "div",
          { role: "row", class: "qps-octet-row" },
          h("span", { role: "rowheader", class: "qps-octet-offset", title: `octet ${start}` }, String(start)),
          ...row,
        ),
      );
    }
    this.body.replaceChildren(...rows);
    if (!this.cells.length) return;
    this.cells[this.focused].element.tabIndex = 0;
    if (focused) this.cells[this.focused].element.focus();
  }

  /** @param {number} i @param {Map<number, FrameField>} owner */
  cell(i, owner) {
    const field = owner.get(i);
    const first = field && field.offset === i;
    const last = field && field.offset + field.length - 1 === i;
    const marks = ["qps-octet", first && "qps-first", last && "qps-last", this.answer.fault?.offset === i && "qps-octet-bad"];
    const element = h("span", {
      role: "gridcell",
      tabindex: -1,
      class: marks.filter(Boolean).join(" "),
      "data-octet": i,
      "data-kind": field?.kind ?? "unread",
      "data-part": field?.part || undefined,
    });
    if (i >= this.octets.length) {
      element.textContent = "··";
      element.setAttribute("aria-label", `octet ${i} is missing or cannot be read`);
    }
    return { element, field, octet: null };
  }

  /** Light up a field; and mark octets that changed, with a flash when a person changed them. @param {string | null} name */
  mark(name) {
    for (const { element, field } of this.cells) element.classList.toggle("qps-on", Boolean(name) && field?.name === name);
  }

  /** @param {number[]} offsets @param {boolean} flash */
  change(offsets, flash) {
    const changed = new Set(offsets);
    this.cells.forEach(({ element }, i) => {
      element.classList.toggle("qps-changed", changed.has(i));
      element.classList.remove("qps-flash");
      if (flash && changed.has(i)) {
        void element.offsetWidth; // restart the animation
        element.classList.add("qps-flash");
      }
    });
  }

  /** @param {Event} event */
  point(event) {
    const at = octetOf(event);
    this.hover(at === null ? null : (this.cells[at].field?.name ?? null));
  }

  /** @param {PointerEvent} event */
  choose(event) {
    const at = octetOf(event);
    if (at === null) return;
    this.focus(at);
    // A finger asks what this is; a box in focus would bring up the keyboard over it.
    if (event.pointerType === "touch") return;
    const { field } = this.cells[at];
    if (field) this.pick(field.name);
  }

  /** @param {number} at */
  focus(at) {
    const next = Math.max(0, Math.min(this.cells.length - 1, at));
    this.cells[this.focused].element.tabIndex = -1;
    this.focused = next;
    this.cells[next].element.tabIndex = 0;
    this.cells[next].element.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.focused;
    const start = at - (at % this.columns);
    const { field } = this.cells[at];
    const target = /** @type {Record<string, number>} */ ({
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + this.columns,
      ArrowUp: at - this.columns,
      Home: event.ctrlKey ? 0 : start,
      End: event.ctrlKey ? this.cells.length - 1 : start + this.columns - 1,
    })[event.key];
    if (target !== undefined) {
      event.preventDefault();
      if (target >= 0 && target < this.cells.length + this.columns) this.focus(target);
    } else if (event.key === "Enter" && field) {
      event.preventDefault();
      this.pick(field.name);
    }
  }
}

/** Which octet an event is about. @param {Event} event */
function octetOf(event) {
  const at = event.target instanceof HTMLElement ? event.target.dataset.octet : undefined;
  return at === undefined ? null : Number(at);
}
