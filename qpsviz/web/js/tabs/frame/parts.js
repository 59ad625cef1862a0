// Parts of the Frame tab: choices, legend, Fig. 2 and what the paper leaves open.
import { h } from "../../page/dom.js";
import { drawFrame } from "./timing.js";

const FRAME_PLANS = {
  time: ["Time division", "One wavelength: the header goes first, then the qubits, so arrival time tells them apart."],
  wavelength: ["Wavelength division", "Two wavelengths at the same time: a filter tells them apart, and the header need not wait."],
};

const OPEN_QUESTIONS = [
  ["Assumption", "the paper gives no classical line rate. 100 Mb/s is what optical supervisory channels use; the run itself counts header and trailer as instants."],
  ["Deviation", "Table I gives a TLV's value “0–255 bits”. Its 9-bit length counts octets, as in LLDP: at most 511."],
  ["Assumption", "cut-off time and error-correction protocol are to be carried, but Table I has no type for them: they are custom TLVs."],
  ["Assumption", "the paper names no wavelengths. Ours are channels 34 (qubits) and 31 (classical) of the ITU 100 GHz grid."],
];

/** A row of choices like those of the control column. */
export function segments(name, label, options, choose) {
  const inputs = Object.entries(options).map(([value, text]) => {
    const input = h("input", { type: "radio", name, value, onchange: () => choose(value) });
    return { value, input, element: h("label", { class: "qps-option" }, input, h("span", {}, text)) };
  });
  return {
    element: h("div", { class: "qps-choice qps-frame-choice", role: "radiogroup", "aria-label": label }, ...inputs.map((i) => i.element)),
    choose: (value) => inputs.forEach((i) => { i.input.checked = i.value === value; }),
    disable: (off) => inputs.forEach((i) => { i.input.disabled = off; }),
  };
}

/** What the looks of the octets on screen mean. */
export function legendOf(kinds, fields) {
  const present = new Set(fields.map((field) => field.kind));
  return Object.entries(kinds).filter(([kind]) => present.has(kind))
    .map(([kind, text]) => h("li", {}, h("i", { class: "qps-field-key", "data-kind": kind }), text));
}

/** The two multiplexings of Fig. 2, small; the one that is pressed is drawn large above. */
export function plansOf(choose) {
  const cards = Object.entries(FRAME_PLANS).map(([plan, [title, words]]) => {
    const drawing = h("div", { class: "qps-frame-plan-drawing" });
    const card = h("button", { type: "button", class: "qps-frame-plan", "aria-pressed": String(plan === "time"), onclick: () => choose(plan) },
      h("b", {}, title), drawing, h("span", { class: "qps-frame-plan-words" }, words));
    return { plan, drawing, card };
  });
  return {
    element: h("div", { class: "qps-frame-plans", role: "group", "aria-label": "Multiplexing" }, ...cards.map((c) => c.card)),
    draw(layouts, chosen) {
      for (const { plan, drawing, card } of cards) {
        card.setAttribute("aria-pressed", String(plan === chosen));
        if (drawing.clientWidth) drawing.replaceChildren(drawFrame(layouts, plan, { width: drawing.clientWidth, small: true }));
      }
    },
  };
}

export function notesOf() {
  return h("ul", { class: "qps-frame-notes" }, ...OPEN_QUESTIONS.map(([word, text]) => h("li", {}, h("b", {}, `${word}: `), text)));
}
