// A trace of another tool as the film draws it: times in µs, one entry per row in every column.
import type {
  TraceBits,
  TraceBonds,
  TraceChannels,
  TraceColours,
  TraceEvents,
  TraceMoves,
  TracePackets,
  TraceSchedule,
} from "../protocol/trace.js";
import type { FilmRun, Point, Unpacked } from "./film.js";

type Tables = "bits" | "channels" | "moves" | "packets" | "bonds" | "colours" | "events";

/** A trace with its tables unpacked, and the rows of each bit. */
export interface TraceRun extends Omit<TraceSchedule, Tables> {
  bits: Unpacked<TraceBits>;
  channels: Unpacked<TraceChannels>;
  moves: Unpacked<TraceMoves>;
  packets: Unpacked<TracePackets>;
  bonds: Unpacked<TraceBonds>;
  colours: Unpacked<TraceColours>;
  events: Unpacked<TraceEvents>;
  nEvents: number;
  decimals: number;
  movesOf: number[][];
  coloursOf: number[][];
}

/** Where a bit is: at a node, or at a share of the way between two. */
export type BitPlace = { node: number } | { from: number; to: number; share: number };

/** A bit as it is drawn. */
export interface BitSpot {
  bit: number;
  point: Point;
  node: number | null;
}

/** What is watched: a run of ours, or a trace of another tool. */
export type Watched = FilmRun | TraceRun;

/** A part of a page with a film alone; each draws what it is given. */
export interface FilmPart {
  // biome-ignore lint/suspicious/noExplicitAny: a run for parts of a run, a trace for those of a trace
  load?(run: any): void;
  retheme?(): void;
  destroy?(): void;
}
