// What the buttons of the top bar do.
import { button, download, h } from "./dom.js";
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

function exportDialog(page) {
  const files = page.spec.exports.map(({ name, title, hint }) =>
    h("li", {}, button(title, () => save(page, name)), h("span", {}, hint)),
  );
  openDialog(page.root, "Export", h("ul", { class: "qps-exports" }, ...files));
}

async function save(page, name) {
  try {
    if (name === "network.png") {
      page.player.canvas.toBlob((blob) => download(name, blob, "image/png"));
    } else if (name.endsWith(".png") || name.endsWith(".svg")) {
      await saveFigures(page, name.slice(-3));
    } else {
      const { buffers, type, file } = await page.ask("file", { name });
      download(file, buffers[0], type);
    }
  } catch (error) {
    page.top.say(`Not exported: ${error.message}`);
  }
}

async function saveFigures(page, format) {
  const pane = page.spec.panes.find(({ name }) => name === page.panes.present);
  for (const { name } of pane.plots) {
    const host = page.hosts.get(name);
    const blob = await host.view.export(format).to_blob();
    download(`${name}.${format}`, blob, blob.type);
  }
}
