// A run as the film draws it: times in µs, lengths in km, one entry per row in every column.
import type { Clock } from "../film/clock.js";
import type { Painter } from "../film/painter.js";
import type { EventColumns, FilmData, FrameColumns, LegColumns, SignalColumns } from "../protocol/film.js";
import type { Value } from "../protocol/values.js";

/** A column: a typed array as it was packed, or a list. */
export interface Numbers extends ArrayLike<number>, Iterable<number> {
  some(test: (value: number) => boolean): boolean;
}

export type Point = [x: number, y: number];
export type Measure = (text: string) => number;

/** A table with its columns unpacked. */
export type Unpacked<Table> = { [Column in keyof Table]: Numbers };
export type Legs = Unpacked<LegColumns>;
export type Events = Unpacked<EventColumns>;
export type Signals = Unpacked<SignalColumns>;
export type Frames = Unpacked<FrameColumns>;

/** A run with its tables unpacked, before it is indexed. */
export interface OpenedRun extends Omit<FilmData, "kept" | "legs" | "signals" | "frames" | "events"> {
  kept: { longest: number; f: Numbers } | null;
  legs: Legs;
  signals: Signals;
  frames: Frames;
  events: Events;
  clock?: Clock | null;
}

export interface Drop {
  time: number;
  node: number;
  reason: string;
  isFrame: boolean;
}

export interface Reservation {
  from: number;
  to: number;
  start: number;
  end: number;
}

/** A run that all pictures of it share; what is optional is computed when it is first asked for. */
export interface FilmRun extends OpenedRun {
  nLegs: number;
  nEvents: number;
  nSignals: number;
  switches: number[];
  drops: Drop[];
  reservations?: Reservation[];
  photonsOf?: Int32Array;
  visitsByNode?: Visit[][];
}

/** The part of a run that decides which photons are there. */
export type PhotonRun = Pick<FilmRun, "key" | "legs" | "nLegs" | "qubits" | "erases" | "clock" | "photonsOf">;

/** The part of a run that says when its slots pass. */
export type SlotRun = Pick<FilmRun, "qubits" | "spacing">;

/** Slots that a node holds, with their fidelity or `LOST`, and what came to it, was cut off and dropped there. */
export interface Holdings {
  held: number[];
  more: number;
  reading: number | null;
  drops: number;
  frames: number;
  photons: number;
  slots: number;
  due: number;
  cut: number;
}

export interface FibrePlace {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  px: number;
  angle: number;
  point: (share: number) => Point;
}

interface FilmLayoutCommon {
  height: number;
  spots: Point[];
  at: number[];
  span: number;
  scale: number;
  crowded: boolean;
  fibre: (from: number, to: number, lane: number) => FibrePlace;
}

export interface LineLabel {
  text: string;
  row: number;
}

export interface LineNodes {
  x: (km: number) => number;
  at: number[];
  span: number;
  margin: number;
  crowded: boolean;
  scale: number;
  slotsPerRow: number[];
  labels: (LineLabel | null)[];
  labelRows: number;
}

export interface LineLayout extends FilmLayoutCommon, LineNodes {
  isLine: true;
  rooms: number[];
  y: number;
}

export interface MapLabel {
  text: string;
  x: number;
  y: number;
  countsY: number;
}

export interface MapLayout extends FilmLayoutCommon {
  isLine: false;
  labels: (MapLabel | null)[];
}

export type FilmLayout = LineLayout | MapLayout;

export interface LegendEntry {
  text: string;
  mark: number;
  draw: (painter: Painter, x: number, y: number) => void;
}

export interface Legend {
  placed: (LegendEntry & { x: number; row: number })[];
  rows: number;
}

/** A layout of the film with the place of its legend and the height of the whole picture. */
export type WholeLayout = FilmLayout & { legend: Legend & { left: number; top: number }; whole: number };

/** One leg at one time, as its parts are drawn. */
export interface LegMoment {
  run: FilmRun;
  leg: number;
  t: number;
  life: number;
  flight: number;
  fibre: FibrePlace;
  look: { block: number; header: number; trailer: number; band: number; least: number };
  aside: number;
}

export interface TextStyle {
  color?: string;
  size?: number;
  bold?: boolean;
  align?: CanvasTextAlign;
  halo?: boolean;
  alpha?: number;
  inside?: boolean;
}

export type Templates = string[];

/** A frame's stay in a switch. */
export interface Visit {
  leg: number;
  next: number;
  hop: number;
  frame: number;
  attempt: number;
  trailerIn: number;
  trailerOut: number;
  headerIn: number;
  read: number;
  headerOut: number;
  payloadIn: number;
  payloadOut: number;
  lostBefore: number;
  lostHere: number;
  drop: number;
  reason: string;
  dropTime: number;
  slots: number[];
}

/** Visits to one switch, and how many memory slots they take at most. */
export type Visits = Visit[] & { nSlots: number };

export type Values = Record<string, Value>;
