"""Scripts and styles of the page, joined from small ES modules into the one module a widget needs."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from importlib.resources import files

from qpsviz.figures.theme import css_variables

_IMPORT = re.compile(r'^import\s+\{([^}]*)\}\s+from\s+"(\.{1,2}/[\w./]+)";\s*$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|let|function|async function|class)\b)", re.MULTILINE)
_DOCUMENTATION = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)
_EXPORTED = re.compile(r"^export (?:const|let|function|async function|class)\s+(\w+)", re.MULTILINE)


@cache
def script(entry: str) -> str:
    """One ES module made of ``entry`` and all it imports, each once, in order of need.

    Parameters
    ----------
    entry : str
        Path of a module below ``qpsviz/web/js``.

    Returns
    -------
    str
        Source text without documentation comments; only the entry keeps its exports.

    Raises
    ------
    ValueError
        As :func:`joined`.
    """
    return _DOCUMENTATION.sub("", joined(_text(entry), entry))


def joined(text: str, path: str = "entry.js") -> str:
    """A module with all that it imports, each in a scope of its own.

    Parameters
    ----------
    text : str
        Source of the module.
    path : str
        Where it would stand below ``qpsviz/web/js``: what its imports are relative to.

    Returns
    -------
    str
        Every imported module once, as a constant that holds its exports; then the module itself.

    Raises
    ------
    ValueError
        If modules import each other in a circle, or a name that a module does not export.
    """
    parts: dict[str, str] = {}
    _require(text, path, parts, (path,))
    return "\n".join([*parts.values(), _with_constants(text, path)])


def _text(path: str) -> str:
    return files("qpsviz.web").joinpath("js", path).read_text(encoding="utf-8")


def _require(text: str, path: str, parts: dict[str, str], above: tuple[str, ...]) -> None:
    """Add what a module imports to ``parts``, and before each module what that one needs."""
    for names, relative in _IMPORT.findall(text):
        needed = _resolved(path, relative)
        if needed in above:
            raise ValueError(f"modules import each other in a circle: {' → '.join([*above, needed])}")
        source = _text(needed)
        exported = _EXPORTED.findall(source)
        for name in _names(names):
            if name.partition(":")[0] not in exported:
                raise ValueError(f"{path} imports {name}, which {needed} does not export")
        if needed not in parts:
            _require(source, needed, parts, (*above, needed))
            body = _EXPORT.sub("", _with_constants(source, needed))
            parts[needed] = (
                f"const {_constant(needed)} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();"
            )


def _with_constants(text: str, path: str) -> str:
    """A module whose imports are read from the constants of the modules that it needs."""
    return _IMPORT.sub(lambda m: f"const {{ {', '.join(_names(m[1]))} }} = {_constant(_resolved(path, m[2]))};", text)


def _resolved(path: str, relative: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))


def _names(imported: str) -> list[str]:
    """Names of an import as a destructuring has them: ``a as b`` is ``a: b``."""
    return [re.sub(r"\s+as\s+", ": ", name.strip()) for name in imported.split(",") if name.strip()]


def _constant(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))


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
