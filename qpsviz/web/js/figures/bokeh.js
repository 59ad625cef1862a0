// All that this page takes from BokehJS, most of which Bokeh does not document: no other module names a part of it.
import { h, nextTask } from "../page/dom.js";

/**
 * Bokeh ships no types to a page: its objects are `any`, in this module alone.
 * @typedef {any} BokehObject
 * @typedef {{ version: string, embed: BokehObject }} BokehScript
 * @typedef {Record<string, any>} Columns
 * @typedef {{ compute: (value: number) => number, invert: (px: number) => number }} Scale
 * @typedef {{ x: Scale, y: Scale, box: { left: number, right: number, top: number, bottom: number } }} Axes
 */

/** @type {Promise<BokehScript> | null} */
let loading = null;

/**
 * BokehJS of the right version: the page's own (our Voila template brings it), or asked of the widget once.
 * @param {string} version
 * @param {(what: "bokeh") => Promise<{ buffers: DataView<ArrayBuffer>[] }>} ask
 */
export function loadBokeh(version, ask) {
  loading ??= pageScript().then(() => {
    const present = loaded();
    return present?.version === version ? present : fetchBokeh(ask);
  });
  loading.catch(() => {
    loading = null;
  });
  return loading;
}

/** @returns {BokehScript | undefined} */
function loaded() {
  return /** @type {any} */ (window).Bokeh;
}

/** @returns {Promise<unknown>} */
function pageScript() {
  const script = document.getElementById("qpsviz-bokeh");
  if (!script || loaded()) return Promise.resolve();
  return new Promise((resolve) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", resolve);
  });
}

/**
 * @param {(what: "bokeh") => Promise<{ buffers: DataView<ArrayBuffer>[] }>} ask
 * @returns {Promise<BokehScript>}
 */
async function fetchBokeh(ask) {
  const { buffers } = await ask("bokeh");
  const url = URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" }));
  await new Promise((resolve, reject) => {
    document.head.append(h("script", { src: url, onload: resolve, onerror: () => reject(new Error("BokehJS")) }));
  });
  return /** @type {BokehScript} */ (loaded());
}

/** A figure on the page. */
export class BokehDrawing {
  /**
   * Draw a figure, given as data, in a place.
   * @param {BokehScript} bokeh
   * @param {object} figure
   * @param {HTMLElement} place
   */
  static async in(bokeh, figure, place) {
    const views = await bokeh.embed.embed_item(structuredClone(figure), place);
    const [view] = views.roots ?? Object.values(views);
    return new BokehDrawing(view);
  }

  /** @param {BokehObject} view */
  constructor(view) {
    this.view = view;
    this.document = view.model.document;
    view.el.tabIndex = -1; // no key does anything there
  }

  /** @param {() => void} listener Called whenever the figure has been painted. */
  whenPainted(listener) {
    this.view.repainted.connect(listener);
  }

  /** @returns {Axes} Where the axes lie in px, and how values become px; always as the figure is now. */
  get axes() {
    const { frame } = this.view;
    return {
      get x() {
        return frame.x_scale;
      },
      get y() {
        return frame.y_scale;
      },
      get box() {
        return frame.bbox;
      },
    };
  }

  /**
   * Change sources and ranges at once, and paint after that.
   * @param {() => void} change
   * @param {boolean} isRanged Whether ranges change, so that axes must be measured too.
   */
  change(change, isRanged) {
    const { view } = this;
    view.pause();
    // Bokeh takes new columns in a few turns and would paint in the next frame, measuring all axes as it does; the time
    // until then is free now, and axes of the same range have the same size.
    nextTask().then(() => {
      view.unpause(true);
      view.invalidate_dataranges = false; // no range of ours follows its data, and following measures all axes too
      if (isRanged) view.repaint();
      else view.paint();
    });
    change();
  }

  /**
   * @param {string} name
   * @returns {Columns | undefined} Columns of the source of that name.
   */
  columns(name) {
    return this.document.get_model_by_name(name)?.data;
  }

  /**
   * @param {string} name Of a source.
   * @param {Columns} columns
   */
  setColumns(name, columns) {
    this.document.get_model_by_name(name).data = columns;
  }

  /** @type {(name: string, range: [number, number]) => void} */
  setRange(name, [start, end]) {
    this.document.get_model_by_name(name).setv({ start, end });
  }

  /** @returns {SVGElement} The figure as a drawing. */
  svg() {
    return this.view.export("svg", false).ctx.get_svg();
  }
}
