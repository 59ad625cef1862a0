"""The same engine compiled: every function of it, taken as it stands, through numba.

Two things differ from plain Python. Columns lie in two buffers, so that ``s.flight_guard_us[flight]`` is read as
``s.floats[s.at.flight_guard_us + flight * FLIGHT_STEP]``; and the queue is that of
:mod:`qpsviz.sim.engine.bucket_queue`. The plain functions stay as they are; copies of them see each other's compiled
versions as globals. Compiled code is kept on disk under a name that contains a digest of all of them and of the
numbers that they know by name, so a change to any is noticed.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
import sys
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, cast

from qpsviz.sim.engine import bucket_queue, circuit, detours, event_queue
from qpsviz.sim.engine import loop as engine
from qpsviz.sim.engine.columns import COLUMNS, buffer_of, step_of
from qpsviz.switch import port_wait


@cache
def available() -> bool:
    """Whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


def ready() -> bool:
    """Whether the compiled engine is already in this process."""
    return advance.cache_info().currsize > 0 and "numba" in sys.modules


def _called(function: FunctionType) -> dict[str, FunctionType]:
    """The engine's functions that one calls, by the names that it has for them."""
    called = {name: function.__globals__.get(name) for name in function.__code__.co_names}
    found = {name: f for name, f in called.items() if isinstance(f, FunctionType)}
    of_queue = event_queue.__name__
    return {name: getattr(bucket_queue, name) if f.__module__ == of_queue else f for name, f in found.items()}


def reached(*entries: FunctionType) -> list[FunctionType]:
    """Functions, and every function of the engine that they call, themselves or through others."""
    found = list(entries)
    for function in found:  # grows while it is read
        found += [f for f in _called(function).values() if f not in found]
    return found


def _functions() -> list[FunctionType]:
    return reached(cast(FunctionType, engine.advance))


def _numbers(function: FunctionType) -> dict[str, int | float]:
    """The numbers that a function knows by name: they are compiled into it."""
    known = {name: function.__globals__.get(name) for name in sorted(function.__code__.co_names)}
    return {name: value for name, value in known.items() if isinstance(value, (int, float))}


@cache
def _digest() -> str:
    """What changes when any function of the engine does, a number that it knows by name, or how they are compiled."""
    functions, layout = _functions(), [(column, buffer_of(column), step_of(column)) for column in COLUMNS]
    sources = [*map(inspect.getsource, functions), inspect.getsource(sys.modules[__name__])]
    return hashlib.sha256(repr((sources, [*map(_numbers, functions)], layout)).encode()).hexdigest()[:12]


class _Columns(ast.NodeTransformer):
    """Reads the columns of a state from its buffers."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        of = node.value
        if not (isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name) and of.value.id == "s"):
            return node
        state, column = of.value, of.attr
        if column == "counts":
            of.attr = "ints"
        elif column in COLUMNS:
            start = ast.Attribute(ast.Attribute(state, "at", ast.Load()), column, ast.Load())
            place: ast.expr = node.slice
            if step_of(column) > 1:
                place = ast.BinOp(place, ast.Mult(), ast.Constant(step_of(column)))
            of.attr, node.slice = buffer_of(column), ast.BinOp(start, ast.Add(), place)
        return node


def on_buffers(
    functions: list[FunctionType], finish: Callable[[FunctionType], Any] = lambda copy: copy
) -> dict[FunctionType, Any]:
    """Copies of functions of the engine that work on `Buffers` and call each other.

    Parameters
    ----------
    functions : list of function
        As :func:`reached` finds them.
    finish : callable, optional
        What to do with each copy.
    """
    copies = {function: _copy_on_buffers(function) for function in functions}
    made = {function: finish(copy) for function, copy in copies.items()}
    for function, copy in copies.items():
        copy.__globals__.update({name: made[f] for name, f in _called(function).items()})
    return made


def _copy_on_buffers(function: FunctionType) -> FunctionType:
    first = function.__code__.co_firstlineno
    tree = _Columns().visit(ast.parse(textwrap.dedent(inspect.getsource(function))))
    ast.increment_lineno(ast.fix_missing_locations(tree), first - 1)
    seen, made = dict(function.__globals__), dict[str, Any]()
    code = compile(tree, function.__code__.co_filename, "exec", annotations.compiler_flag, dont_inherit=True)
    exec(code, seen, made)  # its own source
    copy = cast(FunctionType, made[function.__name__])
    copy.__module__, copy.__qualname__ = function.__module__, f"{function.__name__}_{_digest()}"
    return copy


def is_kept() -> bool:
    """Whether this process or this installation has compiled the engine before, so that it is only loaded."""
    entry: Any = advance()
    if entry.signatures:
        return True
    folder = entry.stats.cache_path
    return folder is not None and any(Path(folder).glob(f"*advance_{_digest()}*.nbi"))


@cache
def advance() -> Callable[..., int]:
    """:func:`qpsviz.sim.engine.loop.advance`, compiled; it takes a plan and a state whose columns are arrays.

    Raises
    ------
    ImportError
        If numba is not installed.
    """
    return on_buffers(_functions(), _njit)[engine.advance]  # type: ignore[no-any-return, index]


def _njit(function: FunctionType) -> Any:
    """A function through numba, kept on disk where there is a place to keep it.

    The engine allocates nothing, so it needs no reference counts; only the entry is called from Python. Saying so
    makes compiling three times as quick.
    """
    import numba

    is_entry = function.__name__ == engine.advance.__name__
    is_frequent = function.__module__ not in (circuit.__name__, detours.__name__, port_wait.__name__)
    options = {
        "_nrt": False, "no_cfunc_wrapper": True, "no_cpython_wrapper": not is_entry, "error_model": "numpy",
        "forceinline": is_frequent and not is_entry,
    }  # fmt: skip
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # nowhere to write
        return numba.njit(**options)(function)
