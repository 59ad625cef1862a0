// What one view of a page shows beside the state that all views share: the place in its film and what its dots are,
// the relay, its colours, what is chosen on the tabs "Traffic" and "Paper audit".
/** @import { ExplorerPage, OwnState } from "../types.js" */

/**
 * As a link has it: where the film stands still, the relay that was chosen, dots and colours that were chosen.
 * @param {ExplorerPage} page
 */
export function ownState(page) {
  /** @type {OwnState} */
  const parts = {};
  if (!page.clock.playing && page.clock.time > 0) parts.cursor = +page.clock.time.toFixed(3);
  const relay = page.contents.get("switch")?.looksInside?.();
  if (relay) parts.relay = relay;
  if (page.clock.slots) parts.dots = "slots";
  if (page.colours.chosen) parts.theme = page.colours.chosen;
  const traffic = page.contents.get("traffic")?.link?.();
  if (traffic) parts.traffic = traffic;
  const publication = page.contents.get("audit")?.link?.();
  if (publication) parts.publication = publication;
  return parts;
}

/**
 * What a link says about this view alone; the film that it speaks of may still be on its way.
 * @param {ExplorerPage} page @param {OwnState} given
 */
export function restore(page, { theme, cursor, relay, dots, traffic, publication }) {
  if (theme) page.colours.choose(theme);
  if (dots) page.clock.showSlots(dots === "slots");
  if (traffic) page.contents.get("traffic")?.restore?.(traffic);
  if (publication) page.contents.get("audit")?.restore?.(publication);
  if (cursor !== undefined || relay !== undefined) page.wanted = { cursor, relay };
  showWanted(page);
}

/** Go to the place in the run that a link asks for, once that run is there. @param {ExplorerPage} page */
export function showWanted(page) {
  if (!page.wanted || page.run?.scene !== page.answer?.scene) return;
  const { cursor, relay } = page.wanted;
  page.wanted = null;
  if (relay !== undefined) page.contents.get("switch")?.lookInside?.(relay);
  if (cursor === undefined) return;
  page.clock.play(false);
  page.clock.seek(cursor);
}
