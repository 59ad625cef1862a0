// A run as it is sent: times in µs, lengths in km, one entry per row in every column. qpsviz/session/protocol/film.py says the same; a test compares both.
import type { Packed, Run } from "./values.js";

/** What a node is there for. */
export type Role = "sender" | "receiver" | "source" | "relay" | "user";

/** A node and its place. */
export interface NetworkNode {
  name: string;
  role: Role;
  x: number;
  y: number;
}

export interface Fibre {
  from: number;
  to: number;
  length: number;
  count: number;
}

/** A path: its nodes, their distance from its start, and whether frames go both ways. */
export interface NetworkPath {
  name: string;
  nodes: number[];
  km: number[];
  both: boolean;
}

export interface LegColumns {
  frame: Packed;
  attempt: Packed;
  hop: Packed;
  from: Packed;
  to: Packed;
  lane: Packed;
  channel: Packed;
  home: Packed;
  h0: Packed;
  h1: Packed;
  p0: Packed;
  t0: Packed;
  lost: Packed;
  next: Packed;
  end: Packed;
  endTime: Packed;
  doneTime: Packed;
  eta0: Packed;
  eta1: Packed;
  f0: Packed;
  f1: Packed;
  fEnd: Packed;
}

/** Events of the run and arrivals of messages, in order of time. */
export interface EventColumns {
  time: Packed;
  kind: Packed;
  frame: Packed;
  attempt: Packed;
  node: Packed;
}

export interface SignalColumns {
  kind: Packed;
  frame: Packed;
  attempt: Packed;
  from: Packed;
  to: Packed;
  out: Packed;
  in: Packed;
}

/** A kind of message: how it is told and drawn, and what it does. */
export interface SignalKind {
  label: string;
  said: string;
  shape: "arrow" | "hollow arrow" | "dot" | "ring";
  dash: number[];
  line: "dashed" | "dotted" | "dotdash";
  fails: boolean;
  ahead: boolean;
  read: boolean;
  reserves: boolean;
  frees: boolean;
  ofCircuit: boolean;
}

/** Frames by their number. */
export interface FrameColumns {
  pair: Packed;
  session: Packed;
  source: Packed;
  destination: Packed;
}

/** Fidelity of a half that a sender keeps, at even steps of the longest wait. */
export interface KeptHalf {
  longest: number;
  f: Packed;
}

/** All that player, time line and tabs draw of a run. */
export interface Schedule {
  network: string;
  line: boolean;
  nodes: NetworkNode[];
  links: Fibre[];
  paths: NetworkPath[];
  speed: number;
  duration: number;
  payload: number;
  spacing: number;
  qubits: number;
  arms: number;
  attempts: number;
  wavelengths: number;
  memory: number | null;
  processing: number;
  reads: boolean;
  reserves: boolean;
  dwells: boolean;
  erases: boolean;
  keeps: boolean;
  key: number;
  fates: string[];
  refusal: number;
  signalKinds: SignalKind[];
  dropKinds: number[];
  description: string;
  notes: string[];
  kept: KeptHalf | null;
  legs: LegColumns;
  signals: SignalColumns;
  frames: FrameColumns;
  events: EventColumns;
  ledger: Record<string, Packed>;
}

/** The run of a state, with its film. */
export interface FilmData extends Run, Schedule {}
