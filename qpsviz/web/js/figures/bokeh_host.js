// Hosts Bokeh figures: embeds each once, then only swaps columns and properties by model name.
import { array, columns, h, nextTask } from "../page/dom.js";
import { Marker } from "./marker.js";

let loading = null;

/** BokehJS of the right version: the page's own (our Voila template brings it), or asked of the kernel once. */
export function loadBokeh(version, ask) {
  loading ??= pageScript().then(() => (window.Bokeh?.version === version ? window.Bokeh : fetchBokeh(ask)));
  loading.catch(() => { loading = null; });
  return loading;
}

function pageScript() {
  const script = document.getElementById("qpsviz-bokeh");
  if (!script || window.Bokeh) return Promise.resolve();
  return new Promise((resolve) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", resolve);
  });
}

async function fetchBokeh(ask) {
  const { buffers } = await ask("bokeh");
  const url = URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" }));
  await new Promise((resolve, reject) => {
    document.head.append(h("script", { src: url, onload: resolve, onerror: () => reject(new Error("BokehJS")) }));
  });
  return window.Bokeh;
}

export class BokehHost {
  /** `drag(values)` is called with parameters when the person drags the marker. */
  constructor({ name, drag: axes }, figures, ready, drag) {
    this.name = name;
    this.figures = figures; // mode -> figure as data
    this.ready = ready; // promise of BokehJS
    this.place = h("div", { class: "qps-embed" });
    this.marker = new Marker(axes, drag);
    this.element = h("div", { class: "qps-figure", "data-figure": name }, this.place, this.marker.element);
    this.document = null;
    this.last = null; // the newest columns, kept for when the figure is embedded anew
    this.ghost = null;
    this.generation = 0;
    this.repainted = () => {};
  }

  /** Embed the figure in a mode; columns that came meanwhile are drawn at once. */
  async embed(mode) {
    const generation = ++this.generation;
    const Bokeh = await this.ready.catch(() => null);
    if (!Bokeh) {
      this.place.replaceChildren(h("p", { class: "qps-empty", role: "status" }, "No curves: they are drawn once a kernel answers."));
      return;
    }
    if (generation !== this.generation) return;
    this.place.replaceChildren();
    const views = await Bokeh.embed.embed_item(structuredClone(this.figures[mode]), this.place);
    if (generation !== this.generation) return;
    const [view] = views.roots ?? Object.values(views);
    this.view = view;
    this.document = view.model.document;
    view.el.tabIndex = -1; // no key does anything there
    this.drawn = null;
    view.repainted.connect(() => this.repainted());
    this.marker.follow(view.frame, this.element);
    if (this.last) this.update(this.last);
    this.marker.settle();
    if (this.ghost) this.assign(`${this.name}.ghost`, this.ghost);
  }

  /** Draw what is new of the columns and axis ranges; a promise of when it is painted if anything is. */
  update(answer) {
    this.last = answer;
    if (!this.document) return undefined;
    this.marker.at = answer.marker;
    const { marker, ...columnsAndRanges } = answer;
    const drawn = this.drawn ?? { ranges: {}, sources: {} };
    this.drawn = columnsAndRanges;
    const news = (part) => Object.entries(answer[part]).filter(([name, value]) => !equal(value, drawn[part][name]));
    const [ranges, sources] = [news("ranges"), news("sources")];
    if (!ranges.length && !sources.length) return undefined;
    const painted = new Promise((resolve) => { this.repainted = resolve; });
    const { view } = this;
    view.pause();
    // Bokeh takes new columns in a few turns and would paint in the next frame, measuring all axes as it does; the time
    // until then is free now, and axes of the same range have the same size.
    nextTask().then(() => {
      view.unpause(true);
      view.invalidate_dataranges = false; // no range of ours follows its data, and following measures all axes too
      if (ranges.length) view.repaint();
      else view.paint();
    });
    for (const [name, [start, end]] of ranges) this.document.get_model_by_name(name).setv({ start, end });
    for (const [name, packed] of sources) {
      const data = columns(packed);
      if (packed.image) data.image = [this.image(name, data.image, packed.image.shape)];
      this.assign(name, data);
    }
    return painted;
  }

  /** Cells as the kind of array that the figure's image came with. */
  image(name, cells, shape) {
    const [present] = this.document.get_model_by_name(name).data.image;
    return new present.constructor(cells, shape);
  }

  assign(name, data) {
    const source = this.document?.get_model_by_name(name);
    if (!source) return;
    const lines = source.data.name; // a source of named lines keeps their styles, row by row
    source.data = lines
      ? { ...source.data, xs: lines.map(() => data.x), ys: lines.map((line) => data[line]) }
      : data;
  }

  /** Freeze the present curve as a ghost, or take the ghost away. */
  pin(on) {
    const curves = this.last?.sources[`${this.name}.curves`];
    if (!curves) return;
    this.ghost = on ? { x: array(curves.x), y: array(curves.present) } : { x: [], y: [] };
    this.assign(`${this.name}.ghost`, this.ghost);
  }

  /** A curve that was pinned before, here or in another view; undefined takes the ghost away. */
  haunt(packed) {
    const ghost = packed ? { x: array(packed.x), y: array(packed.y) } : { x: [], y: [] };
    if (!packed && !this.ghost) return;
    this.ghost = ghost;
    this.assign(`${this.name}.ghost`, ghost);
  }

  /** The columns on screen, for tests and exports. */
  data(source) {
    const data = this.document?.get_model_by_name(`${this.name}.${source}`)?.data;
    if (!data?.name) return data;
    return { x: data.xs[0], ...Object.fromEntries(data.name.map((line, i) => [line, data.ys[i]])) };
  }
}

/** Whether two answers hold the same numbers, so that nothing needs to be painted. */
function equal(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a.data instanceof DataView && b.data instanceof DataView) return equalBytes(a.data, b.data);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => equal(a[key], b[key]));
}

function equalBytes(a, b) {
  if (a.byteLength !== b.byteLength) return false;
  const [x, y] = [a, b].map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false; // six times as quick as `every`
  return true;
}
