// What the tabs show that draw themselves: their data, their questions and the replies. qpsviz/session/protocol/tabs.py says the same; a test compares both.
import type { Value } from "./values.js";

/** The reply is not there yet; ask again. */
export interface Loading {
  loading: true;
}

/** The shape beside each kind of event. */
export interface EventMarks {
  marks: string[];
}

/** What one reading of a publication gives. */
export interface AuditReading {
  words: string;
  found: string;
  holds: boolean;
}

/** A claim of a publication, and the values that set its scenario; None where it is about none. */
export interface AuditRow {
  id: string;
  claim: string;
  where: string;
  expected: string;
  found: string;
  verdict: string;
  kind: "holds" | "partly" | "fails";
  share: string;
  readings: AuditReading[];
  values: Record<string, Value> | null;
  linked: boolean;
}

/** A published number, and how far ours is from it. */
export interface AuditCell {
  published: string;
  distance: string;
  holds: boolean;
}

/** One quantity in one case: ours, and what each column has. */
export interface AuditNumber {
  quantity: string;
  case: string;
  ours: string;
  cells: (AuditCell | null)[];
}

/** Published numbers beside ours. */
export interface AuditComparison {
  columns: string[];
  rows: AuditNumber[];
}

/** Which publication; the first one where it names none. */
export interface AuditQuestion {
  publication?: string;
}

/** A publication that can be chosen. */
export interface AuditChoice {
  name: string;
  about: string;
}

/** Every claim of a publication, and the publications to choose from. */
export interface AuditTable {
  publications: AuditChoice[];
  publication: string;
  cited: string;
  address: string;
  part: string;
  comparison: AuditComparison | null;
  rows: AuditRow[];
}

/** What kind of element of a path costs rate or fidelity. */
export type PathCost = "fibre" | "switch" | "memory" | "partner memory" | "correction";

/** What kind of element costs rate or fidelity. */
export type CostKind = PathCost | "routing" | "detector" | "distillation" | "light" | "source" | "block";

/** What one element costs; `change` is None where it is infinite. */
export interface BudgetRow {
  name: string;
  kind: CostKind;
  change: number | null;
  text: string;
  position: string;
  before: number;
  after: number;
}

/** All elements of one budget and what is left. */
export interface Budget {
  rows: BudgetRow[];
  total: number | null;
}

/** An output that can be brought to a goal, and its present value. */
export interface Goal {
  name: string;
  label: string;
  now: string;
}

/** Both budgets. */
export interface BudgetData {
  fidelity: Budget;
  key_rate: Budget;
  goals: Goal[];
}

/** Which output shall reach which value, as typed; or the budget `of` what takes a search. */
export interface BudgetQuestion {
  of?: string;
  output?: string;
  text?: string;
}

/** The value that a parameter would need, or `why` none does. */
export interface Needed {
  label: string;
  now: string;
  parameters: string[];
  value?: Value;
  needed?: string;
  why?: string;
}

/** Every parameter that matters, and how many are still looked for. */
export interface NeededTable {
  rows: Needed[];
  left: number;
}

/** What one thing leaves of the key, and what it costs, as written. */
export interface KeyRow {
  label: string;
  setting: string;
  left: string;
  cost: string;
}

/** What is known at once; `state` is a word for all that the finite block depends on, `lines` for its lines. */
export interface KeysData {
  rows: KeyRow[];
  instead: KeyRow[];
  state: string;
  lines: Record<string, string>;
}

/** A line of a finite block, and where the present state is on it, if it is. */
export interface KeysLine {
  x: number[];
  y: number[];
  now?: number[];
}

/** What the finite block makes of a state: its row, and its line in each figure. */
export interface KeysAnswer {
  state: string;
  row: KeyRow;
  lines: Record<string, KeysLine>;
}

/** A figure of merit from both sides. */
export interface Merit {
  name: string;
  referee: number;
  closed_form: number;
}

/** The density matrix by rows, and what it is good for. */
export interface StateAnswer {
  re: number[][];
  im: number[][];
  bloch: number[][];
  correlations: number[];
  purity: number;
  p_arrival: number;
  merits: Merit[];
}

/** A component and its place in the picture. */
export interface SwitchNode {
  name: string;
  kind: string;
  label: string;
  column: number;
  row: number;
  full: string;
  source: string;
}

export interface SwitchEdge {
  from: number;
  to: number;
  kind: "classical" | "quantum" | "both";
}

/** What stands on and beside the card of a component. */
export interface ComponentTexts {
  loss: string;
  latency: string;
  does: string;
  after: string;
}

/** A number under the picture. */
export interface PassTotal {
  name: string;
  label: string;
  text: string;
  note: string;
  tip?: string;
}

/** What one pass costs. */
export interface SwitchPass {
  cards: ComponentTexts[];
  loss_db: number;
  fidelity: number;
  fading_db: number[];
  totals: PassTotal[];
}

/** One relay taken apart; numbers are positions in `nodes` unless said otherwise. */
export interface SwitchDiagram {
  device: string;
  figure: string;
  nodes: SwitchNode[];
  edges: SwitchEdge[];
  header: number[];
  payload: number[];
  releases: number;
  drops: number[];
  crossing: string;
  set_up: [reserved: number, refused: number];
  stores: boolean;
  passes: SwitchPass[];
  pass_of: number[];
}
