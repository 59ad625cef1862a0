"""The file of finished points: exact, whole at every moment, and refused when it is not ours."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import xarray

from qpsviz.experiments import Store

A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def filled(path: Path, digest: str = A) -> Path:
    """A store with one point."""
    store = Store(path)
    store.add(digest, "seed=1", {"delay_us": 0.1, "offered": 3.0})
    store.write()
    return path


def test_numbers_come_back_bit_for_bit(tmp_path: Path) -> None:
    numbers = {"a": 0.1, "b": math.nan, "c": math.inf, "d": -0.0, "e": 5e-324, "f": 1e308}
    store = Store(tmp_path / "points.nc")
    store.add(A, "load=0.1, word=größer", numbers)
    store.add(B, "load=0.2", {"a": 1 / 3, "z": 2.0})
    store.write()
    again = Store(tmp_path / "points.nc")
    assert np.array(list(again.numbers(A).values()))[:6].tobytes() == np.array(list(numbers.values())).tobytes()
    assert again.numbers(B)["a"] == 1 / 3
    assert again.numbers(B)["z"] == 2.0
    assert (A in again, C in again, len(again)) == (True, False, 2)


def test_the_file_is_read_by_xarray_alone(tmp_path: Path) -> None:
    with xarray.open_dataset(filled(tmp_path / "points.nc"), engine="scipy") as opened:
        assert opened["place"].to_numpy().tolist() == [b"seed=1"]
        assert opened["delay_us"].to_numpy().tolist() == [0.1]


def test_two_that_share_a_file_keep_the_points_of_both(tmp_path: Path) -> None:
    path = tmp_path / "points.nc"
    first, second = Store(path), Store(path)
    first.add(A, "", {"n": 1.0})
    first.write()
    second.add(B, "", {"n": 2.0})
    second.write()
    first.add(C, "", {"n": 3.0})
    first.write()
    assert len(Store(path)) == 3


def test_points_that_come_quickly_are_written_together(tmp_path: Path) -> None:
    store = Store(tmp_path / "points.nc")
    for digest in (A, B, C):
        store.add(digest, "", {"n": 1.0})
    assert store.n_unwritten > 0
    store.write()
    assert (store.n_unwritten, len(Store(tmp_path / "points.nc"))) == (0, 3)


@pytest.mark.parametrize(
    "content",
    [b"", b"CDF\x01", b"frame,fate\n1,DELIVERED\n", b"\x89HDF\r\n" + bytes(200), b"CDF\x01" + bytes(99)],
)
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "points.nc"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"points\.nc is damaged, or no store of experiments: choose another file"):
        Store(path)
    assert path.read_bytes() == content


def test_a_data_set_of_someone_else_is_refused(tmp_path: Path) -> None:
    xarray.Dataset({"digest": ("x", [1.0])}).to_netcdf(tmp_path / "other.nc", engine="scipy")
    with pytest.raises(ValueError, match="no store of experiments"):
        Store(tmp_path / "other.nc")


def test_any_damage_is_noticed(tmp_path: Path) -> None:
    whole = filled(tmp_path / "points.nc").read_bytes()
    damaged = tmp_path / "damaged.nc"
    sound = Store(tmp_path / "points.nc")
    for place in range(0, len(whole), 7):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :])
        try:
            store = Store(damaged)
        except ValueError as error:
            assert "no store of experiments" in str(error)
        else:  # padding between the parts of a file says nothing
            assert store.numbers(A) == sound.numbers(A)
    for size in range(1, len(whole), 11):
        damaged.write_bytes(whole[:size])
        with pytest.raises(ValueError, match="no store of experiments"):
            Store(damaged)


def test_a_place_that_cannot_be_written_to_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Store(tmp_path / "missing" / "points.nc")
    (tmp_path / "folder.nc").mkdir()
    with pytest.raises(OSError, match="directory"):
        Store(tmp_path / "folder.nc")
    with pytest.raises(ValueError, match=r"must end in \.nc"):
        Store(tmp_path / "points.h5")
