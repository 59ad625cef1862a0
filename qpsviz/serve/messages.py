"""Pages of one message in the look of the explorer: an error, a full house, a login. They ask no host for anything."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from qpsviz.figures.theme import FONT, TOKENS

_USED = ("ground", "card", "line", "ink", "ink-soft", "accent", "accent-ink", "header", "qubit", "fibre", "drop")
_RELOAD = 'document.querySelector("[data-reload]")?.addEventListener("click",()=>location.reload());'
_HASH = base64.b64encode(hashlib.sha256(_RELOAD.encode()).digest()).decode()

#: Content-Security-Policy of a page of one message: its own style and its one script, nothing from anywhere.
POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 5h4v6H1zm11 0h3v6"
    "h-3z' fill='%23c77800'/%3E%3Cg fill='%237b5cd6'%3E%3Ccircle cx='7' cy='8' r='1.2'/%3E%3Ccircle cx='10' cy='8' "
    "r='1.2'/%3E%3C/g%3E%3C/svg%3E"
)
# A frame on its fibre, stopped short of the far end.
_PICTURE = """<svg viewBox="0 0 176 24" width="176" height="24" aria-hidden="true">
<path d="M4 12h168" stroke="var(--fibre)" stroke-width="2"/><path d="M150 4v16" stroke="var(--drop)" stroke-width="3"/>
<path d="M60 6h14v12H60zm64 0h10v12h-10z" fill="var(--header)"/>
<g fill="var(--qubit)"><circle cx="84" cy="12" r="4"/><circle cx="98" cy="12" r="4"/><circle cx="112" cy="12" r="4"/>
</g></svg>"""
_STYLE = """*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--ground);color:var(--ink);
 font:15px/1.55 var(--font)}
main{width:100%;max-width:30rem;padding:28px 32px 32px;background:var(--card);border:1px solid var(--line);
 border-radius:10px}
h1{margin:20px 0 8px;font-size:20px;line-height:1.3}p{margin:0 0 12px}.soft{color:var(--ink-soft)}
code{overflow-wrap:anywhere}label{display:block;margin:0 0 4px;font-weight:600}
input{width:100%;min-height:40px;padding:6px 10px;font:inherit;color:inherit;background:var(--ground);
 border:1px solid var(--ink-soft);border-radius:6px}
.action{display:inline-block;margin-top:8px;padding:9px 18px;min-height:40px;font:inherit;font-weight:600;border:0;
 border-radius:6px;background:var(--accent);color:var(--accent-ink);text-decoration:none;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}input+.action{margin-top:16px}"""


def message_page(title: str, *paragraphs: str, action: str = "", status: str = "") -> str:
    """A whole page with a title, paragraphs and one thing to do.

    Parameters
    ----------
    title : str
        What has happened, in a few words.
    *paragraphs : str
        Why, and what to do; plain text.
    action : str
        HTML of :func:`reload_button`, :func:`link_button` or :func:`login_form`.
    status : str
        A last line in small letters, such as the status of the answer.

    Returns
    -------
    str
        HTML that holds its own style and picture.
    """
    light, dark = (_variables(mode) for mode in ("light", "dark"))
    words = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    last = f'<p class="soft" style="margin:20px 0 0;font-size:13px">{escape(status)}</p>' if status else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{escape(title)} · qpsviz</title>\n'
        f'<link rel="icon" href="{ICON}">\n'
        f"<style>:root{{{light}color-scheme:light dark;--font:{FONT}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{_STYLE}</style>\n</head>\n"
        f"<body><main>{_PICTURE}<h1>{escape(title)}</h1>{words}{action}{last}</main>\n"
        f"<script>{_RELOAD}</script>\n</body>\n</html>\n"
    )


def reload_button(label: str) -> str:
    """A button that asks for the same address again, with what stands behind its ``#``."""
    return f'<button class="action" data-reload>{escape(label)}</button>'


def link_button(label: str, address: str) -> str:
    """A link that looks like the one button of the page."""
    return f'<a class="action" href="{escape(address)}">{escape(label)}</a>'


def login_form(xsrf_form_html: str) -> str:
    """A field for the token, sent back to the address of the page itself."""
    return (
        f'<form method="post">{xsrf_form_html}<label for="token">Token</label>'
        '<input id="token" name="password" type="password" autocomplete="current-password" autofocus required>'
        '<button class="action">Open</button></form>'
    )


def _variables(mode: str) -> str:
    return "".join(f"--{name}:{TOKENS[mode][name]};" for name in _USED)
