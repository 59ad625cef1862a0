"""What an import costs, and which way imports point."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import qpsviz as qps

ROOT = Path(__file__).parents[1]
HEAVY = (
    "anywidget", "bokeh", "importlib.metadata", "IPython", "ipywidgets", "jupyter_server", "matplotlib",
    "networkx", "numba", "pandas", "qutip", "scipy", "tornado", "traitlets", "voila", "xarray",
)  # fmt: skip


def loaded_by(statement: str) -> list[str]:
    """Heavy modules that a fresh process has loaded after a statement."""
    program = f"import json, sys\n{statement}\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    modules: list[str] = json.loads(found.stdout.splitlines()[-1])
    return modules


def test_the_probe_sees_a_heavy_import() -> None:
    assert "scipy" in loaded_by("import scipy")


@pytest.mark.parametrize(
    "statement",
    [
        "import qpsviz",
        "import qpsviz; qpsviz.evaluate(qpsviz.preset('fig7'), 'key_rate')",
        "from qpsviz.cli.parser import build_parser; build_parser()",
        "import qpsviz.session",
        "import qpsviz.session as s; s.Session(network=False).begin()",
    ],
)
def test_nothing_heavier_than_numpy_is_loaded_by(statement: str) -> None:
    assert loaded_by(statement) == []


def test_the_simulation_is_loaded_when_it_is_asked_for() -> None:
    program = "import sys, qpsviz; before = 'qpsviz.sim' in sys.modules; qpsviz.simulate; print(before, qpsviz.sim)"
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert found.stdout.startswith("False <module 'qpsviz.sim'")


def test_every_public_name_is_there() -> None:
    assert all(hasattr(qps, name) for name in qps.__all__)
    assert set(qps.__all__) <= set(dir(qps))
    with pytest.raises(AttributeError, match="no attribute 'simulation'"):
        getattr(qps, "simulation")  # noqa: B009


def test_imports_point_one_way_and_only_the_right_rooms_import_the_heavy_libraries() -> None:
    command = "from importlinter.cli import lint_imports_command as main; main(['--no-logo', '--no-cache'])"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
