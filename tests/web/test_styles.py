"""Styles and scripts agree: a class has a rule, and a rule is of a class that something on the page has."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "qpsviz"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def rules() -> set[str]:
    """Classes that the style sheets name."""
    texts = [f.read_text(encoding="utf-8") for f in (PACKAGE / "web" / "css").glob("*.css")]
    return {name for text in texts for name in re.findall(r"\.(qps[\w-]*)", COMMENT.sub("", text))}


def scripts() -> str:
    """All scripts and the page's template."""
    files = [*(PACKAGE / "web" / "js").rglob("*.js"), *(PACKAGE / "serve").rglob("*.j2")]
    return "\n".join(f.read_text(encoding="utf-8") for f in files)


def written(text: str) -> set[str]:
    """Classes that scripts write out, and the beginnings, with a dash, of those that they put together."""
    lists = re.findall(r'class: ?(?:"([^"]*)"|`([^`]*)`)', text)
    return {name for pair in lists for name in re.findall(r"qps[\w-]*", "".join(pair))}


def test_every_class_of_an_element_has_a_rule() -> None:
    assert {name for name in written(scripts()) if name not in rules() and not name.endswith("-")} == set()


def test_every_rule_is_of_a_class_that_a_script_writes() -> None:
    text = scripts()
    put_together = re.findall(r"(qps[\w-]*-)\$\{", text)
    found = set(re.findall(r"qps[\w-]*", text))
    assert {name for name in rules() if name not in found and not name.startswith(tuple(put_together))} == set()
