"""Networks with published or drawn lengths, against numbers that others found in the published lists."""

from __future__ import annotations

import itertools
from dataclasses import replace

import networkx
import numpy as np
import pytest

import qpsviz as qps
from qpsviz.network.geography import great_circle_km

Network = qps.Network

# Of each pair of NSFNET, nodes numbered from 1: great circle, half of the published list, the second list. [km]
NSFNET_KM = """
    1-2 1136/1050/1100, 1-3 1697/1500/1600, 1-8 2830/2400/2800, 2-3 676/600/600, 2-4 964/750/1000, 3-6 2103/1800/2000,
    4-5 563/600/600, 4-11 2337/1950/2400, 5-6 1450/1200/1100, 5-7 732/600/800, 6-10 1128/1050/1200, 6-14 1972/1800/2000,
    7-8 721/750/700, 7-10 1341/1350/nan, 8-9 699/750/700, 9-10 839/750/900, 9-12 369/300/500, 9-13 453/300/500,
    11-12 595/600/800, 11-13 787/750/800, 12-14 386/300/300, 13-14 248/150/300
"""


def pair_km(network: qps.Network) -> dict[tuple[int, int], float]:
    """Length by the two ends of each one-way link."""
    ends = zip(network.link_from.tolist(), network.link_to.tolist(), strict=True)
    return dict(zip(ends, network.link_km.tolist(), strict=True))


@pytest.mark.parametrize(
    ("column", "lengths", "off_km"), [(0, "great_circle", 1.0), (1, "halved", 0.0), (2, "ramaswami", 0.0)]
)
def test_each_list_of_nsfnet_is_that_of_its_source_link_by_link(column: int, lengths: str, off_km: float) -> None:
    ours = pair_km(Network.nsfnet(lengths=lengths))
    rows = [row.split() for row in NSFNET_KM.split(",")]
    listed = {tuple(int(n) - 1 for n in ends.split("-")): float(km.split("/")[column]) for ends, km in rows}
    theirs = {ends: km for ends, km in listed.items() if km == km}
    assert {ends for ends in ours if ends[0] < ends[1]} == set(theirs)
    # Their places have more digits than the hundredths of a degree of ours.
    assert [ours[ends] for ends in theirs] == pytest.approx(list(theirs.values()), abs=off_km + 1e-9, rel=0)


def test_the_published_list_of_nsfnet_is_up_to_twice_the_great_circle() -> None:
    factor = Network.nsfnet().link_km / Network.nsfnet(lengths="great_circle").link_km
    assert (factor.min(), factor.max()) == (pytest.approx(1.21, abs=0.01), pytest.approx(2.15, abs=0.01))


def test_cost_239_has_its_published_lengths_which_fibre_could_have() -> None:
    network = Network.cost239()
    assert (network.n_nodes, network.n_links, network.link_km.sum() / 2) == (11, 52, 14_954.0)
    assert sorted(np.bincount(network.link_from).tolist()) == [4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6]
    factor = network.link_km / Network.cost239(lengths="great_circle").link_km
    assert (factor.min(), factor.max()) == (pytest.approx(1.06, abs=0.005), pytest.approx(1.54, abs=0.005))
    by_name = {(network.node_names[a], network.node_names[b]): km for (a, b), km in pair_km(network).items() if a < b}
    assert by_name["Copenhagen", "London"] == network.link_km.max() == 1310.0
    assert by_name["Amsterdam", "Brussels"] == network.link_km.min() == 210.0
    assert by_name["Brussels", "Paris"] == 294.0


@pytest.mark.parametrize("network", [Network.nsfnet(), Network.cost239(mean_length_km=20.0)])
def test_a_published_network_knows_where_it_is_on_the_earth_at_any_scale(network: qps.Network) -> None:
    spots = list(zip(network.nodes["longitude_deg"].tolist(), network.nodes["latitude_deg"].tolist(), strict=True))
    great = Network.nsfnet if network.n_nodes == 14 else Network.cost239
    for (a, b), km in pair_km(great(lengths="great_circle")).items():
        assert great_circle_km(spots[a], spots[b]) == pytest.approx(km, rel=1e-12)
    assert Network.from_json(network.to_json()) == network


@pytest.mark.parametrize(
    ("longitude", "latitude", "name"),
    [
        ([0.0, 1.0], None, "latitude_deg"), (None, [0.0, 1.0], "longitude_deg"), ([0.0], [0.0, 1.0], "longitude_deg"),
        ([0.0, 361.0], [0.0, 1.0], "longitude_deg"), ([0.0, 1.0], [0.0, float("nan")], "latitude_deg"),
    ],
)  # fmt: skip
def test_places_that_are_none_on_the_earth_are_refused(longitude: object, latitude: object, name: str) -> None:
    with pytest.raises(qps.ParameterError, match=name):
        replace(Network.line(n_relays=0, length_km=1.0), longitude_deg=longitude, latitude_deg=latitude)


def test_cost_239_survives_any_fibre_that_is_cut() -> None:
    network = Network.cost239(mean_length_km=10.0)
    assert network.link_km.mean() == pytest.approx(10.0)
    assert networkx.edge_connectivity(networkx.Graph(list(pair_km(network)))) == 4


def test_in_a_star_everybody_is_two_links_from_everybody_and_nobody_talks_to_the_relay() -> None:
    star = Network.star(n_users=6, length_km=3.0)
    users = star.with_role("user")
    pairs = np.array(list(itertools.permutations(users, 2)))
    assert set(star.n_hops(pairs[:, 0], pairs[:, 1]).tolist()) == {2}
    assert star.with_role("relay") == [0]
    run = qps.simulate(qps.Scenario(), network=star, traffic=qps.Traffic(n_frames=500), seed=1, record="frames")
    assert set(run.frames["source"].tolist()) == set(run.frames["destination"].tolist()) == set(users)


N_DRAWN, N_USERS, ALPHA, BETA = 150, 40, 0.4, 0.8


def test_waxmans_links_are_as_likely_as_his_law_says_near_and_far() -> None:
    drawn = [Network.waxman(n_nodes=N_USERS, alpha=ALPHA, beta=BETA, seed=seed) for seed in range(N_DRAWN)]
    here, there = np.triu_indices(N_USERS, 1)
    n_links, expected, variance = np.zeros(5), np.zeros(5), np.zeros(5)
    for network in drawn:
        km = np.hypot(network.x_km[here] - network.x_km[there], network.y_km[here] - network.y_km[there])
        known = pair_km(network)
        joined = np.array([(a, b) in known for a, b in zip(here.tolist(), there.tolist(), strict=True)])
        assert [known[a, b] for a, b in zip(here[joined], there[joined], strict=True)] == pytest.approx(km[joined])
        p = BETA * np.exp(-km / (ALPHA * km.max()))
        band = np.minimum((5 * km / km.max()).astype(int), 4)
        n_links += np.bincount(band[joined], minlength=5)
        expected += np.bincount(band, weights=p, minlength=5)
        variance += np.bincount(band, weights=p * (1 - p), minlength=5)
    # A right program is more than 4 standard deviations off in one of five bands once in 3,000 times.
    assert np.all(np.abs(n_links - expected) < 4 * np.sqrt(variance))
    assert expected[0] / variance[0] > 1.5


def test_networkx_draws_as_many_links_of_waxmans() -> None:
    ours = [Network.waxman(n_nodes=N_USERS, alpha=ALPHA, beta=BETA, seed=s).n_links / 2 for s in range(N_DRAWN)]
    theirs = [
        networkx.waxman_graph(N_USERS, beta=BETA, alpha=ALPHA, L=None, seed=s).number_of_edges() for s in range(N_DRAWN)
    ]
    error = np.sqrt((np.var(ours) + np.var(theirs)) / N_DRAWN)
    # A right program is more than 4 standard errors off once in 16,000 times.
    assert np.mean(ours) == pytest.approx(np.mean(theirs), abs=4 * error)


def test_a_network_of_waxmans_is_made_by_its_seed_within_its_square() -> None:
    first, same, other = (Network.waxman(n_nodes=25, alpha=0.5, beta=0.8, side_km=7.0, seed=s) for s in (4, 4, 5))
    assert first == same != other
    assert min(first.x_km.min(), first.y_km.min()) >= 0
    assert max(first.x_km.max(), first.y_km.max()) <= 7.0
