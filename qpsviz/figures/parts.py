"""What all figures are built from: the figure itself with its axes, sources that the page fills by name, patterns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qpsviz.closed_form.outputs import output
from qpsviz.figures.theme import TOKENS

if TYPE_CHECKING:
    from bokeh.models import ColumnDataSource
    from bokeh.plotting import figure

#: Bokeh's dashes as a column needs them: by name, BokehJS would draw shorter ones than a whole renderer has.
PATTERNS = {"solid": "solid", "dashed": "6 6", "dotted": "2 4", "dotdash": "2 4 6 4", "dashdot": "6 4 2 4"}
#: The least key rate that an axis shows. [bit/pulse]
KEY_FLOOR = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure of the page: its name, the words around it and what builds it.

    ``drag`` says which parameter each axis sets when the marker is dragged, and its value per axis unit.
    """

    name: str
    title: str
    caption: str
    build: Callable[[str], figure]
    drag: dict[Literal["x", "y"], tuple[str, float]]


def new_figure(
    name: str, *, x: tuple[float, float], y: tuple[float, float], labels: tuple[str, str], **axes: str
) -> figure:
    """An empty figure with named ranges, and labels along its axes."""
    from bokeh.models import Range1d
    from bokeh.plotting import figure

    fig = figure(
        sizing_mode="stretch_both",
        toolbar_location=None,
        tools="",
        x_range=Range1d(*x, name=f"{name}.x"),
        y_range=Range1d(*y, name=f"{name}.y"),
        x_axis_label=labels[0],
        y_axis_label=labels[1],
        x_axis_type=axes.get("x_axis_type", "linear"),
        y_axis_type=axes.get("y_axis_type", "linear"),
        lod_threshold=None,
    )
    return fig


def new_source(name: str, *columns: str) -> ColumnDataSource:
    """An empty source that the page finds by its name."""
    from bokeh.models import ColumnDataSource

    return ColumnDataSource({c: [] for c in columns}, name=name)


def axis_text(name: str) -> str:
    """What stands along an axis of an output."""
    heading = output(name).heading
    return heading[0].lower() + heading[1:]


def upright_rule(fig: figure, name: str, mode: str) -> None:
    """Thin upright rules with words beside them, from a source: an annotation would make Bokeh lay out anew."""
    colour, rule = TOKENS[mode]["drop"], new_source(f"{name}.rule", "x", "y", "text", "align", "shift")
    word = {"text_color": colour, "text_align": "align", "x_offset": "shift", "y_offset": -6}
    fig.vspan(x="x", source=rule, line_color=colour, line_dash=[2, 3], level="overlay")
    fig.text("x", "y", "text", source=rule, level="overlay", **word)
