// What messages are made of. qpsviz/session/protocol/values.py says the same; a test compares both.

export type Value = number | boolean | string | null;

export type ColourMode = "light" | "dark";

/** An array: its type and its little-endian octets; a matrix also has a shape. */
export interface Packed {
  type: "f4" | "f8" | "i4" | "u1";
  data: DataView;
  shape?: number[];
}

/** A number as it is written; `bad` where it means that nothing works. */
export interface Tile {
  text: string;
  unit: string;
  note: string;
  bad: boolean;
  how?: string;
  tip?: string;
}

/** Of which state a film is; `error` stands in its place. */
export interface Run {
  revision: number;
  scene: number;
  error?: string;
  tiles?: Record<string, Tile>;
}
