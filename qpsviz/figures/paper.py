"""The paper's figures on paper: PNG and SVG of the datasets that :mod:`qpsviz.paper.datasets` computes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qpsviz.errors import ParameterError, nearest
from qpsviz.figures.plots import FIDELITY_FLOOR
from qpsviz.figures.theme import DASHES, TOKENS
from qpsviz.files import written_whole
from qpsviz.paper.datasets import GOALS, LAYOUTS, figure, figures, write_csv
from qpsviz.scenario.layout import Layout

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INK = TOKENS["light"]
_STYLES = {"solid": "-", "dashed": "--", "dotted": ":", "dotdash": "-.", "dashdot": (0, (6, 2, 1, 2, 1, 2))}
_RC: Any = {  # Matplotlib has no name for its list of known keys
    "font.size": 9,
    "axes.edgecolor": _INK["line-strong"],
    "axes.labelcolor": _INK["ink-soft"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": _INK["line"],
    "grid.linewidth": 0.6,
    "xtick.color": _INK["ink-soft"],
    "ytick.color": _INK["ink-soft"],
    "svg.hashsalt": "qpsviz",
    "savefig.dpi": 160,
}


def save_figures(folder: str | Path, names: tuple[str, ...] = (), *, n_points: int = 111) -> list[Path]:
    """Draw figures of the paper as PNG and SVG, and write their numbers as CSV.

    Parameters
    ----------
    folder : str or Path
        Where to write; made if need be.
    names : tuple of str
        Figures to draw, all when empty.
    n_points : int
        Points along each continuous axis. [1]

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ParameterError
        For an unknown figure.
    OSError
        If a file cannot be written.
    """
    for name in names:
        if name not in figures():
            raise ParameterError("figure", f"unknown figure {name!r}{nearest(name, figures())}")
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for name in names or tuple(figures()):
        data = figure(name, n_points=n_points)
        files += write_csv(data, place / f"{name}.csv")
        files += _save(draw(name, data), place / name)
    return files


def draw(name: str, data: xarray.Dataset) -> Figure:
    """One figure of the paper, drawn from its dataset.

    Parameters
    ----------
    name : str
        One of :func:`qpsviz.paper.datasets.figures`.
    data : xarray.Dataset
        What :func:`qpsviz.paper.datasets.figure` gives for it.

    Returns
    -------
    matplotlib.figure.Figure
        The drawing, of no window or backend.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    drawers = {"fig7": _key_rate, "fig11": _over_length, "fig12": _over_processing, "fig13": _compared}
    with mpl.rc_context(_RC):
        sheet = Figure(figsize=(8.0 if "layout" in data.dims else 5.2, 3.6), layout="constrained")
        drawers.get(name, _fidelity)(sheet, data)
        sheet.suptitle(data.attrs["title"], fontsize=10, color=_INK["ink"])
    return sheet


def _save(sheet: Figure, stem: Path) -> list[Path]:
    import matplotlib as mpl

    files = [stem.with_suffix(".png"), stem.with_suffix(".svg")]
    with mpl.rc_context(_RC):
        for file in files:
            with written_whole(file) as part:
                sheet.savefig(part, metadata={"Date": None} if file.suffix == ".svg" else None)
    return files


def _lines(axes: Axes, data: xarray.DataArray, word: str = "n") -> None:
    for n, row in zip(data.n_relays.values, data.transpose("n_relays", ...), strict=True):
        dash = _STYLES[DASHES[int(n) % len(DASHES)]]
        axes.plot(data.length_km, row, linestyle=dash, color=_INK[f"series-{int(n) % 6}"], label=f"{word} = {n}")


def _key_rate(sheet: Figure, data: xarray.Dataset) -> None:
    axes = sheet.add_subplot()
    _lines(axes, data.key_rate.where(data.key_rate > 0))
    if data.plob.notnull().any():
        axes.plot(data.length_km, data.plob, color=_INK["line-strong"], linewidth=0.8, label="repeaterless bound")
    axes.set(yscale="log", ylim=(1e-9, 2.0), xlabel="length [km]", ylabel="key rate [bit/pulse]")
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _fidelity(sheet: Figure, data: xarray.Dataset) -> None:
    axes = sheet.add_subplot()
    _lines(axes, data.fidelity)
    _fidelity_axis(axes)
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _fidelity_axis(axes: Axes) -> None:
    axes.axhline(0.5, color=_INK["drop"], linewidth=0.8, linestyle=":")
    axes.set(ylim=(FIDELITY_FLOOR, 1.02), xlabel="length [km]", ylabel="fidelity F")


def _compared(sheet: Figure, data: xarray.Dataset) -> None:
    for axes, layout in zip(sheet.subplots(1, 2, sharey=True), LAYOUTS, strict=True):
        _lines(axes, data.fidelity.sel(layout=layout))
        _fidelity_axis(axes)
        axes.set_title(f"source {Layout(layout).label}", fontsize=9, color=_INK["ink-soft"])
    axes.set_ylabel("")
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _map(sheet: Figure, data: xarray.Dataset, x: str, label: str, *, log: bool) -> None:
    panels = sheet.subplots(1, 2, sharey=True)
    for axes, layout in zip(panels, LAYOUTS, strict=True):
        cells = data.fidelity.sel(layout=layout).transpose("t1_us", x)
        grid = (cells[x].values, cells.t1_us.values / 1e3, cells.values)
        axes.set(yscale="log", xlabel=label, xscale="log" if log else "linear")  # before labels are placed on it
        axes.grid(visible=False)
        mesh = axes.pcolormesh(*grid, cmap="cividis", vmin=FIDELITY_FLOOR, vmax=1.0, shading="gouraud", rasterized=True)
        contours = axes.contour(*grid, levels=list(GOALS), colors="white", linewidths=1.2)
        axes.clabel(contours, fontsize=8)
        axes.set_title(f"source {Layout(layout).label}", fontsize=9, color=_INK["ink-soft"])
    panels[0].set_ylabel("T₁ = T₂ [ms]")
    bar = sheet.colorbar(mesh, ax=panels, label="fidelity F", ticks=np.array([0.25, 0.5, 0.75, 1.0]))
    bar.outline.set_visible(False)


def _over_length(sheet: Figure, data: xarray.Dataset) -> None:
    _map(sheet, data, "length_km", "length [km]", log=False)


def _over_processing(sheet: Figure, data: xarray.Dataset) -> None:
    _map(sheet, data, "processing_us", "processing time [µs]", log=True)
