"""Widgets that take requests from a browser: untrusted input, let through only where it has the right form."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

#: What a browser may set: requests, and how many views ipywidgets says there are.
_SETTABLE = frozenset({"request", "_view_count"})


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


def _fault(data: object) -> str | None:
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
