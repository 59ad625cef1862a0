// The page, what the kernel says about it once, and what its parts use of it.
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
import type { Answer, Move, Question, Reply, Typed, Value } from "../protocol.js";
import type { FilmRun, Templates, Values } from "./film.js";

export type ColourMode = "light" | "dark";

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

export interface ParameterSpec {
  name: string;
  label: string;
  kind: "number" | "count" | "choice" | "flag";
  unit_text: string;
  default: Value;
  default_text: string;
  claim: string;
  source: string;
  help: string;
  lo: number;
  hi: number;
  step: number;
  log: boolean;
  open: boolean;
  choices: string[];
  choice_texts: string[];
}

export interface GroupSpec {
  name: string;
  title: string;
  open: boolean;
  first: boolean;
  parameters: ParameterSpec[];
}

export interface ControlsSpec {
  id: string;
  groups: GroupSpec[];
}

/** How a slider's place becomes a value, and back. */
export interface SliderScale {
  min: number;
  max: number;
  step: number;
  toValue: (position: number | string) => Value;
  toPosition: (value: Value) => number;
}

export interface LegendSpec {
  text: string;
  series: string;
  dash: string;
  kind: string;
}

export type MarkerAxes = Record<"x" | "y", [name: string, scale: number]>;

export interface PlotSpec {
  name: string;
  title: string;
  caption: string;
  legend: LegendSpec[];
  drag: MarkerAxes;
}

export interface TabSpec {
  name: string;
  title: string;
  plots: PlotSpec[];
}

export interface TileSpec {
  name: string;
  label: string;
  how: string;
  source: string;
}

export interface PresetSpec {
  name: string;
  title: string;
}

export interface ExportSpec {
  name: string;
  title: string;
  hint: string;
}

export interface PageSpec {
  id: string;
  kind: string;
  title: string;
  opening: string;
  chosen: boolean;
  speed: number;
  network: boolean;
  bokeh: string;
  controls: ControlsSpec;
  tiles: TileSpec[];
  presets: PresetSpec[];
  tabs: TabSpec[];
  templates: Templates;
  exports: ExportSpec[];
  figures: Record<string, Record<ColourMode, object>>;
}

/** Where the present state lies on a figure's axes, and whether it is on the curve. */
export interface MarkerPlace {
  x: number;
  y: number;
  on: boolean;
}

/** What fills a tab that shows no figures; see page/contents.js. */
export interface TabContent {
  element: HTMLElement;
  painter?: { width: number };
  update?(data: unknown, answer?: Answer): void;
  load?(run: FilmRun): void;
  resize?(ratio?: number): void;
  retheme?(): void;
  destroy?(): void;
  looksInside?(): number | null;
  lookInside?(relay: number): void;
}

export interface OwnState {
  theme?: ColourMode;
  cursor?: number;
  relay?: number;
  dots?: string;
}

/** The answer to a question, with the files that came beside it and what a tab adds. */
export type Told = Reply & { buffers: DataView<ArrayBuffer>[] } & Record<string, unknown>;

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
  ask(what: Question["ask"], details?: object): Promise<Told>;
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

export interface RowParts {
  head: HTMLElement[];
  body: HTMLElement[];
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

export interface MadeFile {
  file: string;
  content: BlobPart;
  type: string;
}

export interface PicturePart {
  file: string;
  title: string;
  element: HTMLElement;
}
