"""Widgets that hear a browser: what comes in is as suspicious as any input, and is answered in one sentence."""

from __future__ import annotations

import logging
from typing import Any

import anywidget
import traitlets

from qpsviz.errors import ParameterError
from qpsviz.session.words import plain

_log = logging.getLogger(__name__)
#: What a browser may set: requests, and how many views ipywidgets says there are.
_SETTABLE = frozenset({"request", "_view_count"})
LONGEST_NAME = 64
LAST_NUMBER = 2**53


class Heard(anywidget.AnyWidget):
    """A widget that takes requests and questions from a browser, and nothing else."""

    request = traitlets.Any({}).tag(sync=True, echo_update=False)

    def _handle_msg(self, msg: Any) -> None:
        """Let through what a page sends; the rest would end in a traceback on somebody's screen."""
        try:
            fault = _fault(msg["content"]["data"])
        except (KeyError, TypeError):
            fault = "a message without content"
        if fault:
            self.send({"number": None, "error": f"Not understood: {fault}."})
            return
        super()._handle_msg(msg)


def _fault(data: Any) -> str | None:
    """What is wrong with a widget message, if anything."""
    if not isinstance(data, dict):
        return "a message that is no table"
    method, state = data.get("method"), data.get("state", {})
    if method not in ("update", "custom", "request_state"):
        return "a message of unknown kind"
    if method == "update":
        if not isinstance(state, dict) or not state.keys() <= _SETTABLE:
            return "a state that only the kernel sets"
        if data.get("buffer_paths") or not isinstance(state.get("_view_count"), (int, type(None))):
            return "a state with parts that no page has"
    return None


def whole(name: str, value: Any) -> int:
    """A number that counts something in a message.

    Raises
    ------
    ParameterError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LAST_NUMBER:
        raise ParameterError(name, f"{name} must be a whole number, not {_kind(value)}")
    return value


def word(name: str, value: Any) -> str:
    """A short name in a message.

    Raises
    ------
    ParameterError
        If it is none.
    """
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise ParameterError(name, f"{name} must be a short text, not {_kind(value)}")
    return value


def _kind(value: Any) -> str:
    return f"{value!r:.20}" if isinstance(value, (int, float)) else f"a {type(value).__name__}"


def sentence(problem: Exception) -> str:
    """What a person is told of a problem: never a path of the machine that computes, never a traceback."""
    if isinstance(problem, ImportError):
        name = str(problem.name or "A library").partition(".")[0]
        return f"{name} is not installed where this page computes. To have it: pip install {name}"
    if isinstance(problem, ValueError):
        text = plain(str(problem))
        return text if len(text) <= 300 else f"{text[:300]} …"
    _log.debug("while answering a page", exc_info=problem)
    return f"This could not be computed ({type(problem).__name__})."
