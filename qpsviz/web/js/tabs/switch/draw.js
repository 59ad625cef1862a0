// What moves inside a switch: header, trailer and qubits on the rails of a layout, drawn on a canvas over its cards.
import { alongPath, slotGrid, stretchAt } from "./layout.js";
import { inSwitch, onLeg, showsSlots } from "../../film/photons.js";
import { between } from "../../film/run.js";
import { trailerReadUntil } from "../../film/slots.js";
import { fidelityInside, qubitTimes, reaches, slotsOf, stayShare, stretchOf } from "./moves.js";
import { classicalPlace, mixPoints, twoSteps } from "./steps.js";
import { drawCommand, drawWires } from "./wires.js";
/** @import { SwitchDiagram, ClassicalTrack, FilmRun, Painter, PayloadTrack, Point, QubitTimes, SetUp, SlotGrid, SwitchCard, SwitchLayout, SwitchPath, TextStyle, Visit, Visits } from "../../types.js" */

const QUBIT_PX = 4.5;
const MOST_DOTS = 400;

export class SwitchDrawing {
  /** @type {SwitchLayout} */ layout;
  /** @type {SwitchDiagram} */ data;
  /** @type {FilmRun} */ run;
  /** @type {Visits} */ visits;
  /** @type {SetUp[]} */ setUps;
  /** @type {number} */ stretch;
  /** @type {SwitchCard} */ unit;
  /** @type {SwitchCard} */ memory;
  /** @type {SlotGrid | null} */ grid;
  /** @type {ClassicalTrack} */ header;
  /** @type {PayloadTrack} */ payload;

  /** @param {Painter} painter */
  constructor(painter) {
    this.painter = painter;
  }

  /**
   * Take a new layout, or a new set of visits: everything that does not change from frame to frame.
   * @param {SwitchLayout} layout @param {SwitchDiagram} data @param {FilmRun} run @param {Visits} visits @param {SetUp[]} setUps
   */
  set(layout, data, run, visits, setUps) {
    Object.assign(this, { layout, data, run, visits, setUps, stretch: stretchOf(run) });
    /** @param {string} kind */
    const place = (kind) => data.nodes.findIndex((node) => node.kind === kind);
    const [reader, unit, writer] = ["O/E converter", "control unit", "header regeneration"].map(place);
    this.unit = layout.cards[unit];
    this.memory = layout.cards[place("q-memory")];
    const { header, payload, parting, merging } = layout;
    this.header = {
      path: header,
      part: stretchAt(header, parting).right,
      merge: stretchAt(header, merging).left,
      reader: stretchAt(header, reader).middle,
      unit: stretchAt(header, unit).middle,
      writer: stretchAt(header, writer).middle,
    };
    const store = stretchAt(payload, place("q-memory"));
    this.payload = { path: payload, part: stretchAt(payload, parting).right, merge: stretchAt(payload, merging).left, store };
    this.grid = run.dwells ? slotGrid(this.memory, slotsOf(run, visits)) : null;
  }

  /** @param {number} time @param {number} speed */
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

  /** @param {Visit} visit */
  lastMoment(visit) {
    const end = Number.isFinite(visit.payloadOut) ? visit.payloadOut : Math.max(visit.payloadIn, visit.dropTime);
    return end + this.run.payload + 2 * this.stretch;
  }

  /** The command to let qubits go, bright while the first ones leave. @param {number} time */
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

  /** How far the control unit is with a header. @param {Visit} visit @param {number} time */
  drawReading(visit, time) {
    const { reads, processing } = this.run;
    if (!reads) return;
    this.drawProgress(visit.headerIn, visit.read, time);
    const until = trailerReadUntil(visit.trailerIn, visit.trailerOut, processing);
    if (until !== null) this.drawProgress(visit.trailerIn, until, time);
  }

  /**
   * A circuit is reserved, or refused, once the control unit has read the set-up message.
   * @param {number} time @param {number} life
   */
  drawSetUps(time, life) {
    for (const { done, refused } of this.setUps) {
      this.drawProgress(done - this.run.processing, done, time);
      if (refused) this.drawCross(this.unit, this.run.fates[this.run.refusal], (time - done) / life);
    }
  }

  /** @param {number} start @param {number} end @param {number} time */
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

  /** @param {Visit} visit @param {number} time */
  drawHeader(visit, time) {
    if (time >= visit.dropTime) return;
    const length = classicalPlace(this.header, this.stretch, time, { came: visit.headerIn, read: visit.read, goes: visit.headerOut });
    if (length !== null) this.block(length, 7, this.number(visit), visit.attempt > 1);
  }

  /** @param {Visit} visit @param {number} time */
  drawTrailer(visit, time) {
    const { payload } = this.run;
    if (time >= visit.dropTime && visit.payloadIn + payload > visit.dropTime) return;
    const { trailerIn: came, trailerOut: goes } = visit;
    const length = classicalPlace(this.header, this.stretch, time, { came, read: Math.min(came + this.run.processing, goes), goes });
    if (length !== null) this.block(length, 4, "", visit.attempt > 1);
  }

  /** @param {number} length @param {number} width @param {string} label @param {boolean} again */
  block(length, width, label, again) {
    const { painter } = this;
    const [x, y] = alongPath(this.header.path, length);
    if (again) painter.hollowBlock(x - width / 2, y - 8, width, 16);
    else painter.block(x + width / 2, y, width, 16, painter.tokens.header, true);
    /** @type {TextStyle} */
    const style = { color: painter.tokens["header-ink"], size: 11, bold: true, align: "left", halo: true };
    if (label) painter.text(label, x + width / 2 + 3, y, style);
  }

  /** The frame's number, and its attempt where it was sent again, as in the film. @param {Visit} given */
  number({ frame, attempt }) {
    return attempt > 1 ? `${frame} ↻${attempt}` : String(frame);
  }

  /** @param {Visit} visit @param {number} time */
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

  /** @param {Visit} visit @param {number} i @param {number} time */
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
      this.dot(path, between(store.middle, merge, (time - times.came) / (stretch / 2)), visit, time);
      return;
    }
    const [x, y] = held ? this.slot(visit, i) : this.movingPlace(visit, i, times, time);
    const radius = held && this.grid ? Math.min(QUBIT_PX, this.grid.size / 2 - 1.5) : QUBIT_PX;
    painter.qubit(x, y, radius, fidelityInside(run, visit, time));
  }

  /**
   * Whether the photon of slot i came, and has not been lost in here; its slot is drawn all the same.
   * @param {Visit} visit @param {number} i @param {number} time @param {QubitTimes} times
   */
  isThere(visit, i, time, times) {
    const { run } = this;
    if (showsSlots(run)) return true;
    const share = time < times.came ? 0 : stayShare(visit, time - times.came + visit.payloadIn);
    return time < times.came ? onLeg(run, visit.leg, i, 1) : inSwitch(run, visit.leg, i, share);
  }

  /** @param {SwitchPath} path @param {number} length @param {Visit} visit @param {number} time */
  dot(path, length, visit, time) {
    const [x, y] = alongPath(path, length);
    this.painter.qubit(x, y, QUBIT_PX, fidelityInside(this.run, visit, time));
  }

  /** Where and when a qubit that does not leave is lost. @param {Visit} visit @param {QubitTimes} given */
  endOf(visit, { came, cut }) {
    const atSwitch = { time: came + this.stretch / 2, length: this.payload.merge };
    if (cut) return atSwitch;
    if (!visit.drop) return { ...atSwitch, time: Infinity };
    const inMemory = this.data.nodes[this.data.drops[visit.drop]].kind === "q-memory";
    if (!inMemory && this.run.dwells) return { time: visit.dropTime, length: this.payload.store.middle };
    if (!inMemory) return atSwitch;
    return { time: Math.max(came, visit.dropTime), length: this.payload.store.left };
  }

  /** @param {{ length: number }} given @param {number} share */
  drawLost({ length }, share) {
    if (share > 0.6) return;
    const [x, y] = alongPath(this.payload.path, length);
    this.painter.context.globalAlpha = 1 - share / 0.6;
    this.painter.mark(x - 4, y, 3.5);
    this.painter.context.globalAlpha = 1;
  }

  /** @param {Visit} visit @param {number} i */
  slot(visit, i) {
    if (this.grid && visit.slots.length) return this.grid.place(visit.slots[i % visit.slots.length]);
    return alongPath(this.payload.path, this.payload.store.middle);
  }

  /**
   * On the rails, with a last or first step between the memory's edge and the qubit's own slot.
   * @param {Visit} visit @param {number} i @param {QubitTimes} times @param {number} time
   */
  movingPlace(visit, i, times, time) {
    const { path, part, merge, store } = this.payload;
    const half = this.stretch / 2;
    const slots = this.grid !== null && visit.slots.length > 0;
    const comes = time < times.came;
    const since = comes ? time - times.came + this.stretch : time - times.goes;
    const near = comes ? (since - half) / half : since / half;
    if (slots && comes && near > 0.75) return mixPoints(alongPath(path, store.left), this.slot(visit, i), (near - 0.75) * 4);
    if (slots && !comes && near < 0.25) return mixPoints(this.slot(visit, i), alongPath(path, store.right), near * 4);
    const goal = slots ? between(part, store.left, near / 0.75) : store.middle;
    if (comes) return alongPath(path, twoSteps(since, half, 0, part, goal));
    if (slots && near < 1) return alongPath(path, between(store.right, merge, (near - 0.25) / 0.75));
    return alongPath(path, twoSteps(since, half, store.middle, merge, path.length));
  }

  /** Qubits too many to tell apart: a line along the path they are on. @param {Visit} visit @param {number} time */
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

  /** A drop is shown at the component where it happens, with its reason. @param {number} time @param {number} life */
  drawDrops(time, life) {
    for (const visit of this.visits) {
      if (!visit.drop) continue;
      this.drawCross(this.layout.cards[this.data.drops[visit.drop]], visit.reason, (time - visit.dropTime) / life);
    }
  }

  /** @param {SwitchCard} card @param {string} reason @param {number} age */
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
