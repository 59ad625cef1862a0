// The network with frames moving through it, drawn to scale from the legs of a run.
import { h } from "./dom.js";
import { layOut } from "./network_layout.js";
import { between, NO_LEG, shortTime } from "./run.js";
import { Painter } from "./painter.js";

const HEIGHT = 236;
const FIBRE_Y = 78;
const MEMORY_Y = 138;
const ABOVE_Y = FIBRE_Y - 68;
const LABEL_Y = FIBRE_Y + 38;
const LABEL_ROW_PX = 14;
const MIN_DOT_PX = 3.2;

export class Player {
  constructor(clock) {
    this.clock = clock;
    this.canvas = h("canvas", { class: "qps-canvas", role: "img", "aria-label": "Frames moving through the network" });
    this.element = h("div", { class: "qps-player" }, this.canvas);
    this.painter = new Painter(this.canvas);
    this.run = null;
    this.painted = 0;
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.element);
    this.unsubscribe = clock.subscribe(() => this.draw());
  }

  /** A new run; the clock, which is rewound for it, has it drawn. */
  load(run) {
    this.run = run;
    this.canvas.setAttribute("aria-label", run.description);
    this.layOut();
  }

  /** Fit the room there is; a picture to save asks for a ratio of pixels of its own. */
  resize(ratio) {
    this.painter.resize(this.element.clientWidth, HEIGHT, ratio);
    this.layOut();
    this.draw();
  }

  layOut() {
    const { run, painter } = this;
    if (run && painter.width) this.layout = layOut(run.nodes, painter.width, (name) => painter.widthOf(name, { bold: true }));
  }

  retheme() {
    this.painter.readTokens();
    this.draw();
  }

  x(km) {
    return this.layout.x(km);
  }

  draw() {
    const { painter, run } = this;
    if (!run || !painter.width) return;
    const t = this.clock.time;
    this.painted += 1;
    painter.clear();
    this.drawFibres();
    const held = run.nodes.map(() => ({ slots: 0, reading: null, drops: 0, frames: 0, qubits: 0, cut: 0, f: 1 }));
    for (let leg = 0; leg < run.nLegs; leg++) this.drawLeg(leg, t, held);
    this.drawKept(t, held);
    for (let node = 0; node < run.nodes.length; node++) this.drawNode(node, held[node]);
    this.drawFlashes(t);
    this.drawScale();
  }

  drawFibres() {
    const { painter, run } = this;
    for (const { from, to, length } of run.links) {
      const [a, b] = [this.layout.at[from], this.layout.at[to]];
      painter.line(a, FIBRE_Y, b, FIBRE_Y, painter.tokens.fibre, 2);
      if (Math.abs(b - a) > 150) {
        const text = `${+length.toFixed(1)} km · ${shortTime(length / run.speed)}`;
        painter.text(text, (a + b) / 2, FIBRE_Y + 30, { color: painter.tokens["ink-soft"], size: 11 });
      }
    }
  }

  /** Place on the leg at time t of what left at `departure`, in px; null when not on it. */
  place(leg, departure, t) {
    const { x0, x1, h0, h1 } = this.run.legs;
    const flight = h1[leg] - h0[leg];
    if (t < departure || t >= departure + flight) return null;
    return this.x(between(x0[leg], x1[leg], flight ? (t - departure) / flight : 1));
  }

  drawLeg(leg, t, held) {
    const { legs, payload, spacing } = this.run;
    const { h0, h1, p0, to, next, end, endTime } = legs;
    if (t < h0[leg]) return;
    const flight = h1[leg] - h0[leg];
    const isLast = next[leg] === NO_LEG;
    const node = held[to[leg]];
    if (t >= h1[leg] && !isLast && t < h1[leg] + this.run.processing && this.run.reads) {
      node.reading = (t - h1[leg]) / this.run.processing;
    }
    if (isLast && t >= endTime[leg]) {
      if (end[leg] > 0) node.drops += 1;
      else if (end[leg] === 0) node.frames += 1;
    }
    const through = p0[leg] + flight + payload;
    if (t < through + spacing) this.drawFrame(leg, t, flight);
    this.countQubits(leg, t, node, isLast);
  }

  drawFrame(leg, t, flight) {
    const { painter } = this;
    const { payload, spacing, qubits } = this.run;
    const { h0, p0, lost, f0, f1, x0, x1 } = this.run.legs;
    const forward = x1[leg] >= x0[leg];
    const header = this.place(leg, h0[leg], t);
    const trailer = this.place(leg, p0[leg] + payload, t);
    const pxPerUs = flight ? Math.abs(this.x(x1[leg]) - this.x(x0[leg])) / flight : 0;
    const dot = Math.max(1.6, Math.min(5.5, pxPerUs * spacing * 0.38));
    const head = this.onFibre(leg, p0[leg] + lost[leg], t, flight);
    const tail = this.onFibre(leg, p0[leg] + payload, t, flight);
    if (head !== null && tail !== null && Math.abs(head - tail) > 0.5) {
      painter.band(head, tail, FIBRE_Y, 26, painter.tokens.qubit, 0.13);
    }
    if (pxPerUs * spacing >= MIN_DOT_PX) {
      for (let i = 0; i < qubits; i++) {
        if ((i + 0.5) * spacing < lost[leg]) continue;
        const departure = p0[leg] + (i + 0.5) * spacing;
        const x = this.place(leg, departure, t);
        if (x === null) continue;
        painter.qubit(x, FIBRE_Y, dot, between(f0[leg], f1[leg], (t - departure) / flight));
      }
    } else if (head !== null && tail !== null) {
      const share = Math.max(0, Math.min(1, (t - p0[leg]) / flight));
      painter.qubitBand(head, tail, FIBRE_Y, 11, between(f0[leg], f1[leg], share));
    }
    if (header !== null) painter.block(header, FIBRE_Y, 8, 30, painter.tokens.header, forward);
    if (trailer !== null) painter.block(trailer, FIBRE_Y, 5, 30, painter.tokens.header, !forward);
    this.drawGuard(leg, header, head, pxPerUs);
  }

  /** Like `place`, but clipped to the fibre while the payload is entering or leaving it. */
  onFibre(leg, departure, t, flight) {
    const { x0, x1, p0, lost } = this.run.legs;
    const first = p0[leg] + lost[leg];
    const last = p0[leg] + this.run.payload + flight;
    if (t < first || t >= last) return null;
    return this.x(between(x0[leg], x1[leg], flight ? (t - departure) / flight : 1));
  }

  drawGuard(leg, header, head, pxPerUs) {
    const { painter } = this;
    const { h0, p0 } = this.run.legs;
    const guard = p0[leg] - h0[leg];
    if (header === null || guard <= 0 || guard * pxPerUs < 8) return;
    const from = head ?? this.x(this.run.legs.x0[leg]);
    if (Math.abs(header - from) < 8) return; // it has only begun to leave
    const y = FIBRE_Y - 26;
    painter.bracket(header, from, y, painter.tokens["header-ink"]);
    if (Math.abs(header - from) > 26) {
      painter.text(`guard ${shortTime(guard)}`, (header + from) / 2, y - 9, {
        color: painter.tokens["header-ink"], size: 11, halo: true,
      });
    }
  }

  /** Qubits inside the node that a leg ends at: arrived and not yet sent on, cut off, or received. */
  countQubits(leg, t, node, isLast) {
    const { spacing, qubits, dwells } = this.run;
    const { h0, h1, p0, lost, next, end, endTime, f1, fEnd } = this.run.legs;
    const flight = h1[leg] - h0[leg];
    const arrival = p0[leg] + flight;
    if (t < arrival) return;
    const first = Math.round(lost[leg] / spacing);
    const arrived = Math.min(qubits, Math.floor((t - arrival) / spacing + 0.5)) - first;
    if (arrived <= 0) return;
    if (isLast) {
      if (end[leg] === 0) node.qubits += arrived;
      else if (dwells && t < endTime[leg]) node.slots += arrived;
      return;
    }
    const leaving = next[leg];
    const cutFrom = Math.round(this.run.legs.lost[leaving] / spacing);
    node.cut += Math.max(0, Math.min(arrived, cutFrom - first));
    if (!dwells) return;
    const sent = Math.max(0, Math.min(qubits, Math.floor((t - p0[leaving]) / spacing + 0.5)) - first);
    const inside = arrived - sent;
    if (inside <= 0) return;
    node.slots += inside;
    const dwell = this.run.legs.p0[leaving] - arrival;
    node.f = between(f1[leg], fEnd[leg], dwell ? (t - arrival) / dwell : 1);
  }

  /** In the sender layout one half of every pair waits at the sender. */
  drawKept(t, held) {
    if (!this.run.keeps) return;
    const { legs, nLegs, spacing, qubits, sourceNode } = this.run;
    let kept = 0;
    let f = 0;
    for (let leg = 0; leg < nLegs; leg++) {
      if (legs.hop[leg] !== 0 || t < legs.p0[leg] || t >= legs.doneTime[leg]) continue;
      const sent = Math.min(qubits, Math.floor((t - legs.p0[leg]) / spacing + 0.5));
      const gone = Math.max(0, Math.min(qubits, Math.floor((t - legs.doneTime[leg] + this.run.payload) / spacing)));
      kept += Math.max(0, sent - gone);
      f = 1;
    }
    held[sourceNode].slots = kept;
    held[sourceNode].f = f;
  }

  drawNode(index, state) {
    const { painter, run } = this;
    const node = run.nodes[index];
    const x = this.layout.at[index];
    const { crowded, scale, slotsPerRow, labels, labelRows } = this.layout;
    painter.node(x, FIBRE_Y, node.role, state.reading, scale);
    const label = labels[index];
    if (label) painter.text(label.text, x, LABEL_Y + LABEL_ROW_PX * label.row, { color: painter.tokens.ink, bold: true });
    const holds = (node.role === "relay" && run.dwells) || (run.keeps && index === run.sourceNode);
    let y = MEMORY_Y + LABEL_ROW_PX * (labelRows - 1);
    if (holds && slotsPerRow[index] > 0) {
      y = painter.slots(x, y, run.qubits, state.slots, state.f, slotsPerRow[index]) + 13;
      if (!crowded || state.slots) {
        const word = node.role === "relay" ? "stored" : "kept";
        painter.text(crowded ? String(state.slots) : `${state.slots} ${word}`, x, y, {
          color: painter.tokens.memory, size: 11,
        });
      }
      y += 17;
    }
    if (node.role === "receiver") {
      const top = crowded ? ABOVE_Y : y; // below, the memories of its neighbours need the room
      const [frames, qubits] = counts(state);
      painter.text(frames, x, top, { color: painter.tokens.ink, size: 12, inside: true });
      painter.text(qubits, x, top + 15, { color: painter.tokens["ink-soft"], size: 11, inside: true });
    }
    if (state.cut) {
      painter.text(crowded ? `−${state.cut}` : `${state.cut} cut off`, x, y, { color: painter.tokens.drop, size: 11 });
      y += 15;
    }
    if (state.drops) painter.drops(x, y, state.drops, crowded);
  }

  /** A drop is shown where it happens, with its reason, for about a second of the person's time. */
  drawFlashes(t) {
    const { legs, nLegs, fates } = this.run;
    const life = this.clock.speed * 0.9;
    for (let leg = 0; leg < nLegs; leg++) {
      if (legs.next[leg] !== NO_LEG || legs.end[leg] <= 0) continue;
      const age = (t - legs.endTime[leg]) / life;
      if (age < 0 || age > 1) continue;
      this.painter.cross(this.layout.at[legs.to[leg]], FIBRE_Y, fates[legs.end[leg]], 1 - age);
    }
  }

  drawScale() {
    const { painter, run } = this;
    const { margin, span } = this.layout;
    if (span) {
      const power = 10 ** Math.floor(Math.log10(span / 6));
      const km = [1, 2, 5, 10].map((m) => m * power).filter((v) => v <= (span / 6) * 1.01).pop() ?? power;
      const px = (km / span) * (painter.width - 2 * margin);
      painter.scaleBar(margin, HEIGHT - 14, px, `${+km.toPrecision(2)} km = ${shortTime(km / run.speed)} of light`);
    } else {
      painter.text("no fibre; nodes drawn apart", margin, HEIGHT - 14, { color: painter.tokens["ink-soft"], size: 11, align: "left" });
    }
    if (painter.width > 460) painter.legend(painter.width - 12, HEIGHT - 14, painter.width > 820);
  }

  destroy() {
    this.unsubscribe();
    this.resizer.disconnect();
  }
}

/** What a receiver has got, as words. */
function counts({ frames, qubits }) {
  return [`${frames} frame${frames === 1 ? "" : "s"}`, `${qubits} qubit${qubits === 1 ? "" : "s"} in`];
}
