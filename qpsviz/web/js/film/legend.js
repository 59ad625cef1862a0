// What each mark of a film means; only marks that the run can show.
import { LAMBDAS } from "./frames.js";
import { showsSlots } from "./photons.js";
/** @import { FilmLayout, FilmRun, Legend, LegendEntry, Painter, SignalKind } from "../types.js" */

const TEXT_PX = 11;
const ROW_PX = 17;
const FOOT_PX = 14;
const SCALE_ROOM_PX = 250;

/** Entries for a run: a text and what draws its mark about a point. @param {FilmRun} run */
export function filmLegend(run) {
  const slots = showsSlots(run);
  const qubits = { text: slots ? "slot, F 1 → ¼" : "photon, F 1 → ¼", mark: 40, draw: fading };
  const lossy = run.legs.eta1.some((eta) => eta < 1);
  const messages = run.signalKinds;
  /** @type {(LegendEntry | false)[]} */
  const entries = [
    { text: "header, trailer", mark: 6, draw: (p, x, y) => p.block(x, y, 6, 12, p.tokens.header, false) },
    qubits,
    run.wavelengths > 1 && {
      text: `λ1 to λ${run.wavelengths}`,
      mark: 9 * Math.min(run.wavelengths, LAMBDAS.length),
      draw: (p, x, y) => lambdas(p, x, y, run.wavelengths),
    },
    !slots && lossy && { text: "lost here", mark: 9, draw: (p, x, y) => p.ring(x + 4, y, 4, p.tokens.qubit, 1) },
    run.attempts > 1 && !run.reserves && { text: "sent again", mark: 6, draw: (p, x, y) => p.hollowBlock(x, y - 6, 6, 12) },
    ...messages.filter((kind) => run.reserves && kind.ofCircuit).map(messageEntry),
    run.reserves && { text: "reserved", mark: 18, draw: (p, x, y) => p.reserved(x, y, x + 18, y) },
    ...messages.filter((kind) => run.attempts > 1 && !run.reserves && !kind.ofCircuit).map(messageEntry),
    (run.dwells || run.keeps) && { text: "memory", mark: 10, draw: slot },
    { text: run.attempts > 1 && !run.reserves ? "attempt dropped" : "frame dropped", mark: 8, draw: (p, x, y) => p.mark(x + 4, y, 4) },
  ];
  return entries.filter((entry) => entry !== false);
}

/** @param {SignalKind} kind @returns {LegendEntry} */
function messageEntry(kind) {
  return { text: kind.label, mark: 10, draw: (p, x, y) => p.message(x + 5, y, kind, kind.ahead ? 1 : -1) };
}

/** @param {Painter} painter @param {number} x @param {number} y */
function fading(painter, x, y) {
  for (let i = 0; i < 5; i++) painter.qubit(x + 3 + i * 8, y, 3.6, 1 - (i / 4) * 0.75);
}

/**
 * The colour that a payload has on each wavelength, as a band under its dots.
 * @param {Painter} painter @param {number} x @param {number} y @param {number} count
 */
function lambdas(painter, x, y, count) {
  LAMBDAS.slice(0, count).forEach((name, i) => {
    painter.band(x + 9 * i, x + 9 * i + 7, y, 12, painter.tokens[name], 0.6);
  });
}

/** @param {Painter} painter @param {number} x @param {number} y */
function slot(painter, x, y) {
  const c = painter.context;
  c.fillStyle = painter.tokens["memory-soft"];
  c.strokeStyle = painter.tokens.memory;
  c.lineWidth = 1;
  c.fillRect(x, y - 5, 10, 10);
  c.strokeRect(x, y - 5, 10, 10);
}

/**
 * Rows of entries that fit a width, each with its place from the left; how many rows there are.
 * @param {Painter} painter @param {LegendEntry[]} entries @param {number} width
 */
export function legendRows(painter, entries, width) {
  const placed = [];
  let [x, row] = [0, 0];
  for (const entry of entries) {
    const w = entry.mark + 5 + painter.widthOf(entry.text, { size: TEXT_PX });
    if (x > 0 && x + w > width) [x, row] = [0, row + 1];
    placed.push({ ...entry, x, row });
    x += w + 12;
  }
  return { placed, rows: row + 1 };
}

/**
 * A layout with its legend: beside what stands at the foot of the picture where both fit, else in rows below it.
 * @template {FilmLayout} Layout
 * @param {Painter} painter @param {Layout} layout @param {LegendEntry[]} entries
 */
export function withLegend(painter, layout, entries) {
  const beside = legendRows(painter, entries, Infinity);
  const last = beside.placed[beside.placed.length - 1];
  const wide = last.x + last.mark + 5 + painter.widthOf(last.text, { size: TEXT_PX });
  const fits = wide < painter.width - SCALE_ROOM_PX - 24;
  const legend = fits ? beside : legendRows(painter, entries, painter.width - 24);
  const left = fits ? painter.width - wide - 12 : 12;
  const whole = layout.height + (fits ? 0 : legend.rows * ROW_PX + 2);
  const top = layout.height - FOOT_PX + (fits ? 0 : ROW_PX + 2);
  return { ...layout, legend: { ...legend, left, top }, whole };
}

/**
 * Draw a legend where it was placed.
 * @param {Painter} painter @param {Legend & { left: number, top: number }} given
 */
export function drawLegend(painter, { placed, left, top }) {
  for (const { text, mark, draw, x, row } of placed) {
    draw(painter, left + x, top + row * ROW_PX);
    painter.text(text, left + x + mark + 5, top + row * ROW_PX, { color: painter.tokens["ink-soft"], size: TEXT_PX, align: "left" });
  }
}
