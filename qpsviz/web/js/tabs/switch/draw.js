// What moves inside a switch: header, trailer and qubits on the rails of a layout, drawn on a canvas over its cards.
import { alongPath, slotGrid } from "./layout.js";
import { inSwitch, onLeg, showsSlots } from "../../film/photons.js";
import { fidelityInside, qubitTimes, reaches, slotsOf, stayShare, stretchOf } from "./moves.js";
import { drawCommand, drawWires } from "./wires.js";

const QUBIT_PX = 4.5;
const MOST_DOTS = 400;

export class SwitchDrawing {
  constructor(painter) {
    this.painter = painter;
  }

  /** Take a new layout, or a new set of visits: everything that does not change from frame to frame. */
  set(layout, data, run, visits, setUps) {
    Object.assign(this, { layout, data, run, visits, setUps, stretch: stretchOf(run) });
    const place = (kind) => data.nodes.findIndex((node) => node.kind === kind);
    const [reader, unit, writer] = ["O/E converter", "control unit", "header regeneration"].map(place);
    this.unit = layout.cards[unit];
    this.memory = layout.cards[place("q-memory")];
    const { header, payload, parting, merging } = layout;
    this.header = {
      path: header, part: header.at.get(parting).right, merge: header.at.get(merging).left,
      reader: header.at.get(reader).middle, unit: header.at.get(unit).middle, writer: header.at.get(writer).middle,
    };
    const store = payload.at.get(place("q-memory"));
    this.payload = { path: payload, part: payload.at.get(parting).right, merge: payload.at.get(merging).left, store };
    this.grid = run.dwells ? slotGrid(this.memory, slotsOf(run, visits)) : null;
  }

  draw(time, speed) {
    drawWires(this.painter, this.layout);
    if (this.run.dwells) this.drawCommand(time);
    this.drawSlots();
    for (const visit of this.visits) {
      if (time < visit.headerIn - this.stretch) continue;
      if (time > this.lastMoment(visit)) continue;
      this.drawReading(visit, time);
      this.drawPayload(visit, time);
      this.drawHeader(visit, time);
      this.drawTrailer(visit, time);
    }
    this.drawSetUps(time, speed * 0.9);
    this.drawDrops(time, speed * 0.9);
  }

  lastMoment(visit) {
    const end = Number.isFinite(visit.payloadOut) ? visit.payloadOut : Math.max(visit.payloadIn, visit.dropTime);
    return end + this.run.payload + 2 * this.stretch;
  }

  /** The command to let qubits go, bright while the first ones leave. */
  drawCommand(time) {
    const fresh = this.visits.some((v) => time >= v.payloadOut - this.stretch / 4 && time < v.payloadOut + this.stretch / 2);
    drawCommand(this.painter, this.layout.command, fresh);
  }

  drawSlots() {
    const { painter, grid, run, visits } = this;
    if (!grid) return;
    const count = slotsOf(run, visits);
    const c = painter.context;
    c.fillStyle = painter.tokens["memory-soft"];
    c.strokeStyle = painter.tokens.memory;
    c.lineWidth = 1;
    for (let i = 0; i < count; i++) {
      const [x, y] = grid.place(i);
      const half = (grid.size - 2) / 2;
      c.fillRect(x - half, y - half, 2 * half, 2 * half);
      c.strokeRect(x - half, y - half, 2 * half, 2 * half);
    }
  }

  /** How far the control unit is with a header. */
  drawReading(visit, time) {
    const { reads, processing } = this.run;
    if (!reads) return;
    this.drawProgress(visit.headerIn, visit.read, time);
    // A trailer is read and written anew too, where it leaves late enough for that.
    if (visit.trailerOut - visit.trailerIn >= processing - 1e-9) this.drawProgress(visit.trailerIn, visit.trailerIn + processing, time);
  }

  /** A circuit is reserved, or refused, once the control unit has read the set-up message. */
  drawSetUps(time, life) {
    for (const { done, refused } of this.setUps) {
      this.drawProgress(done - this.run.processing, done, time);
      if (refused) this.drawCross(this.unit, this.run.fates[this.data.drops.length - 1], (time - done) / life);
    }
  }

  drawProgress(start, end, time) {
    const { painter, unit } = this;
    if (time < start || time >= end) return;
    const share = (time - start) / (end - start);
    const [x, y, width] = [unit.x + 7, unit.rail - 21, unit.w - 14];
    painter.context.fillStyle = painter.tokens.sunken;
    painter.context.fillRect(x, y, width, 5);
    painter.context.fillStyle = painter.tokens.header;
    painter.context.fillRect(x, y, width * share, 5);
  }

  drawHeader(visit, time) {
    if (time >= visit.dropTime) return;
    const length = this.classicalPlace(time, visit.headerIn, visit.read, visit.headerOut);
    if (length !== null) this.block(length, 7, this.number(visit), visit.attempt > 1);
  }

  drawTrailer(visit, time) {
    const { payload } = this.run;
    if (time >= visit.dropTime && visit.payloadIn + payload > visit.dropTime) return;
    const { trailerIn: came, trailerOut: goes } = visit;
    const length = this.classicalPlace(time, came, Math.min(came + this.run.processing, goes), goes);
    if (length !== null) this.block(length, 4, "", visit.attempt > 1);
  }

  /** The length along its way of a header that comes, is read and goes at these times; null when it is not here. */
  classicalPlace(time, came, read, goes) {
    const { path, part, merge, reader, unit, writer } = this.header;
    const half = this.stretch / 2;
    if (time < came - this.stretch || time >= goes + this.stretch) return null;
    const rests = goes - came >= half;
    const [arrive, leave] = rests ? [reader, writer] : [unit, unit];
    if (time < came) return twoSteps(time - came + this.stretch, half, 0, part, arrive);
    if (time >= goes) return twoSteps(time - goes, half, leave, merge, path.length);
    if (!rests) return unit;
    const move = Math.min(half, Math.max((read - came) / 4, 0));
    if (time < came + move) return mix(reader, unit, (time - came) / move);
    if (time < read - move) return unit;
    return time < read ? mix(unit, writer, (time - read + move) / move) : writer;
  }

  block(length, width, label, again) {
    const { painter } = this;
    const [x, y] = alongPath(this.header.path, length);
    if (again) painter.hollowBlock(x - width / 2, y - 8, width, 16);
    else painter.block(x + width / 2, y, width, 16, painter.tokens.header, true);
    const style = { color: painter.tokens["header-ink"], size: 11, bold: true, align: "left", halo: true };
    if (label) painter.text(label, x + width / 2 + 3, y, style);
  }

  /** The frame's number, and its attempt where it was sent again, as in the film. */
  number({ frame, attempt }) {
    return attempt > 1 ? `${frame} ↻${attempt}` : String(frame);
  }

  drawPayload(visit, time) {
    const { run } = this;
    if (run.qubits > MOST_DOTS) {
      this.drawStream(visit, time);
      return;
    }
    for (let i = 0; i < run.qubits; i++) {
      if (reaches(run, visit, i)) this.drawQubit(visit, i, time);
    }
  }

  drawQubit(visit, i, time) {
    const { painter, run, stretch } = this;
    const times = qubitTimes(run, visit, i);
    if (time < times.came - stretch || time >= times.goes + stretch) return;
    const fate = this.endOf(visit, times);
    if (time >= fate.time) {
      this.drawLost(fate, (time - fate.time) / stretch);
      return;
    }
    const held = time >= times.came && time < times.goes;
    if (!this.isThere(visit, i, time, times)) {
      if (held && this.grid && visit.slots.length) this.painter.ring(...this.slot(visit, i), 1.4, this.painter.tokens.memory, 1);
      return;
    }
    if (held && !run.dwells && !Number.isFinite(times.goes)) {
      const { path, store, merge } = this.payload;
      this.dot(path, mix(store.middle, merge, (time - times.came) / (stretch / 2)), visit, time);
      return;
    }
    const [x, y] = held ? this.slot(visit, i) : this.movingPlace(visit, i, times, time);
    const radius = held && this.grid ? Math.min(QUBIT_PX, this.grid.size / 2 - 1.5) : QUBIT_PX;
    painter.qubit(x, y, radius, fidelityInside(run, visit, time));
  }

  /** Whether the photon of slot i came, and has not been lost in here; its slot is drawn all the same. */
  isThere(visit, i, time, times) {
    const { run } = this;
    if (showsSlots(run)) return true;
    const share = time < times.came ? 0 : stayShare(visit, time - times.came + visit.payloadIn);
    return time < times.came ? onLeg(run, visit.leg, i, 1) : inSwitch(run, visit.leg, i, share);
  }

  dot(path, length, visit, time) {
    const [x, y] = alongPath(path, length);
    this.painter.qubit(x, y, QUBIT_PX, fidelityInside(this.run, visit, time));
  }

  /** Where and when a qubit that does not leave is lost. */
  endOf(visit, { came, cut }) {
    const atSwitch = { time: came + this.stretch / 2, length: this.payload.merge };
    if (cut) return atSwitch;
    if (!visit.drop) return { time: Infinity };
    const inMemory = this.data.nodes[this.data.drops[visit.drop]].kind === "q-memory";
    if (!inMemory && this.run.dwells) return { time: visit.dropTime, length: this.payload.store.middle };
    if (!inMemory) return atSwitch;
    return { time: Math.max(came, visit.dropTime), length: this.payload.store.left };
  }

  drawLost({ length }, share) {
    if (share > 0.6) return;
    const [x, y] = alongPath(this.payload.path, length);
    this.painter.context.globalAlpha = 1 - share / 0.6;
    this.painter.mark(x - 4, y, 3.5);
    this.painter.context.globalAlpha = 1;
  }

  slot(visit, i) {
    if (this.grid && visit.slots.length) return this.grid.place(visit.slots[i % visit.slots.length]);
    return alongPath(this.payload.path, this.payload.store.middle);
  }

  /** On the rails, with a last or first step between the memory's edge and the qubit's own slot. */
  movingPlace(visit, i, times, time) {
    const { path, part, merge, store } = this.payload;
    const half = this.stretch / 2;
    const slots = this.grid !== null && visit.slots.length > 0;
    const comes = time < times.came;
    const since = comes ? time - times.came + this.stretch : time - times.goes;
    const near = comes ? (since - half) / half : since / half;
    if (slots && comes && near > 0.75) return this.step(alongPath(path, store.left), this.slot(visit, i), (near - 0.75) * 4);
    if (slots && !comes && near < 0.25) return this.step(this.slot(visit, i), alongPath(path, store.right), near * 4);
    const goal = slots ? mix(part, store.left, near / 0.75) : store.middle;
    if (comes) return alongPath(path, twoSteps(since, half, 0, part, goal));
    if (slots && near < 1) return alongPath(path, mix(store.right, merge, (near - 0.25) / 0.75));
    return alongPath(path, twoSteps(since, half, store.middle, merge, path.length));
  }

  step(a, b, share) {
    return [mix(a[0], b[0], share), mix(a[1], b[1], share)];
  }

  /** Qubits too many to tell apart: a line along the path they are on. */
  drawStream(visit, time) {
    const { painter, run } = this;
    const c = painter.context;
    c.fillStyle = painter.shade(fidelityInside(run, visit, time));
    const { path, store } = this.payload;
    const stored = time >= visit.payloadIn && time < Math.min(visit.payloadOut + run.payload, visit.dropTime);
    const comes = time >= visit.payloadIn - this.stretch && time < visit.payloadIn + run.payload && time < visit.dropTime;
    const goes = time >= visit.payloadOut && time < visit.payloadOut + run.payload + this.stretch;
    for (let length = 0; length < path.length; length += 4) {
      if (length < store.left ? !comes : length > store.right ? !goes : !stored) continue;
      const [x, y] = alongPath(path, length);
      c.fillRect(x - 2, y - 3, 4, 6);
    }
  }

  /** A drop is shown at the component where it happens, with its reason. */
  drawDrops(time, life) {
    for (const visit of this.visits) {
      if (!visit.drop) continue;
      this.drawCross(this.layout.cards[this.data.drops[visit.drop]], visit.reason, (time - visit.dropTime) / life);
    }
  }

  drawCross(card, reason, age) {
    const { painter } = this;
    if (age < 0 || age > 1) return;
    const alpha = Math.min(1, 2 - 2 * age);
    painter.context.globalAlpha = alpha;
    painter.mark(card.x + card.w / 2, card.rail, 9);
    const y = card.y > 18 ? card.y - 9 : card.y + card.h + 10;
    painter.text(reason, card.x + card.w / 2, y, { color: painter.tokens.drop, bold: true, halo: true, alpha });
  }
}

function mix(a, b, share) {
  return a + (b - a) * Math.max(0, Math.min(1, share));
}

/** From `a` by way of `b` to `c`, each step taking `half`. */
function twoSteps(since, half, a, b, c) {
  return since < half ? mix(a, b, since / half) : mix(b, c, (since - half) / half);
}
