"""Fields edited in the Frame tab: each changes its own octets alone, and what it cannot hold is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.frame import Frame
from qpsviz.session.tabs.frame.fields import EDITABLE

dialects = st.sampled_from(("paper", "lldp"))


@pytest.fixture(scope="session")
def edit(ask):
    """Type a text into a field of a frame."""

    def typed(frame, name, text, dialect="paper"):
        return ask("edit", octets=frame.encode(dialect).hex(), name=name, text=text)

    return typed


@pytest.mark.parametrize("dialect", ["paper", "lldp"])
@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("destination", "02-00-00-00-0a-0b", "02:00:00:00:0a:0b"),
        ("payload_duration_us", "1.5 ms", 1500.0),
        ("memory_time_us", "125.000001", 125.000001),
        ("cutoff_us", "2 s", 2e6),
        ("error_correction", "[[7,1,3]]", "[[7,1,3]]"),
        ("guard_us", "0", 0.0),
        ("n_qubits", "11", 11),
        ("spacing_us", "10 ns", 0.01),
        ("encoding", "time-bin", "time-bin"),
        ("wavelength_nm", "1552.52 nm", 1552.52),
        ("frame_id", "4294967295", 2**32 - 1),
        ("attempt", "3", 3),
        ("role", "trailer", "trailer"),
    ],
)
def test_an_edit_changes_the_octets_of_its_field_and_the_check_sequence_alone(
    edit, full_frame, name, text, value, dialect
):
    before = full_frame.encode(dialect)
    answer = edit(full_frame, name, text, dialect)
    after = bytes.fromhex(answer["octets"])
    assert Frame.decode(after) == replace(full_frame, **{name: value})
    differing = {i for i in range(len(before)) if before[i] != after[i]}
    allowed = {
        field["offset"] + i
        for field in answer["fields"]
        if field["name"] in (name, "fcs")
        for i in range(field["length"])
    }
    assert differing == set(answer["changed"]) <= allowed
    assert differing - set(range(len(after) - 4, len(after)))


def test_the_source_of_an_lldp_frame_is_its_chassis_too(edit, full_frame):
    answer = edit(full_frame, "source", "02:00:00:00:00:07", "lldp")
    names = {
        field["name"]
        for field in answer["fields"]
        for i in answer["changed"]
        if 0 <= i - field["offset"] < field["length"]
    }
    assert names == {"source", "chassis_id", "fcs"}


def test_a_link_local_destination_is_said_not_to_cross_bridges(edit, paste, full_frame):
    assert paste(full_frame.encode("lldp").hex())["crosses_bridges"] is True
    answer = edit(full_frame, "destination", "01:80:c2:00:00:0e", "lldp")
    assert answer["crosses_bridges"] is False
    assert "no bridge forwards" in answer["fields"][0]["meaning"]


@given(data=st.data(), dialect=dialects)
def test_a_frame_keeps_every_field_when_it_changes_its_dialect(edit, frames, data, dialect):
    frame = data.draw(frames)
    answer = edit(frame, "dialect", dialect, "lldp" if dialect == "paper" else "paper")
    assert answer["dialect"] == dialect
    assert Frame.decode(bytes.fromhex(answer["octets"])) == frame


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("destination", "02:00", "not a MAC address"),
        ("source", "03:00:00:00:00:01", "group address"),
        ("role", "middle", "header"),
        ("payload_duration_us", "", "mandatory"),
        ("payload_duration_us", "-1", "from 0 to 1000 s"),
        ("payload_duration_us", "fifty", "not a number"),
        ("memory_time_us", "2e9", "from 0 to 1000 s"),
        ("guard_us", "3 km", "not in s or ms"),
        ("n_qubits", "1.5", "whole number"),
        ("n_qubits", "4294967296", "from 0 to 4294967295"),
        ("attempt", "9" * 150, "from 0 to 65535"),
        ("attempt", "9" * 5000, "at most 200"),
        ("encoding", "semaphore", "time-bin"),
        ("error_correction", "x" * 65, "64 octets"),
        ("wavelength_nm", "0", "nm"),
        ("tlvs", "()", "no field"),
        ("n_relays", "2", "no field"),
    ],
)
def test_a_bad_edit_names_its_field_and_leaves_the_octets_alone(edit, full_frame, name, text, words):
    answer = edit(full_frame, name, text)
    assert set(answer) == {"fault"}
    assert answer["fault"]["field"] == name
    assert words in answer["fault"]["message"]


@given(name=st.sampled_from(EDITABLE), text=st.text(max_size=40))
def test_whatever_is_typed_the_answer_is_a_valid_frame_or_a_fault(edit, full_frame, name, text):
    answer = edit(full_frame, name, text)
    if answer["fault"] is None:
        Frame.decode(bytes.fromhex(answer["octets"]))
    else:
        assert answer["fault"]["message"]


@pytest.mark.parametrize("name", ["memory_time_us", "cutoff_us", "error_correction", "guard_us"])
def test_an_emptied_optional_field_leaves_the_frame_and_is_offered_again(edit, full_frame, name):
    answer = edit(full_frame, name, " ")
    assert name not in {field["name"] for field in answer["fields"]}
    assert name in {field["name"] for field in answer["absent"]}
    assert answer["n_octets"] < len(full_frame.encode())


def test_a_field_that_was_absent_can_be_added(edit, paste, least_frame):
    assert {"memory_time_us", "n_qubits"} <= {f["name"] for f in paste(least_frame.encode().hex())["absent"]}
    answer = edit(least_frame, "n_qubits", "3")
    assert {f["value"] for f in answer["fields"] if f["name"] == "n_qubits"} == {"3"}
    assert "n_qubits" not in {f["name"] for f in answer["absent"]}
