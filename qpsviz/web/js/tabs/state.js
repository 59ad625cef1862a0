// The state of an arrived pair: its density matrix, what it is good for, and both halves.
import { fixed, h, scientific } from "../page/dom.js";
import { svg } from "../page/svg.js";
/** @import { ExplorerPage, StateAnswer } from "../types.js" */

const LABELS = ["00", "01", "10", "11"];
const CELL = 46;

export class StateTab {
  /** @param {ExplorerPage} page */
  constructor(page) {
    this.page = page;
    this.busy = false;
    this.wanted = false;
    this.body = h("div", { class: "qps-state" });
    this.element = h("div", { class: "qps-tab-content" }, this.body);
    this.say("Loading QuTiP, the referee …");
  }

  /** A new scenario: ask again, but never more than one question at a time. */
  update() {
    this.wanted = true;
    if (!this.busy) this.ask();
  }

  async ask() {
    this.busy = true;
    while (this.wanted) {
      this.wanted = false;
      try {
        const answer = /** @type {{ loading: true } | StateAnswer} */ (
          /** @type {unknown} */ (await this.page.ask("tab", { tab: "state" }))
        );
        if ("loading" in answer) {
          await new Promise((resolve) => setTimeout(resolve, 300));
          this.wanted = true;
        } else this.show(answer);
      } catch (error) {
        this.say(/** @type {Error} */ (error).message);
      }
    }
    this.busy = false;
  }

  /** @param {string} text */
  say(text) {
    this.body.replaceChildren(h("p", { class: "qps-empty", role: "status" }, text));
  }

  /** @param {StateAnswer} answer */
  show(answer) {
    const merits = answer.merits.map(({ name, referee, closed_form }) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, name),
        h("td", {}, fixed(referee, 6)),
        h("td", {}, fixed(closed_form, 6)),
        h("td", {}, Math.abs(referee - closed_form) < 1e-6 ? "agree" : scientific(referee - closed_form, 2)),
      ),
    );
    this.body.replaceChildren(
      figure("Density matrix ρ", matrix(answer), "Area: size of an entry. Solid: positive, outlined: negative."),
      figure("Halves and correlations", halves(answer), "Each half alone is a point on the z axis: all else is shared."),
      h(
        "div",
        { class: "qps-table-box" },
        h(
          "table",
          { class: "qps-table" },
          h("caption", {}, "What it is good for"),
          h("thead", {}, h("tr", {}, ...["", "QuTiP", "closed form", ""].map((t) => h(t ? "th" : "td", t ? { scope: "col" } : {}, t)))),
          h("tbody", {}, ...merits),
        ),
        h(
          "p",
          { class: "qps-hint" },
          `F above ½ is entangled, below it concurrence decides; CHSH above 2 is nonlocal; teleportation above ⅔ beats any classical way. Both halves arrive with probability ${scientific(answer.p_arrival, 3)}.`,
        ),
      ),
    );
  }
}

/** @param {string} title @param {SVGElement} drawing @param {string} caption */
function figure(title, drawing, caption) {
  return h("figure", { class: "qps-plot" }, h("h3", {}, title), drawing, h("figcaption", {}, caption));
}

/** A Hinton picture with the numbers written beside the squares. @param {Pick<StateAnswer, "re">} given */
function matrix({ re }) {
  const drawing = svg("svg", { viewBox: `0 0 ${4 * CELL + 40} ${4 * CELL + 24}`, role: "img", "aria-label": describe(re) });
  LABELS.forEach((label, i) => {
    drawing.append(text(`|${label}⟩`, 14, 24 + (i + 0.55) * CELL), text(`⟨${label}|`, 32 + (i + 0.5) * CELL, 14));
    for (const [j, value] of re[i].entries()) drawing.append(...cell(value, 32 + j * CELL, 22 + i * CELL));
  });
  return drawing;
}

/** @param {number} value @param {number} x @param {number} y */
function cell(value, x, y) {
  const side = Math.sqrt(Math.min(1, Math.abs(value) * 2)) * (CELL - 8);
  const square = svg("rect", {
    x: x + (CELL - side) / 2,
    y: y + (CELL - side) / 2,
    width: side,
    height: side,
    rx: 2,
    class: value < 0 ? "qps-minus" : "qps-plus",
  });
  const frame = svg("rect", { x: x + 1, y: y + 1, width: CELL - 2, height: CELL - 2, class: "qps-cell" });
  const inside = side > 30;
  if (Math.abs(value) < 5e-4) return [frame, square];
  return [frame, square, text(fixed(value, 3), x + CELL / 2, y + CELL / 2 + (inside ? 4 : side / 2 + 11), inside ? "qps-on-plus" : "")];
}

/** @param {number[][]} re */
function describe(re) {
  return `Density matrix; diagonal ${re.map((row, i) => fixed(row[i], 3)).join(", ")}; corner ${fixed(re[0][3], 3)}`;
}

/** @param {Pick<StateAnswer, "bloch" | "correlations">} given */
function halves({ bloch, correlations }) {
  const drawing = svg("svg", {
    viewBox: "0 0 250 208",
    role: "img",
    "aria-label": `Bloch vectors with z ${bloch.map((v) => fixed(v[2], 3)).join(" and ")}; correlations XX, YY, ZZ ${correlations.map((v) => fixed(v, 3)).join(", ")}`,
  });
  bloch.forEach(([, , z], i) => {
    const x = 66 + i * 118;
    drawing.append(
      svg("circle", { cx: x, cy: 56, r: 40, class: "qps-cell" }),
      svg("ellipse", { cx: x, cy: 56, rx: 40, ry: 11, class: "qps-cell" }),
      svg("line", { x1: x, y1: 56, x2: x, y2: 56 - 40 * z, class: "qps-arrow" }),
      svg("circle", { cx: x, cy: 56 - 40 * z, r: 5, class: "qps-dot" }),
      text("|0⟩", x, 11),
      text("|1⟩", x, 108),
      text(`half ${"AB"[i]}: z = ${fixed(z, 3)}`, x, 124),
    );
  });
  ["XX", "YY", "ZZ"].forEach((axis, i) => {
    const [y, value] = [146 + i * 21, correlations[i]];
    drawing.append(
      text(`⟨${axis}⟩`, 22, y + 4),
      svg("line", { x1: 122, y1: y - 8, x2: 122, y2: y + 8, class: "qps-cell" }),
      svg("rect", {
        x: value < 0 ? 122 + 76 * value : 122,
        y: y - 6,
        width: Math.abs(76 * value),
        height: 12,
        class: value < 0 ? "qps-minus" : "qps-plus",
      }),
      text(fixed(value, 3), 228, y + 4),
    );
  });
  return drawing;
}

/** @param {string} content @param {number} x @param {number} y */
function text(content, x, y, extra = "") {
  return svg("text", { x, y, "text-anchor": "middle", class: `qps-svg-text ${extra}` }, content);
}
