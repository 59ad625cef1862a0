// Parts of the Frame tab: choices, legend, Fig. 2 and what the paper leaves open.
import { button, h } from "../../page/dom.js";
import { drawFrame } from "./timing.js";
/** @import { FrameAnswer, FrameField, FrameLayouts, FramePlan } from "../../types.js" */

/** @type {{ plan: FramePlan, title: string, words: string }[]} */
const FRAME_PLANS = [
  {
    plan: "time",
    title: "Time division",
    words: "One wavelength: the header goes first, then the qubits, so arrival time tells them apart.",
  },
  {
    plan: "wavelength",
    title: "Wavelength division",
    words: "Two wavelengths at the same time: a filter tells them apart, and the header need not wait.",
  },
];

const OPEN_QUESTIONS = [
  [
    "Assumption",
    "the paper gives no classical line rate. 100 Mb/s is what optical supervisory channels use; the run itself counts header and trailer as instants.",
  ],
  ["Deviation", "Table I gives a TLV's value “0–255 bits”. Its 9-bit length counts octets, as in LLDP: at most 511."],
  ["Assumption", "cut-off time and error-correction protocol are to be carried, but Table I has no type for them: they are custom TLVs."],
  ["Assumption", "the paper names no wavelengths. Ours are channels 34 (qubits) and 31 (classical) of the ITU 100 GHz grid."],
];

/**
 * A row of choices like those of the control column.
 * @param {string} name @param {string} label @param {Record<string, string>} options @param {(value: string) => void} choose
 */
export function segments(name, label, options, choose) {
  const inputs = Object.entries(options).map(([value, text]) => {
    const input = h("input", { type: "radio", name, value, onchange: () => choose(value) });
    return { value, input, element: h("label", { class: "qps-option" }, input, h("span", {}, text)) };
  });
  return {
    element: h("div", { class: "qps-choice qps-frame-choice", role: "radiogroup", "aria-label": label }, ...inputs.map((i) => i.element)),
    choose: (/** @type {string} */ value) =>
      inputs.forEach((i) => {
        i.input.checked = i.value === value;
      }),
    disable: (/** @type {boolean} */ off) =>
      inputs.forEach((i) => {
        i.input.disabled = off;
      }),
  };
}

/** What the looks of the octets on screen mean. @param {Record<string, string>} kinds @param {FrameField[]} fields */
export function legendOf(kinds, fields) {
  const present = new Set(fields.map((field) => field.kind));
  return Object.entries(kinds)
    .filter(([kind]) => present.has(kind))
    .map(([kind, text]) => h("li", {}, h("i", { class: "qps-field-key", "data-kind": kind }), text));
}

/**
 * The two multiplexings of Fig. 2, small; the one that is pressed is drawn large above.
 * @param {(plan: FramePlan) => void} choose
 */
export function plansOf(choose) {
  const cards = FRAME_PLANS.map(({ plan, title, words }) => {
    const drawing = h("div");
    const card = h(
      "button",
      { type: "button", class: "qps-frame-plan", "aria-pressed": String(plan === "time"), onclick: () => choose(plan) },
      h("b", {}, title),
      drawing,
      h("span", { class: "qps-frame-plan-words" }, words),
    );
    return { plan, drawing, card };
  });
  return {
    element: h("div", { class: "qps-frame-plans", role: "group", "aria-label": "Multiplexing" }, ...cards.map((c) => c.card)),
    /** @param {FrameLayouts} layouts @param {FramePlan} chosen */
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

/**
 * What a person must know about this EtherType and this address, where they meet it.
 * @param {FrameAnswer} answer
 * @param {{ follow: () => void, edit: (destination: string) => void, misread: () => void }} escapes What its buttons do.
 */
export function warningOf({ dialect, crosses_bridges: crosses, fault, fields }, escapes) {
  if (fault) {
    const misread = fields.find((field) => field.label === "Chassis ID" && field.length < 5);
    const words = misread
      ? "an LLDP reader takes Table I's types for its own: Chassis ID, Port ID, Time To Live. "
      : "the octets above are marked where reading stopped. ";
    return [h("b", {}, "Not read: "), words, button("Back to the run", escapes.follow, { class: "qps-frame-try" })];
  }
  if (!crosses)
    return [
      h("b", {}, "Ends at the next device: "),
      "bridges never forward link-local group addresses (01:80:c2:00:00:00 to 0f), so every relay would have to make a new header.",
    ];
  if (dialect === "lldp") {
    return [
      h("b", {}, "Valid LLDP: "),
      "the quantum fields ride in TLVs 127. LLDP's own group addresses are link-local and no bridge forwards them. ",
      button("Try that address", () => escapes.edit("01:80:c2:00:00:0e"), { class: "qps-frame-try" }),
    ];
  }
  return [
    h("b", {}, "Deviation: "),
    "not LLDP's EtherType 0x88CC. Under it ordinary tools read Table I's types 1, 2, 3 as Chassis ID, Port ID and Time To Live. ",
    button("See it misread", escapes.misread, { class: "qps-frame-try" }),
  ];
}

/**
 * The bar on top of the tab.
 * @param {HTMLElement} follow @param {HTMLElement[]} steps @param {HTMLElement[]} choices @param {HTMLElement} rate
 */
export function barOf(follow, steps, choices, rate) {
  const following = h("label", { class: "qps-frame-switch", for: follow.id }, follow, "Follow the run");
  const lineRate = h("label", { class: "qps-frame-rate" }, "line rate", rate);
  return h("div", { class: "qps-frame-bar" }, following, h("span", { class: "qps-frame-step" }, ...steps), ...choices, lineRate);
}

/** What is shown and where it comes from; `kind` is the kind of question. @param {string} kind @param {FrameAnswer} answer */
export function headingOf(kind, answer) {
  if (kind === "follow") return { title: answer.title, place: answer.place };
  if (answer.fault) return { title: "Pasted octets", place: `${answer.n_octets} octets, not a valid frame` };
  if (kind === "paste") return { title: "Pasted frame", place: `${answer.n_octets} octets, check sequence right` };
  return { title: "Your frame", place: answer.change };
}
