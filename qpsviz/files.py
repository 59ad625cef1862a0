"""Files that are whole or not there: written beside their place, then moved into it; and texts read back."""

from __future__ import annotations

import codecs
import errno
import json
import os
import secrets
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

MAX_TEXT_OCTETS = 1 << 30
"""Most octets of a text file that is read back whole."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@contextmanager
def written_whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A file to write that takes its place only once it is complete.

    Parameters
    ----------
    path : str or path
        Where the finished file belongs. What is no regular file (a pipe, ``/dev/stdout``) is written directly.

    Yields
    ------
    Path
        An empty file beside it, of the same suffix, to be written instead. If anything goes wrong before the end,
        a full disk, Ctrl-C or a request to terminate among them, it is removed and an older file at ``path`` stays as
        it was. Only what cannot be caught (``kill -9``, a power cut) leaves it, as ``.<12 hex digits>`` and the suffix.

    Raises
    ------
    OSError
        If the file cannot be written; ``filename`` is ``path``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with written_whole(f"{folder}/numbers.txt") as file:
    ...         _ = file.write_text("1 2 3")
    ...     Path(folder, "numbers.txt").read_text()
    '1 2 3'
    """
    shown, target = os.fspath(path), Path(os.path.realpath(path))
    part = target.with_name(f".{secrets.token_hex(6)}{target.suffix[:32]}")
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), shown)
        if target.exists() and not target.is_file():
            yield target
            return
        # Not a file of `tempfile`: those are for their owner alone, whatever the umask says.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        try:
            with _terminated_by_exception():
                yield part
                _move(part, target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        if error.errno is None or error.filename not in (None, os.fspath(part)):
            raise
        raise type(error)(error.errno, error.strerror, shown) from error


@contextmanager
def _terminated_by_exception() -> Iterator[None]:
    """Let a request to terminate unwind the stack, where nothing else was to be done about it."""

    def leave(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    ours = threading.current_thread() is threading.main_thread()
    numbers = [n for name in ("SIGTERM", "SIGHUP") if ours and (n := getattr(signal, name, None)) is not None]
    taken = [n for n in numbers if signal.getsignal(n) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def check_place(path: str | os.PathLike[str]) -> None:
    """Refuse a place where no file can be written, before the work whose result belongs there.

    Raises
    ------
    OSError
        If the folder does not exist or may not be written to; ``filename`` is what is at fault.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(Path(path).parent))
    writes = target if target.exists() and not target.is_file() else target.parent
    if not os.access(writes, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))


def _move(part: Path, target: Path) -> None:
    """Put a finished file in its place, on the disk first, with the rights of the file that it replaces."""
    if target.exists():
        shutil.copymode(target, part)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)


def read_text(path: str | os.PathLike[str], *, max_octets: int = MAX_TEXT_OCTETS) -> str:
    """Text of a file, in UTF-8 or as its byte order mark says.

    Parameters
    ----------
    path : str or path
        The file.
    max_octets : int
        Largest file that is read.

    Returns
    -------
    str
        Its text, without the mark.

    Raises
    ------
    ValueError
        If it is larger, or is no text.
    OSError
        If it cannot be read.
    """
    with open(path, "rb") as file:
        content = file.read(max_octets + 1)
    if len(content) > max_octets:
        raise ValueError(f"larger than {max_octets} octets, which is more than is read at once")
    return decoded(content)


def decoded(content: bytes) -> str:
    """Text of octets, in UTF-8 or as their byte order mark says.

    Raises
    ------
    ValueError
        If they are no such text; the message names the octet.

    Examples
    --------
    >>> decoded("42".encode("utf-16"))
    '42'
    """
    mark, encoding = next(((m, e) for m, e in _MARKS if content.startswith(m)), (b"", "utf-8"))
    try:
        return content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"not text in {encoding.upper()}: octet {error.start + len(mark)}") from None


def from_json(text: str) -> object:
    """What a text in JSON says, where it keeps to JSON: NaN and infinities, which Python writes and reads, are none.

    Raises
    ------
    json.JSONDecodeError
        If it is not JSON; with the line and column.
    ValueError
        If it holds what is no number of JSON, is nested too deeply or holds too long a number; the message says so.

    Examples
    --------
    >>> from_json("[1, 2.5]")
    [1, 2.5]
    """

    def refuse(word: str) -> NoReturn:
        raise _NoNumberError(f"{word}, which is no number of JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (_NoNumberError, json.JSONDecodeError):
        raise
    except (RecursionError, ValueError):  # a number of thousands of digits
        raise ValueError("brackets nested too deeply, or too long a number") from None


class _NoNumberError(ValueError):
    pass
