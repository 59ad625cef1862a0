// A page with the film of one finished run, or of a trace of another tool: no controls and no curves, only what happened.
import { Clock } from "./film/clock.js";
import { h, newId } from "./page/dom.js";
import { EventsTab } from "./tabs/events/tab.js";
import { Mode } from "./page/mode.js";
import { Tabs } from "./page/tabs.js";
import { Player } from "./film/player.js";
import { openRun } from "./film/run.js";
import { openTrace } from "./film/trace_run.js";
import { TracePlayer } from "./film/trace_player.js";
import { SpaceTimeTab } from "./tabs/spacetime.js";
import { SwitchTab } from "./tabs/switch/tab.js";
import { paceFor, Transport } from "./film/transport.js";
/** @import { ColourMode, FilmPart, Rendered, RunPage, TabContent, TabSpec, WidgetModel } from "./types.js" */

/** @type {Record<string, new (page: RunPage) => TabContent>} */
const FILM_CONTENTS = { spacetime: SpaceTimeTab, switch: SwitchTab, log: EventsTab };

class Film {
  /** @type {Player | TracePlayer} */ player;
  /** @type {Transport} */ transport;
  /** @type {Map<string, TabContent>} */ contents;
  /** @type {Tabs} */ tabs;

  /** @param {WidgetModel} model @param {HTMLElement & { qpsviz?: unknown }} element */
  constructor(model, element) {
    this.spec = { ...model.get("spec"), id: newId() }; // the widget may be on screen more than once
    this.fixed = true; // nothing about the scenario can be changed
    const packed = model.get("run");
    this.isTrace = "sentences" in packed;
    this.clock = new Clock(paceFor(packed.duration, this.isTrace));
    this.run = this.isTrace ? openTrace(packed) : openRun(packed, this.clock);
    this.root = h("div", { class: "qps qps-lesson qps-film", id: this.spec.id });
    this.build();
    element.append(this.root);
    element.qpsviz = this;
    this.colours = new Mode((mode) => this.setMode(mode));
    this.root.dataset.mode = this.colours.present;
    /** @type {FilmPart[]} */
    this.parts = [this.player, this.transport, ...this.contents.values()];
    for (const part of this.parts) part.load?.(this.run);
    for (const [name, content] of this.contents) content.update?.(this.spec[name] ?? {});
    this.clock.rewind(this.run.duration);
    for (const part of this.parts) part.retheme?.();
    this.root.dataset.run = "0";
  }

  build() {
    const { spec } = this;
    this.player = this.isTrace ? new TracePlayer(this.clock) : new Player(this.clock);
    this.transport = new Transport(this.clock, spec.templates);
    this.contents = new Map(spec.tabs.map((/** @type {TabSpec} */ { name }) => [name, new FILM_CONTENTS[name](this)]));
    const elements = Object.fromEntries([...this.contents].map(([name, content]) => [name, [content.element]]));
    this.tabs = new Tabs(spec.id, spec.tabs, elements, (name) => this.tabs.show(name));
    this.tabs.show(spec.tabs[0].name);
    const network = h(
      "section",
      { class: "qps-card qps-network", "aria-label": "Network" },
      h("p", { class: "qps-film-title" }, spec.title),
      this.player.element,
      this.transport.element,
    );
    this.root.append(h("div", { class: "qps-stage" }, network, this.tabs.element));
    this.clock.watch(network, ...[...this.contents.values()].map((content) => content.element));
  }

  /** @param {ColourMode} mode */
  setMode(mode) {
    this.root.dataset.mode = mode;
    for (const part of this.parts) part.retheme?.();
  }

  destroy() {
    this.colours.stop();
    this.clock.stop();
    for (const part of this.parts) part.destroy?.();
  }
}

export default {
  /** @param {Rendered} given */
  render({ model, el }) {
    const film = new Film(model, el);
    return () => film.destroy();
  },
};
