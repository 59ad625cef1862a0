// What a page sends, and what it is answered. qpsviz/session/protocol/messages.py says the same; a test compares both.
import type { TrafficMenu } from "./traffic.js";
import type { FilmData } from "./film.js";
import type { FrameChoices } from "./frame.js";
import type { BudgetData, EventMarks, KeysData, SwitchDiagram } from "./tabs.js";
import type { ColourMode, Packed, Run, Tile, Value } from "./values.js";

/** A text that a person typed beside a slider. */
export interface Typed {
  name: string;
  text: string;
}

/** Pin the present curve of a figure, or take the pin away. */
export interface Pin {
  figure: string;
  on: boolean;
}

/** One thing that a person did. A link replaces the whole state; else a preset, else values and the typed text. */
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

/** All moves of one view that have no answer yet, in order. */
export interface Request {
  view: string;
  moves: Move[];
}

/** What was refused: the parameter whose control says so, or None, and the sentence. */
export interface Fault {
  name: string | null;
  message: string;
}

/** What a control goes back to. */
export interface Reset {
  value: Value;
  text: string;
}

/** Where the present state lies on a figure's axes, and whether it is on the curve. */
export interface MarkerPlace {
  x: number;
  y: number;
  on: boolean;
}

/** A curve that stays on its figure. */
export interface PinnedCurve {
  x: Packed | unknown[];
  y: Packed | unknown[];
}

/** What a link says about the one view that opened it. */
export interface OwnState {
  theme?: ColourMode;
  cursor?: number;
  relay?: number;
  dots?: string;
  traffic?: string;
  publication?: string;
}

/** What the open tab shows, under its name; nothing where it draws the run, or asks. */
export interface Contents {
  frame?: FrameChoices;
  switch?: SwitchDiagram;
  log?: EventMarks;
  budget?: BudgetData;
  keys?: KeysData;
  traffic?: TrafficMenu;
  spacetime?: Record<string, unknown>;
  state?: Record<string, unknown>;
  audit?: Record<string, unknown>;
}

/** Columns of a figure's sources, its marker and the ranges of its axes. */
export interface Plot {
  sources: Record<string, Record<string, Packed | unknown[]>>;
  marker: MarkerPlace | null;
  ranges: Record<string, [number, number]>;
}

/** All that is text about a scenario. */
export interface ScenarioTexts {
  values: Record<string, Value>;
  texts: Record<string, string>;
  idle: Record<string, string>;
  resets: Record<string, Reset>;
  preset: string | null;
  story: string;
  tiles: Record<string, Tile>;
}

/** The state that a page shows; `revisions` says up to which move each view was heard. */
export interface Answer extends ScenarioTexts {
  revision: number;
  view: string;
  revisions: Record<string, number>;
  scene: number;
  error: Fault | null;
  own: OwnState;
  tab: string;
  linked: boolean;
  seed: number;
  link: string;
  plots: Record<string, Plot>;
  contents: Contents;
}

/** What takes a search, of the state with that film: it comes when the controls rest. */
export interface Settled {
  scene: number;
  tiles: Record<string, Tile>;
}

/** What changed: the state, the pinned curves by figure, the run, and what came when the controls rested. */
export interface Update {
  answer?: Answer;
  pins?: Record<string, PinnedCurve>;
  run?: Run | FilmData;
  settled?: Settled;
}

/** Something outside the state; `tab` goes with `tab`, `name` with `file`. */
export interface Question {
  ask: "link" | "code" | "tab" | "file" | "bokeh";
  number: number;
  asker: string;
  tab?: string;
  name?: string;
}

/** The answer to the question of the same number, to be taken by its asker; files come as octets beside it. */
export interface Reply {
  number: number | null;
  asker?: string;
  error?: string;
  link?: string;
  text?: string;
  file?: string;
  type?: string;
}

/** A question at the end of a lesson: a number has a unit, a choice has options. */
export interface LessonQuestion {
  prompt: string;
  kind: "number" | "choice";
  unit?: string;
  options?: string[];
}

/** What somebody answered; the verdict comes back with the same number. */
export interface LessonAnswer {
  number: number;
  answer: string;
}

/** Whether an answer is right, and what is said about it; empty before the first answer. */
export interface Verdict {
  number?: number | null;
  good?: boolean;
  words?: string;
}
