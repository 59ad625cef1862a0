// The class of each tab that is more than figures, by the name of the tab.
//
// Each is a class: `constructor(page)` makes `element`; `update(data, answer)` gets what the session made for it
// (only while its tab is open), `load(run)` every new run, `retheme()` a change of colours, `destroy()` the end.
// The clock that all pictures of a run share is `page.clock`; questions go through `page.ask("tab", {tab, …})`.
import { AuditTab } from "./audit.js";
import { BudgetTab } from "./budget.js";
import { FrameTab } from "./frame/tab.js";
import { EventsTab } from "./events/tab.js";
import { KeysTab } from "./keys.js";
import { SpaceTimeTab } from "./spacetime.js";
import { SwitchTab } from "./switch/tab.js";
import { StateTab } from "./state.js";
import { TrafficTab } from "./traffic/tab.js";
/** @import { ExplorerPage, TabContent } from "../types.js" */

/** @type {Record<string, new (page: ExplorerPage) => TabContent>} */
export const CONTENTS = {
  frame: FrameTab,
  spacetime: SpaceTimeTab,
  switch: SwitchTab,
  log: EventsTab,
  budget: BudgetTab,
  keys: KeysTab,
  traffic: TrafficTab,
  state: StateTab,
  audit: AuditTab,
};
