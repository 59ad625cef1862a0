"""Bokeh figures: built once with empty columns that the page fills by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from qpsviz.figures.key_plots import KEY_PLOTS
from qpsviz.figures.parts import KEY_FLOOR, PATTERNS, Plot, axis_text, new_figure, new_source, upright_rule
from qpsviz.figures.storing_plots import STORING_PLOTS
from qpsviz.figures.theme import DASHES, MODES, TOKENS, bokeh_theme

if TYPE_CHECKING:
    from bokeh.plotting import figure

#: Numbers of relays that every plot draws beside the present one.
RELAYS = (0, 1, 2, 3)
FIDELITY_FLOOR = 0.25


def figure_json(plot: Plot, mode: str) -> dict[str, object]:
    """The figure as data that BokehJS embeds.

    Parameters
    ----------
    plot : Plot
        One of :data:`PLOTS`.
    mode : str
        ``"light"`` or ``"dark"``.

    Returns
    -------
    dict
        What ``Bokeh.embed.embed_item`` takes.
    """
    from bokeh.embed import json_item

    return dict(json_item(plot.build(mode), theme=bokeh_theme(mode)))


def figure_spec(names: Iterable[str]) -> dict[str, object]:
    """What a page needs to draw figures: the version of BokehJS, and each figure in each mode.

    Parameters
    ----------
    names : iterable of str
        Names in :data:`PLOTS`.

    Returns
    -------
    dict
        ``bokeh`` and ``figures``.
    """
    import bokeh

    made = {name: {mode: figure_json(PLOTS[name], mode) for mode in MODES} for name in names}
    return {"bokeh": re.sub(r"\+.*", "", bokeh.__version__), "figures": made}


def _lines(fig: figure, name: str, mode: str, *, others: bool = False) -> None:
    """The relay counts, the pinned curve and the present curve; the page lays the marker over them.

    What a slider changes has level ``overlay``: Bokeh then repaints neither axes nor grid, which cost the most.
    """
    t = TOKENS[mode]
    pinned = new_source(f"{name}.pinned", "x", "y")
    fig.line("x", "y", source=pinned, color=t["line-strong"], width=5, alpha=0.45, level="overlay")
    lines = [(f"n{n}", t[f"series-{n}"], PATTERNS[DASHES[n]], 1.75, 1.0) for n in RELAYS]
    if others:
        lines = [(f"o{n}", colour, dash, 1.0, 0.45) for n, (_, colour, dash, *_) in enumerate(lines)] + lines
    lines.append(("present", t["accent"], "solid", 3.5, 1.0))
    styles = dict(zip(("name", "color", "dash", "width", "alpha"), map(list, zip(*lines, strict=True)), strict=True))
    # One renderer for all: each has its own element in the page, styled anew whenever it is painted.
    curves = new_source(f"{name}.curves", "xs", "ys")
    curves.data = {"xs": [[] for _ in lines], "ys": [[] for _ in lines], **styles}
    fig.multi_line(
        "xs", "ys", source=curves, line_color="color", line_dash="dash", line_width="width", line_alpha="alpha",
        level="overlay",
    )  # fmt: skip


def _threshold(fig: figure, mode: str) -> None:
    """Fidelity 1/2 as a thin rule; the caption says what it is, as curves would run through a word on it."""
    from bokeh.models import Span

    fig.add_layout(Span(location=0.5, dimension="width", line_color=TOKENS[mode]["drop"], line_dash=[2, 3]))


def key_rate(mode: str) -> figure:
    """R against length for several relay counts, with cut-off and repeaterless bound."""
    from bokeh.models import NumeralTickFormatter

    name, t = "key_rate", TOKENS[mode]
    fig = new_figure(
        name, x=(0, 300), y=(KEY_FLOOR, 2.0), labels=("length [km]", axis_text("key_rate")), y_axis_type="log"
    )
    bound = new_source(f"{name}.bound", "x", "y")
    fig.varea("x", "y", y2=3.0, source=bound, color=t["line"], alpha=0.5)
    fig.line("x", "y", source=bound, color=t["line-strong"], width=1)
    _lines(fig, name, mode)
    upright_rule(fig, name, mode)
    fig.xaxis.formatter = NumeralTickFormatter(format="0,0")
    return fig


def fidelity(mode: str) -> figure:
    """F against length for several relay counts and both source layouts."""
    from bokeh.models import NumeralTickFormatter

    name = "fidelity"
    fig = new_figure(name, x=(0, 300), y=(FIDELITY_FLOOR, 1.02), labels=("length [km]", axis_text("fidelity")))
    _threshold(fig, mode)
    _lines(fig, name, mode, others=True)
    fig.xaxis.formatter = NumeralTickFormatter(format="0,0")
    return fig


def fidelity_t(mode: str) -> figure:
    """F against T1 = T2 for several relay counts."""
    name = "fidelity_t"
    fig = new_figure(
        name,
        x=(0.01, 100.0),
        y=(FIDELITY_FLOOR, 1.02),
        labels=("T₁ = T₂ [ms]", axis_text("fidelity")),
        x_axis_type="log",
    )
    _threshold(fig, mode)
    _lines(fig, name, mode)
    return fig


def _contour_lines(fig: figure, name: str, mode: str) -> None:
    """White lines in a dark case, and their levels on plates: to be seen on the darkest and the lightest cells."""
    contours = new_source(f"{name}.contours", "xs", "ys", "level")
    for colour, width in (("#000000", 3.5), ("#ffffff", 1.75)):
        fig.multi_line("xs", "ys", source=contours, color=colour, width=width, level="overlay")
    plate = {"background_fill_color": TOKENS[mode]["card"], "padding": 2, "border_radius": 3}
    words = {"text_color": TOKENS[mode]["ink"], "text_align": "center", "text_baseline": "middle"}
    labels = new_source(f"{name}.labels", "x", "y", "text")
    fig.text("x", "y", "text", source=labels, level="overlay", **plate, **words)


def _map(name: str, mode: str, *, x: tuple[float, float], label: str, x_axis_type: str) -> figure:
    from bokeh.models import ColorBar, ColumnDataSource, FixedTicker, LinearColorMapper
    from bokeh.palettes import Cividis256

    fig = new_figure(
        name, x=x, y=(0.01, 100.0), labels=(label, "T₁ = T₂ [ms]"), x_axis_type=x_axis_type, y_axis_type="log"
    )
    # One for the cells and one for the bar: a mapper tells of new cells, and a bar that hears it is laid out anew.
    cells, colours = (LinearColorMapper(palette=Cividis256, low=FIDELITY_FLOOR, high=1.0) for _ in range(2))
    seed = {"image": [np.full((2, 2), FIDELITY_FLOOR, dtype=np.float32)], "x": [1], "y": [1], "dw": [1], "dh": [1]}
    image = ColumnDataSource(seed, name=f"{name}.image")
    fig.image("image", x="x", y="y", dw="dw", dh="dh", source=image, color_mapper=cells, level="overlay")
    _contour_lines(fig, name, mode)
    ticker = FixedTicker(ticks=[0.25, 0.5, 0.75, 1.0])
    named = {1.0: "F = 1"}
    bar = ColorBar(color_mapper=colours, width=8, padding=4, ticker=ticker, major_label_overrides=named)
    fig.add_layout(bar, "right")
    if x_axis_type == "log":
        fig.xaxis.ticker = FixedTicker(ticks=[1e-3, 1e-1, 1e1, 1e3])
    else:
        fig.xaxis.ticker.desired_num_ticks = 4
    return fig


def map_length(mode: str) -> figure:
    """F against length and T1 = T2 (Fig. 11)."""
    return _map("map_length", mode, x=(0, 600), label="length [km]", x_axis_type="linear")


def map_processing(mode: str) -> figure:
    """F against processing time and T1 = T2 (Fig. 12)."""
    return _map("map_processing", mode, x=(1e-3, 1e4), label="processing time [µs]", x_axis_type="log")


PLOTS = {
    p.name: p
    for p in (
        Plot(
            name="key_rate",
            title="Key rate against length",
            caption="BB84 on one path, Eq. 1. Grey: only with repeaters or codes.",
            build=key_rate,
            drag={"x": ("length_km", 1.0)},
        ),
        Plot(
            name="fidelity",
            title="Fidelity against length",
            caption="Pairs, Eq. 3; above ½ surely entangled. Thin: the other source layout.",
            build=fidelity,
            drag={"x": ("length_km", 1.0)},
        ),
        Plot(
            name="fidelity_t",
            title="Fidelity against memory",
            caption="Relaxed pairs agree on 00: F dips, then rises.",
            build=fidelity_t,
            drag={"x": ("t1_us", 1e3)},
        ),
        Plot(
            name="map_length",
            title="Memory and length",
            caption="Fig. 11; lines at F = 0.5, 0.8, 0.9.",
            build=map_length,
            drag={"x": ("length_km", 1.0), "y": ("t1_us", 1e3)},
        ),
        Plot(
            name="map_processing",
            title="Memory and processing",
            caption="Fig. 12; lines at F = 0.5, 0.8, 0.9.",
            build=map_processing,
            drag={"x": ("processing_us", 1.0), "y": ("t1_us", 1e3)},
        ),
        *KEY_PLOTS,
        *STORING_PLOTS,
    )
}
