// Views that fill a tab of their own, by the name that panes give them.
//
// A view is a class: `constructor(page)` makes `element`; `update(data, answer)` gets what the kernel made for it
// (only while its tab is open), `load(run)` every new run, `retheme()` a change of colours, `destroy()` the end.
// The clock that all views of a run share is `page.clock`; questions go through `page.ask("panel", {view, …})`.
import { AuditView } from "../tabs/audit.js";
import { BudgetView } from "../tabs/budget.js";
import { FrameView } from "../tabs/frame/tab.js";
import { EventLog } from "../tabs/events/tab.js";
import { SpaceTime } from "../tabs/spacetime.js";
import { SwitchView } from "../tabs/switch/tab.js";
import { StateView } from "../tabs/state.js";

export const VIEWS = {
  frame: FrameView,
  spacetime: SpaceTime,
  switch: SwitchView,
  log: EventLog,
  budget: BudgetView,
  state: StateView,
  audit: AuditView,
};
