"""Figures of keys that can be made: from perfect photons down to one block of weak pulses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qpsviz.figures.parts import KEY_FLOOR, PATTERNS, Plot, axis_text, new_figure, new_source
from qpsviz.figures.theme import TOKENS

if TYPE_CHECKING:
    from bokeh.plotting import figure

#: Source of the line, what it is, its colour and dash. The first is that of the present scenario, with the marker.
KEY_LINES = (
    ("curves", "perfect photons", "accent", "solid"),
    ("decoy", "decoys", "series-3", "dashed"),
    ("finite", "finite block", "series-2", "dotdash"),
)


def _lines(fig: figure, name: str, mode: str) -> None:
    """The three lines, a pinned one, and a dot on each line but the first, where the marker is.

    The finite line is awaited: its source says how strongly it is drawn.
    """
    t = TOKENS[mode]
    pinned = new_source(f"{name}.pinned", "x", "y")
    fig.line("x", "y", source=pinned, color=t["line-strong"], width=5, alpha=0.45, level="overlay")
    for part, _, token, dash in KEY_LINES:
        if part == "finite":
            awaited = new_source(f"{name}.finite", "xs", "ys", "alpha")
            fig.multi_line(
                "xs", "ys", source=awaited, line_alpha="alpha", line_color=t[token], line_dash=PATTERNS[dash],
                line_width=2.75, level="overlay",
            )  # fmt: skip
        else:
            y, width = ("present", 3.5) if part == "curves" else ("y", 2.25)
            fig.line(
                "x", y, source=new_source(f"{name}.{part}", "x", y), color=t[token], dash=PATTERNS[dash], width=width,
                level="overlay",
            )  # fmt: skip
        if part != "curves":
            dots = new_source(f"{name}.{part}_now", "x", "y")
            fig.scatter(
                "x", "y", source=dots, size=8, fill_color=t["card"], line_color=t[token], line_width=2, level="overlay"
            )


def keys_length(mode: str) -> figure:
    """Key rates against length."""
    from bokeh.models import NumeralTickFormatter

    name = "keys_length"
    fig = new_figure(
        name, x=(0, 300), y=(KEY_FLOOR, 2.0), labels=("length [km]", axis_text("key_rate")), y_axis_type="log"
    )
    _lines(fig, name, mode)
    fig.xaxis.formatter = NumeralTickFormatter(format="0,0")
    return fig


def keys_launch(mode: str) -> figure:
    """Key rates against the launch power of classical light."""
    name = "keys_launch"
    fig = new_figure(
        name, x=(-40, 20), y=(KEY_FLOOR, 2.0), labels=("launch power of a signal [dBm]", axis_text("key_rate")),
        y_axis_type="log",
    )  # fmt: skip
    _lines(fig, name, mode)
    return fig


KEY_PLOTS = (
    Plot(
        name="keys_length",
        title="Keys against length",
        caption="Decoys at their best settings: Lim et al. (2014).",
        build=keys_length,
        drag={"x": ("length_km", 1.0)},
    ),
    Plot(
        name="keys_launch",
        title="Keys beside classical light",
        caption="Raman light of all signals, of one if none is set.",
        build=keys_launch,
        drag={"x": ("launch_dbm", 1.0)},
    ),
)
