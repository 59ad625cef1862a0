// Hosts Bokeh figures: embeds each once, then only swaps columns and properties by model name.
import { array, columns, h } from "../page/dom.js";
import { BokehDrawing } from "./bokeh.js";
import { Marker } from "./marker.js";
/** @import { BokehScript, ColourMode, Columns, MarkerAxes, MarkerPlace, Numbers, Packed, Plot, Values } from "../types.js" */

export class BokehHost {
  /**
   * `drag(values)` is called with parameters when the person drags the marker.
   * @param {{ name: string, drag: MarkerAxes }} given @param {Record<ColourMode, object>} figures @param {Promise<BokehScript>} ready @param {(values: Values) => void} drag
   */
  constructor({ name, drag: axes }, figures, ready, drag) {
    this.name = name;
    this.figures = figures; // mode -> figure as data
    this.ready = ready; // promise of BokehJS
    this.place = h("div", { class: "qps-embed" });
    this.marker = new Marker(axes, drag);
    this.element = h("div", { class: "qps-figure", "data-figure": name }, this.place, this.marker.element);
    /** @type {BokehDrawing | null} */
    this.drawing = null;
    /** @type {Plot | null} The newest columns, kept for when the figure is embedded anew. */
    this.last = null;
    /** @type {Pick<Plot, "sources" | "ranges"> | null} What is on screen of them. */
    this.drawn = null;
    /** @type {Columns | null} */
    this.pinned = null;
    /** @type {Map<string, Columns>} Columns that come beside the answers, by source. */
    this.laid = new Map();
    this.generation = 0;
    this.repainted = () => {};
  }

  /** Embed the figure in a mode; columns that came meanwhile are drawn at once. @param {ColourMode} mode */
  async embed(mode) {
    const generation = ++this.generation;
    const bokeh = await this.ready.catch(() => null);
    if (!bokeh) {
      this.place.replaceChildren(h("p", { class: "qps-empty", role: "status" }, "No curves: they are drawn once a kernel answers."));
      return;
    }
    if (generation !== this.generation) return;
    this.place.replaceChildren();
    const drawing = await BokehDrawing.in(bokeh, this.figures[mode], this.place);
    if (generation !== this.generation) return;
    this.drawing = drawing;
    this.drawn = null;
    drawing.whenPainted(() => this.repainted());
    this.marker.follow(drawing.axes, this.element);
    if (this.last) this.update(this.last);
    this.marker.settle();
    if (this.pinned) this.assign(`${this.name}.pinned`, this.pinned);
    for (const [source, data] of this.laid) this.assign(source, data);
  }

  /**
   * Draw what is new of the columns and axis ranges; a promise of when it is painted if anything is.
   * @param {Plot} answer
   */
  update(answer) {
    this.last = answer;
    const { drawing } = this;
    if (!drawing) return undefined;
    this.marker.at = /** @type {MarkerPlace} */ (/** @type {unknown} */ (answer.marker));
    const { marker, ...columnsAndRanges } = answer;
    const drawn = this.drawn ?? { ranges: {}, sources: {} };
    this.drawn = columnsAndRanges;
    const [ranges, sources] = [changed(answer.ranges, drawn.ranges), changed(answer.sources, drawn.sources)];
    if (!ranges.length && !sources.length) return undefined;
    const painted = /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        this.repainted = resolve;
      })
    );
    drawing.change(() => {
      for (const [name, range] of ranges) drawing.setRange(name, range);
      for (const [name, packed] of sources) {
        const data = /** @type {Columns} */ (columns(packed));
        const { shape } = /** @type {Packed} */ (packed.image ?? {});
        if (shape) data.image = [this.image(name, data.image, shape)];
        this.assign(name, data);
      }
    }, ranges.length > 0);
    return painted;
  }

  /**
   * Cells as the kind of array that the figure's image came with.
   * @param {string} name @param {Numbers} cells @param {number[]} shape
   */
  image(name, cells, shape) {
    const present = this.drawing?.columns(name)?.image[0];
    return new present.constructor(cells, shape);
  }

  /** @param {string} name @param {Columns} data */
  assign(name, data) {
    const { drawing } = this;
    const present = drawing?.columns(name);
    if (!drawing || !present) return;
    /** @type {string[] | undefined} */
    const lines = present.name; // a source of named lines keeps their styles, row by row
    drawing.setColumns(name, lines ? { ...present, xs: lines.map(() => data.x), ys: lines.map((line) => data[line]) } : data);
  }

  /** Draw columns that no answer brings; they stay when the figure is embedded anew. @param {string} source @param {Columns} data */
  lay(source, data) {
    this.laid.set(`${this.name}.${source}`, data);
    this.assign(`${this.name}.${source}`, data);
  }

  /** Freeze the present curve as a pinned one, or take the pinned curve away. @param {boolean} on */
  pin(on) {
    const curves = this.last?.sources[`${this.name}.curves`];
    if (!curves) return;
    this.pinned = on ? { x: array(curves.x), y: array(curves.present) } : { x: [], y: [] };
    this.assign(`${this.name}.pinned`, this.pinned);
  }

  /**
   * A curve that was pinned before, here or in another view; undefined takes the pinned curve away.
   * @param {{ x: Packed, y: Packed } | undefined} packed
   */
  showPinned(packed) {
    const pinned = packed ? { x: array(packed.x), y: array(packed.y) } : { x: [], y: [] };
    if (!packed && !this.pinned) return;
    this.pinned = pinned;
    this.assign(`${this.name}.pinned`, pinned);
  }

  /** The columns on screen, for tests and exports. @param {string} source */
  data(source) {
    const data = this.drawing?.columns(`${this.name}.${source}`);
    if (!data?.name) return data;
    return {
      x: data.xs[0],
      ...Object.fromEntries(data.name.map((/** @type {string} */ line, /** @type {number} */ i) => [line, data.ys[i]])),
    };
  }

  destroy() {
    this.marker.lifetime.end();
  }
}

/**
 * What differs from what was there before.
 * @template Part
 * @param {Record<string, Part>} now @param {Record<string, Part>} before
 */
function changed(now, before) {
  return Object.entries(now).filter(([name, value]) => !equal(value, before[name]));
}

/**
 * Whether two answers hold the same numbers, so that nothing needs to be painted.
 * @param {unknown} a @param {unknown} b
 * @returns {boolean}
 */
function equal(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [one, other] = [/** @type {Record<string, unknown>} */ (a), /** @type {Record<string, unknown>} */ (b)];
  if (one.data instanceof DataView && other.data instanceof DataView) return equalBytes(one.data, other.data);
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => equal(one[key], other[key]));
}

/** @param {DataView} a @param {DataView} b */
function equalBytes(a, b) {
  if (a.byteLength !== b.byteLength) return false;
  const [x, y] = [a, b].map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false; // six times as quick as `every`
  return true;
}
