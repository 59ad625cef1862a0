"""The same engine compiled: every function of it, taken as it stands, through numba.

The plain functions stay as they are; copies of them see each other's compiled versions as globals. Compiled code is
kept on disk under a name that contains a digest of all of them, so a change to any is noticed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, cast

from qpsviz.sim.engine import loop as engine


def available() -> bool:
    """Whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


def ready() -> bool:
    """Whether the compiled engine is already in this process."""
    return advance.cache_info().currsize > 0 and "numba" in sys.modules


def _functions() -> list[FunctionType]:
    """Every function that the event loop calls, itself or through others."""
    found = [cast(FunctionType, engine.advance)]
    for function in found:  # grows while it is read
        called = (function.__globals__.get(name) for name in function.__code__.co_names)
        found += [f for f in called if isinstance(f, FunctionType) and f not in found]
    return found


@cache
def _digest() -> str:
    """What changes when any function of the engine does, or how they are compiled."""
    said = "".join([*map(inspect.getsource, _functions()), inspect.getsource(_njit)])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


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
    functions, digest = _functions(), _digest()
    compiled: dict[str, tuple[Any, dict[str, object]]] = {}
    for function in functions:
        seen = dict(function.__globals__)
        copy = FunctionType(function.__code__, seen, function.__name__, function.__defaults__)
        copy.__qualname__ = f"{function.__name__}_{digest}"
        copy.__module__ = function.__module__
        compiled[function.__name__] = (_njit(copy, is_entry=function is engine.advance), seen)
    for _, seen in compiled.values():
        seen.update({name: dispatcher for name, (dispatcher, _) in compiled.items() if name in seen})
    return compiled["advance"][0]  # type: ignore[no-any-return]


def _njit(function: FunctionType, *, is_entry: bool) -> Any:
    """A function through numba, kept on disk where there is a place to keep it.

    The engine allocates nothing, so it needs no reference counts; only the entry is called from Python. Saying so
    makes compiling three times as quick.
    """
    import numba

    options = {
        "_nrt": False, "no_cfunc_wrapper": True, "no_cpython_wrapper": not is_entry, "forceinline": not is_entry,
        "error_model": "numpy",
    }  # fmt: skip
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # nowhere to write
        return numba.njit(**options)(function)
