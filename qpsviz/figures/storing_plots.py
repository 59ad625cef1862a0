"""Figures of storing against dropping: what the key gains where a payload may wait for its port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qpsviz.figures.parts import KEY_FLOOR, PATTERNS, Plot, axis_text, new_figure, new_source, upright_rule
from qpsviz.figures.theme import TOKENS

if TYPE_CHECKING:
    from bokeh.plotting import figure

#: Source of the line, what it is, its colour and dash. The first is that of the present scenario, with the marker.
STORING_LINES = (
    ("curves", "now", "accent", "solid"),
    ("drop", "drop", "series-3", "dashed"),
    ("memory", "store in memories", "series-2", "dotdash"),
    ("fibre", "store in fibre", "series-1", "dotted"),
)


def _lines(fig: figure, name: str, mode: str) -> None:
    """The present line, wide and pale enough that the way which it is of is seen on it, and the three ways."""
    t = TOKENS[mode]
    pinned = new_source(f"{name}.pinned", "x", "y")
    fig.line("x", "y", source=pinned, color=t["line-strong"], width=5, alpha=0.45, level="overlay")
    for part, _, token, dash in STORING_LINES:
        y, width, alpha = ("present", 6.0, 0.5) if part == "curves" else ("y", 2.25, 1.0)
        fig.line(
            "x", y, source=new_source(f"{name}.{part}", "x", y), color=t[token], dash=PATTERNS[dash], width=width,
            alpha=alpha, level="overlay",
        )  # fmt: skip
    upright_rule(fig, name, mode)


def storing_p(mode: str) -> figure:
    """Key rates against the availability of ports."""
    name = "storing_p"
    fig = new_figure(
        name, x=(0.0, 1.0), y=(KEY_FLOOR, 2.0), labels=("availability P [1]", axis_text("key_rate")), y_axis_type="log"
    )
    _lines(fig, name, mode)
    return fig


def storing_t(mode: str) -> figure:
    """Key rates against the quality of memories."""
    name = "storing_t"
    fig = new_figure(
        name, x=(0.01, 100.0), y=(KEY_FLOOR, 2.0), labels=("T₁ = T₂ [ms]", axis_text("key_rate")),
        x_axis_type="log", y_axis_type="log",
    )  # fmt: skip
    _lines(fig, name, mode)
    return fig


STORING_PLOTS = (
    Plot(
        name="storing_p",
        title="Store or drop: busy ports",
        caption="Eq. 2 against M/D/1 waits. Assumption: waits at relays are independent.",
        build=storing_p,
        drag={"x": ("p_free", 1.0)},
    ),
    Plot(
        name="storing_t",
        title="Store or drop: memories",
        caption="Equal: memories give as much key as dropping.",
        build=storing_t,
        drag={"x": ("t1_us", 1e3)},
    ),
)
