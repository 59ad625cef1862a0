// The control column: one row per parameter, made from the declarations that the session sends.
import { button, h } from "./dom.js";
/** @import { Answer, ControlRow, ControlsSpec, GroupSpec, NumberSpec, ParameterSpec, SliderScale, Typed, Value, Values } from "../types.js" */

const LOG_STEPS = 300;

/**
 * Slider position <-> value of one declared number; beyond its ends the thumb stands at the end.
 * @param {Pick<NumberSpec, "lo" | "hi" | "step" | "log" | "open">} spec
 * @returns {SliderScale}
 */
export function scaleOf(spec) {
  const { lo, hi, step, log, open } = spec;
  /** @param {Value} v */
  const number = (v) => (v === "inf" ? Infinity : Number(v));
  /** @param {Value} v */
  const within = (v) => Math.max(lo, Math.min(hi, number(v)));
  if (!log) return { min: lo, max: hi, step: step || (hi - lo) / LOG_STEPS, toValue: Number, toPosition: within };
  const ratio = Math.log(hi / lo);
  return {
    min: 0,
    max: open ? LOG_STEPS + 1 : LOG_STEPS,
    step: 1,
    toValue: (p) => (open && Number(p) > LOG_STEPS ? "inf" : round3(lo * Math.exp((ratio * Number(p)) / LOG_STEPS))),
    toPosition: (v) => (open && v === "inf" ? LOG_STEPS + 1 : Math.round((Math.log(within(v) / lo) / ratio) * LOG_STEPS)),
  };
}

/** @param {number} value */
function round3(value) {
  return Number(value.toPrecision(3));
}

export class Controls {
  /**
   * `change(values, typed)` is called with parameters to set, or with a text to read.
   * @param {ControlsSpec} spec @param {(values: Values, typed?: Typed) => void} change @param {(on: boolean) => void} toggleLink
   */
  constructor(spec, change, toggleLink) {
    this.spec = spec;
    this.change = change;
    /** @type {Answer["resets"]} */
    this.resets = {};
    /** @type {Map<string, ControlRow>} */
    this.rows = new Map();
    /** @type {HTMLInputElement} */
    this.link = h("input", { type: "checkbox", id: `${spec.id}-link`, onchange: () => toggleLink(this.link.checked) });
    this.element = h("div", { class: "qps-controls", role: "form", "aria-label": "Scenario" });
    for (const group of spec.groups) this.element.append(this.group(group));
  }

  /** @param {GroupSpec} group */
  group(group) {
    const rows = group.parameters.map((parameter) => this.row(parameter));
    if (group.name === "memory" && group.parameters.some((p) => p.name === "t2_us")) {
      const label = h("label", { class: "qps-link", for: this.link.id }, this.link, "keep T₁ = T₂");
      rows.unshift(label);
    }
    const open = group.open && !window.matchMedia("(max-width: 720px)").matches;
    return h("details", { class: "qps-group", open: open || group.first }, h("summary", {}, group.title), ...rows);
  }

  /** @param {ParameterSpec} p */
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
    const row = /** @type {ControlRow} */ (/** @type {Partial<ControlRow>} */ ({ p, message, reset }));
    const parts = p.kind === "choice" || p.kind === "flag" ? this.choice(row, id) : this.number(row, id);
    head.append(...parts.head, reset);
    // A form of its own: whenever a control without one moves, Chromium's autofill reads all controls of the page.
    /** @param {Event} event */
    const stay = (event) => event.preventDefault();
    const own = { class: "qps-row", "data-parameter": p.name, role: "none", onsubmit: stay };
    row.element = h("form", own, head, ...parts.body, message);
    this.rows.set(p.name, row);
    return row.element;
  }

  /** @param {ControlRow} row @param {string} id */
  number(row, id) {
    const { p } = row;
    const scale = scaleOf(/** @type {NumberSpec} */ (p));
    const [box, slider] = [this.box(row, id), this.slider(row, id, scale)];
    row.box = box;
    const number = { box, slider, scale, value: p.default, text: p.default_text };
    row.number = number;
    row.set = (value, text) => {
      Object.assign(number, { value, text });
      this.show(row);
    };
    return { head: [box], body: [slider] };
  }

  /** Where a value can be typed. @param {ControlRow} row @param {string} id */
  box(row, id) {
    const { p, message } = row;
    /** @type {HTMLInputElement} */
    const box = h("input", {
      type: "text",
      class: "qps-box",
      id: `${id}-box`,
      inputmode: "decimal",
      autocomplete: "off",
      "aria-label": `${p.label}, typed value in ${p.unit_text || "plain number"}`,
      "aria-describedby": message.id,
      oninput: () => {
        row.typing = true;
      },
      onchange: () => {
        row.typing = false;
        row.typed = true;
        row.edited = true;
        this.change({}, { name: p.name, text: box.value });
      },
      onfocus: () => box.select(),
      onblur: () => {
        if (row.typing) this.leave(row);
      },
      onkeydown: (event) => {
        if (event.key === "Escape") this.leave(row);
      },
    });
    return box;
  }

  /** @param {ControlRow} row @param {string} id @param {SliderScale} scale */
  slider(row, id, scale) {
    /** @type {HTMLInputElement} */
    const slider = h("input", {
      type: "range",
      id,
      min: scale.min,
      max: scale.max,
      step: scale.step,
      "aria-describedby": row.message.id,
      oninput: () => {
        row.edited = true;
        this.change({ [row.p.name]: scale.toValue(slider.value) });
      },
    });
    return slider;
  }

  /**
   * Thumb, filling, spoken value and box all say what the state is; only a text that somebody is writing stays.
   * @param {ControlRow} row
   */
  show(row) {
    if (!row.number) return;
    const { box, slider, scale, value, text } = row.number;
    slider.value = String(scale.toPosition(value));
    slider.setAttribute("aria-valuetext", text);
    slider.style.setProperty("--fill", `${fill(slider)}%`);
    if (!row.typing && !row.typed) box.value = text;
    if (text.length > 8) box.style.setProperty("--characters", String(text.length));
    else box.style.removeProperty("--characters");
  }

  /** Whoever leaves a box without entering its text gets the state back. @param {ControlRow} row */
  leave(row) {
    row.typing = false;
    row.typed = false;
    this.mark(row, false, row.idle ?? "", Boolean(row.idle));
    this.show(row);
  }

  /** A choice may be refused, and then shows the state again. @param {ControlRow} row @param {Value} value */
  pick(row, value) {
    row.edited = true;
    this.change({ [row.p.name]: value });
  }

  /** @param {ControlRow} row @param {string} id */
  choice(row, id) {
    const { p } = row;
    if (p.choices.length > 3) return this.menu(row, id);
    const options = p.kind === "flag" ? [true, false] : p.choices;
    const names = p.kind === "flag" ? ["yes", "no"] : p.choice_texts;
    const inputs = options.map((option, i) => {
      const input = h("input", {
        type: "radio",
        name: id,
        value: String(option),
        id: i === 0 ? id : `${id}-${i}`,
        onchange: () => this.pick(row, option),
      });
      return { option, input, label: h("label", { class: "qps-option" }, input, h("span", {}, names[i])) };
    });
    row.box = inputs[0].input;
    row.set = (value) => {
      for (const { option, input } of inputs) input.checked = option === value;
    };
    const set = h("div", { class: "qps-choice", role: "radiogroup", "aria-label": p.label }, ...inputs.map(({ label }) => label));
    return { head: [h("span", { class: "qps-spring" })], body: [set] };
  }

  /** Too many words for a row of buttons. @param {ControlRow} row @param {string} id */
  menu(row, id) {
    const { p } = row;
    /** @type {HTMLSelectElement} */
    const menu = h(
      "select",
      { id, class: "qps-menu", onchange: () => this.pick(row, menu.value) },
      ...p.choices.map((choice, i) => h("option", { value: choice }, p.choice_texts[i])),
    );
    row.box = menu;
    row.set = (value) => {
      menu.value = String(value);
    };
    return { head: [h("span", { class: "qps-spring" })], body: [menu] };
  }

  /**
   * Show values, dim what has no effect and say what was wrong; controls in `held` have moved on since.
   * @param {Answer} given @param {Set<string>} held
   */
  update({ values, texts, idle, error, linked, resets }, held) {
    this.resets = resets;
    this.link.checked = linked;
    for (const [name, row] of this.rows) {
      if (held.has(name)) continue;
      const wrong = error?.name === name;
      const words = wrong ? error.message : (idle[name] ?? "");
      // Untouched rows are left alone: restyling thirty rows costs more than drawing the curves.
      const seen = `${values[name]}|${texts[name]}|${words}|${wrong}|${resets[name]?.text}`;
      if (seen === row.seen && !row.edited) continue;
      row.seen = seen;
      row.idle = idle[name];
      row.typed = wrong && row.typed; // what was refused stays in its box, to be mended
      this.mark(row, wrong, words, name in idle);
      row.reset.hidden = !(name in resets);
      if (name in resets) row.reset.dataset.tip = `Back to ${resets[name].text}`;
      row.set(values[name], texts[name]);
    }
  }

  /** @param {ControlRow} row @param {boolean} wrong @param {string} words @param {boolean} isIdle */
  mark(row, wrong, words, isIdle) {
    row.edited = wrong;
    if (wrong) row.element.dataset.error = "";
    else delete row.element.dataset.error;
    row.message.textContent = words;
    row.element.classList.toggle("qps-idle", isIdle);
    row.box.setAttribute("aria-invalid", wrong ? "true" : "false");
  }
}

/** @param {HTMLInputElement} slider */
function fill(slider) {
  return ((Number(slider.value) - Number(slider.min)) / (Number(slider.max) - Number(slider.min) || 1)) * 100;
}
