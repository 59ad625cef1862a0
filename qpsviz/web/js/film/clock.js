// One clock that the player, the event log and every other view of a run share.
import { reducedMotion } from "../page/dom.js";

const MOST_SKIPPED = 2; // pictures in a row
const LONGEST_HURRY_MS = 60;

export class Clock {
  /** @param {number} speed */
  constructor(speed) {
    this.time = 0;
    this.duration = 1;
    this.speed = speed; // simulated µs per second of the person's time
    this.playing = !reducedMotion();
    this.visible = true;
    this.slots = false; // whether dots are all slots of a payload, or the photons that are left in them
    this.hurriedUntil = 0;
    this.skipped = 0;
    this.listeners = new Set();
    this.frame = null;
    this.last = null;
    this.inSight = new Set();
    this.watcher = new IntersectionObserver((entries) => this.see(entries));
  }

  /** Time stands still while none of these elements is on screen. @param {...(Element | null | undefined)} elements */
  watch(...elements) {
    for (const element of elements) if (element) this.watcher.observe(element);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  see(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.inSight.add(target);
      else this.inSight.delete(target);
    }
    this.visible = this.inSight.size > 0;
    this.wake();
  }

  /** Call `listener(clock)` at every change; returns what stops that. @param {(clock: Clock) => void} listener */
  subscribe(listener) {
    this.listeners.add(listener);
    listener(this);
    return () => this.listeners.delete(listener);
  }

  /** A new run: keep the relative place so that a slider move does not restart the film. @param {number} duration */
  rewind(duration) {
    const share = this.duration > 0 ? this.time / this.duration : 0;
    this.time = Math.min(this.time, duration * (this.time <= duration ? 1 : share));
    this.duration = duration;
    this.tell();
    this.wake();
  }

  /** @param {number} time */
  seek(time) {
    this.time = Math.max(0, Math.min(time, this.duration));
    this.tell();
  }

  /** Draw slots, or photons. @param {boolean} on */
  showSlots(on) {
    this.slots = on;
    this.tell();
  }

  /** @param {boolean} on */
  play(on) {
    this.playing = on;
    if (on && this.time >= this.duration) this.time = 0;
    this.tell();
    this.wake();
  }

  /**
   * An answer is on its way: leave out two pictures of three, which would delay it, until it is painted.
   * @param {boolean} on
   */
  hurry(on) {
    this.hurriedUntil = on ? performance.now() + LONGEST_HURRY_MS : 0;
  }

  wake() {
    if (this.playing && this.visible && this.frame === null) {
      this.last = null;
      this.frame = requestAnimationFrame((now) => this.tick(now));
    }
  }

  /** @param {number} now */
  tick(now) {
    this.frame = null;
    if (!this.playing || !this.visible) return;
    const elapsed = this.last === null ? 0 : Math.min(now - this.last, 100);
    this.last = now;
    this.time += (elapsed / 1000) * this.speed;
    if (this.time >= this.duration) this.time = 0;
    this.skipped = now < this.hurriedUntil && this.skipped < MOST_SKIPPED ? this.skipped + 1 : 0;
    if (!this.skipped) this.tell();
    this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  tell() {
    for (const listener of this.listeners) listener(this);
  }

  stop() {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    this.playing = false;
    this.watcher.disconnect();
    this.listeners.clear();
  }
}
