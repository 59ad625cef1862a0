"""The rules of the house, read off the source: names carry units, docstrings explain, and what is long is cut."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "qpsviz").rglob("*.py"))
MODELS = ("noise", "protocols", "switch", "closed_form", "network", "sim", "experiments")
# Its functions run compiled: they take rows of columns and times in us, under the names that its state explains.
COMPILED = ROOT / "qpsviz" / "sim" / "engine"
MODULE_LINES, FUNCTION_LINES = 300, 40

# One unit per dimension. Wavelengths are in nm and sizes on the wire in octets, as the standards have them.
UNITS = ("km", "us", "hz", "db", "db_per_km", "dbm", "per_km", "km_per_us", "nm", "deg", "octets", "qubits")
PREFIXES = ("n_", "p_", "eta_", "qber_", "min_", "max_")
# Dimensionless, and named by what it is. A word is added here only together with its meaning.
WORDS = {
    "a", "b", "c", "eta",                               # a channel's Bloch factors, shift and transmittance
    "x", "y", "z",                                      # components of a Bloch vector
    "p", "error", "first", "second", "squared",         # probabilities of one formula
    "gain", "q_gain", "retention", "misalignment", "ec_inefficiency",     # of the key-rate equation
    "g2",                                               # second-order correlation of a source's light
    "fidelity", "survival",                             # also as endings: link_fidelity, swap_survival
    "load", "loads", "seed", "speed",                   # traffic per capacity, randomness, frames a player shows
    "signal_loss_ratio",                                # loss of classical signals over that of photons, both in dB
    "mean",                                             # of an interval, in the unit of what was averaged
    "expected", "allowed", "found",     # a published number, how far from it is near enough, and ours, in one unit
    "workers",                                          # processes that compute points
    "weights", "hot_share", "burstiness", "warm_up",    # of traffic: relative, shares of sessions, variance over mean
    "value", "values", "goal", "lo", "hi", "step", "shown",     # a parameter's or an output's own, in its unit
    "condition", "is_converted", "columns",                             # a mask; table columns, named with their units
    "column", "row",                                    # place in a picture, counted in whole elements
    "degree", "tolerance",                              # links at every node of a network; relative difference
    "k", "unsaid",                                      # how many alternative paths; what counts where nothing is said
    "alpha", "beta",                                    # Waxman's: how far links reach, and how likely they are
    "jain_index",                                       # how evenly users are served
    "great_circle_factor",                              # length of fibre per great circle between its ends
    "ints", "floats", "queue", "due",                   # the event engine's two buffers, and its events
    "wait_rate", "wait_share",          # of the tail of a wait for a port: per payload, and its share of all waits
    "word", "key",                                      # 64 bits of the random generator
}  # fmt: skip
# Which one of several, when the number is an int.
WHICH = {
    "attempt", "case", "fibre", "frame", "frame_id", "hop", "index", "item", "kind", "lane", "link", "node", "port",
    "position", "relay", "slot", "status_code", "wavelength",
    "source", "destination",            # of a path: nodes
    "hot_node", "hot_user",
    "year",                             # of a publication
    "revision", "scene", "number",      # of a page: which state, which film, which question
}  # fmt: skip
# In rooms that hold no physics: octet positions, codes of a format, rows of a table, and pixels.
FORMAT_ROOMS = ("frame", "traces", "figures", "session", "web", "widgets", "lessons")
FORMAT_WORDS = {
    "at", "start", "stop", "offset", "offsets", "length", "width", "height", "type", "type_", "subtype",
    "destination", "source", "outbound", "trailer", "channel", "after",
    "flag", "number",          # one bit of an octet of flags; what some octets say, before it has a unit
    "time_ns", "link_type",    # of a captured packet: whole nanoseconds, which a float in us would round; a code
    "in_ns", "start_ns", "end_ns", "duration_ns",    # of a trace, in whole nanoseconds too
    "left", "down", "bit", "support",    # of a trace: a place in percent of the picture; which bit
    "delay_s",    # of an event loop, whose clock counts seconds
}  # fmt: skip
NUMERIC = re.compile(r"\b(float|int|complex|Array|ArrayLike|NDArray)\b")
CONTAINER = re.compile(r"\b(str|bytes|dict|Mapping|Callable|Iterable|list\[Packet|(list|set|tuple|Sequence)\[int)\b")
BRACKETS = re.compile(r"\[(1|unit|us|km|km/us|1/km|Hz|dB|dB/km|bit|nm|degree|octets?|qubits?)(/\w+)?\]")
# Keyword sets of flat parameter names, which the library checks against the declarations; and what a method of an
# outside class is handed, passed on as it came.
KEYWORD_SETS = {"axes", "values", "changes", "goal", "passed_on"}
# Dictionaries whose keys are a format of their own: of ``Run.summary()``, of the file of the paper's claims, of a link.
# Messages of a page have names of their own, and times in us and lengths in km throughout.
MESSAGES = ROOT / "qpsviz" / "session" / "protocol"
FORMATS = {"Summary", "OverAttempts", "OverTime", "Claim", "LinkState"}
VAGUE_MODULES = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py", "common.py"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method, also nested ones."""
    yield from (node for node in ast.walk(tree) if isinstance(node, Function))


def public(tree: ast.Module) -> Iterator[Function | ast.ClassDef]:
    """Public functions and classes of a module, and the public methods of those classes."""
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (f for f in node.body if isinstance(f, Function) and not f.name.startswith("_"))


def named_numbers(node: Function | ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Names and annotations of a function's numeric parameters, or of a class's numeric fields."""
    if isinstance(node, ast.ClassDef):
        fields = [s for s in node.body if isinstance(s, ast.AnnAssign)]
        pairs = [(ast.unparse(s.target), ast.unparse(s.annotation)) for s in fields]
    else:
        taken = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        pairs = [(a.arg, ast.unparse(a.annotation) if a.annotation else "float") for a in taken]
    for name, annotation in pairs:
        is_number = NUMERIC.search(annotation) and not CONTAINER.search(annotation)
        if is_number and name not in ("self", "cls") and not name.startswith("_"):
            yield name, annotation


def is_named_well(name: str, annotation: str, room: str) -> bool:
    """Whether a number's name says its unit, that it has none, or which one of several it picks."""
    if name in WORDS or name.startswith(PREFIXES) or name.rsplit("_", 1)[-1] in ("fidelity", "survival"):
        return True
    if name in WHICH and set(NUMERIC.findall(annotation)) == {"int"}:
        return True
    if name in FORMAT_WORDS and room in FORMAT_ROOMS:
        return True
    return any(name.endswith("_" + unit) or name == unit for unit in UNITS)


def unnamed_units(source: str, room: str = "") -> list[str]:
    """Public numeric parameters and fields whose names say no unit."""
    return [
        f"{node.name}: {name}"
        for node in public(ast.parse(source))
        if node.name not in FORMATS
        for name, annotation in named_numbers(node)
        if not is_named_well(name, annotation, room)
    ]


def loose_signatures(source: str) -> list[str]:
    """Functions that take any keyword at all."""
    taken = [(f.name, f.args.kwarg.arg) for f in functions(ast.parse(source)) if f.args.kwarg]
    return [f"{name}: **{kwarg}" for name, kwarg in taken if kwarg not in KEYWORD_SETS]


def undocumented(source: str) -> list[str]:
    """Public names, and the module itself, that have no docstring."""
    tree = ast.parse(source)
    stubs = {node for node in functions(tree) if any(ast.unparse(d) == "overload" for d in node.decorator_list)}
    found = [node.name for node in public(tree) if node not in stubs and ast.get_docstring(node) is None]
    return found if ast.get_docstring(tree) else ["(module)", *found]


def unitless_docstrings(source: str) -> list[str]:
    """Public functions with parameters that are amounts whose docstring gives no unit in brackets."""
    return [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, Function) and not node.name.startswith("_")
        if any(name not in WHICH or "float" in annotation for name, annotation in named_numbers(node))
        if not BRACKETS.search(ast.get_docstring(node) or "")
    ]


def long_functions(source: str) -> list[str]:
    """Functions whose code, without signature and docstring, fills too many lines."""
    found = []
    for function in functions(ast.parse(source)):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        n_lines = 0 if not body else (body[-1].end_lineno or 0) - body[0].lineno + 1
        if n_lines >= FUNCTION_LINES:
            found.append(f"{function.name}: {n_lines}")
    return found


@pytest.mark.parametrize(
    ("check", "breach"),
    [
        (unnamed_units, "def delay(length: float): ..."),
        (unnamed_units, "def delay(hop: float): ..."),
        (unnamed_units, "class Memory:\n    t1_ms: float = 1.0"),
        (unnamed_units, "def delay(time) -> float: ..."),
        (loose_signatures, "def draw(**kwargs: float): ..."),
        (undocumented, '"""A module."""\nclass Fibre: ...'),
        (undocumented, "def _private(): ..."),
        (unitless_docstrings, 'def delay(length_km: float):\n    """The delay, in seconds."""'),
        (long_functions, "def long():\n" + "    x = 1\n" * FUNCTION_LINES),
    ],
)
def test_a_check_finds_what_it_is_for(check: Callable[[str], list[str]], breach: str) -> None:
    assert check(breach) != []


@pytest.mark.parametrize("module", MODULES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_a_module_keeps_the_rules_on_names_docstrings_and_size(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    found = {
        "names without a unit": []
        if MESSAGES in module.parents
        else unnamed_units(source, module.relative_to(ROOT / "qpsviz").parts[0]),
        "signatures with **kwargs": loose_signatures(source),
        "no docstring": undocumented(source),
        "functions too long": long_functions(source),
        "lines": [n for n in [source.count("\n")] if n > MODULE_LINES],
    }
    assert {rule: breaches for rule, breaches in found.items() if breaches} == {}
    assert module.name not in VAGUE_MODULES


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if m.relative_to(ROOT / "qpsviz").parts[0] in MODELS and COMPILED not in m.parents],
    ids=lambda f: f.relative_to(ROOT).as_posix(),
)
def test_a_model_function_gives_the_units_of_what_it_takes(module: Path) -> None:
    assert unitless_docstrings(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "file",
    [*sorted((ROOT / "qpsviz").rglob("*.js")), *sorted((ROOT / "tests").rglob("*.py"))],
    ids=lambda f: f.relative_to(ROOT).as_posix(),
)
def test_a_script_or_a_test_is_as_short_as_a_module(file: Path) -> None:
    assert file.read_text(encoding="utf-8").count("\n") <= MODULE_LINES
