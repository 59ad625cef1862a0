"""What a page draws once, from the declarations of parameters, tiles, presets, tabs and exports."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from qpsviz.scenario.presets import all_presets
from qpsviz.session.controls.rows import control_spec
from qpsviz.session.exports import EXPORTS
from qpsviz.session.film.sentences import templates
from qpsviz.session.tabs.declared import tab_spec
from qpsviz.session.tiles import tile_specs

if TYPE_CHECKING:
    from qpsviz.session.protocol.spec import SessionSpec

_numbers = itertools.count(1)


def page_spec(
    opening: str | None, controls: Iterable[str] | None, *, kind: str, tabs: Iterable[str], network: bool
) -> SessionSpec:
    """The lists and titles of a new page.

    Parameters
    ----------
    opening : str or None
        Preset to open with.
    controls : iterable of str or None
        Parameters with a control; all when None.
    kind : str
        ``"dashboard"`` or ``"lesson"``.
    tabs : iterable of str
        Names of its tabs.
    network : bool
        Whether frames move.

    Returns
    -------
    dict
        With an ``id`` that no other page of this process has.

    Raises
    ------
    ParameterError
        If a parameter or a tab is unknown.
    """
    identity = f"qps{next(_numbers)}"
    return {
        "id": identity,
        "kind": kind,
        "title": "qpsviz",
        "opening": opening or "first",
        "chosen": opening is not None,
        "speed": 50,
        "network": network,
        "controls": control_spec(identity, controls),
        "tiles": tile_specs(has_run=network),
        "presets": [{"name": p.name, "title": p.title} for p in all_presets()],
        "tabs": [tab_spec(name) for name in tabs],
        "templates": templates(),
        "exports": EXPORTS,
    }
