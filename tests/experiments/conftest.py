"""Grids that take milliseconds a point."""

from __future__ import annotations

import pytest

from qpsviz import preset
from qpsviz.experiments import Grid


@pytest.fixture
def small() -> Grid:
    """Six points of a line with three relays, of which burst switching loses frames."""
    scenario = preset("first").replace(n_frames=20, p_free=0.7)
    return Grid(scenario, discipline=["burst", "store"], seeds=[0, 1, 5])
