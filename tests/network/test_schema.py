"""JSON Schemas say what the package says: everything it writes is valid, and both refuse the same values."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import qpsviz as qps
from qpsviz.network.link_values import LINK_VALUES
from qpsviz.network.patterns import PAIRS
from qpsviz.network.roles import Role
from qpsviz.network.routes import ROUTES_BY
from qpsviz.network.schema import RULES
from qpsviz.network.settings import settings_of

READERS: dict[str, Callable[[str], object]] = {
    "scenario": qps.Scenario.from_json, "network": qps.Network.from_json, "traffic": qps.Traffic.from_json,
}  # fmt: skip
VALIDATORS = {kind: Draft202012Validator(qps.json_schema(kind)) for kind in READERS}
RING = qps.Network.ring(n_nodes=4, length_km=5.0)
NETWORKS = {
    "line": qps.Network.line(n_relays=2, length_km=10.0),
    "split line": qps.Network.line(n_relays=1, length_km=10.0, layout="split"),
    "ring": RING,
    "star": qps.Network.star(n_users=3, length_km=2.0),
    "grid": qps.Network.grid(n_rows=2, n_columns=3, length_km=1.0),
    "random regular": qps.Network.random_regular(n_nodes=8, degree=3, length_km=20.0),
    "Waxman": qps.Network.waxman(n_nodes=8, alpha=0.8, beta=0.9),
    "NSFNET": qps.Network.nsfnet(),
    "COST 239": qps.Network.cost239(),
    "typed": qps.Network.from_text("A <==20km, 0.25dB/km, 1dB, 0.01/km, -3dBm==> B ==5km==> C"),
    "fewest relays": RING.with_routes("relays"),
}
TRAFFIC = {
    **{f"pairs {word}": qps.Traffic(pairs=word) for word in PAIRS},
    **{f"arrivals {word}": qps.Traffic(arrivals=word) for word in ("poisson", "on_off", "regular")},
    "weights": qps.Traffic(pairs="gravity", weights=[1, 2.5, 0, 1]),
    "hot node": qps.Traffic(pairs="hot_spot", hot_node=0, hot_share=1.0, load=0.1),
    "pair sources": qps.Traffic(pair_sources=np.array([1, 2])),
    "listed": qps.Traffic(n_frames=2, start_us=np.array([0.0, 5.0]), source=(0, 1), destination=[1, 2]),
}


def refusals(kind: str, text: str) -> tuple[str | None, str | None]:
    """Why the package and why the schema refuse a text; None where they do not."""
    schema = next((error.message for error in VALIDATORS[kind].iter_errors(json.loads(text))), None)
    try:
        READERS[kind](text)
    except ValueError as error:
        return str(error), schema
    return None, schema


@pytest.mark.parametrize("kind", READERS)
def test_a_schema_is_one_of_its_draft_and_says_what_it_cannot_say(kind: str) -> None:
    schema = qps.json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert all(rule in str(schema["description"]) for rule in RULES[kind])
    json.dumps(schema, allow_nan=False)


def test_there_is_no_schema_of_anything_else() -> None:
    with pytest.raises(qps.ParameterError, match="'run' is not one of scenario, network, traffic"):
        qps.json_schema("run")


@pytest.mark.parametrize("name", qps.presets())
def test_every_preset_is_valid(name: str) -> None:
    text = qps.preset(name).to_json()
    assert refusals("scenario", text) == (None, None)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_kind_of_network_is_valid_and_comes_back(name: str) -> None:
    text = NETWORKS[name].to_json()
    assert refusals("network", text) == (None, None)
    again = qps.Network.from_json(text)
    assert again.to_json() == text
    np.testing.assert_array_equal(again.link_km, NETWORKS[name].link_km)
    np.testing.assert_array_equal(again.x_km, NETWORKS[name].x_km)
    for value in LINK_VALUES:
        np.testing.assert_array_equal(getattr(again, f"link_{value}"), getattr(NETWORKS[name], f"link_{value}"))
    assert (again.name, again.roles, again.routes_by) == (
        NETWORKS[name].name, NETWORKS[name].roles, NETWORKS[name].routes_by,
    )  # fmt: skip


@pytest.mark.parametrize("name", TRAFFIC)
def test_every_kind_of_traffic_is_valid_and_comes_back(name: str) -> None:
    text = TRAFFIC[name].to_json()
    assert refusals("traffic", text) == (None, None)
    again = qps.Traffic.from_json(text)
    assert again.to_json() == text
    drawn = [traffic.sessions(RING, payload_us=50.0, n_channels=1, seed=1) for traffic in (again, TRAFFIC[name])]
    np.testing.assert_array_equal(drawn[0].start_us, drawn[1].start_us)


def test_every_property_has_its_label_its_unit_its_bounds_and_its_default() -> None:
    groups: Any = qps.json_schema("scenario")["properties"]
    told = {name: said for group in groups.values() for name, said in group["properties"].items()}
    assert set(told) == {p.name for p in qps.parameters()}
    for p in qps.parameters():
        said = told[p.name]
        assert said["title"] == p.label
        assert said.get("unit", "1") == p.unit
        assert said["default"] == ("inf" if p.default == math.inf else p.default)
        if p.kind in ("number", "count"):
            bounds = said.get("anyOf", [said])[0]
            assert (bounds.get("minimum", -math.inf), bounds.get("maximum", math.inf)) == (p.lo, p.hi)
    traffic: Any = qps.json_schema("traffic")["properties"]
    assert set(settings_of(qps.Traffic)) == set(traffic) - {"format", "version"}
    assert all(said["title"] for name, said in traffic.items() if name not in ("format", "version"))
    assert traffic["start_us"]["unit"] == "us"
    links: Any = qps.json_schema("network")["properties"]
    assert {n: links["links"]["items"]["properties"][n]["unit"] for n in LINK_VALUES} == {
        n: kind.unit for n, kind in LINK_VALUES.items()
    }


#: Values of every type, with those at bounds and just beyond them.
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.sampled_from(["inf", "even", "store", "", "12"]), st.just([1]), st.just({}),
    st.integers(min_value=-5, max_value=10**7),
    st.floats(min_value=-10.0, max_value=1e7, allow_nan=False), st.sampled_from([0, 1, 0.0, 1.0, 1e300, -1e-9, 1.5]),
)  # fmt: skip


def near(lo: float, hi: float) -> st.SearchStrategy[float]:
    """Bounds, and numbers just on either side of them."""
    finite = [bound for bound in (lo, hi) if math.isfinite(bound)] or [0.0]
    return st.sampled_from([v for b in finite for v in (b, math.nextafter(b, -math.inf), math.nextafter(b, math.inf))])


@given(st.data())
def test_a_parameter_is_refused_by_both_or_by_neither(data: st.DataObject) -> None:
    p = data.draw(st.sampled_from(qps.parameters()))
    value = data.draw(ANYTHING | near(p.lo, p.hi) | st.sampled_from(p.choices or ("none",)))
    by_package, by_schema = refusals("scenario", json.dumps({p.group: {p.name: value}}))
    if by_package is not None and "exceeds 2 * t1_us" in by_package:  # the rule that the schema only names
        by_package = None
    assert (by_package is None) == (by_schema is None), (by_package, by_schema)


def test_the_rule_that_the_schema_names_is_checked_by_the_package() -> None:
    by_package, by_schema = refusals("scenario", json.dumps({"memory": {"t1_us": 1.0, "t2_us": 2.1}}))
    assert by_package == "t2_us = 2.1 exceeds 2 * t1_us = 2"
    assert by_schema is None


@given(st.data())
def test_a_setting_of_traffic_is_refused_by_both_or_by_neither(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(settings_of(qps.Traffic))))
    one = settings_of(qps.Traffic)[name]
    value = data.draw(ANYTHING | near(one.lo, one.hi) | st.sampled_from(one.words or ("none",)) | st.lists(ANYTHING))
    about = {"weights": {"pairs": "gravity"}, "hot_node": {"pairs": "hot_spot"}}.get(name, {})
    together = ("start_us", "source", "destination")
    lists: dict[str, object] = {other: [0] for other in together if name in together}
    whole = {"format": "qpsviz-traffic", "version": 1, **about, **lists, name: value}
    by_package, by_schema = refusals("traffic", json.dumps(whole))
    assert (by_package is None) == (by_schema is None), (by_package, by_schema)


NETWORK_TEXT = RING.to_json()


def changed(place: str, name: str, value: object) -> str:
    """The text of a ring with another value at its top, or of its first node or link."""
    whole = json.loads(NETWORK_TEXT)
    (whole if place == "top" else whole[place][0])[name] = value
    return json.dumps(whole)


@given(st.sampled_from(["length_km", *LINK_VALUES]), st.data())
def test_a_value_of_a_link_is_refused_by_both_or_by_neither(name: str, data: st.DataObject) -> None:
    kind = LINK_VALUES.get(name)
    lo, hi = (kind.lo, kind.hi) if kind else (0.0, qps.parameters()[0].hi)
    value = data.draw(ANYTHING | near(lo, hi))
    by_package, by_schema = refusals("network", changed("links", name, value))
    assert (by_package is None) == (by_schema is None), (by_package, by_schema)


@pytest.mark.parametrize(
    ("place", "name", "value", "by_schema_too"),
    [
        ("top", "format", "graphml", True),
        ("top", "version", 2, True),
        ("top", "routes_by", "luck", True),
        ("top", "colour", "red", True),
        ("top", "nodes", [], True),
        ("top", "links", [], True),
        ("top", "links", 5, True),
        ("top", "name", 5, True),
        ("nodes", "role", "king", True),
        ("nodes", "x_km", "far", True),
        ("nodes", "x_km", None, True),
        ("nodes", "latitude_deg", 91.0, True),
        ("nodes", "longitude_deg", 1.0, False),
        ("nodes", "name", None, True),
        ("nodes", "colour", 1, True),
        ("links", "from_node", -1, True),
        ("links", "from_node", 1.5, True),
        ("links", "from_node", 4, False),
        ("links", "from_node", 1, False),
        ("links", "lengthkm", 1.0, True),
    ],
)
def test_a_network_is_refused_by_the_package_and_by_the_schema_where_it_can_say_so(
    place: str, name: str, value: object, by_schema_too: bool
) -> None:
    by_package, by_schema = refusals("network", changed(place, name, value))
    assert by_package is not None
    assert "\n" not in by_package
    assert (by_schema is not None) == by_schema_too


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("scenario", '{"fibre": {"length": 1}}'),
        ("scenario", '{"glass": {}}'),
        ("scenario", '{"fibre": 3}'),
        ("scenario", "[]"),
        ("traffic", '{"load": 0.5}'),
        ("traffic", '{"format": "qpsviz-traffic", "version": 1, "loads": 1}'),
        ("traffic", '{"format": "qpsviz-traffic", "version": 1, "weights": [1, 2]}'),
        ("traffic", '{"format": "qpsviz-traffic", "version": 1, "hot_node": 1, "pairs": "even"}'),
        ("traffic", '{"format": "qpsviz-traffic", "version": 1, "start_us": [1]}'),
        ("traffic", '{"format": "qpsviz-traffic", "version": 1, "source": [1], "destination": [0]}'),
        ("network", "[]"),
        ("network", '{"format": "qpsviz-network", "version": 1}'),
    ],
)
def test_what_has_another_form_is_refused_by_both(kind: str, text: str) -> None:
    by_package, by_schema = refusals(kind, text)
    assert by_package is not None
    assert by_schema is not None


BROKEN = ["", "{", "[" * 100_000, '{"load": NaN}', '{"nodes": [{"x_km": -Infinity}]}', '{"load": 1e999}']


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize("kind", ["network", "traffic"])
def test_what_is_no_json_is_refused_in_one_sentence(kind: str, text: str) -> None:
    with pytest.raises(qps.ParameterError) as caught:
        READERS[kind](text)
    assert len(str(caught.value)) < 200


def test_roles_and_routes_are_those_of_networks() -> None:
    properties: Any = qps.json_schema("network")["properties"]
    assert properties["nodes"]["items"]["properties"]["role"]["enum"] == [*Role]
    assert properties["routes_by"]["enum"] == list(ROUTES_BY)
