// What a page draws once. qpsviz/session/protocol/spec.py says the same; a test compares both.
import type { EventMarks, SwitchDiagram } from "./tabs.js";
import type { ColourMode, Value } from "./values.js";

/** One control, from the declaration of its parameter; `open` where its slider ends in "never". */
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
  lo: number | null;
  hi: number | null;
  step: number;
  log: boolean;
  open: boolean;
  choices: string[];
  choice_texts: string[];
}

/** Controls under one title. */
export interface GroupSpec {
  name: string;
  title: string;
  open: boolean;
  first: boolean;
  parameters: ParameterSpec[];
}

/** The control column; `id` is the prefix of its elements. */
export interface ControlsSpec {
  id: string;
  groups: GroupSpec[];
}

/** One line of a figure's legend. */
export interface LegendSpec {
  text: string;
  series: string;
  dash: string;
  kind: string;
}

/** A figure; `drag` names the parameter of each axis and how many of its units one of the axis is. */
export interface PlotSpec {
  name: string;
  title: string;
  caption: string;
  legend: LegendSpec[];
  drag: Record<"x" | "y", [string, number]>;
}

/** A tab without figures. */
export interface TabTitle {
  name: string;
  title: string;
}

/** A tab with its figures, none where it draws itself. */
export interface TabSpec extends TabTitle {
  plots: PlotSpec[];
}

/** A read-out: what it is called, how it is made and where it comes from. */
export interface TileSpec {
  name: string;
  label: string;
  how: string;
  source: string;
}

/** A preset to choose. */
export interface PresetSpec {
  name: string;
  title: string;
}

/** A file to save. */
export interface ExportSpec {
  name: string;
  title: string;
  hint: string;
}

/** All that a page draws once, as a session says it. */
export interface SessionSpec {
  id: string;
  kind: string;
  title: string;
  opening: string;
  chosen: boolean;
  speed: number;
  network: boolean;
  controls: ControlsSpec;
  tiles: TileSpec[];
  presets: PresetSpec[];
  tabs: TabSpec[];
  templates: string[];
  exports: ExportSpec[];
}

/** The same with the figures of a widget: the address of BokehJS, and each figure in both colours. */
export interface PageSpec extends SessionSpec {
  bokeh: string;
  figures: Record<string, Record<ColourMode, Record<string, unknown>>>;
}

/** What a film alone draws once. */
export interface FilmSpec {
  id: string;
  title: string;
  templates: string[];
  tabs: TabTitle[];
  switch?: SwitchDiagram;
  log: EventMarks;
}
