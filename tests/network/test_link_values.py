"""What a link says itself: its loss, its depolarising rate, classical light beside the photons."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import qpsviz as qps

LINE = qps.Network.line(n_relays=1, length_km=10.0)


def test_the_table_of_links_shows_what_any_link_says_itself_and_nothing_else() -> None:
    assert list(LINE.links) == ["link", "from_node", "to_node", "length_km"]
    own = replace(LINE, link_loss_db_per_km=[None, 0.3], link_extra_loss_db=[1.5, math.nan], link_power_dbm=[0.0, None])
    assert list(own.links)[4:] == ["loss_db_per_km", "extra_loss_db", "power_dbm"]
    assert math.isnan(own.links["loss_db_per_km"][0])
    assert own.links["loss_db_per_km"][1] == 0.3
    assert own.links["extra_loss_db"].tolist() == [1.5, 0.0]
    assert own.links["power_dbm"].tolist() == [0.0, -math.inf]


def test_links_that_say_nothing_are_as_if_nobody_had_been_asked() -> None:
    silent = replace(
        LINE, link_loss_db_per_km=[math.nan] * 2, link_extra_loss_db=[0, 0], link_depol_per_km=[None] * 2,
        link_power_dbm=[-math.inf] * 2,
    )  # fmt: skip
    assert silent == LINE
    assert silent.link_extra_loss_db is None


def test_networks_differ_where_one_link_loses_more() -> None:
    assert replace(LINE, link_loss_db_per_km=[0.2, 0.3]) != replace(LINE, link_loss_db_per_km=[0.2, 0.31])
    assert replace(LINE, link_loss_db_per_km=[0.2, math.nan]) == replace(LINE, link_loss_db_per_km=[0.2, None])


def test_values_of_the_caller_are_copied() -> None:
    loss = np.array([0.2, 0.3])
    network = replace(LINE, link_loss_db_per_km=loss)
    loss[0] = 9.0
    assert network.links["loss_db_per_km"].tolist() == [0.2, 0.3]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"link_loss_db_per_km": [0.2, -0.1]}, r"link_loss_db_per_km = -0.1 must be a number of 0 to 1000 dB/km"),
        ({"link_loss_db_per_km": [0.2]}, "link_loss_db_per_km must have one value for each of 2 links"),
        ({"link_extra_loss_db": [math.inf, 0.0]}, "link_extra_loss_db = inf must be a number of 0 to 1000 dB"),
        ({"link_depol_per_km": ["much", 0.0]}, r"link_depol_per_km = \['much', 0.0\] must be numbers"),
        ({"link_power_dbm": [61.0, 0.0]}, "link_power_dbm = 61 must be a number of -inf to 60 dBm"),
        ({"routes_by": "luck"}, "routes_by = 'luck' is not one of length, relays"),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(values: dict[str, object], message: str) -> None:
    with pytest.raises(qps.errors.ParameterError, match=message):
        replace(LINE, **values)  # type: ignore[arg-type]
