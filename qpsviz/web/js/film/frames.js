// One frame on one fibre: header, guard, photons or slots, trailer; drawn along the fibre, wherever it runs.
import { etaBetween, lossOn, onLeg, showsSlots } from "./photons.js";
import { between, shortTime } from "./run.js";
import { slotMiddle } from "./slots.js";
/** @import { FibrePlace, FilmLayout, FilmRun, LegMoment, Painter } from "../types.js" */

const MIN_DOT_PX = 3.2;
const BAND_ALPHA = 0.13;
const LINE_LOOK = { block: 30, header: 8, trailer: 5, band: 26, least: 2 };
const MAP_LOOK = { block: 15, header: 5, trailer: 3, band: 12, least: 4 };
export const LAMBDAS = ["series-1", "series-2", "series-3", "series-4"];

export class FrameDrawing {
  /** @param {Painter} painter */
  constructor(painter) {
    this.painter = painter;
  }

  /**
   * Draw what of a leg is on its fibre at time t; a lost photon fades for `life` µs.
   * @param {FilmRun} run @param {FilmLayout} layout @param {number} leg @param {number} t @param {number} life
   */
  draw(run, layout, leg, t, life) {
    const { legs, payload, spacing } = run;
    const flight = legs.h1[leg] - legs.h0[leg];
    if (t < legs.h0[leg] || t >= Math.max(legs.t0[leg], legs.p0[leg] + payload) + flight + spacing + life) return;
    const fibre = layout.fibre(legs.from[leg], legs.to[leg], legs.lane[leg]);
    const look = layout.isLine ? LINE_LOOK : MAP_LOOK;
    const parts = { run, leg, t, life, flight, fibre, look, aside: this.lambdaAside(run, leg, layout) };
    const c = this.painter.context;
    c.save();
    c.translate(fibre.x0, fibre.y0);
    c.rotate(fibre.angle);
    const head = this.drawPayload(parts);
    const header = this.drawEnds(parts);
    c.restore();
    this.drawNames(parts, layout, header, head);
  }

  /** Wavelengths of one fibre run side by side. @param {FilmRun} run @param {number} leg @param {FilmLayout} layout */
  lambdaAside(run, leg, layout) {
    if (run.wavelengths < 2 || !layout.isLine) return 0;
    const step = Math.min(9, 40 / run.wavelengths);
    return (
      (run.legs.channel[leg] - (run.wavelengths - 1) / 2) * step * (layout.fibre(run.legs.from[leg], run.legs.to[leg], 0).angle ? -1 : 1)
    );
  }

  /**
   * Where on the fibre is what left at some time, in px from its start; null when it is not on it.
   * @param {Pick<LegMoment, "t" | "flight" | "fibre">} given @param {number} departure
   */
  place({ t, flight, fibre }, departure) {
    if (t < departure || t >= departure + flight) return null;
    return (flight ? (t - departure) / flight : 1) * fibre.px;
  }

  /** The span of a payload that is on the fibre, then its photons; returns where its head is. @param {LegMoment} parts */
  drawPayload(parts) {
    const { run, leg, t, flight, fibre, look, aside } = parts;
    const { p0, lost } = run.legs;
    const [first, last] = [p0[leg] + lost[leg], p0[leg] + run.payload];
    const pxPerUs = flight ? fibre.px / flight : 0;
    /** @param {number} departure */
    const on = (departure) => Math.max(0, Math.min(fibre.px, (t - departure) * pxPerUs));
    if (t < first || t >= last + flight) {
      if (pxPerUs * run.spacing >= MIN_DOT_PX && !showsSlots(run)) this.drawLosses(parts);
      return null;
    }
    const [head, tail] = [on(first), on(last)];
    this.painter.band(head, tail, aside, look.band, this.lambdaColor(run, leg), run.wavelengths > 1 ? 0.28 : BAND_ALPHA);
    if (pxPerUs * run.spacing >= MIN_DOT_PX) this.drawDots(parts, pxPerUs);
    else this.drawStream(parts, head, tail);
    return head;
  }

  /** @param {FilmRun} run @param {number} leg */
  lambdaColor(run, leg) {
    const { tokens } = this.painter;
    return run.wavelengths > 1 ? tokens[LAMBDAS[run.legs.channel[leg] % LAMBDAS.length]] : tokens.qubit;
  }

  /** @param {LegMoment} parts @param {number} pxPerUs */
  drawDots(parts, pxPerUs) {
    const { run, leg, t, flight, aside } = parts;
    const { p0, lost, f0, f1 } = run.legs;
    const radius = Math.max(1.6, Math.min(5.5, pxPerUs * run.spacing * 0.38));
    for (let i = 0; i < run.qubits; i++) {
      const behind = slotMiddle(i, run.spacing);
      if (behind < lost[leg]) continue;
      const departure = p0[leg] + behind;
      const x = this.place(parts, departure);
      if (x === null) continue;
      const share = (t - departure) / flight;
      if (onLeg(run, leg, i, share)) this.painter.qubit(x, aside, radius, between(f0[leg], f1[leg], share));
      else this.painter.ring(x, aside, Math.min(1.6, radius * 0.5), this.painter.tokens["line-strong"], 0.55);
    }
    if (!showsSlots(run)) this.drawLosses(parts, radius);
  }

  /** Photons fade at the place where the fibre takes them. @param {LegMoment} parts */
  drawLosses(parts, radius = 4) {
    const { run, leg, t, life, flight, fibre, aside } = parts;
    const { p0, lost } = run.legs;
    for (let i = 0; i < run.qubits; i++) {
      const behind = slotMiddle(i, run.spacing);
      if (behind < lost[leg]) continue;
      const share = lossOn(run, leg, i);
      if (share === null) continue;
      const age = (t - p0[leg] - behind - share * flight) / life;
      if (age < 0 || age > 1) continue;
      this.painter.ring(share * fibre.px, aside, radius * (1 + 0.9 * age), this.painter.tokens.qubit, 1 - age);
    }
  }

  /**
   * Too close to tell apart: a stream, paler as its photons get fewer.
   * @param {LegMoment} given @param {number} head @param {number} tail
   */
  drawStream({ run, leg, t, flight, look, aside }, head, tail) {
    const { p0, f0, f1, eta0, eta1 } = run.legs;
    const share = flight ? Math.max(0, Math.min(1, (t - p0[leg]) / flight)) : 1;
    const c = this.painter.context;
    c.globalAlpha = showsSlots(run) ? 1 : 0.25 + 0.75 * etaBetween(eta0[leg], eta1[leg], share);
    const middle = (head + tail) / 2;
    const half = Math.max(look.least, Math.abs(head - tail)) / 2;
    this.painter.qubitBand(middle - half, middle + half, aside, look.least > 2 ? 7 : 11, between(f0[leg], f1[leg], share));
    c.globalAlpha = 1;
  }

  /**
   * Header and trailer are bright blocks; those of a later attempt are hollow. Returns where the header is.
   * @param {LegMoment} parts
   */
  drawEnds(parts) {
    const { run, leg, look, aside } = parts;
    const { h0, t0, attempt } = run.legs;
    const header = this.place(parts, h0[leg]);
    const trailer = this.place(parts, t0[leg]);
    /** @param {number} x @param {number} width */
    const block = (x, width) => {
      if (attempt[leg] > 1) this.painter.hollowBlock(x, aside - look.block / 2, width, look.block);
      else this.painter.block(x, aside, width, look.block, this.painter.tokens.header, false);
    };
    if (header !== null) block(header - look.header, look.header);
    if (trailer !== null) block(trailer, look.trailer);
    return header;
  }

  /**
   * The frame's number at its header, its attempt and wavelength; and on a line how much guard is left.
   * @param {LegMoment} given @param {FilmLayout} layout @param {number | null} header @param {number | null} head
   */
  drawNames({ run, leg, flight, fibre, look }, layout, header, head) {
    const { painter } = this;
    const { frame, attempt, channel, h0, p0, lost } = run.legs;
    if (header === null) return;
    const [x, y] = fibre.point(header / fibre.px);
    const again = attempt[leg] > 1 ? ` ↻${attempt[leg]}` : "";
    const lambda = run.wavelengths > 1 ? ` λ${channel[leg] + 1}` : "";
    const color = painter.tokens["header-ink"];
    if (fibre.px > 24 && header > 0.5 * look.block) {
      const down = look.block / 2 + 8;
      painter.text(`${frame[leg]}${again}${lambda}`, x, y + down, { color, size: 10, bold: true, halo: true, inside: true });
    }
    const guard = p0[leg] + lost[leg] - h0[leg];
    if (layout.isLine && flight) this.drawGuard(fibre, header, head ?? 0, guard, guard * (fibre.px / flight));
  }

  /** @param {FibrePlace} fibre @param {number} header @param {number} head @param {number} guard @param {number} px */
  drawGuard(fibre, header, head, guard, px) {
    const { painter } = this;
    if (guard <= 1e-9 || px < 8 || header - head < 8) return; // it has only begun to leave
    const [[x, y], [from]] = [fibre.point(header / fibre.px), fibre.point(head / fibre.px)];
    const color = painter.tokens["header-ink"];
    painter.bracket(x, from, y - 26, color);
    if (header - head > 26)
      painter.text(`guard ${shortTime(guard)}`, (x + from) / 2, y - 35, { color, size: 11, halo: true, inside: true });
  }
}
