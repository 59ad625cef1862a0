// Views that fill a tab of their own, by the name that panes give them.
//
// A view is a class: `constructor(page)` makes `element`; `update(data, answer)` gets what the kernel made for it
// (only while its tab is open), `load(run)` every new run, `retheme()` a change of colours, `destroy()` the end.
// The clock that all views of a run share is `page.clock`; questions go through `page.ask("panel", {view, …})`.
import { SpaceTime } from "./spacetime.js";

export const VIEWS = {
  spacetime: SpaceTime,
};
