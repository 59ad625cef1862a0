"""What an import costs, and which way imports point."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import qpsviz as qps

ROOT = Path(__file__).parents[1]
#: Methods that hand over to a module which builds on their own, so that a user finds all in one place.
HANDED_OVER = {
    "qpsviz.frame.model": {"qpsviz.frame.describe"},
    "qpsviz.network.network": {"qpsviz.network.topologies"},
    "qpsviz.network.readers": {"qpsviz.network.importers"},
    "qpsviz.sim.results.run": {
        "qpsviz.sim.results.capture_file", "qpsviz.sim.results.run_file", "qpsviz.sim.results.trace_file",
    },
}  # fmt: skip
HEAVY = (
    "anywidget", "bokeh", "importlib.metadata", "IPython", "ipywidgets", "jupyter_server", "matplotlib",
    "distributed", "networkx", "numba", "pandas", "qutip", "scipy", "tornado", "tqdm", "traitlets", "voila",
    "xarray",
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
        "from qpsviz import experiments; experiments.Grid",
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
    from qpsviz.applications import epr, qkd, teleport

    assert all(module.__doc__ for module in (epr, qkd, teleport))


def test_imports_point_one_way_and_only_the_right_rooms_import_the_heavy_libraries() -> None:
    command = "from importlinter.cli import lint_imports_command as main; main(['--no-logo', '--no-cache'])"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def module_name(file: Path) -> str:
    """The name under which a file is imported."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(node: ast.AST) -> Iterator[str]:
    """What a program imports anywhere, except for the type checker alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
            yield child.module
        yield from imported(child)


def module_imports() -> dict[str, set[str]]:
    """The modules that each module imports; a package that is only passed on the way to one of its modules is none."""
    trees = {module_name(f): ast.parse(f.read_text(encoding="utf-8")) for f in (ROOT / "qpsviz").rglob("*.py")}
    found = {}
    for name, tree in trees.items():
        named = {module for module in imported(tree) if module in trees} - {name}
        whole = {module for module in named if not any(other.startswith(f"{module}.") for other in named)}
        found[name] = {m for m in whole if not any(m.startswith(far) for far in HANDED_OVER.get(name, ()))}
    return found


def script_imports() -> dict[str, set[str]]:
    """The folders of scripts that the scripts of each folder import from."""
    scripts = ROOT / "qpsviz" / "web" / "js"
    found: dict[str, set[str]] = {}
    for file in scripts.rglob("*.js"):
        text = file.read_text(encoding="utf-8")
        targets = re.findall(r'^import [^;]*?from "(\.[^"]+)";', text, re.MULTILINE)
        folders = {(file.parent / target).resolve().parent.relative_to(scripts).as_posix() for target in targets}
        own = file.parent.relative_to(scripts).as_posix()
        found[own] = found.get(own, set()) | folders - {own}
    return found


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Names on one circle of a graph, none where there is no circle."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}


def test_no_module_imports_itself_through_others() -> None:
    graph = module_imports()
    assert "qpsviz.session.session" in graph["qpsviz.session"]
    assert circle(graph) == []


def test_what_a_method_hands_over_to_is_imported_by_its_module() -> None:
    for name, far in HANDED_OVER.items():
        source = ast.parse((ROOT / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8"))
        assert far <= set(imported(source)) | {module.rpartition(".")[0] for module in imported(source)}


def test_the_page_for_contributors_says_which_modules_a_method_hands_over_to() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = {
        path.strip("/").removesuffix(".py").replace("/", ".") for path in re.findall(r"`([\w/]+(?:/|\.py))`", page)
    }
    assert {module.removeprefix("qpsviz.") for far in HANDED_OVER.values() for module in far} <= named


def test_no_folder_of_scripts_imports_itself_through_others() -> None:
    graph = script_imports()
    assert "page" in graph["film"]
    tabs = {name.split("/")[0]: set[str]() for name in graph}
    for name, others in graph.items():
        tabs[name.split("/")[0]] |= {other.split("/")[0] for other in others} - {name.split("/")[0]}
    assert circle(tabs) == []
