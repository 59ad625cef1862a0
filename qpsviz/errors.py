"""The one error of a value that cannot be, and the word that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ParameterError(ValueError):
    """A parameter has a value it cannot have; ``name`` says which."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        """Pickle with both arguments, so that a worker process can raise it."""
        return type(self), (self.name, str(self))


def nearest(word: str, words: Iterable[str]) -> str:
    """Text that suggests the word probably meant, or nothing."""
    close = difflib.get_close_matches(str(word).lower(), list(words), n=1)
    return f"; did you mean {close[0]}?" if close else ""
