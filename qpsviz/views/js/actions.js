// What the buttons of the top bar do.
import { button, h } from "./dom.js";
import { exportDialog } from "./exports.js";
import { openDialog } from "./topbar.js";

export function actionsOf(page) {
  return {
    preset: (name) => page.request({ preset: name }),
    reset: () => page.request({ preset: page.spec.opening }),
    theme: () => {
      const mode = page.mode === "dark" ? "light" : "dark";
      window.sessionStorage.setItem("qpsviz-mode", mode);
      page.setMode(mode);
    },
    share: () => share(page),
    code: () => code(page),
    export: () => exportDialog(page),
  };
}

async function share(page) {
  const { link } = await page.ask("link");
  window.history.replaceState(null, "", `#s?${link}`);
  const copied = await copy(window.location.href);
  page.top.say(copied ? "Link copied" : "The address bar now holds the link");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

async function code(page) {
  const { text } = await page.ask("code");
  const block = h("pre", { tabindex: 0 }, text);
  const done = h("span", { role: "status" });
  openDialog(
    page.root,
    "This state in Python",
    block,
    h("div", { class: "qps-dialog-foot" }, done, button("Copy", async () => {
      done.textContent = (await copy(text)) ? "Copied" : "Select the text to copy it";
    }, { class: "qps-primary" })),
  );
}
