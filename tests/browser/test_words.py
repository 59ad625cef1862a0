"""Every word can be read: none is clipped, none is a name of code, and numbers are written as people write them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from qpsviz.scenario.presets import all_presets
from qpsviz.session.tabs.declared import TABS

WIDTHS = ((1280, 800), (1440, 900), (390, 844))
# Names of parameters and symbols of the paper, powers of ten of a program, and signed or empty zeros.
CODE = re.compile(
    r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\b[TpeL]_\w|\d[eE][-+]?\d|[-−]0(?:\.0*)?(?![\d.])|\b(?:nan|NaN|inf|undefined|null)\b"
)
# Parts of the page that are code by purpose: octets in hexadecimal, and what a person pastes.
TEXTS = """() => {
  const root = document.querySelector('.qps');
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (node.data.trim() && !parent.closest('.qps-octets, .qps-paste, pre, script, style')) texts.push(node.data);
  }
  for (const e of root.querySelectorAll('input[type=text]')) if (!e.closest('.qps-fields')) texts.push(e.value);
  for (const e of root.querySelectorAll('[data-tip], [title], [aria-label]')) {
    for (const name of ['data-tip', 'title', 'aria-label']) texts.push(e.getAttribute(name) ?? '');
  }
  return [...new Set(texts)];
}"""
# A text is clipped where its own box, or a box around it that hides or scrolls nothing but it, is too small.
CLIPPED = """() => {
  const pen = document.createElement('canvas').getContext('2d');
  const hides = (style) => style.overflowX !== 'visible' || /strict|paint|content/.test(style.contain);
  const found = [];
  for (const e of document.querySelectorAll('.qps *')) {
    if (!e.checkVisibility() || e.closest('.qps-unseen, .qps-frame-spoken, pre')) continue;
    const style = getComputedStyle(e);
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const isBox = e.matches('input[type=text]');
    const isTooWide = (isBox || hides(style)) && e.scrollWidth > e.clientWidth;
    const isTooTall = style.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 1;
    const isText = isBox || (own && !e.matches('select, option'));
    if (isText && (isTooWide || isTooTall)) found.push(isBox ? e.value : e.innerText);
    if (e.matches('select') && e.selectedOptions.length) {
      pen.font = style.font;
      const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 18;
      if (pen.measureText(e.selectedOptions[0].text).width > room + 1) found.push(e.selectedOptions[0].text);
    }
    if (e.matches('svg text') && !e.closest('.qps-embed')) {
      const [text, frame] = [e.getBoundingClientRect(), e.ownerSVGElement.getBoundingClientRect()];
      if (text.left < frame.left - 2 || text.right > frame.right + 2) found.push(e.textContent);
    }
  }
  return found;
}"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
LOADED = "([p, name]) => !p.tabs.panels.get(name).querySelector('.qps-empty')?.checkVisibility()"
# Texts of the film below its nodes that touch each other or leave the picture, at some times of the run.
TOUCHING = """(p) => {
  const { painter, layout, canvas } = p.player, pen = canvas.getContext('2d'), found = new Set();
  let boxes = [];
  pen.fillText = function (text, x, y) {
    const { width } = this.measureText(text), left = this.textAlign === 'center' ? x - width / 2 : x;
    if (y > layout.y + 30) boxes.push({ text, y, left, right: left + width });
    CanvasRenderingContext2D.prototype.fillText.call(this, text, x, y);
  };
  for (let k = 0; k <= 12; k++) {
    boxes = [];
    p.clock.seek((p.run.duration * k) / 12);
    boxes.forEach((a, i) => {
      if (a.left < -1 || a.right > painter.width + 1) found.add(a.text);
      for (const b of boxes.slice(0, i)) {
        if (a.left < b.right - 1 && b.left < a.right - 1 && Math.abs(a.y - b.y) < 9) found.add(`${b.text} | ${a.text}`);
      }
    });
  }
  delete pen.fillText;
  return [...found];
}"""
# Words that no preset shows: what is cut off and dropped at many relays, several attempts, too few trials.
STATES: list[tuple[str, dict[str, Any]]] = [
    ("fig12", {"discipline": "burst"}),
    ("fig11", {"discipline": "burst", "max_attempts": 3, "n_wavelengths": 4}),
    ("first", {"discipline": "burst", "max_attempts": 3}),
    ("first", {"discipline": "circuit"}),
    ("fig7", {"discipline": "store", "max_attempts": 3}),
    ("hollow-core", {"discipline": "burst"}),
]


@pytest.fixture(scope="module")
def walked(open_explorer: Any) -> Any:
    """A page of its own, with every group of controls open and the film at rest."""
    opened = open_explorer(color_scheme="light", reduced_motion="reduce")
    opened.page.evaluate("document.querySelectorAll('.qps-group').forEach((group) => { group.open = true; })")
    yield opened
    opened.page.context.close()


def resize(walked: Any, width: int, height: int) -> None:
    """Give the page another size, and wait until the film has it."""
    walked.page.set_viewport_size({"width": width, "height": height})
    walked.until("p => p.player.painter.width === p.player.element.clientWidth")
    walked.page.evaluate(TWO_FRAMES)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_no_text_of_any_tab_and_preset_is_clipped_or_code(walked: Any, width: int, height: int) -> None:
    """Where there is most room one preset stands for all."""
    clipped, code = set(), set()
    resize(walked, width, height)
    for preset in [p.name for p in all_presets()][: 1 if width == max(WIDTHS)[0] else None]:
        walked.act(lambda name=preset: walked.ask("(p, preset) => p.request({ preset })", name))
        for tab in TABS:
            walked.act(lambda name=tab: walked.ask("(p, tab) => p.request({ tab })", name))
            walked.page.wait_for_function(LOADED, arg=[walked.js, tab])
            walked.page.evaluate(TWO_FRAMES)
            code |= {(tab, text) for text in walked.page.evaluate(TEXTS) if CODE.search(text)}
            clipped |= {(preset, tab, text) for text in walked.page.evaluate(CLIPPED)}
    assert code == set()
    assert clipped == set()
    assert walked.errors == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_no_words_of_a_tile_or_below_a_node_of_the_film_touch_or_are_clipped(
    walked: Any, width: int, height: int
) -> None:
    resize(walked, width, height)
    for preset, changes in [*((p.name, {}) for p in all_presets()), *STATES]:
        walked.start(preset, **changes)
        walked.page.evaluate(TWO_FRAMES)
        assert walked.js.evaluate(TOUCHING) == [], (preset, changes)
        assert walked.page.evaluate(CLIPPED) == [], (preset, changes)
        texts = walked.page.evaluate(TEXTS)
        assert [
            text for text in texts if CODE.search(text) or re.search(r"\b1 (slot|frame|attempt|photon)s", text)
        ] == []


def test_the_tabs_have_no_scrollbar_where_all_of_them_fit(walked: Any) -> None:
    resize(walked, 1280, 800)
    wide, tall = walked.page.locator(".qps-tabs").evaluate(
        "(e) => [e.offsetWidth - e.clientWidth, e.offsetHeight - e.clientHeight]"
    )
    assert (wide, tall) == (0, 1), "its own border below, and no more"
