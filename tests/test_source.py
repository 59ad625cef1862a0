"""What the source may hold: values with types, choices that nothing compares, and nothing of one machine or thread."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qpsviz.network.arrivals import ARRIVALS
from qpsviz.network.patterns import PAIRS
from qpsviz.network.roles import Role
from qpsviz.scenario.choices import Device, LatePayload, Release, Reservation
from qpsviz.scenario.discipline import Discipline
from qpsviz.scenario.layout import Layout
from qpsviz.switch.codes import CORRECTIONS

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "qpsviz").rglob("*.py"))
# Modules that may say Any, and what it is that has no type there: everywhere else a value has one, and what comes from
# outside and is checked is an object.
UNTYPED = {
    "cli/networks.py": "what argparse read",
    "figures/paper.py": "Matplotlib's list of known settings",
    "frame/compiled.py": "functions that are compiled from text",
    "frame/frame_packets.py": "changes of a frame, as dataclasses.replace takes them",
    "network/importers/places.py": "what stands at a node of a networkx graph",
    "network/stored.py": "arguments of a network or a traffic, as JSON has them",
    "scenario/declaration.py": "what float() takes; defaults of dataclass fields",
    "scenario/scenario.py": "changes of a group, as dataclasses.replace takes them",
    "scenario/values.py": "changes of a record, as dataclasses.replace takes them",
    "serve/assets.py": "a Jupyter server",
    "serve/guard.py": "rules and arguments of Tornado",
    "serve/kernels.py": "kernel managers of Jupyter",
    "serve/page.py": "kernel managers of Voila",
    "serve/start.py": "a server of JupyterLab; changes, as dataclasses.replace takes them",
    "session/tabs/frame/fields.py": "a changed field of a frame, as dataclasses.replace takes it",
    "sim/engine/compiled.py": "functions of numba",
    "sim/results/run_file.py": "JSON before it is checked",
    "units/conversion.py": "NumPy's word for an array of any type",
    "units/times.py": "one function for plain Python, NumPy and numba",
    "widgets/heard.py": "messages of ipywidgets",
    "sim/engine/columns.py": "NumPy's records",
    "switch/timing.py": "one function for plain Python, NumPy and numba",
}
#: Choices of which each says itself what follows from it, and the words that nothing else compares.
CHOICE_WORDS: dict[str, set[str]] = {
    "layout": {*Layout},
    "discipline": {*Discipline},
    "reservation": {*Reservation},
    "late_payload": {*LatePayload},
    "release": {*Release},
    "device": {*Device},
    "correction": {*CORRECTIONS},
    "pairs": {*PAIRS},
    "arrivals": {*ARRIVALS},
    "role": {*Role},
    "roles": {*Role},
}
MACHINE = re.compile(r"(?<![\w.$}])/(root|home|Users|work)/\w")


def untyped(source: str) -> list[int]:
    """Lines that say Any, the type of what has none."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name) and node.id == "Any"]


def compared_words(source: str) -> list[str]:
    """Comparisons of a choice with its word, where a property of it says what is meant, or a table what follows."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        words = {side.value for side in sides if isinstance(side, ast.Constant)}
        names = [name for side in sides for name in re.findall(r"(\w+)$", ast.unparse(side).strip("'\""))]
        if any(words & CHOICE_WORDS.get(name.strip("_"), set()) for name in names):
            found.append(ast.unparse(node))
    return found


def loops_in_this_thread(source: str) -> list[str]:
    """Event loops started where one may already run: that of the browser tests."""
    calls = [ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [name for name in calls if re.search(r"asyncio\.run$|\.(run_until_complete|run_forever)$", name)]


@pytest.mark.parametrize(
    ("check", "breach"),
    [
        (untyped, "def heard(change: dict[str, Any]): ..."),
        (untyped, "Data = Any"),
        (compared_words, 'n_arms = 2 if scenario.path.layout == "split" else 1'),
        (compared_words, 'if "store" != discipline: ...'),
        (compared_words, 'is_held = self._reservation == "immediate"'),
        (compared_words, 'applied = "none" if relay.correction != "steane" else relay.correction'),
        (loops_in_this_thread, "asyncio.run(talk())"),
        (loops_in_this_thread, "loop.run_until_complete(talk())"),
    ],
)
def test_a_check_finds_what_it_is_for(check: Callable[[str], list[str]], breach: str) -> None:
    assert check(breach) != []


@pytest.mark.parametrize("file", sorted((ROOT / "tests").rglob("*.py")), ids=lambda f: f.relative_to(ROOT).as_posix())
def test_a_test_starts_no_event_loop_in_its_own_thread(file: Path) -> None:
    assert loops_in_this_thread(file.read_text(encoding="utf-8")) == [], "use the fixture wait_for"


@pytest.mark.parametrize("module", MODULES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_a_value_has_a_type_wherever_a_library_gives_one(module: Path) -> None:
    lines = untyped(module.read_text(encoding="utf-8"))
    listed = module.relative_to(ROOT / "qpsviz").as_posix() in UNTYPED
    assert bool(lines) == listed, f"Any in lines {lines}: write its type, or what has none into UNTYPED"


@pytest.mark.parametrize("module", MODULES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_a_choice_is_asked_what_follows_from_it_and_its_word_is_never_compared(module: Path) -> None:
    assert compared_words(module.read_text(encoding="utf-8")) == []


def test_no_file_names_a_place_on_one_machine() -> None:
    folders = ("qpsviz", "tests", "notebooks", "benchmarks", "binder", ".ci", "docs")
    files = [*ROOT.iterdir(), *(f for folder in folders for f in (ROOT / folder).rglob("*"))]
    text = {".py", ".js", ".css", ".md", ".toml", ".yml", ".yaml", ".txt", ".ipynb", ".json", ".j2", ".lua", ""}
    found = [
        f.relative_to(ROOT).as_posix()
        for f in files
        if f.is_file() and f.suffix in text and f != Path(__file__)
        if not any(part in ("__pycache__", ".hypothesis", ".git") for part in f.parts)
        if MACHINE.search(f.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT / "qpsviz").as_posix())
def test_what_a_text_points_to_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r":(?:mod|func|class|data|meth|attr):`~?(qpsviz[\w.]*)`", text):
        pkgutil.resolve_name(name)
