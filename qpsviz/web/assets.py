"""Scripts and styles of the page, joined from small ES modules into the one module a widget needs."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from qpsviz.figures.theme import css_variables

_IMPORT = re.compile(r'^import\s+\{[^}]*\}\s+from\s+"\./([\w.]+)";\s*$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|let|function|async function|class)\b)", re.MULTILINE)


@cache
def script(entry: str) -> str:
    """One ES module made of ``entry`` and all it imports, each once, in order of need.

    Parameters
    ----------
    entry : str
        File name of a module in ``qpsviz/web/js``.

    Returns
    -------
    str
        Source text; only the entry keeps its exports.

    Raises
    ------
    ValueError
        If two modules define the same top-level name, which one scope cannot hold.
    """
    parts: dict[str, str] = {}
    _collect(entry, parts)
    _check_names(parts)
    return "\n".join(parts.values())


def _collect(name: str, parts: dict[str, str]) -> None:
    if name in parts:
        return
    text = files("qpsviz.web").joinpath("js", name).read_text(encoding="utf-8")
    is_entry = not parts
    if is_entry:
        parts[name] = ""
    for needed in _IMPORT.findall(text):
        _collect(needed, parts)
    parts.pop(name, None)
    parts[name] = _EXPORT.sub("", _IMPORT.sub("", text))


def _check_names(parts: dict[str, str]) -> None:
    seen: dict[str, str] = {}
    for module, text in parts.items():
        for name in re.findall(r"^(?:const|let|function|async function|class)\s+(\w+)", text, re.MULTILINE):
            if name in seen:
                raise ValueError(f"{module} and {seen[name]} both define {name}")
            seen[name] = module


@cache
def style() -> str:
    """The style sheet: tokens of both modes, then the rules."""
    folder = files("qpsviz.web").joinpath("css")
    rules = [f.read_text(encoding="utf-8") for f in sorted(folder.iterdir(), key=lambda f: f.name)]
    return "\n".join([css_variables(), *rules])


@cache
def bokeh_js() -> bytes:
    """BokehJS core, as the installed Bokeh brings it."""
    return files("bokeh").joinpath("server", "static", "js", "bokeh.min.js").read_bytes()
