// The page: asks its session with the newest state, and gives every answer to the parts that show it.
import { Address } from "./page/address.js";
import { Clock } from "./film/clock.js";
import { Connection } from "./page/connection.js";
import { Controls } from "./page/controls.js";
import { h, inSight, newId, nextFrame, nextTask } from "./page/dom.js";
import { actionsOf, copyText } from "./page/actions.js";
import { Mode } from "./page/mode.js";
import { Moves } from "./page/moves.js";
import { restore, showWanted } from "./page/own_state.js";
import { Tabs } from "./page/tabs.js";
import { FilmNote } from "./film/note.js";
import { Player } from "./film/player.js";
import { Questions } from "./page/questions.js";
import { openRun } from "./film/run.js";
import { skipsOf } from "./page/skips.js";
import { Tiles } from "./page/tiles.js";
import { Tips } from "./page/tips.js";
import { TopBar } from "./page/topbar.js";
import { Transport } from "./film/transport.js";
import { fillTabs } from "./tabs/fill.js";
/** @import { Answer, BokehHost, ColourMode, ExplorerPage, Fault, FilmData, FilmRun, Move, PageSpec } from "./types.js" */
/** @import { PlotCard, Question, Rendered, TabContent, Typed, Values, WidgetModel } from "./types.js" */

class Page {
  /** @type {Controls} */ controls;
  /** @type {Tiles} */ tiles;
  /** @type {TopBar | null} */ top;
  /** @type {Map<string, BokehHost>} */ hosts;
  /** @type {Map<string, PlotCard>} */ cards;
  /** @type {Map<string, TabContent>} */ contents;
  /** @type {Tabs} */ tabs;
  /** @type {Tips} */ tips;
  /** @type {Address} */ address;
  /** @type {ColourMode} */ mode;
  /** @type {Player | null} */ player = null;
  /** @type {Transport | null} */ transport = null;
  /** @type {FilmRun | null} */ run = null;
  /** @type {ExplorerPage["wanted"]} */ wanted = null;
  /** @type {string | undefined} */ seen;

  /** @param {WidgetModel} model @param {HTMLElement & { qpsviz?: unknown }} element */
  constructor(model, element) {
    this.model = model;
    this.id = newId(); // of this view: the widget may be on screen more than once, here and elsewhere
    /** @type {PageSpec} */
    const spec = model.get("spec");
    this.spec = { ...spec, id: this.id, controls: { ...spec.controls, id: this.id } };
    this.root = h("div", { class: `qps qps-${this.spec.kind}`, id: this.id });
    /** @type {Answer | null} */
    this.answer = null;
    /** @type {Answer | null} */
    this.written = null; // the answer whose texts are on screen
    this.questions = new Questions(model, this.id);
    /** @type {Map<number, number>} */
    this.sent = new Map(); // when each revision was asked, for the latency read-out
    this.moves = new Moves();
    /** @type {Pick<Answer, "values" | "tab" | "linked" | "seed">} */
    this.state = { values: {}, tab: this.spec.tabs[0]?.name ?? "", linked: true, seed: 1 };
    this.clock = new Clock(this.spec.speed);
    this.colours = new Mode((mode) => this.setMode(mode));
    this.connection = new Connection(this);
    this.build();
    element.append(this.root);
    element.qpsviz = this;
    this.listen();
    this.setMode(this.colours.present);
    this.takeAnswer();
    this.takeRun();
    this.takePins();
    this.address.start();
  }

  get revision() {
    return this.moves.revision;
  }

  build() {
    const { spec } = this;
    const link = (/** @type {boolean} */ linked) => this.request({ linked });
    this.controls = new Controls(spec.controls, (values, typed) => this.change(values, typed), link);
    this.tiles = new Tiles(spec.tiles);
    this.top = spec.kind === "dashboard" ? new TopBar(spec, actionsOf(this)) : null;
    const main = h("div", { class: "qps-stage" });
    if (spec.network) {
      this.player = new Player(this.clock);
      this.filmNote = new FilmNote(this.root);
      this.transport = new Transport(this.clock, spec.templates, () => this.request({ seed: this.state.seed + 1 }));
      const parts = [this.player.element, this.filmNote.element, this.transport.element];
      main.append(h("section", { class: "qps-card qps-network", "aria-label": "Network" }, ...parts));
    }
    main.append(this.tiles.element);
    this.hosts = new Map();
    this.cards = new Map();
    this.contents = new Map();
    this.tabs = new Tabs(spec.id, spec.tabs, fillTabs(this), (tab) => this.request({ tab }));
    if (spec.tabs.length) main.append(this.tabs.element);
    this.clock.watch(this.player?.element.parentElement, ...[...this.contents.values()].map((content) => content.element));
    // The stage comes first, as on a phone, so that few steps of the Tab key lead to the film.
    const body = h("div", { class: "qps-main" }, main, this.controls.element);
    const parts = [this.connection.element, skipsOf(this), this.top?.element, body];
    this.root.append(...parts.filter((part) => part !== null && part !== undefined));
    this.tips = new Tips(this.root);
    this.address = new Address(this);
    this.clock.subscribe(({ playing, time, slots }) => {
      const seen = `${playing ? "moving" : time} ${slots}`;
      if (seen !== this.seen) this.address.later();
      this.seen = seen;
    });
  }

  listen() {
    /** @type {Record<string, (...told: any[]) => void>} */
    this.listeners = {
      "change:answer": () => this.takeAnswer(),
      "change:run": () => this.takeRun(),
      "change:settled": () => this.tiles.settle(this.model.get("settled"), this.answer?.scene),
      "change:pins": () => this.takePins(),
      "msg:custom": (message, buffers) => this.questions.take(message, buffers),
    };
    for (const [name, listener] of Object.entries(this.listeners)) this.model.on(name, listener);
  }

  /** A control moved. @param {Values} values @param {Typed | null} [typed] */
  change(values, typed = null) {
    this.request(typed ? { values, typed } : { values });
  }

  /**
   * What is wanted changes: goes out with all that waits, and the widget manager drops all but the newest request.
   * @param {Move} changes
   */
  request(changes) {
    this.moves.add(changes);
    if (changes.tab !== undefined) this.state.tab = changes.tab;
    if (changes.linked !== undefined) this.state.linked = changes.linked;
    if (changes.seed !== undefined) this.state.seed = changes.seed;
    this.sent.set(this.revision, performance.now());
    this.clock.hurry(true);
    // Without a kernel it waits in the address for whoever reloads.
    if (this.connection.isGone) this.address.later();
    else this.post();
  }

  post() {
    if (this.connection.isGone || !this.moves.waiting.length) return;
    this.model.set("request", { view: this.id, moves: [...this.moves.waiting] });
    this.model.save_changes();
  }

  /** Since when an answer is missing. */
  waitsSince() {
    const times = [...this.sent.values(), ...this.questions.since()];
    return times.length ? Math.min(...times) : null;
  }

  waitingValues() {
    return this.moves.values(this.state.linked);
  }

  takeAnswer() {
    /** @type {Answer} */
    const told = this.model.get("answer");
    if (!told.values) return;
    // The state belongs to the session; of the answers this view counts those to its own moves.
    const answer = { ...told, revision: told.revisions[this.id] ?? 0, error: told.view === this.id ? told.error : null };
    this.moves.answered(answer.revision);
    if (told.view !== this.id) this.post(); // another view's request may have taken the place of ours
    const newest = answer.revision >= this.revision;
    // An answer to an older move must not undo a newer one that is still on its way.
    if (newest) this.state = { values: answer.values, linked: answer.linked, tab: answer.tab, seed: answer.seed };
    this.answer = answer;
    this.tabs.show(newest ? answer.tab : this.state.tab);
    const figures = Object.entries(answer.plots).map(([name, plot]) => this.hosts.get(name)?.update(plot));
    for (const [name, data] of Object.entries(answer.contents)) this.contents.get(name)?.update?.(data, answer);
    // Bokeh asks for styles as it paints, and a text changed before makes the browser compute them anew: texts come later.
    Promise.race([Promise.all(figures), nextFrame().then(nextFrame)]).then(() => this.writeAnswer());
  }

  /** Texts and sliders of the newest answer, whose curves are drawn by now. */
  writeAnswer() {
    const { answer } = this;
    if (!answer || this.written === answer) return;
    this.written = answer;
    for (const name of Object.keys(answer.plots)) this.hosts.get(name)?.marker.settle();
    this.controls.update(answer, this.moves.held());
    this.tiles.update(answer.tiles);
    this.tiles.settle(this.model.get("settled"), answer.scene);
    this.transport?.number(answer.seed);
    this.top?.update(answer);
    this.showError(answer.error);
    if (answer.view === this.id) restore(this, answer.own);
    this.address.answered(answer.revision);
    this.compareFilm();
    this.markPainted(answer.revision);
  }

  /**
   * What was refused without a control in sight, such as a broken link, is said at the top until all is well.
   * @param {Fault | null} error
   */
  showError(error) {
    const row = error && this.controls.rows.get(error.name ?? "");
    const name = row ? `${row.p.label}: ` : "";
    if (error && !(row && inSight(row.message, this.controls.element))) this.top?.refuse(`Refused. ${name}${error.message}`);
    else this.top?.forgive();
  }

  /** After the next frame is on screen, say so: tests and benchmarks wait for this. @param {number} revision */
  async markPainted(revision) {
    await nextFrame();
    await nextTask();
    this.root.dataset.painted = String(revision);
    const asked = this.sent.get(revision);
    for (const known of this.sent.keys()) if (known <= revision) this.sent.delete(known);
    if (!this.sent.size) this.clock.hurry(false);
    if (asked) this.root.dataset.latency = (performance.now() - asked).toFixed(1);
    this.root.dispatchEvent(new CustomEvent("qpsviz:painted", { detail: { revision } }));
  }

  takeRun() {
    const /** @type {FilmData} */ packed = this.model.get("run");
    if (packed.legs) {
      this.run = openRun(packed, this.clock);
      this.player?.load(this.run);
      this.transport?.load(this.run);
      for (const content of this.contents.values()) content.load?.(this.run);
      this.clock.rewind(this.run.duration); // draws: before texts change, so that no canvas waits for their layout
      this.tiles.update(packed.tiles ?? {});
    }
    this.filmError = packed.scene >= (this.run?.scene ?? 0) ? packed.error : null;
    this.compareFilm();
    showWanted(this);
  }

  /** The film is of the state that the curves are of, or a note says that it is not. */
  compareFilm() {
    if (!this.player || !this.answer) return;
    const isCurrent = this.run?.scene === this.answer.scene;
    this.filmNote?.update(isCurrent, this.filmError ?? null);
    if (isCurrent || this.filmError) this.root.dataset.run = String(this.answer.revision);
  }

  takePins() {
    const pins = this.model.get("pins") ?? {};
    for (const [name, card] of this.cards) card.take(pins[name]);
  }

  /**
   * Ask the session something that is not part of the state; resolves with its answer.
   * @param {Question["ask"]} what @param {object} [details]
   */
  ask(what, details = {}) {
    if (this.connection.isGone) return Promise.reject(new Error("no kernel answers"));
    return this.questions.ask(what, details);
  }

  /**
   * Nobody answers any more: the film stands still, questions end, and the state is kept where it can be.
   * @param {string} words
   */
  loseKernel(words) {
    this.clock.play(false);
    this.questions.end(words);
    this.sent.clear();
    this.address.later();
    this.address.keep();
  }

  copyLink() {
    return copyText(this.address.href());
  }

  /** @param {ColourMode} mode */
  setMode(mode) {
    this.mode = mode;
    this.root.dataset.mode = mode;
    if (this.spec.kind === "dashboard") document.documentElement.dataset.qpsMode = mode;
    this.top?.mode(mode);
    for (const part of [this.player, this.transport, ...this.contents.values()]) part?.retheme?.();
    for (const host of this.hosts.values()) host.embed(mode);
  }

  destroy() {
    this.address.stop();
    this.colours.stop();
    this.connection.stop();
    for (const [name, listener] of Object.entries(this.listeners ?? {})) this.model.off(name, listener);
    this.clock.stop();
    for (const part of [this.player, this.filmNote, this.transport, ...this.contents.values(), ...this.hosts.values()]) part?.destroy?.();
  }
}

export default {
  /** @param {Rendered} given */
  render({ model, el }) {
    const page = new Page(model, el);
    return () => page.destroy();
  },
};
