"""Every word can be read: none is clipped, none is a name of code, and numbers are written as people write them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from qpsviz.presets import all_presets
from qpsviz.views.panes import PANES

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
LOADED = "([p, name]) => !p.panes.panels.get(name).querySelector('.qps-empty')?.checkVisibility()"


@pytest.fixture(scope="module")
def walked(open_explorer: Any) -> Any:
    """A page of its own, with every group of controls open and the film at rest."""
    opened = open_explorer(color_scheme="light", reduced_motion="reduce")
    opened.page.evaluate("document.querySelectorAll('.qps-group').forEach((group) => { group.open = true; })")
    yield opened
    opened.page.context.close()


def test_no_text_of_any_tab_preset_and_width_is_clipped_or_code(walked: Any) -> None:
    clipped, code = set(), set()
    for preset in all_presets():
        walked.act(lambda name=preset.name: walked.ask("(p, preset) => p.request({ preset })", name))
        for pane in PANES:
            walked.act(lambda name=pane: walked.ask("(p, pane) => p.request({ pane })", name))
            walked.page.wait_for_function(LOADED, arg=[walked.js, pane])
            code |= {(pane, text) for text in walked.page.evaluate(TEXTS) if CODE.search(text)}
            for width, height in WIDTHS:
                walked.page.set_viewport_size({"width": width, "height": height})
                walked.page.evaluate(TWO_FRAMES)
                clipped |= {(width, pane, text) for text in walked.page.evaluate(CLIPPED)}
    walked.page.set_viewport_size({"width": 1280, "height": 800})
    assert code == set()
    assert clipped == set()
    assert walked.errors == []
