// What the tab "Traffic" is told and asks; arrays of a reply travel beside it. qpsviz/session/protocol/traffic.py says the same; a test compares both.
import type { Role } from "./film.js";
import type { Packed } from "./values.js";

/** A choice worth a look. */
export interface TrafficStory {
  title: string;
  text: string;
  choice: string;
}

/** A way to switch that is compared. */
export interface TrafficVariant {
  word: string;
  label: string;
  about: string;
  is_packet: boolean;
}

/** What can be chosen: words with their texts; `loads` is the range of the slider and its step. */
export interface TrafficMenu {
  networks: Record<string, string>;
  pairs: Record<string, string>;
  arrivals: Record<string, string>;
  sessions: number[];
  variants: TrafficVariant[];
  loads: number[];
  stories: Record<string, TrafficStory>;
  first: string;
}

/** What the tab asks: `do` with a choice, or with a file. */
export interface TrafficQuestion {
  do?: "curves" | "file" | "network" | "watch";
  network?: string;
  pairs?: string;
  arrivals?: string;
  n_frames_per_session?: number;
  load?: number;
  variant?: string;
  known?: string | null;
  pause?: boolean;
  text?: string;
  length?: string;
}

/** A network as it is drawn; lengths and places in km. `guard` is the one that its longest path takes, in us. */
export interface TrafficMap {
  name: string;
  title: string;
  names: string[];
  roles: Role[];
  x: number[];
  y: number[];
  pair_from: number[];
  pair_to: number[];
  pair_x: number[];
  pair_y: number[];
  link_from: number[];
  link_to: number[];
  link_pair: number[];
  link_km: number[];
  about: string;
  paths: string;
  is_earth: boolean;
  guard_note?: string;
  guard?: null | number;
}

/** When the payloads that are drawn leave on a link: their first part that is left, and their end, in us. */
export interface TrafficLegs {
  link: Packed;
  first: Packed;
  last: Packed;
  frame: Packed;
}

/** When and where frames were dropped; `why` is a place in `reasons`. */
export interface TrafficLost {
  time: Packed;
  node: Packed;
  why: Packed;
}

/** When the number that waits at a station changes, by how much, and for which link; -1 where that is not said. */
export interface TrafficWaits {
  time: Packed;
  node: Packed;
  link: Packed;
  step: Packed;
}

/** Counts of every one-way link; `offered` in Erlang per wavelength. */
export interface TrafficLinks {
  utilisation: Packed;
  n_frames: Packed;
  n_waiting: Packed;
  offered: Packed;
}

/** Counts of frames at every station. */
export interface TrafficNodes {
  sent: Packed;
  received: Packed;
  lost: Packed;
}

/** A run to watch; times in us, the speed of light in km/us. One of so many sessions is drawn; `run` is its name. */
export interface TrafficRun {
  run?: string;
  choice: string;
  duration: number;
  payload: number;
  speed: number;
  one_of: number;
  legs: TrafficLegs;
  lost: TrafficLost;
  reasons: string[];
  waits: TrafficWaits;
  source_waits: TrafficWaits;
  links: TrafficLinks;
  nodes: TrafficNodes;
  facts: [string, string][];
}

/** The page has the run already. */
export interface TrafficSame {
  same: true;
}

/** How far a study is. */
export interface TrafficProgress {
  state: "done" | "failed" | "paused" | "running";
  done: number;
  points: number;
  seeds: number;
  most_seeds: number;
  frames: number;
  problem: string;
}

/** A number against load: per variant its means and the ends of their intervals, null where nothing is known. */
export interface TrafficChart {
  name: string;
  title: string;
  unit: string;
  loads: number[];
  lines: (null | number)[][][];
}

/** All numbers at one load, in words. */
export interface TrafficTable {
  load: number;
  head: string[];
  rows: string[][];
}

/** What a study found so far. */
export interface TrafficCurves {
  progress: TrafficProgress;
  charts: TrafficChart[];
  states: string[][];
  verdicts: string[];
  notes: string[];
  table: TrafficTable;
}

/** The word of a network that was opened. */
export interface TrafficFile {
  network: string;
}
