// Fills all tabs of a page: with figures in cards, with what a tab draws itself, or with both.
import { loadBokeh } from "../figures/bokeh.js";
import { PlotCard } from "../figures/plot_card.js";
import { CONTENTS } from "./classes.js";
import { h } from "../page/dom.js";
/** @import { BokehScript, ExplorerPage, PlotSpec, TabSpec } from "../types.js" */

/** Elements of each tab by its name; the page keeps their cards, figures and contents. @param {ExplorerPage} page */
export function fillTabs(page) {
  const ready = loadBokeh(page.spec.bokeh, (what) => page.ask(what));
  return Object.fromEntries(page.spec.tabs.map((tab) => [tab.name, [contentOf(page, tab, ready)]]));
}

/** @param {ExplorerPage} page @param {TabSpec} tab @param {Promise<BokehScript>} ready */
function contentOf(page, tab, ready) {
  const Content = CONTENTS[tab.name];
  const content = Content ? new Content(page) : null;
  if (content) page.contents.set(tab.name, content);
  if (content && !tab.plots.length) return content.element;
  return h("div", { class: "qps-plots" }, ...tab.plots.map((plot) => cardOf(page, plot, ready)), content?.element);
}

/** @param {ExplorerPage} page @param {PlotSpec} plot @param {Promise<BokehScript>} ready */
function cardOf(page, plot, ready) {
  const card = new PlotCard(page, plot, ready);
  page.cards.set(plot.name, card);
  page.hosts.set(plot.name, card.host);
  return card.element;
}
