// What the buttons of the top bar do.
import { button, h } from "./dom.js";
import { exportDialog } from "./exports.js";
import { openDialog } from "./topbar.js";
/** @import { ExplorerPage, TopActions } from "../types.js" */

/** @param {ExplorerPage} page @returns {TopActions} */
export function actionsOf(page) {
  return {
    preset: (name) => page.request({ preset: name }),
    reset: () => page.request({ preset: page.spec.opening }),
    theme: () => {
      page.colours.choose(page.mode === "dark" ? "light" : "dark");
      page.address.later();
    },
    share: () => share(page),
    code: () => code(page).catch((error) => page.top?.say(`No code: ${error.message}`)),
    export: () => exportDialog(page),
  };
}

/** @param {ExplorerPage} page */
async function share(page) {
  const isWritten = page.address.write();
  if (await page.copyLink()) page.top?.say("Link copied");
  else if (isWritten) page.top?.say("The address bar now holds the link");
  else openDialog(page.root, "A link to this state", h("pre", { tabindex: 0 }, page.address.href()));
}

/** @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** @param {ExplorerPage} page */
async function code(page) {
  const { text } = await page.ask("code");
  const block = h("pre", { tabindex: 0 }, text);
  const done = h("span", { role: "status" });
  openDialog(
    page.root,
    "This state in Python",
    block,
    h(
      "div",
      { class: "qps-dialog-foot" },
      done,
      button(
        "Copy",
        async () => {
          done.textContent = (await copyText(text ?? "")) ? "Copied" : "Select the text to copy it";
        },
        { class: "qps-primary" },
      ),
    ),
  );
}
