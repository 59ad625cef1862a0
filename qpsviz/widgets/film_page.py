"""A film as one HTML page with script, styles and data in it."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping

from qpsviz.web import assets

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ margin: 0 }} {style}</style></head>
<body><div id="film"></div><script type="module">
{script}
const plain = (value) => {{
  if (value === null || typeof value !== "object") return value;
  if (value.octets !== undefined) {{
    return new DataView(Uint8Array.from(atob(value.octets), (letter) => letter.charCodeAt(0)).buffer);
  }}
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}};
const told = plain({told});
filmModule.render({{ model: {{ get: (name) => told[name] }}, el: document.getElementById("film") }});
</script></body></html>
"""


def film_page(spec: Mapping[str, object], run: Mapping[str, object]) -> str:
    """One page that shows a film.

    Parameters
    ----------
    spec, run : mapping
        What a :class:`~qpsviz.widgets.film.Film` sends its page.

    Returns
    -------
    str
        HTML that loads nothing from elsewhere. Names and texts of a trace cannot become part of its script.
    """
    told = json.dumps({"spec": spec, "run": run}, default=_octets, allow_nan=False)
    script = assets.script("film.js").replace("export default", "const filmModule =")
    return _PAGE.format(
        title=html.escape(str(spec["title"])), style=assets.style(), script=script,
        told=told.replace("<", "\\u003c"),
    )  # fmt: skip


def _octets(value: object) -> dict[str, str]:
    """A binary column as text."""
    assert isinstance(value, memoryview)
    return {"octets": base64.b64encode(value).decode()}
