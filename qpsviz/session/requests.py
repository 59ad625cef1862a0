"""Messages from a page: untrusted input, validated here, and the one sentence in which a problem is told."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from qpsviz.errors import ParameterError
from qpsviz.session.plain_text import plain

_log = logging.getLogger(__name__)
LONGEST_NAME = 64
LAST_NUMBER = 2**53
MOST_MOVES = 500
LONGEST_MESSAGE = 300


def new_moves(wanted: object, known: Mapping[str, int]) -> tuple[str, int, list[tuple[int, dict[str, object]]]]:
    """Name of the view, its newest revision, and the moves that were not taken before.

    Parameters
    ----------
    wanted : object
        What a view sends: ``view``, and ``moves`` with a ``revision`` each; or one move with its ``revision``.
    known : mapping
        The last revision that was taken from each view.

    Raises
    ------
    ParameterError
        If it is no such table.
    """
    if not isinstance(wanted, dict):
        raise ParameterError("request", f"a request is a table, not {type(wanted).__name__}")
    view = short_name("view", wanted.get("view", ""))
    last = known.get(view, 0)
    if "moves" not in wanted:
        revision = whole_number("revision", wanted.get("revision", 0))
        return view, revision, [(revision, {k: v for k, v in wanted.items() if k not in ("view", "revision")})]
    moves = wanted["moves"]
    if not isinstance(moves, list) or len(moves) > MOST_MOVES or not all(isinstance(m, dict) for m in moves):
        raise ParameterError("moves", f"moves must be a list of at most {MOST_MOVES} tables")
    numbered = [(whole_number("revision", m.get("revision")), {k: m[k] for k in m if k != "revision"}) for m in moves]
    new = [(number, move) for number, move in numbered if number > last]
    return view, max((number for number, _ in new), default=last), new


def whole_number(name: str, value: object) -> int:
    """A number that counts something in a message.

    Raises
    ------
    ParameterError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LAST_NUMBER:
        raise ParameterError(name, f"{name} must be a whole number, not {_kind(value)}")
    return value


def short_name(name: str, value: object) -> str:
    """A short name in a message.

    Raises
    ------
    ParameterError
        If it is none.
    """
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise ParameterError(name, f"{name} must be a short text, not {_kind(value)}")
    return value


def _kind(value: object) -> str:
    return f"{value!r:.20}" if isinstance(value, (int, float)) else f"a {type(value).__name__}"


def shortened(text: str) -> str:
    """A message that is not too long to be read on a page."""
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]} …"


def sentence(problem: Exception) -> str:
    """What a person is told of a problem: never a path of the machine that computes, never a traceback."""
    if isinstance(problem, ImportError):
        name = str(problem.name or "A library").partition(".")[0]
        return f"{name} is not installed where this page computes. To have it: pip install {name}"
    if isinstance(problem, ValueError):
        return plain(shortened(str(problem)))
    _log.debug("while answering a page", exc_info=problem)
    return f"This could not be computed ({type(problem).__name__})."
