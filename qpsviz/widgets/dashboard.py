"""The two ways to put a page into a notebook."""

from __future__ import annotations

from collections.abc import Iterable

from qpsviz.widgets.page import Page


def dashboard(*, opening: str | None = None) -> Page:
    """The whole explorer, filling the window.

    Parameters
    ----------
    opening : str, optional
        Preset to open with; ``"first"`` when None. In JupyterLab it wins over a link in the address, in Voila the
        link wins.

    Returns
    -------
    Page
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If there is no such preset.
    """
    return Page(opening=opening)


def explorer(
    opening: str,
    *,
    controls: Iterable[str],
    tabs: Iterable[str] = (),
    network: bool = True,
) -> Page:
    """A small page for a lesson: a few controls and what answers them.

    Parameters
    ----------
    opening : str
        Preset to open with.
    controls : iterable of str
        Parameters with a control.
    tabs : iterable of str
        Tabs beside the controls.
    network : bool
        Whether frames move.

    Returns
    -------
    Page
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If the preset, a parameter or a tab is unknown.
    """
    return Page(opening=opening, controls=controls, tabs=tabs, network=network, kind="lesson")
