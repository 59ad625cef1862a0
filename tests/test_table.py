"""Tables are taken as any array is, and become no array by mistake."""

from __future__ import annotations

import numpy as np
import pytest

import qpsviz as qps


def test_a_table_becomes_no_array_of_its_column_names() -> None:
    pandas, frames = pytest.importorskip("pandas"), qps.simulate("first").frames
    for call in (lambda: pandas.DataFrame(frames), lambda: np.asarray(frames)):
        with pytest.raises(TypeError, match=r"write table\.to_pandas\(\)"):
            call()
    assert frames.to_pandas().shape == (len(frames), len(list(frames)))
    assert pandas.DataFrame(dict(frames)).equals(frames.to_pandas())


def test_rows_of_a_table_are_taken_as_from_any_array() -> None:
    frames = qps.simulate("first", seed=1).frames
    delivered = frames["fate"] == "DELIVERED"
    assert frames[:3]["frame"].tolist() == [0, 1, 2]
    assert frames[::-1]["frame"].tolist() == frames["frame"].tolist()[::-1]
    assert len(frames[delivered]) == np.count_nonzero(delivered)
    assert frames[[4, 2]]["frame"].tolist() == [4, 2]
    assert frames[[]]["frame"].size == 0
    assert frames[-1] == frames.row(len(frames) - 1)
    with pytest.raises(KeyError, match="did you mean fidelity"):
        frames["fidelty"]
    with pytest.raises(TypeError, match="a column's name, a row, a slice"):
        frames[1.5]
