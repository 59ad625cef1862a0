// Fields of a frame beside its octets: what each is called, says and means, and a box to change it.
import { h } from "../../page/dom.js";
/** @import { AbsentField, FieldRow, FrameAnswer, FrameChoices, FrameField } from "../../types.js" */

export class FieldList {
  /** @type {Record<string, string[]>} */ suggested;
  /** @type {string} */ shape;

  /**
   * `hover(name)` as in the grid; `edit(name, text)` a value as it was typed.
   * @param {string} id @param {(name: string | null) => void} hover @param {(name: string, text: string) => void} edit
   */
  constructor(id, hover, edit) {
    this.id = id;
    this.hover = hover;
    this.edit = edit;
    /** @type {Map<string, FieldRow>} */
    this.rows = new Map();
    /** @type {Record<string, string[]>} */
    this.choices = {};
    /** @type {string | null} */
    this.wanted = null; // field to focus once it is there
    this.element = h("ol", {
      class: "qps-fields",
      "aria-label": "Fields of the frame",
      onkeydown: (event) => this.key(event),
      onpointermove: (event) => (event.movementX || event.movementY) && this.point(event), // not when only the list moved
      onpointerleave: () => this.hover(null),
      onfocusin: (event) => this.point(event),
      onfocusout: () => this.hover(null),
    });
  }

  /** Values to pick from; returns the lists of suggestions, which belong beside this element. @param {FrameChoices} given */
  setup({ choices, suggestions }) {
    this.choices = choices;
    this.suggested = suggestions;
    return Object.entries(suggestions).map(([name, values]) =>
      h("datalist", { id: `${this.id}-${name}` }, ...values.map((value) => h("option", { value }))),
    );
  }

  /** @param {FrameAnswer} answer */
  show(answer) {
    const absent = answer.absent ?? [];
    const shape = [...answer.fields.map((f) => f.name), "|", ...absent.map((f) => f.name)].join();
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(answer.fields, absent);
    }
    for (const field of answer.fields) this.fill(/** @type {FieldRow} */ (this.rows.get(field.name)), field);
    if (this.wanted && this.rows.has(this.wanted)) this.focus(this.wanted);
    this.wanted = null;
  }

  /** @param {FrameField[]} fields @param {AbsentField[]} absent */
  build(fields, absent) {
    const { activeElement } = document;
    const at = this.element.contains(activeElement) ? fieldAt(activeElement) : null;
    this.rows.clear();
    const head = h(
      "li",
      { class: "qps-field qps-field-head", "aria-hidden": "true" },
      h("i"),
      h("span", {}, "Field"),
      h("span", {}, "Value"),
      h("span", { class: "qps-field-place" }, "octets · length"),
    );
    const items = [head, ...fields.map((field) => this.row(field, false))];
    if (absent.length) {
      items.push(h("li", { class: "qps-field-rest" }, "Not in this frame: type a value to add it"));
      items.push(
        ...absent.map((field) =>
          this.row({ ...field, kind: "optional", edit: field.name, part: "", offset: 0, length: 0, value: "" }, true),
        ),
      );
    }
    this.element.replaceChildren(...items);
    const first = this.element.querySelector("button");
    if (first) first.tabIndex = 0;
    if (at) this.focus(at);
  }

  /** @param {FrameField} field @param {boolean} absent */
  row(field, absent) {
    const key = absent ? `+${field.name}` : field.name;
    const message = h("span", { class: "qps-field-fault", role: "alert", id: `${this.id}-${key}-fault` });
    const row = /** @type {FieldRow} */ (/** @type {Partial<FieldRow>} */ ({ key, field, absent, message }));
    row.name = h("button", { type: "button", class: "qps-field-name", tabindex: -1 }, field.label);
    row.place = h("span", { class: "qps-field-place" });
    row.meaning = h("span", { class: "qps-field-meaning" }, field.meaning, " ", noteOf(field.note));
    row.value = field.edit ? this.box(row) : h("span", { class: "qps-field-text" });
    row.element = h(
      "li",
      { class: "qps-field", "data-kind": field.kind, "data-part": field.part || undefined, "data-field": key },
      h("i", { class: "qps-field-key", "data-kind": field.kind }),
      row.name,
      row.value,
      row.place,
      row.meaning,
      message,
    );
    this.rows.set(key, row);
    return row.element;
  }

  /** @param {FieldRow} row */
  box(row) {
    const { field, absent, message } = row;
    const options = this.choices[field.edit];
    const name = field.edit === "dialect" ? "Dialect" : field.label;
    const common = { class: "qps-field-box", "aria-label": name, "aria-describedby": message.id };
    if (options) {
      const texts = ["role", "dialect"].includes(field.edit) ? options : ["not stated", ...options];
      return h(
        "select",
        { ...common, onchange: (event) => this.edit(field.edit, textIn(event)) },
        ...texts.map((text) => h("option", { value: text }, field.edit === "dialect" ? DIALECT_TEXTS[text] : text)),
      );
    }
    /** @param {Event} event */
    const commit = (event) => {
      row.done = true; // typed to its end: the answer may tidy it up
      if (absent && textIn(event).trim()) this.wanted = field.name;
      if (!absent || textIn(event).trim()) this.edit(field.edit, textIn(event));
    };
    return h("input", {
      ...common,
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "not stated",
      list: this.suggested?.[field.edit] ? `${this.id}-${field.edit}` : undefined,
      // An empty box may be the start of a new value: it removes the field only when it is left.
      oninput: (event) => !absent && textIn(event).trim() && this.edit(field.edit, textIn(event)),
      onchange: commit,
    });
  }

  /** @param {FieldRow} row @param {FrameField} field */
  fill(row, field) {
    row.field = field;
    row.place.textContent =
      field.length === 1 ? `${field.offset} · 1` : `${field.offset}–${field.offset + field.length - 1} · ${field.length}`;
    row.place.title = `Octet ${field.offset}, length ${field.length}`;
    row.name.setAttribute(
      "aria-label",
      `${field.label}, offset ${field.offset}, length ${field.length}, ${field.value}. ${field.meaning} ${field.note}`,
    );
    row.meaning.replaceChildren(field.meaning, " ", noteOf(field.note));
    if (!field.edit) {
      row.value.textContent = field.value;
      return;
    }
    if (document.activeElement !== row.value || row.value.tagName === "SELECT" || row.done) this.put(row, field);
    row.done = false;
    if (document.activeElement !== row.value) this.fault(field.edit, "");
  }

  /** @param {FieldRow} row @param {FrameField} field */
  put(row, field) {
    const text = field.edit === "dialect" ? (field.value.match(/\((\w+)\)/)?.[1] ?? "") : field.value;
    const { value } = row;
    if (value instanceof HTMLSelectElement) {
      if (![...value.options].some((o) => o.value === text)) value.append(h("option", { value: text }, text));
      value.value = text;
    } else if (value instanceof HTMLInputElement) value.value = text === "not stated" ? "" : text;
  }

  /**
   * Say beside a field what is wrong with what was typed; an empty text takes it back.
   * @param {string} name @param {string} message
   */
  fault(name, message) {
    for (const row of this.rows.values()) {
      if (row.field.edit !== name) continue;
      row.message.textContent = message;
      row.value.setAttribute("aria-invalid", String(Boolean(message)));
      if (!message && document.activeElement !== row.value && !row.absent) this.put(row, row.field);
    }
  }

  /** Forget what was typed: show the values of the frame. */
  settle() {
    for (const row of this.rows.values()) {
      row.message.textContent = "";
      if (row.absent) /** @type {HTMLInputElement} */ (row.value).value = "";
      else if (row.field.edit) this.put(row, row.field);
      row.value.removeAttribute("aria-invalid");
    }
  }

  /** @param {string | null} name @param {boolean} scroll */
  mark(name, scroll) {
    for (const [key, row] of this.rows) row.element.classList.toggle("qps-on", key === name);
    const row = name ? this.rows.get(name) : null;
    if (!row || !scroll) return;
    // Only this list moves: scrollIntoView would also move the page under the pointer.
    const [top, bottom] = [row.element.offsetTop, row.element.offsetTop + row.element.offsetHeight];
    const head = /** @type {HTMLElement} */ (this.element.firstElementChild).offsetHeight;
    if (top < this.element.scrollTop + head) this.element.scrollTop = top - head - 2;
    else if (bottom > this.element.scrollTop + this.element.clientHeight) this.element.scrollTop = bottom - this.element.clientHeight + 4;
  }

  /** @param {string} name */
  focus(name) {
    const row = this.rows.get(name);
    if (!row) return;
    const target = row.field.edit ? row.value : row.name;
    target.focus();
    if (target instanceof HTMLInputElement) target.select();
  }

  /** @param {Event} event */
  point(event) {
    const key = event.target instanceof Element ? fieldAt(event.target) : undefined;
    this.hover(key && this.rows.has(key) ? key : null);
  }

  /** Arrows walk the names; Enter on a name goes to its box. @param {KeyboardEvent} event */
  key(event) {
    const { target } = event;
    if (!(target instanceof HTMLButtonElement && target.classList.contains("qps-field-name"))) {
      if (event.key === "Escape") this.settle();
      return;
    }
    const names = [...this.rows.values()].map((row) => row.name);
    const at = names.indexOf(target);
    /** @type {Record<string, number>} */
    const keys = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 };
    const next = keys[event.key];
    if (event.key === "Enter") this.focus([...this.rows.keys()][at]);
    if (next === undefined || !names[next]) return;
    event.preventDefault();
    names[at].tabIndex = -1;
    names[next].tabIndex = 0;
    names[next].focus();
  }
}

/** @type {Record<string, string>} */
const DIALECT_TEXTS = { paper: "0x88B5 · paper", lldp: "0x88CC · lldp" };

/** The words Assumption and Deviation stand out wherever they are met. @param {string} note */
function noteOf(note) {
  if (!note) return "";
  const [word, rest] = note.split(/:(.*)/s);
  return h("span", { class: "qps-field-note" }, h("b", {}, `${word}:`), rest);
}

/** The row that an element lies in. @param {Element | null} element */
function fieldAt(element) {
  return /** @type {HTMLElement | null | undefined} */ (element?.closest("[data-field]"))?.dataset.field;
}

/** @param {Event} event */
function textIn(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}
