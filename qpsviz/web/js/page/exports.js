// The Export dialog: files that the session makes, and pictures of what is on screen.
import { button, download, h } from "./dom.js";
import { pictureOf, pngOf } from "./export_picture.js";
import { openDialog } from "./topbar.js";
/** @import { Answer, ExplorerPage, TabContent, TabSpec, Told } from "../types.js" */

const PATIENCE_MS = 30000;
const SHARP = 2; // pixels of a canvas per pixel of the page, in a picture

/** @param {ExplorerPage} page */
export function exportDialog(page) {
  const status = h("p", { class: "qps-export-status", role: "status" });
  const files = page.spec.exports.map(({ name, title, hint }) => {
    const refusal = whyNot(page, name);
    const make = button(title, () => save(page, name, status, make), { disabled: Boolean(refusal) });
    return h("li", {}, make, h("span", {}, refusal || hint));
  });
  openDialog(page.root, "Export", h("ul", { class: "qps-exports" }, ...files), status);
}

/** Why a file cannot be made now, in a sentence; nothing if it can. @param {ExplorerPage} page @param {string} name */
function whyNot(page, name) {
  if (name === "network.png") return page.player ? "" : "This page shows no network.";
  if (!name.startsWith("figures")) return "";
  const part = page.tabs.panels.get(page.tabs.present);
  if ([...page.hosts.values()].some((host) => part.contains(host.element) && !host.drawing))
    return "The figures of this tab are not drawn yet.";
  return part.querySelector(".qps-empty")?.checkVisibility() ? "This tab has nothing to show yet." : "";
}

/** @param {ExplorerPage} page @param {string} name @param {HTMLElement} status @param {HTMLButtonElement} make */
async function save(page, name, status, make) {
  make.disabled = true;
  status.classList.remove("qps-refused");
  status.textContent = "Making the file …";
  try {
    const made = name.includes("figures") || name === "network.png" ? await pictures(page, name) : [await sessionFile(page, name)];
    for (const { file, content, type } of made) download(file, content, type);
    status.textContent = `Saved ${made.map(({ file }) => file).join(", ")}.`;
  } catch (error) {
    status.classList.add("qps-refused");
    status.textContent = `Not exported: ${/** @type {Error} */ (error).message}.`;
  }
  make.disabled = false;
}

/** @param {ExplorerPage} page @param {string} name */
async function sessionFile(page, name) {
  const { buffers, type, file } = await answerOf(page.ask("file", { name }));
  return { file, content: buffers[0], type };
}

/** An answer of the session, or an error when none comes. @param {Promise<Told>} question */
function answerOf(question) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("the kernel does not answer")), PATIENCE_MS));
  return Promise.race([question, late]);
}

/**
 * A file for each figure of the open tab, one for a tab of another kind, or the network.
 * @param {ExplorerPage} page @param {string} name
 */
async function pictures(page, name) {
  const format = name.slice(-3);
  const { link } = await answerOf(page.ask("link"));
  const words = scenarioWords(page);
  const parts = name === "network.png" ? [networkPart(page)] : tabParts(page);
  return Promise.all(
    sharply(page, () =>
      parts.map(async ({ file, title, element }) => {
        const picture = pictureOf(element, { title, words, link }, (embed) =>
          [...page.hosts.values()].find((host) => host.place === embed),
        );
        const content = format === "svg" ? picture.text : await pngOf(picture);
        return { file: `${file}.${format}`, content, type: format === "svg" ? "image/svg+xml" : "image/png" };
      }),
    ),
  );
}

/** @param {ExplorerPage} page */
function networkPart(page) {
  return { file: "network", title: `The network at ${page.transport?.time.textContent}`, element: page.player?.element.parentElement };
}

/** @param {ExplorerPage} page */
function tabParts(page) {
  const tab = /** @type {TabSpec} */ (page.spec.tabs.find(({ name }) => name === page.tabs.present));
  if (!tab.plots.length) return [{ file: tab.name, title: tab.title, element: page.tabs.panels.get(tab.name) }];
  return tab.plots.map(({ name, title }) => ({ file: name, title, element: page.hosts.get(name)?.element.closest(".qps-plot") }));
}

/**
 * While `take` reads them, canvases have twice the pixels.
 * @template T @param {ExplorerPage} page @param {() => T} take
 */
function sharply(page, take) {
  /** @type {(Pick<TabContent, "painter" | "resize"> | null | undefined)[]} */
  const parts = [page.player, page.contents.get(page.tabs.present)];
  const drawn = parts.filter((part) => part?.painter?.width);
  for (const part of drawn) part?.resize?.(SHARP);
  try {
    return take();
  } finally {
    for (const part of drawn) part?.resize?.();
  }
}

/**
 * The scenario in a sentence: where it comes from, and all that differs from the defaults and has an effect.
 * @param {ExplorerPage} page
 */
function scenarioWords(page) {
  const { spec } = page;
  const answer = /** @type {Answer} */ (page.answer);
  const rows = spec.controls.groups.flatMap((group) => group.parameters);
  const known = spec.presets.find(({ name }) => name === answer.preset);
  const set = rows.filter(({ name, default: usual }) => answer.values[name] !== usual && !(name in answer.idle));
  const texts = set.map(({ name, label }) => `${label} ${answer.texts[name]}`);
  return `${known ? `qpsviz: ${known.title}` : "qpsviz: own scenario"}. ${texts.length ? texts.join(", ") : "All parameters at their defaults"}.`;
}
