// Views that fill a tab of their own, by the name that panes give them.
//
// A view is a class: `constructor(page)` makes `element`; `update(data, answer)` gets what the kernel made for it
// (only while its tab is open), `load(run)` every new run, `retheme()` a change of colours, `destroy()` the end.
// The clock that all views of a run share is `page.clock`; questions go through `page.ask("panel", {view, …})`.
import { AuditView } from "./audit_view.js";
import { BudgetView } from "./budget_view.js";
import { FrameView } from "./frame.js";
import { EventLog } from "./event_log.js";
import { SpaceTime } from "./spacetime.js";
import { SwitchView } from "./switch_view.js";
import { StateView } from "./state_view.js";

export const VIEWS = {
  frame: FrameView,
  spacetime: SpaceTime,
  switch: SwitchView,
  log: EventLog,
  budget: BudgetView,
  state: StateView,
  audit: AuditView,
};
