"""A frozen table of equally long columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn, overload

import numpy as np

from qpsviz.errors import nearest
from qpsviz.units import ArrayLike, Column

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped, unused-ignore]

Cell = bool | int | float | str


class Table(Mapping[str, Column]):
    """Columns by name; ``len`` counts rows, iteration gives column names.

    A text in brackets gives a column; a slice, a mask or a list of row numbers gives a table of these rows; a single
    number gives one row as plain values.

    Parameters
    ----------
    columns : mapping of str to array_like
        Equally long one-dimensional columns; each becomes a read-only array.

    Raises
    ------
    ValueError
        If the columns are not equally long.

    Examples
    --------
    >>> table = Table({"frame": [0, 1], "time_us": [0.0, 2.5]})
    >>> len(table), list(table), table.row(1)
    (2, ['frame', 'time_us'], {'frame': 1, 'time_us': 2.5})
    >>> table[table["time_us"] > 1.0]["frame"].tolist(), len(table[:1])
    ([1], 1)
    """

    __slots__ = ("_columns", "_n_rows")

    def __init__(self, columns: Mapping[str, ArrayLike]) -> None:
        self._columns: dict[str, Column] = {}
        for name, values in columns.items():
            column = np.asarray(values).view()
            column.flags.writeable = False
            self._columns[name] = column
        lengths = {name: column.shape for name, column in self._columns.items()}
        if len(set(lengths.values())) > 1 or any(len(shape) != 1 for shape in lengths.values()):
            raise ValueError(f"columns must be equally long lists, got {lengths}")
        self._n_rows = int(next(iter(lengths.values()))[0]) if lengths else 0

    @overload
    def __getitem__(self, key: str) -> Column: ...
    @overload
    def __getitem__(self, key: int | np.integer) -> dict[str, Cell]: ...
    @overload
    def __getitem__(self, key: slice | Sequence[int] | Column) -> Table: ...
    def __getitem__(self, key: object) -> Column | dict[str, Cell] | Table:
        if isinstance(key, str):
            if key not in self._columns:
                raise KeyError(f"no column {key!r}{nearest(key, self._columns)}; there are {', '.join(self)}")
            return self._columns[key]
        if isinstance(key, (int, np.integer)) and not isinstance(key, bool):
            return self.row(int(key))
        rows = key if isinstance(key, slice) else np.asarray(key)
        if not isinstance(rows, slice) and (rows.ndim != 1 or (rows.size and rows.dtype.kind not in "biu")):
            raise TypeError(f"a table takes a column's name, a row, a slice, a mask or a list of rows, not {key!r}")
        if not isinstance(rows, slice) and not rows.size:
            rows = slice(0)
        return Table({name: column[rows] for name, column in self._columns.items()})

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return self._n_rows

    def __bool__(self) -> bool:
        return self._n_rows > 0

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __array__(self, dtype: object = None, copy: object = None) -> NoReturn:
        """Refuse to become one array, as ``pandas.DataFrame(table)`` asks for: columns differ in type."""
        raise TypeError("a table is no array: write table.to_pandas() for a DataFrame, table['time_us'] for a column")

    def __eq__(self, other: object) -> bool:
        """Equal when names, types and every byte of every column are."""
        if not isinstance(other, Table):
            return NotImplemented
        return list(self) == list(other) and all(
            a.dtype == b.dtype and a.tobytes() == b.tobytes()
            for a, b in zip(self._columns.values(), other._columns.values(), strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Table({self._n_rows} rows: {', '.join(self._columns)})"

    def row(self, index: int) -> dict[str, Cell]:
        """One row as plain Python values."""
        return {name: column[index].item() for name, column in self._columns.items()}

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a ``pandas.DataFrame``."""
        import pandas

        return pandas.DataFrame({name: column.copy() for name, column in self._columns.items()})


def stacked(tables: Sequence[Table]) -> Table:
    """One table of the rows of several that have the same columns.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> stacked([Table({"frame": [0]}), Table({"frame": [1, 2]})])["frame"].tolist()
    [0, 1, 2]
    """
    return Table({name: np.concatenate([table[name] for table in tables]) for name in tables[0]})
