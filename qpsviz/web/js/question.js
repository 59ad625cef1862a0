// A question of a lesson: a place for the answer, a button, and the verdict of the package.
import { h, newId } from "./page/dom.js";
import { Mode } from "./page/mode.js";
/** @import { ColourMode, LessonQuestion, Rendered } from "./types.js" */

/** @param {LessonQuestion} spec @param {string} id */
function answerField(spec, id) {
  if (spec.kind === "number") {
    const box = h("input", { type: "text", class: "qps-box", id, autocomplete: "off", inputmode: "decimal" });
    return { parts: [box, h("span", { class: "qps-unit" }, spec.unit ?? "")], read: () => box.value };
  }
  const options = spec.options ?? [];
  const inputs = options.map((option) => h("input", { type: "radio", name: id, value: option }));
  const labels = inputs.map((input, i) => h("label", { class: "qps-answer" }, input, options[i]));
  return { parts: labels, read: () => inputs.find((input) => input.checked)?.value ?? "" };
}

/** The question with its place for the answer. @param {LessonQuestion} spec @param {string} id @param {HTMLElement[]} parts */
function questionBody(spec, id, parts) {
  const answers = h("div", { class: "qps-answers" }, ...parts);
  if (spec.kind === "number") return h("div", {}, h("label", { for: id, class: "qps-prompt" }, spec.prompt), answers);
  return h("fieldset", {}, h("legend", { class: "qps-prompt" }, spec.prompt), answers);
}

/** @param {Rendered} given */
function renderQuestion({ model, el }) {
  const spec = model.get("spec");
  const id = newId(); // also where each question has this module for itself
  const { parts, read } = answerField(spec, id);
  const verdict = h("p", { class: "qps-question-verdict", role: "status" });
  let number = 0;
  /** @param {Event} event */
  const ask = (event) => {
    event.preventDefault();
    number += 1;
    model.set("request", { number, answer: read() });
    model.save_changes();
  };
  const show = () => {
    const { good, words } = model.get("verdict");
    verdict.textContent = words ? `${good ? "✓" : "✕"} ${words}` : "";
    verdict.classList.toggle("qps-right", Boolean(good));
  };
  const body = questionBody(spec, id, parts);
  const form = h(
    "form",
    { class: "qps qps-question", onsubmit: ask },
    body,
    h("button", { type: "submit", class: "qps-primary" }, "Check"),
    verdict,
  );
  /** @param {ColourMode} mode */
  const colour = (mode) => {
    form.dataset.mode = mode;
  };
  const colours = new Mode(colour);
  colour(colours.present);
  el.append(form);
  model.on("change:verdict", show);
  show();
  return () => {
    colours.stop();
    model.off("change:verdict", show);
  };
}

export default { render: renderQuestion };
