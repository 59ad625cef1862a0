// What a page and its session tell each other; qpsviz/session/protocol.py says the same, and a test compares both.
// Times are in µs, lengths in km.

export type Value = number | boolean | string | null;

export interface Packed {
  type: "f4" | "f8" | "i4" | "u1";
  data: DataView;
  shape?: number[];
}

export interface Typed {
  name: string;
  text: string;
}

export interface Pin {
  figure: string;
  on: boolean;
}

export interface Move {
  revision?: number;
  link?: string;
  preset?: string;
  typed?: Typed;
  values?: Record<string, Value>;
  linked?: boolean;
  tab?: string;
  seed?: number;
  pin?: Pin;
}

export interface Request {
  view: string;
  moves: Move[];
}

export interface Fault {
  name: string | null;
  message: string;
}

export interface Tile {
  text: string;
  unit: string;
  note: string;
  bad: boolean;
}

export interface Reset {
  value: Value;
  text: string;
}

export interface Plot {
  sources: Record<string, Record<string, Packed | unknown[]>>;
  marker: Record<string, unknown> | null;
  ranges: Record<string, [number, number]>;
}

export interface Answer {
  revision: number;
  view: string;
  revisions: Record<string, number>;
  scene: number;
  error: Fault | null;
  own: Record<string, unknown>;
  tab: string;
  linked: boolean;
  seed: number;
  link: string;
  values: Record<string, Value>;
  texts: Record<string, string>;
  idle: Record<string, string>;
  resets: Record<string, Reset>;
  preset: string | null;
  story: string;
  tiles: Record<string, Tile>;
  plots: Record<string, Plot>;
  contents: Record<string, unknown>;
}

export interface Run {
  revision: number;
  scene: number;
  error?: string;
  tiles?: Record<string, Tile>;
}

export interface Question {
  ask: "link" | "code" | "tab" | "file" | "bokeh";
  number: number;
  asker: string;
  tab?: string;
  name?: string;
}

export interface Reply {
  number: number | null;
  asker?: string;
  error?: string;
  link?: string;
  text?: string;
  file?: string;
  type?: string;
}
