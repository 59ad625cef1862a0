"""The look, as one table: CSS variables for pages and a theme for Bokeh figures are made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bokeh.themes import Theme

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif'

#: Meaning has one colour everywhere (Okabe-Ito family); every text colour has AA contrast on its ground.
TOKENS: dict[str, dict[str, str]] = {
    "light": {
        "ground": "#f4f5f7",
        "card": "#ffffff",
        "sunken": "#eceef2",
        "line": "#d5d9e0",
        "line-strong": "#7b8494",
        "ink": "#1a1f2b",
        "ink-soft": "#525c6e",
        "accent": "#0058a3",
        "accent-ink": "#ffffff",
        "accent-soft": "#e3eefa",
        "header": "#d68000",
        "header-ink": "#8a5000",
        "qubit": "#7a3fb5",
        "qubit-mixed": "#a6abb5",
        "memory": "#00795c",
        "memory-soft": "#d5ebe4",
        "fibre": "#8d95a3",
        "drop": "#c24400",
        "drop-soft": "#fdeae0",
        "series-0": "#1a1f2b",
        "series-1": "#0072b2",
        "series-2": "#009e73",
        "series-3": "#b8860b",
        "series-4": "#c4508c",
        "series-5": "#6c7686",
    },
    "dark": {
        "ground": "#12151c",
        "card": "#1b1f29",
        "sunken": "#262b37",
        "line": "#363d4c",
        "line-strong": "#8390a6",
        "ink": "#eef1f6",
        "ink-soft": "#a9b3c4",
        "accent": "#6cb6ff",
        "accent-ink": "#0d1a2b",
        "accent-soft": "#1e3350",
        "header": "#f0a830",
        "header-ink": "#f5bd5c",
        "qubit": "#c08cf5",
        "qubit-mixed": "#6b7280",
        "memory": "#3ecfa4",
        "memory-soft": "#17392f",
        "fibre": "#6d788b",
        "drop": "#ff8650",
        "drop-soft": "#3f2416",
        "series-0": "#eef1f6",
        "series-1": "#56b4e9",
        "series-2": "#2ec99b",
        "series-3": "#e6b422",
        "series-4": "#e58bb9",
        "series-5": "#97a1b3",
    },
}

MODES = tuple(TOKENS)

#: Dash per number of relays, so that colour is never alone.
DASHES = ("solid", "dashed", "dotted", "dotdash", "dashdot", "solid")


def css_variables() -> str:
    """CSS that defines every token for both modes under ``.qps``."""
    blocks = []
    for mode, tokens in TOKENS.items():
        body = "".join(f"--{name}:{value};" for name, value in tokens.items())
        blocks.append(f'.qps[data-mode="{mode}"]{{{body}--font:{FONT};color-scheme:{mode};}}')
    return "\n".join(blocks)


def bokeh_theme(mode: str) -> Theme:
    """The Bokeh theme of a mode, made from the same table.

    Parameters
    ----------
    mode : str
        ``"light"`` or ``"dark"``.

    Returns
    -------
    bokeh.themes.Theme
        Theme for every figure.
    """
    from bokeh.themes import Theme

    t = TOKENS[mode]
    figure = {
        "background_fill_color": t["card"],
        "border_fill_color": t["card"],
        "outline_line_color": None,
        "min_border_right": 16,
        "min_border_top": 8,
    }
    bar = {
        "background_fill_color": t["card"],
        "title_text_color": t["ink-soft"],
        "title_text_font": FONT,
        "major_label_text_color": t["ink-soft"],
        "major_label_text_font": FONT,
    }
    attributes = {
        "figure": figure,
        "Axis": _axis_attributes(t),
        "Grid": {"grid_line_color": t["line"], "grid_line_alpha": 0.6},
        "ColorBar": bar,
        "Text": {"text_font": {"value": FONT}, "text_font_size": {"value": "12px"}},
    }
    return Theme(json={"attrs": attributes})


def _axis_attributes(t: dict[str, str]) -> dict[str, str | int | None]:
    return {
        "axis_label_text_color": t["ink-soft"],
        "axis_label_text_font": FONT,
        "axis_label_text_font_size": "12px",
        "axis_label_text_font_style": "normal",
        "axis_label_standoff": 6,
        "major_label_text_color": t["ink-soft"],
        "major_label_text_font": FONT,
        "major_label_text_font_size": "12px",
        "axis_line_color": t["line-strong"],
        "major_tick_line_color": t["line-strong"],
        "minor_tick_line_color": None,
        "major_tick_in": 0,
        "major_tick_out": 4,
    }
