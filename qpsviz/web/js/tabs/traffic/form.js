// What is chosen on the tab: a story, a network or a file, who sends when, the load, and how the map is switched.
import { button, h } from "../../page/dom.js";
import { isOwn, readChoice, writeChoice } from "./choice.js";
/** @import { TrafficChoice } from "./choice.js" */
/** @import { TrafficMenu } from "../../types.js" */

const OWN_STORY = "Your own choice";

export class Form {
  /**
   * `change` hears of every new choice, `open` of a file.
   * @param {(choice: TrafficChoice) => void} change @param {(file: File, length: string) => void} open
   */
  constructor(change, open) {
    this.change = change;
    this.open = open;
    this.element = h("div", { class: "qps-traffic-form" });
    this.story = h("p", { class: "qps-hint qps-traffic-story" });
    this.fault = h("p", { class: "qps-refused", role: "alert", hidden: true });
    /** @type {Record<string, HTMLSelectElement>} */
    this.menus = {};
  }

  /** @param {TrafficMenu} menu @param {TrafficChoice} choice */
  build(menu, choice) {
    this.menu = menu;
    this.choice = choice;
    this.lengthBox = h("input", {
      type: "text",
      class: "qps-box",
      placeholder: "none",
      "aria-label": "Length of links that state none, in km",
    });
    this.file = h("input", { type: "file", hidden: true, accept: ".graphml,.xml,.json,.gml,.txt", onchange: () => this.chosenFile() });
    this.loadText = h("output", {});
    const [lo, hi, step] = menu.loads;
    /** @type {HTMLInputElement | undefined} */
    this.slider = h("input", {
      type: "range",
      min: lo,
      max: hi,
      step,
      "aria-label": "Load",
      oninput: () => this.set({ load: Number(this.slider?.value) }),
    });
    this.element.replaceChildren(...this.fields(menu));
    this.show(choice);
  }

  /** @param {TrafficMenu} menu */
  fields(menu) {
    const stories = { "": OWN_STORY, ...Object.fromEntries(Object.entries(menu.stories).map(([name, { title }]) => [name, title])) };
    const frames = Object.fromEntries(menu.sessions.map((n) => [n, n === 1 ? "one frame" : `${n} frames`]));
    const variants = Object.fromEntries(menu.variants.map(({ word, label }) => [word, label]));
    return [
      this.field("Story", "story", stories, (name) => name && this.set(readChoice(menu.stories[name].choice))),
      this.field("Network", "network", menu.networks, (network) => this.set({ network })),
      this.field("Who talks to whom", "pairs", menu.pairs, (pairs) => this.set({ pairs })),
      this.field("Sessions start", "arrivals", menu.arrivals, (arrivals) => this.set({ arrivals })),
      this.field("A session is", "sessions", frames, (n) => this.set({ n_frames_per_session: Number(n) })),
      this.field("The map is switched by", "variant", variants, (variant) => this.set({ variant })),
      h("div", { class: "qps-traffic-field qps-traffic-load" }, h("span", {}, "Load ", this.loadText), this.slider),
      h(
        "div",
        { class: "qps-traffic-field" },
        h("span", {}, "Your own network"),
        h(
          "div",
          {},
          button("Open a file …", () => this.file?.click(), {
            title: "GraphML, GNPy, TopoHub, SNDlib, SeQUeNCe, or lines such as Alice <==20km==> Bob; or drop it anywhere on this tab",
          }),
          this.file,
        ),
      ),
    ];
  }

  /** @param {string} label @param {string} name @param {Record<string, string>} options @param {(value: string) => unknown} chosen */
  field(label, name, options, chosen) {
    /** @type {HTMLSelectElement} */
    const select = h("select", { name: `traffic-${name}`, onchange: () => chosen(select.value) });
    select.append(...Object.entries(options).map(([value, text]) => h("option", { value }, text)));
    this.menus[name] = select;
    return h("label", { class: "qps-traffic-field" }, h("span", {}, label), select);
  }

  /** @param {Partial<TrafficChoice>} part */
  set(part) {
    const choice = { .../** @type {TrafficChoice} */ (this.choice), ...part };
    this.show(choice);
    this.change(choice);
  }

  /** Show a choice that came from elsewhere. @param {TrafficChoice} choice */
  show(choice) {
    this.choice = choice;
    if (!this.menu || !this.slider || !this.loadText) return;
    const text = writeChoice(choice);
    const story = Object.entries(this.menu.stories).find(([, told]) => told.choice === text);
    this.menus.story.value = story?.[0] ?? "";
    this.story.textContent = story?.[1].text ?? "";
    this.menus.network.value = choice.network;
    this.menus.pairs.value = choice.pairs;
    this.menus.arrivals.value = choice.arrivals;
    this.menus.sessions.value = String(choice.n_frames_per_session);
    this.menus.variant.value = choice.variant;
    this.slider.value = String(choice.load);
    const [lo, hi] = this.menu.loads;
    this.slider.style.setProperty("--fill", `${(100 * (choice.load - lo)) / (hi - lo)}%`);
    this.slider.setAttribute("aria-valuetext", `${choice.load} of what the average link can carry`);
    this.loadText.textContent = choice.load.toFixed(2);
  }

  /** A network from a file is on the menu, too, while the page is open. @param {string} word @param {string} title */
  add(word, title) {
    const { network } = this.menus;
    if (![...network.options].some((option) => option.value === word)) network.append(h("option", { value: word }, title));
    this.set({ network: word });
  }

  chosenFile() {
    const file = this.file?.files?.[0];
    if (file) this.open(file, "");
    if (this.file) this.file.value = "";
  }

  /** Say why a file was refused; `retry` opens it again with a length for links that state none. @param {string} text @param {((length: string) => void) | null} [retry] */
  refuse(text, retry = null) {
    this.fault.hidden = !text;
    this.fault.replaceChildren(text);
    if (!retry || !this.lengthBox) return;
    const box = this.lengthBox;
    this.fault.append(
      " ",
      box,
      " km ",
      button("Open with this length", () => retry(box.value)),
    );
  }

  /** The part of a link that holds the choice, undefined where it is the first one or a file. */
  link() {
    if (!this.choice || !this.menu || isOwn(this.choice)) return undefined;
    const text = writeChoice(this.choice);
    return text === this.menu.first ? undefined : text;
  }
}
