// Fields of a frame beside its octets: what each is called, says and means, and a box to change it.
import { h } from "../../page/dom.js";

export class FieldList {
  /** `hover(name)` as in the grid; `edit(name, text)` a value as it was typed. */
  constructor(id, hover, edit) {
    this.id = id;
    this.hover = hover;
    this.edit = edit;
    this.rows = new Map();
    this.choices = {};
    this.wanted = null; // field to focus once it is there
    this.element = h("ol", { class: "qps-fields", "aria-label": "Fields of the frame",
      onkeydown: (event) => this.key(event),
      onpointermove: (event) => (event.movementX || event.movementY) && this.point(event), // not when only the list moved
      onpointerleave: () => this.hover(null),
      onfocusin: (event) => this.point(event),
      onfocusout: () => this.hover(null) });
  }

  /** Values to pick from; returns the lists of suggestions, which belong beside this element. */
  setup({ choices, suggestions }) {
    this.choices = choices;
    this.suggested = suggestions;
    return Object.entries(suggestions).map(([name, values]) =>
      h("datalist", { id: `${this.id}-${name}` }, ...values.map((value) => h("option", { value }))));
  }

  show(answer) {
    const absent = answer.absent ?? [];
    const shape = [...answer.fields.map((f) => f.name), "|", ...absent.map((f) => f.name)].join();
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(answer.fields, absent);
    }
    for (const field of answer.fields) this.fill(this.rows.get(field.name), field);
    if (this.wanted && this.rows.has(this.wanted)) this.focus(this.wanted);
    this.wanted = null;
  }

  build(fields, absent) {
    const { activeElement } = document;
    const at = this.element.contains(activeElement) ? activeElement.closest("[data-field]")?.dataset.field : null;
    this.rows.clear();
    const head = h("li", { class: "qps-field qps-field-head", "aria-hidden": "true" }, h("i"), h("span", {}, "Field"), h("span", {}, "Value"), h("span", { class: "qps-field-place" }, "octets · length"));
    const items = [head, ...fields.map((field) => this.row(field, false))];
    if (absent.length) {
      items.push(h("li", { class: "qps-field-rest" }, "Not in this frame: type a value to add it"));
      items.push(...absent.map((field) => this.row({ ...field, kind: "optional", edit: field.name, part: "" }, true)));
    }
    this.element.replaceChildren(...items);
    const first = this.element.querySelector("button");
    if (first) first.tabIndex = 0;
    if (at) this.focus(at);
  }

  row(field, absent) {
    const key = absent ? `+${field.name}` : field.name;
    const message = h("span", { class: "qps-field-fault", role: "alert", id: `${this.id}-${key}-fault` });
    const row = { key, field, absent, message };
    row.name = h("button", { type: "button", class: "qps-field-name", tabindex: -1 }, field.label);
    row.place = h("span", { class: "qps-field-place" });
    row.meaning = h("span", { class: "qps-field-meaning" }, field.meaning, " ", noteOf(field.note));
    row.value = field.edit ? this.box(row) : h("span", { class: "qps-field-text" });
    row.element = h("li", { class: "qps-field", "data-kind": field.kind, "data-part": field.part || undefined, "data-field": key },
      h("i", { class: "qps-field-key", "data-kind": field.kind }), row.name, row.value, row.place, row.meaning, message);
    this.rows.set(key, row);
    return row.element;
  }

  box(row) {
    const { field, absent, message } = row;
    const options = this.choices[field.edit];
    const name = field.edit === "dialect" ? "Dialect" : field.label;
    const common = { class: "qps-field-box", "aria-label": name, "aria-describedby": message.id };
    if (options) {
      const texts = ["role", "dialect"].includes(field.edit) ? options : ["not stated", ...options];
      return h("select", { ...common, onchange: (event) => this.edit(field.edit, event.target.value) },
        ...texts.map((text) => h("option", { value: text }, field.edit === "dialect" ? DIALECT_TEXTS[text] : text)));
    }
    const commit = (event) => {
      row.done = true; // typed to its end: the answer may tidy it up
      if (absent && event.target.value.trim()) this.wanted = field.name;
      if (!absent || event.target.value.trim()) this.edit(field.edit, event.target.value);
    };
    return h("input", { ...common, type: "text", autocomplete: "off", spellcheck: "false", placeholder: "not stated",
      list: this.suggested?.[field.edit] ? `${this.id}-${field.edit}` : undefined,
      // An empty box may be the start of a new value: it removes the field only when it is left.
      oninput: (event) => !absent && event.target.value.trim() && this.edit(field.edit, event.target.value),
      onchange: commit });
  }

  fill(row, field) {
    row.field = field;
    row.place.textContent = field.length === 1 ? `${field.offset} · 1` : `${field.offset}–${field.offset + field.length - 1} · ${field.length}`;
    row.place.title = `Octet ${field.offset}, length ${field.length}`;
    row.name.setAttribute("aria-label", `${field.label}, offset ${field.offset}, length ${field.length}, ${field.value}. ${field.meaning} ${field.note}`);
    row.meaning.replaceChildren(field.meaning, " ", noteOf(field.note));
    if (!field.edit) {
      row.value.textContent = field.value;
      return;
    }
    if (document.activeElement !== row.value || row.value.tagName === "SELECT" || row.done) this.put(row, field);
    row.done = false;
    if (document.activeElement !== row.value) this.fault(field.edit, "");
  }

  put(row, field) {
    const text = field.edit === "dialect" ? (field.value.match(/\((\w+)\)/)?.[1] ?? "") : field.value;
    if (row.value.tagName === "SELECT" && ![...row.value.options].some((o) => o.value === text)) {
      row.value.append(h("option", { value: text }, text));
    }
    row.value.value = row.value.tagName === "INPUT" && text === "not stated" ? "" : text;
  }

  /** Say beside a field what is wrong with what was typed; an empty text takes it back. */
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
      if (row.absent) row.value.value = "";
      else if (row.field.edit) this.put(row, row.field);
      row.value.removeAttribute("aria-invalid");
    }
  }

  mark(name, scroll) {
    for (const [key, row] of this.rows) row.element.classList.toggle("qps-on", key === name);
    const row = name ? this.rows.get(name) : null;
    if (!row || !scroll) return;
    // Only this list moves: scrollIntoView would also move the page under the pointer.
    const [top, bottom] = [row.element.offsetTop, row.element.offsetTop + row.element.offsetHeight];
    const head = this.element.firstElementChild.offsetHeight;
    if (top < this.element.scrollTop + head) this.element.scrollTop = top - head - 2;
    else if (bottom > this.element.scrollTop + this.element.clientHeight) this.element.scrollTop = bottom - this.element.clientHeight + 4;
  }

  focus(name) {
    const row = this.rows.get(name);
    if (!row) return;
    const target = row.field.edit ? row.value : row.name;
    target.focus();
    target.select?.();
  }

  point(event) {
    const key = event.target.closest?.("[data-field]")?.dataset.field;
    this.hover(key && this.rows.has(key) ? key : null);
  }

  /** Arrows walk the names; Enter on a name goes to its box. */
  key(event) {
    if (!event.target.classList.contains("qps-field-name")) {
      if (event.key === "Escape") this.settle();
      return;
    }
    const names = [...this.rows.values()].map((row) => row.name);
    const at = names.indexOf(event.target);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (event.key === "Enter") this.focus([...this.rows.keys()][at]);
    if (target === undefined || !names[target]) return;
    event.preventDefault();
    names[at].tabIndex = -1;
    names[target].tabIndex = 0;
    names[target].focus();
  }
}

const DIALECT_TEXTS = { paper: "0x88B5 · paper", lldp: "0x88CC · lldp" };

/** The words Assumption and Deviation stand out wherever they are met. */
function noteOf(note) {
  if (!note) return "";
  const [word, rest] = note.split(/:(.*)/s);
  return h("span", { class: "qps-field-note" }, h("b", {}, `${word}:`), rest);
}
