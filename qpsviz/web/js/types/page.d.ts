// The page, what its session says about it once, and what its parts use of it.
import type { BokehHost } from "../figures/bokeh_host.js";
import type { PlotCard } from "../figures/plot_card.js";
import type { Clock } from "../film/clock.js";
import type { Player } from "../film/player.js";
import type { Transport } from "../film/transport.js";
import type { Address } from "../page/address.js";
import type { Controls } from "../page/controls.js";
import type { Mode } from "../page/mode.js";
import type { Tabs } from "../page/tabs.js";
import type { Tiles } from "../page/tiles.js";
import type { TopBar } from "../page/topbar.js";
import type { Answer, Move, OwnState, Question, Reply, Typed } from "../protocol/messages.js";
import type { PageSpec, ParameterSpec } from "../protocol/spec.js";
import type { FrameQuestion } from "../protocol/frame.js";
import type { AuditQuestion, BudgetQuestion } from "../protocol/tabs.js";
import type { TrafficQuestion } from "../protocol/traffic.js";
import type { ColourMode, Value } from "../protocol/values.js";
import type { FilmRun, Templates, Values } from "./film.js";

/** Listeners and attributes of an element. */
export type Attributes = {
  [Kind in keyof HTMLElementEventMap as `on${Kind}`]?: ((event: HTMLElementEventMap[Kind]) => unknown) | null;
} & Record<string, unknown>;

export type Child = Node | string | null | undefined;

/** A widget's model as anywidget hands it over; it types neither traits nor messages. */
export interface WidgetModel {
  // biome-ignore lint/suspicious/noExplicitAny: anywidget types neither traits nor messages
  get(name: string): any;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: object): void;
  // biome-ignore lint/suspicious/noExplicitAny: anywidget types neither traits nor messages
  on(name: string, listener: (...told: any[]) => void): void;
  // biome-ignore lint/suspicious/noExplicitAny: anywidget types neither traits nor messages
  off(name: string, listener: (...told: any[]) => void): void;
  widget_manager?: { kernel?: Kernel | null };
}

/** What Voila and JupyterLab tell of a kernel. */
export interface Kernel {
  isDisposed: boolean;
  status: string;
  connectionStatus: string;
  reconnect(): Promise<void>;
}

export interface Rendered {
  model: WidgetModel;
  el: HTMLElement & { qpsviz?: unknown };
}

/** How a slider's place becomes a value, and back. */
export interface SliderScale {
  min: number;
  max: number;
  step: number;
  toValue: (position: number | string) => Value;
  toPosition: (value: Value) => number;
}

export type MarkerAxes = Record<"x" | "y", [name: string, scale: number]>;

/** What fills a tab that shows no figures; see tabs/classes.js. */
export interface TabContent {
  element: HTMLElement;
  painter?: { width: number };
  update?(data: unknown, answer?: Answer): void;
  load?(run: FilmRun): void;
  resize?(ratio?: number): void;
  retheme?(): void;
  destroy?(): void;
  link?(): string | undefined;
  restore?(text: string): void;
  looksInside?(): number | null;
  lookInside?(relay: number): void;
}

/** The answer to a question, with the files that came beside it and what a tab adds. */
export type Told = Reply & { buffers: DataView<ArrayBuffer>[] } & Record<string, unknown>;

/** What goes along with a question. */
export type Details = Pick<Question, "tab" | "name"> & ((AuditQuestion & BudgetQuestion & FrameQuestion) | TrafficQuestion);

/** What a view of a run uses of the page that it is on: the explorer, or a film alone. */
export interface RunPage {
  spec: { id: string; templates: Templates };
  clock: Clock;
  fixed?: boolean;
  address?: Address;
  change?(values: Values, typed?: Typed | null): void;
}

export interface ExplorerPage extends RunPage {
  id: string;
  model: WidgetModel;
  spec: PageSpec;
  root: HTMLElement;
  revision: number;
  mode: ColourMode;
  state: Pick<Answer, "values" | "tab" | "linked" | "seed">;
  answer: Answer | null;
  run: FilmRun | null;
  wanted: Pick<OwnState, "cursor" | "relay"> | null;
  colours: Mode;
  controls: Controls;
  tiles: Tiles;
  tabs: Tabs;
  top: TopBar | null;
  player: Player | null;
  transport: Transport | null;
  address: Address;
  hosts: Map<string, BokehHost>;
  cards: Map<string, PlotCard>;
  contents: Map<string, TabContent>;
  change(values: Values, typed?: Typed | null): void;
  request(changes: Move): void;
  post(): void;
  ask(what: Question["ask"], details?: Details): Promise<Told>;
  waitsSince(): number | null;
  waitingValues(): Values;
  loseKernel(words: string): void;
  copyLink(): Promise<boolean>;
}

export interface TopActions {
  preset(name: string): void;
  reset(): void;
  theme(): void;
  share(): void;
  code(): void;
  export(): void;
}

/** A parameter with a slider. */
export type NumberSpec = ParameterSpec & { lo: number; hi: number };

/** A row of the control column. */
export interface ControlRow {
  p: ParameterSpec;
  message: HTMLElement;
  reset: HTMLElement;
  element: HTMLElement;
  set: (value: Value, text: string) => void;
  box: HTMLElement;
  number?: { box: HTMLInputElement; slider: HTMLInputElement; scale: SliderScale; value: Value; text: string };
  idle?: string;
  seen?: string;
  typing?: boolean;
  typed?: boolean;
  edited?: boolean;
}

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Picture {
  text: string;
  width: number;
  height: number;
}

export interface PictureWords {
  title: string;
  words: string;
  link: string;
}
