// The control column: one row per parameter, made from the declarations that the kernel sends.
import { button, h } from "./dom.js";

const LOG_STEPS = 300;

/** Slider position <-> value of one declared number. */
export function scaleOf(spec) {
  const { lo, hi, step, log, open } = spec;
  const top = log ? LOG_STEPS : hi;
  if (!log) return { min: lo, max: hi, step: step || (hi - lo) / LOG_STEPS, toValue: Number, toPosition: (v) => v };
  const ratio = Math.log(hi / lo);
  return {
    min: 0,
    max: open ? top + 1 : top,
    step: 1,
    toValue: (p) => (open && Number(p) > top ? "inf" : round3(lo * Math.exp((ratio * Number(p)) / top))),
    toPosition: (v) => (v === "inf" ? top + 1 : (Math.log(Math.max(v, lo) / lo) / ratio) * top),
  };
}

function round3(value) {
  return Number(value.toPrecision(3));
}

export class Controls {
  /** `change(values, typed)` is called with parameters to set, or with a text to read. */
  constructor(spec, change, toggleLink) {
    this.spec = spec;
    this.change = change;
    this.rows = new Map();
    this.link = h("input", { type: "checkbox", id: `${spec.id}-link`, onchange: () => toggleLink(this.link.checked) });
    this.element = h("div", { class: "qps-controls", role: "form", "aria-label": "Scenario" });
    for (const group of spec.groups) this.element.append(this.group(group));
  }

  group(group) {
    const rows = group.parameters.map((parameter) => this.row(parameter));
    if (group.name === "memory" && group.parameters.some((p) => p.name === "t2_us")) {
      const label = h("label", { class: "qps-link", for: this.link.id }, this.link, "keep T₁ = T₂");
      rows.unshift(label);
    }
    const open = group.open && !window.matchMedia("(max-width: 720px)").matches;
    return h("details", { class: "qps-group", open: open || group.first }, h("summary", {}, group.title), ...rows);
  }

  row(p) {
    const id = `${this.spec.id}-${p.name}`;
    const tip = `${p.help} Default ${p.default_text}: ${p.claim === "ours" ? "our choice" : p.claim} — ${p.source}.`;
    const tag = h("button", { type: "button", class: `qps-tag qps-tag-${p.claim}`, "data-tip": tip, "aria-label": tip }, p.claim);
    const reset = button("↺", () => this.change({ [p.name]: this.resets[p.name].value }), {
      class: "qps-reset",
      "aria-label": `Reset ${p.label}`,
      hidden: true,
    });
    const message = h("div", { class: "qps-message", id: `${id}-message`, role: "alert" });
    const head = h("div", { class: "qps-row-head" }, h("label", { for: id }, p.label), tag);
    const row = { p, message, reset };
    const parts = p.kind === "choice" || p.kind === "flag" ? this.choice(row, id) : this.number(row, id);
    head.append(...parts.head, reset);
    // A form of its own: whenever a control without one moves, Chromium's autofill reads all controls of the page.
    const stay = (event) => event.preventDefault();
    const own = { class: "qps-row", "data-parameter": p.name, role: "none", onsubmit: stay };
    row.element = h("form", own, head, ...parts.body, message);
    this.rows.set(p.name, row);
    return row.element;
  }

  number(row, id) {
    const { p, message } = row;
    const scale = scaleOf(p);
    row.box = h("input", {
      type: "text", class: "qps-box", id: `${id}-box`, inputmode: "decimal", autocomplete: "off",
      "aria-label": `${p.label}, typed value in ${p.unit_text || "plain number"}`, "aria-describedby": message.id,
      oninput: () => {
        row.edited = true;
      },
      onchange: () => this.change({}, { name: p.name, text: row.box.value }),
      onfocus: () => row.box.select(),
      onkeydown: (event) => {
        if (event.key === "Escape") this.show(row);
      },
    });
    row.slider = h("input", {
      type: "range", id, min: scale.min, max: scale.max, step: scale.step, "aria-describedby": message.id,
      oninput: () => {
        row.dragging = performance.now();
        row.edited = true;
        this.change({ [p.name]: scale.toValue(row.slider.value) });
      },
    });
    row.scale = scale;
    row.set = (value, text) => {
      row.value = value;
      row.text = text;
      this.show(row);
    };
    return { head: [row.box], body: [row.slider] };
  }

  show(row) {
    const position = row.scale.toPosition(row.value);
    // A slider under the finger is the newest word; an older answer must not pull it back.
    if (!row.dragging || performance.now() - row.dragging > 400 || document.activeElement !== row.slider) {
      row.slider.value = position;
    }
    row.slider.setAttribute("aria-valuetext", row.text);
    row.slider.style.setProperty("--fill", `${fill(row.slider)}%`);
    if (document.activeElement !== row.box || row.element.dataset.error === undefined) row.box.value = row.text;
    if (row.text.length > 8) row.box.style.setProperty("--characters", row.text.length);
    else row.box.style.removeProperty("--characters");
  }

  choice(row, id) {
    const { p } = row;
    if (p.choices.length > 3) return this.menu(row, id);
    const options = p.kind === "flag" ? [true, false] : p.choices;
    const names = p.kind === "flag" ? ["yes", "no"] : p.choice_texts;
    row.inputs = options.map((option, i) => {
      const input = h("input", {
        type: "radio", name: id, value: String(option), id: i === 0 ? id : `${id}-${i}`,
        onchange: () => this.change({ [p.name]: option }),
      });
      return [option, input, h("label", { class: "qps-option" }, input, h("span", {}, names[i]))];
    });
    row.set = (value) => {
      for (const [option, input] of row.inputs) input.checked = option === value;
    };
    const set = h("div", { class: "qps-choice", role: "radiogroup", "aria-label": p.label }, ...row.inputs.map((x) => x[2]));
    return { head: [h("span", { class: "qps-spring" })], body: [set] };
  }

  /** Too many words for a row of buttons. */
  menu(row, id) {
    const { p } = row;
    row.box = h(
      "select",
      { id, class: "qps-menu", onchange: () => this.change({ [p.name]: row.box.value }) },
      ...p.choices.map((choice, i) => h("option", { value: choice }, p.choice_texts[i])),
    );
    row.set = (value) => {
      row.box.value = value;
    };
    return { head: [h("span", { class: "qps-spring" })], body: [row.box] };
  }

  /** Show values, dim what has no effect and say what was wrong. */
  update({ values, texts, idle, error, linked, resets }) {
    this.resets = resets;
    this.link.checked = linked;
    for (const [name, row] of this.rows) {
      const wrong = error && error.name === name;
      const words = wrong ? error.message : (idle[name] ?? "");
      // Untouched rows are left alone: restyling thirty rows costs more than drawing the curves.
      const seen = `${values[name]}|${texts[name]}|${words}|${wrong}|${resets[name]?.text}`;
      if (seen === row.seen && !row.edited) continue;
      row.seen = seen;
      this.mark(row, Boolean(wrong), words, name in idle);
      row.reset.hidden = !(name in resets);
      if (name in resets) row.reset.dataset.tip = `Back to ${resets[name].text}`;
      if (!wrong) row.set(values[name], texts[name]);
    }
  }

  mark(row, wrong, words, isIdle) {
    row.edited = wrong;
    if (wrong) row.element.dataset.error = "";
    else delete row.element.dataset.error;
    row.message.textContent = words;
    row.element.classList.toggle("qps-idle", isIdle);
    (row.box ?? row.inputs[0][1]).setAttribute("aria-invalid", wrong ? "true" : "false");
  }
}

function fill(slider) {
  return ((slider.value - slider.min) / (slider.max - slider.min || 1)) * 100;
}
