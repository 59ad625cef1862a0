"""Networks that are typed: a path a line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.network.importers import GraphError

Network = qps.Network
Paths = Callable[[qps.Network], list[tuple[str, str, float]]]


def test_an_arrow_with_two_heads_is_a_fibre_pair_and_one_with_one_goes_one_way(paths: Paths) -> None:
    network = Network.from_text("""
        # the road to Bob
        Alice <==20km==> Relay ==500 m==> Bob     # two hops on a line

        Bob <==3.5km== Carol
    """)
    assert paths(network) == [
        ("Alice", "Relay", 20.0), ("Relay", "Alice", 20.0), ("Relay", "Bob", 0.5), ("Carol", "Bob", 3.5),
    ]  # fmt: skip
    assert network.name == "network"


def test_an_arrow_may_say_what_its_fibre_loses() -> None:
    network = Network.from_text("A <==20km, 0.25dB/km, 1.5 dB, 0.01/km, -3dBm==> B ==5km==> C", name="mine")
    assert network.name == "mine"
    assert network.links["loss_db_per_km"][:2].tolist() == [0.25, 0.25]
    assert str(network.links["loss_db_per_km"][2]) == "nan"
    assert network.links["extra_loss_db"].tolist() == [1.5, 1.5, 0.0]
    assert network.links["depol_per_km"][0] == 0.01
    assert network.links["power_dbm"].tolist() == [-3.0, -3.0, float("-inf")]


def test_names_may_have_blanks_and_signs_and_fibre_may_lie_parallel(paths: Paths) -> None:
    network = Network.from_text("New  York <==1e2km==> Node #5\nNew York <==90km==> Node #5\nX-1 ===2km===> New York")
    assert paths(network)[0] == ("New York", "Node", 100.0)
    parallel = Network.from_text("A#1 <==3km==> B\nA#1 <==3km==> B")
    assert parallel.node_names == ("A#1", "B")
    assert parallel.n_links == 4


@given(
    links=st.lists(
        st.tuples(st.sampled_from("ABCDE"), st.sampled_from("FGHIJ"), st.floats(0, 4e4), st.booleans()), min_size=1
    )
)
def test_whatever_is_written_is_read(links: list[tuple[str, str, float, bool]]) -> None:
    text = "\n".join(f"{a} {'<' if both else ''}=={km!r}km==> {b}" for a, b, km, both in links)
    network = Network.from_text(text)
    expected = [way for a, b, km, both in links for way in ((a, b, km), (b, a, km))[: 2 if both else 1]]
    names = network.node_names
    found = zip(network.link_from.tolist(), network.link_to.tolist(), network.link_km.tolist(), strict=True)
    assert [(names[a], names[b], km) for a, b, km in found] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "A <==20==> B",
            r"network: line 1, A – B: '20' is not a number with one of the units km, m, dB/km, dB, /km, dBm",
        ),
        ("A <==20mi==> B", "'20mi' is not a number with one of the units"),
        ("A <==2,5km==> B", "'2' is not a number with one of the units"),
        ("A <==1.2.3km==> B", "'1.2.3km' is not a number"),
        ("A <==km==> B", "'km' is not a number"),
        ("A <==0.2dB/km==> B", "says no length; write it in km or m, as in ==20km==>"),
        ("A <==2km, 3m==> B", "says its length_km twice"),
        ("A <==-2km==> B", "length_km = -2.0 is not a length of at least 0"),
        ("A <==2km, -1dB==> B", "extra_loss_db = -1.0 is not a number of 0 to 1000 dB"),
        ("A ==2km== B", r"its arrow points nowhere; write <==20km==> for both ways, ==20km==> for one"),
        ("A <==2km==> A", "line 1, A – A: joins a station to itself"),
        ("\nA <==2km==>", "line 2: has an arrow without a name before or behind it"),
        ("==2km==> B", "line 1: has an arrow without a name"),
        ("A <==2km==> <==2km==> B", "line 1: has an arrow without a name"),
        ("A --2km--> B", "line 1: 'A --2km--> B' is no name"),
        ("A <==2km==> B\nC", "station C: has no fibre; write drop_isolated=True"),
        ("", "has 0 nodes and 0 edges"),
        ("A <==1 2km==> B", "'1 2km' is not a number"),
        ("A <==50000km==> B", "longer than the equator"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_by_its_number(text: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        Network.from_text(text)


def test_a_station_without_fibre_can_be_left_out() -> None:
    assert Network.from_text("A <==2km==> B\nC", drop_isolated=True).node_names == ("A", "B")
