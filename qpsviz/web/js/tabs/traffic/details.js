// What is known of the station or link that was clicked: its counts, and its queue over time.
import { button, fixed, h } from "../../page/dom.js";
import { svg } from "../../page/svg.js";
import { historyOf } from "./flow.js";
import { STEPS } from "./paint.js";
/** @import { Chosen } from "./network_map.js" */
/** @import { WatchedRun } from "./watched.js" */
/** @import { Clock, TrafficMap } from "../../types.js" */

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [300, 84, 30, 16];

export class Details {
  /** @param {Clock} clock @param {(chosen: Chosen) => void} choose */
  constructor(clock, choose) {
    this.clock = clock;
    this.duration = 0;
    this.choose = choose;
    this.element = h("section", { class: "qps-traffic-details", "aria-label": "Station or link", "aria-live": "polite" });
    this.cursor = svg("line", { y1: 4, y2: HEIGHT - BOTTOM, class: "qps-traffic-now" });
    this.stop = clock.subscribe(() => this.move());
  }

  /** @param {TrafficMap | null} map @param {WatchedRun | null} run @param {Chosen} chosen */
  show(map, run, chosen) {
    this.duration = run?.duration ?? 0;
    if (!map || !run || (chosen.node === undefined && chosen.link === undefined)) {
      this.element.replaceChildren(
        h("p", { class: "qps-hint" }, "Click a station or a link, or use the arrow keys on the map, to see its counts and its queue."),
      );
      return;
    }
    this.element.replaceChildren(
      ...(chosen.link === undefined ? this.station(map, run, chosen.node ?? 0) : this.link(map, run, chosen.link)),
    );
    this.move();
  }

  /** @param {TrafficMap} map @param {WatchedRun} run @param {number} node */
  station(map, run, node) {
    const { sent, received, lost } = run.nodes;
    const links = map.link_from.flatMap((from, link) => (from === node ? [link] : []));
    const to = links.map((link) =>
      button(`to ${map.names[map.link_to[link]]}: ${percent(run.links.utilisation[link])}`, () => this.choose({ link }), {
        class: "qps-traffic-go",
      }),
    );
    return [
      h("h3", {}, map.names[node]),
      counts([
        ["frames sent", whole(sent[node])],
        ["received", whole(received[node])],
        ["dropped here", whole(lost[node])],
      ]),
      this.queue("Payloads in its memory", historyOf(run.waits, { node })),
      this.queue("Frames that wait to be sent", historyOf(run.source_waits, { node })),
      h("div", { class: "qps-traffic-links" }, ...to),
    ];
  }

  /** @param {TrafficMap} map @param {WatchedRun} run @param {number} link */
  link(map, run, link) {
    const { utilisation, n_frames: frames, n_waiting: waiting, offered } = run.links;
    const back = map.link_pair.findIndex((pair, i) => pair === map.link_pair[link] && i !== link && map.link_from[i] === map.link_to[link]);
    const [from, to] = [map.names[map.link_from[link]], map.names[map.link_to[link]]];
    return [
      h("h3", {}, `${from} → ${to}, ${Number(map.link_km[link].toPrecision(4))} km`),
      counts([
        ["in use", percent(utilisation[link])],
        ["frames", whole(frames[link])],
        ["offered", `${fixed(offered[link], 2)} Erlang`],
        ["waiting on average", fixed(waiting[link], 2)],
      ]),
      this.queue("Payloads that wait for this link", historyOf(run.waits, { link })),
      h(
        "div",
        { class: "qps-traffic-links" },
        back < 0 ? null : button("The way back", () => this.choose({ link: back }), { class: "qps-traffic-go" }),
      ),
    ];
  }

  /** @param {string} title @param {[number, number][]} history */
  queue(title, history) {
    const most = Math.max(1, ...history.map(([, count]) => count));
    if (history.length < 2) return h("p", { class: "qps-hint" }, `${title}: none, ever.`);
    const x = (/** @type {number} */ time) => LEFT + (time / this.duration) * (WIDTH - LEFT - 4);
    const y = (/** @type {number} */ count) => 6 + (1 - count / most) * (HEIGHT - BOTTOM - 6);
    const path = history.map(([time, count], i) => `${i ? `H${x(time).toFixed(1)}V` : `M${x(time)},`}${y(count).toFixed(1)}`).join("");
    const drawing = svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title} over time: at most ${most}` },
      svg("path", { d: `${path}H${WIDTH - 4}`, class: "qps-traffic-queue" }),
      svg("text", { x: LEFT - 5, y: y(most) + 4, "text-anchor": "end", class: "qps-svg-text" }, String(most)),
      svg("text", { x: LEFT - 5, y: y(0) + 3, "text-anchor": "end", class: "qps-svg-text" }, "0"),
      svg("text", { x: WIDTH - 4, y: HEIGHT - 2, "text-anchor": "end", class: "qps-svg-text" }, `${fixed(this.duration / 1000, 1)} ms`),
    );
    return h("figure", { class: "qps-traffic-history" }, h("figcaption", {}, title), drawing);
  }

  /** The moment of the map in the first picture of a queue. */
  move() {
    const drawing = this.element.querySelector("svg");
    if (!drawing || !this.duration) return;
    const at = LEFT + (this.clock.time / this.duration) * (WIDTH - LEFT - 4);
    this.cursor.setAttribute("x1", String(at));
    this.cursor.setAttribute("x2", String(at));
    if (this.cursor.parentNode !== drawing) drawing.append(this.cursor);
  }

  destroy() {
    this.stop();
  }
}

/** @param {[string, string][]} pairs */
export function counts(pairs) {
  return h("dl", { class: "qps-traffic-counts" }, ...pairs.map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text))));
}

/** What colours, widths and shapes on the map mean. */
export function mapLegend() {
  const links = STEPS.map(({ token, width, dash, text }) => {
    const line = svg("line", {
      x1: 0,
      x2: 26,
      y1: 7,
      y2: 7,
      style: `stroke: var(--${token})`,
      "stroke-width": width,
      "stroke-dasharray": dash.join(" "),
    });
    return h("li", {}, svg("svg", { width: 26, height: 14, "aria-hidden": "true" }, line), text);
  });
  /** @param {string} token @param {string} text @param {boolean} hollow */
  const disc = (token, text, hollow) => {
    const style = hollow ? `stroke: var(--${token}); fill: none` : `fill: var(--${token})`;
    return h(
      "li",
      {},
      svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, svg("circle", { cx: 7, cy: 7, r: 5, style, "stroke-width": 2 })),
      text,
    );
  };
  const payload = svg("line", { x1: 2, x2: 20, y1: 7, y2: 7, style: "stroke: var(--qubit)", "stroke-width": 4, "stroke-linecap": "round" });
  const cross = svg("path", { d: "M3,3l8,8m0,-8l-8,8", style: "stroke: var(--drop)", "stroke-width": 2.5 });
  return h(
    "ul",
    { class: "qps-legend", "aria-label": "What the map shows" },
    h("li", {}, "Time in use:"),
    ...links,
    h("li", {}, svg("svg", { width: 22, height: 14, "aria-hidden": "true" }, payload), "payload, to scale"),
    disc("memory", "payloads in memory", false),
    disc("header", "waiting at their source", true),
    h("li", {}, svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, cross), "dropped"),
  );
}

/** @param {number} share */
function percent(share) {
  return `${fixed(100 * share, share < 0.0995 ? 1 : 0)} %`;
}

/** @param {number} count */
function whole(count) {
  return count.toLocaleString("en");
}
