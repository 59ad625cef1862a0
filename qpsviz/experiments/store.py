"""Finished points in one netCDF file, a row each, found again by their digests."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from qpsviz.files import check_place, written_whole
from qpsviz.units import Array, Column

FORMAT = "qpsviz points 1"
SUFFIX = ".nc"
_LEAST_PAUSE_S = 2.0
_SHARE_OF_WRITING = 0.1

Rows = dict[str, tuple[str, Mapping[str, float]]]


class Store:
    """Finished points: their numbers by digest, in memory and, with a path, in a file.

    Parameters
    ----------
    path : str or path, optional
        A ``.nc`` file, made when there is something to keep; without one, points are kept in memory alone.

    Raises
    ------
    ValueError
        If the file was not written by this class, or is damaged.
    OSError
        If it cannot be read, or its place cannot be written to.

    Notes
    -----
    The file is netCDF 3: one row per point, with its digest, its place in the grid in words, and its numbers. It is
    replaced as a whole, so that it is complete at every moment; points of other grids stay in it. A run that finds the
    file changed by another one takes in its points before it writes.

    Examples
    --------
    >>> store = Store()
    >>> store.add("0" * 64, "load=0.4", {"offered": 10.0})
    >>> store.numbers("0" * 64)["offered"]
    10.0
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = None if path is None else Path(path)
        self._rows: Rows = {}
        self._unwritten = 0
        self._seen: tuple[int, ...] = ()
        self._written_s, self._took_s = -np.inf, 0.0
        if self.path is None:
            return
        if self.path.suffix.lower() != SUFFIX:
            raise ValueError(f"store = {os.fspath(self.path)!r} must end in {SUFFIX}")
        check_place(self.path)
        self._take_in()

    def __contains__(self, digest: object) -> bool:
        return digest in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def n_unwritten(self) -> int:
        """Points that are not in the file, though there is one. [1]"""
        return 0 if self.path is None else self._unwritten

    def numbers(self, digest: str) -> Mapping[str, float]:
        """The numbers of a point. [1]"""
        return self._rows[digest][1]

    def add(self, digest: str, text: str, numbers: Mapping[str, float]) -> None:
        """Keep a point; it is written at once if the last writing is long enough ago.

        Raises
        ------
        OSError
            If the file cannot be written; the one that was there stays as it was.
        """
        self._rows[digest] = text, dict(numbers)
        self._unwritten += 1
        pause_s = max(_LEAST_PAUSE_S, self._took_s / _SHARE_OF_WRITING)
        if time.monotonic() - self._written_s >= pause_s:
            self.write()

    def write(self) -> None:
        """Write what is not in the file yet.

        Raises
        ------
        OSError
            If the file cannot be written; the one that was there stays as it was.
        """
        if self.path is None or not self._unwritten:
            return
        start_s = time.monotonic()
        self._take_in()
        octets = _octets(self._rows)
        with written_whole(self.path) as part:
            part.write_bytes(octets)
        self._seen = _state(self.path)
        self._unwritten = 0
        self._written_s = time.monotonic()
        self._took_s = self._written_s - start_s

    def _take_in(self) -> None:
        """Read the points of the file that are not here, if it has changed since it was last read or written."""
        assert self.path is not None
        if not self.path.exists():
            return
        state = _state(self.path)
        if state == self._seen:
            return
        if not self.path.is_file():
            raise OSError(errno.EINVAL, "no file that points can be kept in", os.fspath(self.path))
        self._rows = _read(self.path) | self._rows
        self._seen = state


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _sum(digests: list[str], texts: list[str], columns: Mapping[str, Array]) -> str:
    """Sum over everything in a file, which netCDF has not of its own."""
    found = hashlib.sha256("\n".join([*digests, *texts, *columns]).encode())
    for column in columns.values():
        found.update(column.astype(">f8").tobytes())
    return found.hexdigest()


def _octets(rows: Rows) -> bytes:
    """A whole file. Not through xarray, which asks a Dask cluster, where there is one, for a lock to write."""
    from scipy.io import netcdf_file

    texts, numbers = [text for text, _ in rows.values()], [numbers for _, numbers in rows.values()]
    names = dict.fromkeys(name for each in numbers for name in each)
    columns = {name: np.array([each.get(name, np.nan) for each in numbers], dtype=np.float64) for name in names}
    buffer = io.BytesIO()
    with netcdf_file(buffer, "w", version=2) as file:
        file.format, file.sum = FORMAT, _sum(list(rows), texts, columns)
        file.createDimension("point", len(rows))
        for name, words in (("digest", list(rows)), ("place", texts)):
            encoded = np.array([word.encode() for word in words])
            file.createDimension(f"{name}_octets", encoded.itemsize)
            shape = (len(rows), encoded.itemsize)
            file.createVariable(name, "S1", ("point", f"{name}_octets"))[:] = encoded.view("S1").reshape(shape)
        for name, column in columns.items():
            file.createVariable(name, "d", ("point",))[:] = column
        file.flush()
        return buffer.getvalue()


def _read(path: Path) -> Rows:
    """Every row of a file, or one error that says that it is none of ours."""
    octets = path.read_bytes()
    try:
        return _rows(octets)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, MemoryError) as error:
        refused = (
            f"{os.fspath(path)} is damaged, or no store of experiments: choose another file, or move this one away"
        )
        raise ValueError(f"{refused} ({error})") from None


def _rows(octets: bytes) -> Rows:
    from scipy.io import netcdf_file

    with netcdf_file(io.BytesIO(octets), "r") as file:
        if file.format != FORMAT.encode():
            raise ValueError(f"its format is not {FORMAT!r}")
        found: dict[str, Column] = {name: variable[:].copy() for name, variable in file.variables.items()}
        told = file.sum.decode()
    digests, texts = ([b"".join(row).decode() for row in found.pop(name).tolist()] for name in ("digest", "place"))
    columns: dict[str, Array] = {name: column.astype(np.float64) for name, column in found.items()}
    if told != _sum(digests, texts, columns):
        raise ValueError("its sum does not agree with its content")
    values = zip(*(column.tolist() for column in columns.values()), strict=True)
    return {
        digest: (text, dict(zip(columns, row, strict=True)))
        for digest, text, row in zip(digests, texts, values, strict=True)
    }
