// Messages beside the frames: set-up, confirmation, refusal and release of circuits, and notices of drops.
import { h } from "../page/dom.js";
/** @import { FilmLayout, FilmRun, Painter, SignalKind } from "../types.js" */

const OVER_PX = 21; // above or below the fibre, by direction, so that two that meet can be told apart

/**
 * Times from which and until which a circuit holds each fibre: from its set-up's passing to its release or refusal.
 * @param {Pick<FilmRun, "signals" | "signalKinds" | "nSignals">} run
 */
export function reservationsOf(run) {
  const { kind, frame, attempt, from, to, out, in: came } = run.signals;
  const open = new Map();
  const found = [];
  for (let i = 0; i < run.nSignals; i++) {
    const { ahead, reserves, frees } = run.signalKinds[kind[i]];
    const ends = ahead ? [from[i], to[i]] : [to[i], from[i]];
    const key = [frame[i], attempt[i], ...ends].join();
    if (reserves) {
      open.set(key, { from: from[i], to: to[i], start: out[i], end: Infinity });
      found.push(open.get(key));
    } else if (frees && open.has(key)) open.get(key).end = Math.min(open.get(key).end, ahead ? out[i] : came[i]);
  }
  return found;
}

/** @param {Painter} painter @param {FilmRun} run @param {FilmLayout} layout @param {number} t */
export function drawReservations(painter, run, layout, t) {
  run.reservations ??= reservationsOf(run);
  for (const { from, to, start, end } of run.reservations) {
    if (t < start || t >= end) continue;
    const { x0, y0, x1, y1 } = layout.fibre(from, to, 0);
    painter.reserved(x0, y0, x1, y1);
  }
}

/** @param {Painter} painter @param {FilmRun} run @param {FilmLayout} layout @param {number} t */
export function drawSignals(painter, run, layout, t) {
  const { kind, from, to, out, in: came } = run.signals;
  const said = new Map(); // words that stand somewhere already are not written over each other
  for (let i = 0; i < run.nSignals; i++) {
    if (t < out[i] || t >= came[i]) continue;
    const look = run.signalKinds[kind[i]];
    const fibre = layout.fibre(from[i], to[i], 0);
    const [x, y] = fibre.point((t - out[i]) / (came[i] - out[i]));
    const over = layout.isLine ? -OVER_PX * (look.ahead ? 1 : -1) : 0;
    const c = painter.context;
    c.save();
    c.translate(x, y + over);
    c.rotate(fibre.angle);
    painter.message(0, 0, look, 1);
    c.restore();
    const place = `${look.said}|${Math.round(x / 60)}|${Math.round(y / 20)}`;
    if (said.has(place) || (!layout.isLine && layout.crowded)) continue;
    said.set(place, true);
    const color = painter.tokens[look.fails ? "drop" : "header-ink"];
    if (over <= 0) painter.text(look.said, x, y + over - 13, { color, size: 11, halo: true, inside: true });
    else {
      const beside = 9 + painter.widthOf(look.said, { size: 11 }) / 2; // behind it, clear of the names below
      painter.text(look.said, x - Math.cos(fibre.angle) * beside, y + over, { color, size: 11, halo: true, inside: true });
    }
  }
}

/** Which line stands for which message, of those that a run has. @param {FilmRun} run */
export function keyOfMessages(run) {
  const kinds = [...new Set(run.signals.kind)].map((kind) => run.signalKinds[kind]);
  /** @param {SignalKind} kind */
  const line = ({ fails, line: dash }) =>
    h("i", { class: "qps-key", style: `--key: var(--${fails ? "drop" : "header"})`, "data-dash": dash });
  const again = run.legs.attempt.some((attempt) => attempt > 1);
  return [
    ...kinds.map((kind) => h("li", {}, line(kind), kind.label)),
    ...(again
      ? [h("li", {}, h("i", { class: "qps-key", style: "--key: var(--header)", "data-dash": "dashed" }), "header sent again")]
      : []),
  ];
}
