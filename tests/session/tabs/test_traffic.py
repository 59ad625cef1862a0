"""The traffic tab: what it is told is what the simulation says, and nothing that it is sent can break it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz.experiments import USUAL, VARIANTS
from qpsviz.network.geography import great_circle_km, map_km
from qpsviz.session import Session
from qpsviz.session.answers import with_octets
from qpsviz.session.share_link import from_link
from qpsviz.session.tabs.traffic import watched
from qpsviz.session.tabs.traffic.choices import STORIES, Choice, choice_of, menu, read_choice
from qpsviz.session.tabs.traffic.map import guard_note, network_map, pairs_of
from qpsviz.session.tabs.traffic.networks import MENU, network_named, open_file
from qpsviz.session.tabs.traffic.places import drawn_at, in_rings, is_circle, midway, on_map
from qpsviz.session.tabs.traffic.tab import on_network

FIRST = Choice()
COMPARED = ("store", "burst_delayed", "circuit_blocked")  # not the one that takes a hundred set-ups a frame
SCENARIO = on_network(qps.preset("first").replace(guard_us=160.0))


def asked(do: str, choice: Choice = FIRST, **more: Any) -> dict[str, Any]:
    """A question as the page sends it."""
    return {"ask": "tab", "tab": "traffic", "do": do, "number": 1, "asker": "a", **dataclasses.asdict(choice), **more}


@pytest.fixture(scope="module")
def session() -> Session:
    """A session that has begun."""
    made = Session()
    made.begin()
    return made


@pytest.fixture(scope="module")
def metro() -> qps.Run:
    """What the map of the metro ring shows at first."""
    return watched.watched_run(SCENARIO, network_named("metro"), FIRST, 1)


# -- what can be chosen ------------------------------------------------------------------------------------------------


def test_every_choice_of_the_menu_survives_its_text() -> None:
    told = menu()
    assert set(told["networks"]) == set(MENU)
    for story in told["stories"].values():
        assert read_choice(story["choice"]).text == story["choice"]
    for network in told["networks"]:
        for pairs in told["pairs"]:
            for variant in told["variants"]:
                choice = Choice(network=network, pairs=pairs, variant=variant["word"], load=0.35, arrivals="on_off")
                assert read_choice(choice.text) == choice == choice_of(dataclasses.asdict(choice))


@pytest.mark.parametrize(
    "text",
    [
        "", "metro", "metro,even,poisson,1,0.4", "moon,even,poisson,1,0.4,store", "metro,even,poisson,1,nan,store",
        "metro,even,poisson,1,9,store", "metro,even,poisson,2,0.4,store",
        "own-0123456789abcdef,even,poisson,1,0.4,store",
        "metro,even,poisson,1,0.4,packet", "metro,all,poisson,1,0.4,store",
    ],
)  # fmt: skip
def test_a_link_with_another_choice_is_refused(text: str) -> None:
    with pytest.raises(qps.ParameterError):
        read_choice(text)
    with pytest.raises(qps.ParameterError, match=r"traffic = |open the file again"):
        from_link(f"tab=traffic&traffic={text}")


def test_the_stories_show_what_they_say() -> None:
    hot = STORIES["hot_spot"].choice
    offered = hot.traffic(1).offered_load(network_named(hot.network))
    assert np.sort(offered)[-2] > 3 * np.median(offered)
    far, near = STORIES["continental"].choice, network_named("nsfnet")
    round_trip_us = 2 * near.link_km.min() / 0.2
    assert round_trip_us > 1000, "a path takes milliseconds to reserve"
    assert far.variant == "circuit_blocked"
    assert (network_named("metro").n_nodes, set(network_named("metro").link_km.tolist())) == (16, {10.0})


# -- the map -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in MENU if name != "random"])
def test_a_map_has_a_place_for_every_station_and_a_lane_for_every_link(name: str) -> None:
    network = network_named(name)
    told = network_map(name, network)
    assert len(told["names"]) == len(told["x"]) == network.n_nodes
    assert told["link_km"] == pytest.approx(network.link_km.tolist(), rel=1e-5)
    pair = np.array(told["link_pair"])
    ends = np.stack([told["pair_from"], told["pair_to"]], axis=1)[pair]
    assert np.array_equal(ends, np.sort(np.stack([network.link_from, network.link_to], axis=1), axis=1))
    places = np.stack([told["x"], told["y"]], axis=1)
    assert len(np.unique(places, axis=0)) == network.n_nodes
    assert json.dumps(told, allow_nan=False)


def test_the_middle_of_a_great_circle_is_equally_far_from_both_ends_and_on_the_way() -> None:
    seattle, miami = (-122.3, 47.6), (-80.2, 25.8)
    middle, whole = midway(seattle, miami), great_circle_km(seattle, miami)
    assert great_circle_km(seattle, middle) == pytest.approx(whole / 2, rel=1e-9)
    assert great_circle_km(middle, miami) == pytest.approx(whole / 2, rel=1e-9)
    assert middle[1] > (47.6 + 25.8) / 2, "it bends to the north"


def test_the_parabola_of_a_lane_is_within_a_hundredth_of_the_great_circle() -> None:
    network = network_named("nsfnet")
    pairs, _ = pairs_of(network)
    at, middle = on_map(network, pairs)
    spots = list(zip(network.longitude_deg.tolist(), network.latitude_deg.tolist(), strict=True))
    flat = map_km([*spots, *(midway(spots[a], spots[b]) for a, b in pairs)])
    for (a, b), half in zip(pairs.tolist(), middle, strict=True):
        quarter = midway(spots[a], midway(spots[a], spots[b]))
        scale = np.array([np.ptp(flat[:, 0]) / np.ptp([s[0] for s in spots]), 6371 * np.pi / 180])
        there = at[a] + (np.array(quarter) - np.array(spots[a])) * scale
        drawn = 0.375 * at[a] + 0.75 * half - 0.125 * at[b]
        assert np.hypot(*(drawn - there)) < 0.012 * np.hypot(*(at[a] - at[b]))


def test_an_own_file_with_longitudes_is_drawn_with_great_circles_and_one_without_them_straight() -> None:
    node = '<node id="{0}"><data key="o">{1}</data><data key="a">{2}</data></node>'
    keys = '<key id="o" for="node" attr.name="Longitude"/><key id="a" for="node" attr.name="Latitude"/>'
    spots = {"Seattle": (-122.3, 47.6), "Miami": (-80.2, 25.8), "Boston": (-71.1, 42.4)}
    nodes = "".join(node.format(name, *spot) for name, spot in spots.items())
    edges = '<edge source="Seattle" target="Boston"/><edge source="Boston" target="Miami"/>'
    text = f'<graphml>{keys}<graph edgedefault="undirected">{nodes}{edges}</graph></graphml>'
    word = open_file("own.graphml", text, length_km=50.0)
    told = network_map(word, network_named(word))
    assert told["is_earth"]
    flat = map_km([*spots.values(), midway(spots["Seattle"], spots["Boston"]), midway(spots["Miami"], spots["Boston"])])
    assert np.stack([told["pair_x"], told["pair_y"]], axis=1) == pytest.approx(flat[3:], rel=1e-5)
    straight = (told["y"][0] + told["y"][2]) / 2
    assert told["pair_y"][told["pair_from"].index(0)] > straight + 300, "the way from Seattle to Boston bends north"
    plain = open_file("own.txt", "Seattle <==20km==> Boston")
    assert not network_map(plain, network_named(plain))["is_earth"]


def test_a_network_whose_places_say_nothing_is_drawn_in_rings_by_its_links() -> None:
    network = qps.Network.random_regular(n_nodes=60, degree=4, length_km=20.0)
    assert is_circle(np.stack([network.x_km, network.y_km], axis=1))
    at = drawn_at(network)
    assert np.array_equal(at, in_rings(network))
    far = np.hypot(*at.T)
    hops = np.array([0, *(network.n_hops([0] * 59, range(1, 60)))])
    assert all(far[hops == k].max() < far[hops == k + 2].min() for k in range(hops.max() - 1))
    gaps = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + 1e9 * np.eye(60)
    assert gaps.min() > 0.2 * 20.0
    ring = network_named("metro")
    assert np.array_equal(drawn_at(ring)[:, 0], ring.x_km), "a ring is one"


def test_the_guard_that_the_note_names_lets_no_header_come_late() -> None:
    network = network_named("metro")
    short = SCENARIO.replace(guard_us=20.0)
    note, guard_us = guard_note(short, network)
    assert guard_us == pytest.approx(7 * 20.0)
    assert "7 relays, which takes 140 µs" in note
    assert guard_note(short.replace(guard_us=guard_us), network) == ("", None)

    def n_late(scenario: qps.Scenario) -> int:
        switched = VARIANTS["burst_delayed"].of(scenario)
        traffic = qps.Traffic(load=0.05, n_frames=400)
        return qps.simulate(switched, network=network, traffic=traffic, seed=2).summary()["dropped"].get("LATE", 0)

    assert n_late(short) > 0
    assert n_late(short.replace(guard_us=guard_us)) == 0


# -- a run to watch ----------------------------------------------------------------------------------------------------


def test_what_is_shown_of_a_run_is_what_it_says(metro: qps.Run) -> None:
    told = watched.shown(metro, FIRST)
    network, frames = metro.network, metro.frames
    np.testing.assert_array_equal(told["links"]["utilisation"], metro.links["utilisation"])
    np.testing.assert_allclose(told["links"]["offered"], FIRST.traffic(1).offered_load(network))
    assert told["nodes"]["sent"].sum() == len(frames)
    assert told["nodes"]["received"].sum() == metro.summary()["delivered"] + np.sum(
        frames["session"][frames["fate"] == "DELIVERED"] < metro.n_warm_up
    )
    assert dict(told["facts"])["delivered"] == f"{100 * metro.summary()['delivered_share']:.1f} %"


def test_payloads_are_drawn_to_scale_and_by_whole_sessions(metro: qps.Run) -> None:
    told, legs = watched.shown(metro, FIRST), metro.legs
    drawn = told["legs"]
    session = metro.frames["session"][np.searchsorted(metro.frames["frame"], drawn["frame"])]
    assert np.all(session % told["one_of"] == 0)
    whole = legs[np.isin(legs["frame"], drawn["frame"])]
    assert len(whole) == drawn["frame"].size
    assert np.all(np.diff(drawn["last"]) >= 0), "the page searches in them"
    np.testing.assert_allclose(np.sort(drawn["last"]), np.sort(whole["payload_out_us"] + told["payload"]))
    np.testing.assert_allclose(drawn["last"] - drawn["first"], told["payload"])


def test_a_truncated_payload_is_drawn_as_long_as_what_is_left_of_it() -> None:
    scenario = SCENARIO.replace(guard_us=30.0, late_payload="truncate")
    choice = Choice(variant="burst_delayed", load=0.1)
    run = watched.watched_run(scenario, network_named("metro"), choice, 1)
    drawn = watched.shown(run, choice)["legs"]
    left = (drawn["last"] - drawn["first"]) / run.scenario.source.payload_us
    assert np.any(left < 0.9)
    assert np.all(left > 0)


def test_the_number_that_waits_is_littles_law_of_the_dwell(metro: qps.Run) -> None:
    waits = watched.relay_waits(metro.legs)
    numbers = np.cumsum(waits.step)
    assert numbers.min() >= 0
    assert numbers[-1] == 0
    in_all_us = float(np.sum(np.diff(waits.time_us) * numbers[:-1]))
    assert in_all_us == pytest.approx(float(metro.legs["dwell_us"].sum()), rel=1e-9)
    node = metro.network.link_from[waits.link]
    np.testing.assert_array_equal(node, waits.node)


def test_what_waits_at_its_source_is_offered_and_not_sent() -> None:
    choice = Choice(variant="circuit_queued", load=0.3)
    run = watched.watched_run(SCENARIO, network_named("star"), choice, 3)
    waits = watched.source_waits(run.frames)
    sent_us = np.where(np.isnan(run.frames["sent_us"]), run.frames["done_us"], run.frames["sent_us"])
    in_all_us = float(np.sum(np.diff(waits.time_us) * np.cumsum(waits.step)[:-1]))
    assert in_all_us == pytest.approx(float(np.sum(sent_us - run.frames["offered_us"])), rel=1e-9)


@pytest.mark.parametrize("variant", USUAL)
def test_every_drop_has_a_place_and_a_reason(variant: str) -> None:
    choice = Choice(variant=variant, load=0.9)
    scenario = SCENARIO.replace(memory_qubits=20)
    run = watched.watched_run(scenario, network_named("metro"), choice, 1)
    told = watched.shown(run, choice)
    n_dropped = int(np.sum(~np.isin(run.frames["fate"], ["DELIVERED", "IN_FLIGHT"])))
    assert told["lost"]["time"].size == told["nodes"]["lost"].sum() == n_dropped > 0
    events = run.events
    dropped = events[(events["event"] == "DROPPED")]
    last = dict(zip(dropped["frame"].tolist(), dropped["node"].tolist(), strict=True))
    rows, node = watched.lost_at(run.frames, run.legs)
    if variant.startswith("circuit"):
        assert np.array_equal(node, run.frames["source"][rows]), "who is refused never left"
    else:
        assert [last[frame] for frame in run.frames["frame"][rows].tolist()] == node.tolist()


def test_arrays_of_a_reply_travel_beside_it(metro: qps.Run) -> None:
    told, octets = with_octets(watched.shown(metro, FIRST))
    assert json.dumps(told, allow_nan=False)
    place = told["links"]["utilisation"]
    assert place["type"] == "f8"  # type: ignore[call-overload]
    back = np.frombuffer(octets[place["at"]], dtype="<f8")  # type: ignore[call-overload]
    np.testing.assert_array_equal(back, metro.links["utilisation"])
