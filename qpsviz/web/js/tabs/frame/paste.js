// A box for octets as text: pasted, typed or copied, and read at every change.
import { button, h } from "../../page/dom.js";
/** @import { FrameFault } from "../../types.js" */

/** @type {Record<string, string>} */
const REPAIRS = { correct: "Put the right check sequence", append: "Append a check sequence" };

export class PasteBox {
  /**
   * `read(text)` at every change, `repair(text, how)` on request.
   * @param {string} id @param {number} maxLength @param {(text: string) => void} read @param {(text: string, how: string) => void} repair
   */
  constructor(id, maxLength, read, repair) {
    this.repairs = h("span", { class: "qps-frame-repairs" });
    this.message = h("p", { class: "qps-frame-fault", id: `${id}-paste-fault`, role: "alert" });
    this.repair = repair;
    /** @type {HTMLTextAreaElement} */
    this.text = h("textarea", {
      class: "qps-frame-text",
      rows: 4,
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
      maxlength: maxLength,
      "aria-label": "Octets as hexadecimal text",
      "aria-describedby": this.message.id,
      placeholder: "Paste hex, with or without separators, or the lines of tcpdump -xx, xxd or Wireshark",
      oninput: () => read(this.text.value),
    });
    this.copied = h("span", { role: "status", class: "qps-frame-copied" });
    this.element = h(
      "div",
      { class: "qps-frame-paste", hidden: true },
      this.text,
      h(
        "div",
        { class: "qps-frame-paste-foot" },
        this.message,
        this.repairs,
        this.copied,
        button("Copy", () => this.copy(), { title: "Copy these octets" }),
      ),
    );
  }

  /** @param {string} octets */
  open(octets) {
    this.element.hidden = false;
    this.put(octets);
    this.text.focus();
    this.text.select();
  }

  close() {
    this.element.hidden = true;
    this.say(null, []);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Octets as rows of sixteen; a text that the person is typing is left alone. @param {string} octets */
  put(octets) {
    const pairs = octets.match(/../g) ?? [];
    const rows = [];
    for (let i = 0; i < pairs.length; i += 16) rows.push(pairs.slice(i, i + 16).join(" "));
    this.text.value = rows.join("\n");
  }

  /** @param {FrameFault | null} fault @param {string[]} repairs */
  say(fault, repairs) {
    this.message.textContent = fault?.message ?? "";
    this.text.setAttribute("aria-invalid", String(Boolean(fault)));
    this.repairs.replaceChildren(...repairs.map((how) => button(REPAIRS[how], () => this.repair(this.text.value, how))));
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.text.value);
      this.copied.textContent = "Copied";
    } catch {
      this.text.select();
      this.copied.textContent = "Selected: copy with the keyboard";
    }
  }
}
