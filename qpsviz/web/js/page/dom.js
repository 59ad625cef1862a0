// Small helpers for making elements and reading what the session sends.
/** @import { Attributes, Child, Packed } from "../types.js" */

const TAKES_KEYS = new Set(["button", "input", "select", "summary", "textarea"]);

/**
 * Make an element: attributes, `on…` listeners and children in one call.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  // In JupyterLab a key on a slider would otherwise be a shortcut of the notebook.
  if (TAKES_KEYS.has(tag) || attributes.tabindex !== undefined) element.dataset.lmSuppressShortcuts = "true";
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * A button with a visible or an accessible name.
 * @param {string} label @param {((event: MouseEvent) => unknown) | null} onclick @param {Attributes} [attributes]
 */
export function button(label, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, label);
}

/** A name that no other view has, in this document or another. */
export function newId() {
  return `qps-${Math.random().toString(36).slice(2, 12)}`;
}

const TYPES = { f4: Float32Array, f8: Float64Array, i4: Int32Array, u1: Uint8Array };

/**
 * Turn `{type, data}` as the session packs arrays into a typed array; plain lists stay.
 * @param {unknown} packed
 * @returns {unknown}
 */
export function array(packed) {
  if (packed === null || typeof packed !== "object" || !("type" in packed)) return packed;
  const { type, data } = /** @type {Packed} */ (packed);
  const { buffer, byteOffset, byteLength } = /** @type {DataView<ArrayBuffer>} */ (data);
  return new TYPES[type](buffer.slice(byteOffset, byteOffset + byteLength));
}

/**
 * All columns of a table.
 * @template Table
 * @param {object} packed
 * @returns {Table}
 */
export function columns(packed) {
  return /** @type {Table} */ (Object.fromEntries(Object.entries(packed).map(([name, column]) => [name, array(column)])));
}

/**
 * A number with a fixed count of decimals, as people write it: no sign where it rounds to nothing.
 * @param {number} value @param {number} decimals
 */
export function fixed(value, decimals) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/**
 * A number with a few digits, a small or large one with its power of ten written out.
 * @param {number} value @param {number} digits
 */
export function scientific(value, digits) {
  const [factor, power] = value.toExponential(digits - 1).split("e");
  if (value === 0 || (Number(power) >= -3 && Number(power) <= 6)) return String(Number(value.toPrecision(digits))).replace("-", "−");
  const raised = power.replace("+", "").replace(/[-\d]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
  return `${String(Number(factor)).replace("-", "−")}×10${raised}`;
}

/** Offer bytes or text as a download. @param {string} name @param {BlobPart} content @param {string} type */
export function download(name, content, type) {
  const link = h("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Resolves while the next frame of the display is being made. */
export function nextFrame() {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Resolves when all that is under way is done, a frame that is being made among it. */
export function nextTask() {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
}

/** Whether the person asked for less motion. */
export function reducedMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Whether an element can be seen now: shown, and scrolled into both the window and what scrolls around it.
 * @param {Element} element @param {Element} around
 */
export function inSight(element, around) {
  if (!element.checkVisibility()) return false;
  const [box, frame] = [element.getBoundingClientRect(), around.getBoundingClientRect()];
  return box.bottom > Math.max(0, frame.top) && box.top < Math.min(window.innerHeight, frame.bottom);
}
