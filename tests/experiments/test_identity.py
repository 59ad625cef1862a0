"""A point is known by all that its numbers depend on, and by nothing else."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import qpsviz
from qpsviz import Network, ParameterError, Traffic, preset
from qpsviz.experiments import Grid
from qpsviz.experiments.identity import ROOMS, digest

HOME = Path(qpsviz.__file__).parent
#: Imported for files and captures, which hold what a run gave and change nothing of it.
ASIDE = {"files", "frame"}


def point(**given: object) -> str:
    """Digest of one point, with changes."""
    whole: dict[str, object] = {
        "network": Network.ring(n_nodes=4, length_km=5.0), "traffic": Traffic(n_frames=9), "seeds": [2],
        "scenario": preset("first"),
    }  # fmt: skip
    whole |= given
    return Grid(whole.pop("scenario"), **whole).points[0].digest  # type: ignore[arg-type]


def test_equal_definitions_made_twice_are_one_point() -> None:
    assert point() == point()
    assert point(load=[0.5]) == point()
    assert point(network={"called otherwise": Network.ring(n_nodes=4, length_km=5.0)}) == point()


@pytest.mark.parametrize(
    "change",
    [
        {"seeds": [3]},
        {"scenario": preset("first").replace(guard_us=81.5)},
        {"scenario": preset("first").replace(discipline="circuit")},
        {"network": Network.ring(n_nodes=4, length_km=np.nextafter(5.0, 6.0))},
        {"network": Network.ring(n_nodes=5, length_km=5.0)},
        {"network": None},
        {"traffic": Traffic(n_frames=10)},
        {"traffic": Traffic(n_frames=9, use_p_free=True)},
    ],
)
def test_any_change_makes_another_point(change: dict[str, object]) -> None:
    assert point(**change) != point()


def test_routes_that_were_found_do_not_change_a_network() -> None:
    network = Network.ring(n_nodes=4, length_km=5.0)
    before = digest(network)
    assert network.next_link.shape == (4, 4)
    assert digest(network) == before == digest(replace(network))


def test_what_has_no_known_content_is_refused() -> None:
    with pytest.raises(ParameterError, match="use plain data"):
        digest([object()])


def test_the_digest_covers_every_room_that_a_simulation_runs_through() -> None:
    rooms = {room.removesuffix(".py") for room in ROOMS}
    files = [f for room in ROOMS if room != "__init__.py" for f in (HOME / room, *(HOME / room).rglob("*.py"))]
    used = set()
    for file in (f for f in files if f.suffix == ".py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("qpsviz."):
                used.add(node.module.split(".")[1])
    assert used <= rooms | ASIDE
    assert rooms - {"__init__"} <= used
