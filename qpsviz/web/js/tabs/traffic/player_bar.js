// Play, pause, speed and place in time of the map.
import { fixed, h } from "../../page/dom.js";
import { Lifetime } from "../../page/lifetime.js";
/** @import { Clock } from "../../types.js" */

const CROSSING_S = 0.7; // for a link of ordinary length, of the person's time
const FACTORS = { 0.25: "¼ speed", 1: "speed 1", 4: "speed 4", 16: "speed 16" };

export class PlayerBar {
  /** @type {boolean | undefined} */ shown;

  /** @param {Clock} clock */
  constructor(clock) {
    this.clock = clock;
    this.plain = clock.speed; // at factor 1
    this.play = h("button", { type: "button", class: "qps-play", onclick: () => clock.play(!clock.playing) });
    this.track = h("input", { type: "range", min: 0, max: 1000, step: 1, "aria-label": "Time on the map", oninput: () => this.seek() });
    this.time = h("span", { class: "qps-traffic-time" });
    this.speed = h("select", { "aria-label": "Speed of the map", class: "qps-speed", onchange: () => this.faster() });
    this.speed.append(...Object.entries(FACTORS).map(([factor, text]) => h("option", { value: factor, selected: factor === "1" }, text)));
    this.element = h("div", { class: "qps-bar qps-traffic-bar" }, this.play, this.track, this.time, this.speed);
    this.lifetime = new Lifetime();
    this.lifetime.clock(clock, () => this.update());
  }

  /**
   * A run: the first one of a network begins once its first frames are under way.
   * @param {number} duration @param {number} crossing Of a link, in µs. @param {boolean} isFirst
   */
  load(duration, crossing, isFirst) {
    this.plain = Math.max(crossing, 1) / CROSSING_S;
    this.faster();
    this.clock.rewind(duration);
    if (isFirst) this.clock.seek(0.3 * duration);
  }

  faster() {
    this.clock.speed = this.plain * Number(this.speed.value);
  }

  seek() {
    this.clock.play(false);
    this.clock.seek((Number(this.track.value) / 1000) * this.clock.duration);
  }

  update() {
    const { playing, time, duration } = this.clock;
    if (this.shown !== playing) {
      this.shown = playing;
      this.play.textContent = playing ? "❚❚" : "▶";
      this.play.setAttribute("aria-label", playing ? "Pause the map" : "Play the map");
    }
    this.track.value = String((1000 * time) / duration);
    this.time.textContent = `${fixed(time / 1000, 2)} ms`;
  }

  destroy() {
    this.lifetime.end();
  }
}
