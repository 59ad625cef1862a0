// A trace of another tool as it is sent: times in µs. qpsviz/session/protocol/trace.py says the same; a test compares both.
import type { NetworkNode } from "./film.js";
import type { Packed } from "./values.js";

/** Bits by number: where and when they are made, measured and gone; infinity for never. */
export interface TraceBits {
  node: Packed;
  quantum: Packed;
  made: Packed;
  measured: Packed;
  gone: Packed;
}

/** Lines between nodes, quantum or classical. */
export interface TraceChannels {
  from: Packed;
  to: Packed;
  quantum: Packed;
}

/** Bits that travel, in order of time. */
export interface TraceMoves {
  bit: Packed;
  from: Packed;
  to: Packed;
  out: Packed;
  in: Packed;
}

/** Packets that travel. */
export interface TracePackets {
  from: Packed;
  to: Packed;
  out: Packed;
  in: Packed;
}

/** Pairs of entangled bits, from when until when. */
export interface TraceBonds {
  first: Packed;
  second: Packed;
  start: Packed;
  end: Packed;
}

/** Bits that get another colour. */
export interface TraceColours {
  bit: Packed;
  time: Packed;
}

/** Rows of the event list; node -1 for the whole network. */
export interface TraceEvents {
  time: Packed;
  kind: Packed;
  node: Packed;
}

/** All that is drawn of a trace. */
export interface TraceSchedule {
  description: string;
  nodes: NetworkNode[];
  placed: boolean;
  duration: number;
  names: string[];
  bits: TraceBits;
  reasons: string[];
  channels: TraceChannels;
  moves: TraceMoves;
  packets: TracePackets;
  labels: string[];
  bonds: TraceBonds;
  colours: TraceColours;
  colourNames: string[];
  firstColours: string[];
  events: TraceEvents;
  sentences: string[];
  dropKinds: number[];
}
