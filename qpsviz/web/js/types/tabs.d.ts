// What the kernel says about each tab that draws itself.
import type { Point } from "./film.js";
import type { Value } from "../protocol.js";

export interface AuditRow {
  claim: string;
  where: string;
  expected: string;
  found: string;
  verdict: string;
  kind: "holds" | "partly" | "fails";
  share: string;
  readings: { words: string; found: string; holds: boolean }[];
  values: Record<string, Value>;
  linked: boolean;
}

export interface BudgetRow {
  name: string;
  kind: string;
  change: number | null;
  text: string;
  position: string;
  before: number;
  after: number;
}

export type BudgetGoal = "fidelity" | "key_rate";

export interface BudgetData extends Record<BudgetGoal, { rows: BudgetRow[]; total: number | null }> {
  wishes: { name: string; label: string; now: string }[];
}

/** What one parameter would have to be; `why` it cannot do it alone. */
export interface Needed {
  label: string;
  now: string;
  parameters: string[];
  value: Value;
  needed: string;
  why?: string;
}

export interface StateAnswer {
  re: number[][];
  bloch: [number, number, number][];
  correlations: number[];
  p_arrival: number;
  merits: { name: string; referee: number; closed_form: number }[];
}

/** Counts of frames after each event: a column for each, and one for each reason to drop. */
export type Ledger = { time: ArrayLike<number> } & Record<string, import("./film.js").Numbers>;

// --- Frame

export interface FrameField {
  name: string;
  label: string;
  offset: number;
  length: number;
  value: string;
  meaning: string;
  note: string;
  kind: string;
  part: string;
  edit: string;
}

export type AbsentField = Pick<FrameField, "name" | "label" | "meaning" | "note">;

export interface FrameFault {
  field: string;
  offset: number | null;
  message: string;
}

export interface FrameSegment {
  name: string;
  start: number;
  duration: number;
}

export interface FramePlanLayout {
  segments: FrameSegment[];
  total: number;
  nm: number[];
}

export type FramePlan = "time" | "wavelength";

/** A frame in time on one wavelength and on two; or why it cannot be drawn. */
export interface FrameLayouts extends Record<FramePlan, FramePlanLayout> {
  fault: string | null;
  n_qubits: number;
  n_kept: number;
  duration: number;
  spacing: number | null;
}

export interface FrameChoices {
  kinds: Record<string, string>;
  choices: Record<string, string[]>;
  suggestions: Record<string, string[]>;
  rates: string[];
  rate: string;
}

/** What the kernel reads of octets; some parts come only with a frame of the run, some only with one that is whole. */
export interface FrameAnswer {
  octets: string;
  n_octets: number;
  fields: FrameField[];
  absent?: AbsentField[];
  fault: FrameFault | null;
  repairs: string[];
  changed?: number[];
  role: string;
  dialect: string;
  said: string;
  crosses_bridges: boolean;
  layouts: FrameLayouts;
  row: number;
  title: string;
  place: string;
  previous: number | null;
  next: number | null;
}

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

export interface SwitchNode {
  name: string;
  kind: string;
  label: string;
  column: number;
  row: number;
  full: string;
  source: string;
}

export interface SwitchEdge {
  from: number;
  to: number;
  kind: "classical" | "quantum" | "both";
}

export interface SwitchPass {
  cards: { loss: string; latency: string; does: string; after: string }[];
  fading_db: number[];
  totals: { name: string; label: string; text: string; note: string; tip?: string }[];
}

export interface Anatomy {
  device: string;
  crossing: string;
  stores: boolean;
  nodes: SwitchNode[];
  edges: SwitchEdge[];
  header: number[];
  payload: number[];
  releases: number;
  drops: number[];
  set_up: [reserved: number, refused: number];
  passes: SwitchPass[];
  pass_of: number[];
}

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
