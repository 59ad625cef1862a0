// What the tabs that draw themselves make of what they are told.
import type { Point } from "./film.js";
import type { FrameField, FrameLayouts, FramePlace, FramePlanLayout, ValidFrame } from "../protocol/frame.js";
import type { SwitchEdge } from "../protocol/tabs.js";

export type BudgetGoal = "fidelity" | "key_rate" | "key_rate_finite";

/** Counts of frames after each event: a column for each, and one for each reason to drop. */
export type Ledger = { time: ArrayLike<number> } & Record<string, import("./film.js").Numbers>;

// --- Frame

export type FramePlan = "time" | "wavelength";

/** A frame as the tab keeps it; some parts come only with a frame of the run, some only with one that is valid. */
export type FrameAnswer = ValidFrame & FramePlace;

export interface FrameDrawingOptions {
  width: number;
  role?: string;
  small?: boolean;
  wedge?: number;
  pick?: (role: string) => void;
}

/** What the parts of one drawing of a frame share. */
export interface FrameDrawingContext {
  layouts: FrameLayouts;
  layout: FramePlanLayout;
  options: FrameDrawingOptions;
  x: (time: number) => number;
  left: number;
  edge: number;
}

export interface OctetCell {
  element: HTMLElement;
  field: FrameField | undefined;
  octet: string | null;
  label?: string;
}

export interface FieldRow {
  key: string;
  field: FrameField;
  absent: boolean;
  message: HTMLElement;
  name: HTMLButtonElement;
  place: HTMLElement;
  meaning: HTMLElement;
  value: HTMLElement;
  element: HTMLElement;
  done?: boolean;
}

// --- Inside a switch

export interface SwitchColumn {
  x: number;
  w: number;
}

export type SwitchRails = Record<"header" | "middle" | "payload" | "local", number>;

export interface SwitchCard {
  x: number;
  y: number;
  w: number;
  h: number;
  rail: number;
  isEnd: boolean;
  level: keyof SwitchRails;
  kind: string;
}

export type SwitchWire = SwitchEdge & { points: Point[]; used: boolean };

export interface Stretch {
  left: number;
  middle: number;
  right: number;
}

/** A line through cards: its points, each with its length so far, and where each card lies on it. */
export interface SwitchPath {
  points: [x: number, y: number, length: number][];
  at: Map<number, Stretch>;
  length: number;
}

export interface SwitchLayout {
  width: number;
  height: number;
  cards: SwitchCard[];
  wires: SwitchWire[];
  command: Point[];
  header: SwitchPath;
  payload: SwitchPath;
  parting: number;
  merging: number;
}

export interface SlotGrid {
  size: number;
  place: (slot: number) => Point;
}

export interface SetUp {
  done: number;
  refused: boolean;
}

export interface QubitTimes {
  came: number;
  goes: number;
  cut: boolean;
}

/** Where header and trailer run in a switch, as lengths on their path. */
export interface ClassicalTrack {
  path: SwitchPath;
  part: number;
  merge: number;
  reader: number;
  unit: number;
  writer: number;
}

/** Where qubits run in a switch, and the stretch that stores them. */
export interface PayloadTrack {
  path: SwitchPath;
  part: number;
  merge: number;
  store: Stretch;
}
