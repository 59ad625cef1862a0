// Messages beside the frames: set-up, confirmation, refusal and release of circuits, and notices of drops.

const WORDS = { setup: "set-up", confirm: "confirmed", refuse: "refused", release: "release", notice: "dropped" };
const OVER_PX = 21; // above or below the fibre, by direction, so that two that meet can be told apart

/** Times from which and until which a circuit holds each fibre: from its set-up's passing to its release or refusal. */
export function reservationsOf(run) {
  const { kind, frame, attempt, from, to, out, in: came } = run.signals;
  const open = new Map();
  const found = [];
  for (let i = 0; i < run.nSignals; i++) {
    const name = run.signalKinds[kind[i]];
    const ends = name === "refuse" ? [to[i], from[i]] : [from[i], to[i]];
    const key = [frame[i], attempt[i], ...ends].join();
    if (name === "setup") {
      open.set(key, { from: from[i], to: to[i], start: out[i], end: Infinity });
      found.push(open.get(key));
    } else if (name === "release" && open.has(key)) open.get(key).end = Math.min(open.get(key).end, out[i]);
    else if (name === "refuse" && open.has(key)) open.get(key).end = Math.min(open.get(key).end, came[i]);
  }
  return found;
}

export function drawReservations(painter, run, layout, t) {
  run.reservations ??= reservationsOf(run);
  for (const { from, to, start, end } of run.reservations) {
    if (t < start || t >= end) continue;
    const { x0, y0, x1, y1 } = layout.fibre(from, to, 0);
    painter.reserved(x0, y0, x1, y1);
  }
}

export function drawSignals(painter, run, layout, t) {
  const { kind, from, to, out, in: came } = run.signals;
  const said = new Map(); // words that stand somewhere already are not written over each other
  for (let i = 0; i < run.nSignals; i++) {
    if (t < out[i] || t >= came[i]) continue;
    const name = run.signalKinds[kind[i]];
    const fibre = layout.fibre(from[i], to[i], 0);
    const [x, y] = fibre.point((t - out[i]) / (came[i] - out[i]));
    const over = layout.isLine ? -OVER_PX * (name === "setup" || name === "release" ? 1 : -1) : 0;
    const c = painter.context;
    c.save();
    c.translate(x, y + over);
    c.rotate(fibre.angle);
    painter.message(0, 0, name, 1);
    c.restore();
    const place = `${name}|${Math.round(x / 60)}|${Math.round(y / 20)}`;
    if (said.has(place) || (!layout.isLine && layout.crowded)) continue;
    said.set(place, true);
    const color = painter.tokens[name === "refuse" || name === "notice" ? "drop" : "header-ink"];
    if (over <= 0) painter.text(WORDS[name], x, y + over - 13, { color, size: 11, halo: true, inside: true });
    else {
      const beside = 9 + painter.widthOf(WORDS[name], { size: 11 }) / 2; // behind it, clear of the names below
      painter.text(WORDS[name], x - Math.cos(fibre.angle) * beside, y + over, { color, size: 11, halo: true, inside: true });
    }
  }
}
