// Play, step, scrub and speed for the clock of a run, and one sentence of what just happened.
import { button, h } from "../page/dom.js";
import { Lifetime } from "../page/lifetime.js";
import { eventAt, SAME_TIME_US, sentence, shortTime } from "./run.js";
/** @import { Clock, Templates, Watched } from "../types.js" */

const SPEEDS = [10, 25, 50, 100, 250, 500, 1000, 2500, 10_000, 50_000, 250_000];
const SLOW_SPEEDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]; // for traces of other tools, whose fibres may last 10 ns
const WHOLE_FILM_S = 40;

/**
 * The slowest pace at which a run is over in reasonable time.
 * @param {number} duration @param {boolean} [slowly] Whether it may be one of the slow ones.
 */
export function paceFor(duration, slowly = false) {
  const speeds = slowly ? [...SLOW_SPEEDS, ...SPEEDS] : SPEEDS;
  return speeds.find((speed) => speed * WHOLE_FILM_S >= duration) ?? SPEEDS[SPEEDS.length - 1];
}

/** The place in the run as a slider. @param {Clock} clock */
function scrubber(clock) {
  const scrub = h("input", {
    type: "range",
    min: 0,
    max: 1000,
    step: "any",
    "aria-label": "Time in the run",
    oninput: () => {
      clock.play(false);
      clock.seek((Number(scrub.value) / 1000) * clock.duration);
    },
  });
  return scrub;
}

/** Whether dots are photons or slots. @param {Clock} clock */
function dotsMenu(clock) {
  /** @param {string} text @param {boolean} on */
  const option = (text, on) => h("option", { value: on ? "1" : "", selected: on === clock.slots }, text);
  /** @type {HTMLSelectElement} */
  const menu = h(
    "select",
    {
      class: "qps-dots",
      "aria-label": "Dots are",
      onchange: () => clock.showSlots(Boolean(menu.value)),
      title: "Photons fade where they are lost. Slots are the places of a payload, whether a photon is left in them or not.",
    },
    option("photons", false),
    option("slots", true),
  );
  return menu;
}

/** @param {Clock} clock */
function speedMenu(clock) {
  /** @type {HTMLSelectElement} */
  const menu = h(
    "select",
    {
      class: "qps-speed",
      "aria-label": "Speed",
      onchange: () => {
        clock.speed = Number(menu.value);
      },
    },
    ...(clock.speed < SPEEDS[0] ? [...SLOW_SPEEDS, ...SPEEDS] : SPEEDS).map((s) =>
      h("option", { value: s, selected: s === clock.speed }, `${shortTime(s)} per s`),
    ),
  );
  return menu;
}

export class Transport {
  /** @param {Clock} clock @param {Templates} templates @param {(() => void) | null} [another] */
  constructor(clock, templates, another = null) {
    this.clock = clock;
    this.templates = templates;
    /** @type {Watched | null} */
    this.run = null;
    /** @type {number | null} */
    this.shown = null;
    /** @type {boolean | null} */
    this.playing = null; // what the button says
    this.playButton = button("", () => clock.play(!clock.playing), { class: "qps-play" });
    this.scrub = scrubber(clock);
    this.time = document.createTextNode("");
    this.sentence = h("p", { class: "qps-sentence" });
    this.ticks = h("canvas", { class: "qps-ticks", "aria-hidden": "true" });
    this.dots = dotsMenu(clock);
    this.another = button("↻ Another run", another, { class: "qps-another" });
    this.element = h(
      "div",
      { class: "qps-transport" },
      this.sentence,
      h(
        "div",
        { class: "qps-bar" },
        button("◂", () => this.step(-1), { "aria-label": "Previous event", title: "Previous event" }),
        this.playButton,
        button("▸", () => this.step(1), { "aria-label": "Next event", title: "Next event" }),
        h("div", { class: "qps-track" }, this.ticks, this.scrub),
        h("output", { class: "qps-time" }, h("span", {}, this.time)),
        speedMenu(clock),
        this.dots,
        another ? this.another : null,
      ),
    );
    this.lifetime = new Lifetime();
    this.lifetime.clock(clock, () => this.show());
    // Colours are known only once the page is in the document, where this fires first.
    this.lifetime.size(this.ticks, () => this.retheme());
  }

  retheme() {
    this.drawTicks();
  }

  /** The seed of the run on screen. @param {number} seed */
  number(seed) {
    this.another.title = `Run the same scenario with another seed. On screen: seed ${seed}`;
  }

  /** @param {Watched} run */
  load(run) {
    this.run = run;
    this.dots.hidden = "sentences" in run; // a trace has no slots
    this.shown = null;
    this.drawTicks();
    this.show();
  }

  /** Go to the next or previous moment at which something happens. @param {number} direction */
  step(direction) {
    const { clock, run } = this;
    if (!run) return;
    clock.play(false);
    const times = run.events.time;
    let index = eventAt(run, clock.time);
    if (direction > 0) {
      if (index + 1 < run.nEvents) clock.seek(times[index + 1]);
      return;
    }
    while (index >= 0 && times[index] >= clock.time - SAME_TIME_US) index -= 1;
    clock.seek(index >= 0 ? times[index] : 0);
  }

  show() {
    const { clock } = this;
    this.dots.value = clock.slots ? "1" : "";
    if (this.playing !== clock.playing) {
      this.playing = clock.playing;
      this.playButton.textContent = clock.playing ? "❚❚" : "▶";
      this.playButton.setAttribute("aria-label", clock.playing ? "Pause" : "Play");
    }
    if (document.activeElement !== this.scrub || clock.playing) {
      const place = clock.duration ? (clock.time / clock.duration) * 1000 : 0;
      // Moving the thumb lays the page out anew: only where it would be seen.
      if (!clock.playing || Math.abs(place - Number(this.scrub.value)) >= 1) this.scrub.value = String(place);
    }
    const decimals = this.run && "decimals" in this.run ? this.run.decimals - (clock.time < 100 ? 0 : 2) : 0;
    const time = `t = ${clock.time < 1000 ? `${clock.time.toFixed(decimals)} µs` : `${(clock.time / 1000).toFixed(3)} ms`}`;
    if (this.time.data !== time) {
      this.time.data = time;
      this.scrub.setAttribute("aria-valuetext", time);
    }
    if (!this.run) return;
    const index = eventAt(this.run, clock.time);
    if (index !== this.shown) {
      this.shown = index;
      this.sentence.textContent = sentence(this.run, index, this.templates);
    }
  }

  /** Where something happens on the time line; drops in their own colour and taller. */
  drawTicks() {
    const { ticks, run } = this;
    const context = ticks.getContext("2d");
    if (!run || !context) return;
    const style = getComputedStyle(this.element);
    ticks.width = 600;
    ticks.height = 10;
    context.clearRect(0, 0, 600, 10);
    for (const isDrop of [false, true]) {
      context.fillStyle = style.getPropertyValue(isDrop ? "--drop" : "--line-strong");
      for (let i = 0; i < run.nEvents; i++) {
        if (run.dropKinds.includes(run.events.kind[i]) !== isDrop) continue;
        const x = (run.events.time[i] / run.duration) * 598;
        context.fillRect(x, isDrop ? 0 : 5, isDrop ? 2.5 : 1, isDrop ? 10 : 5);
      }
    }
  }

  destroy() {
    this.lifetime.end();
  }
}
