"""The Frame tab beside a run: the frame it follows, and how it describes, draws, exports and asks about frames."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.frame import Frame, read_capture
from qpsviz.lessons.frame_questions import ask_changed, ask_octets, ask_stop
from qpsviz.session import exports
from qpsviz.session.executor import Inline
from qpsviz.session.tabs.declared import TABS
from qpsviz.session.tabs.frame.fields import KINDS
from qpsviz.session.tabs.frame.misread import under_lldp
from qpsviz.session.tabs.frame.tab import data, question


@pytest.fixture(scope="module")
def run(memory_buys):
    """A run whose frames wait in memories."""
    return qps.simulate(memory_buys, seed=1)


def test_the_tab_is_wired_into_the_page(run):
    asked = {"do": "paste", "text": "00"}
    assert TABS["frame"].data is data
    answers = TABS["frame"].question
    assert answers is not None
    assert answers(run.scenario, run, asked, Inline()) == question(run.scenario, run, asked)


def test_notes_say_assumption_or_deviation_and_stand_beside_their_field(paste, full_frame):
    notes = {f["name"]: f["note"] for f in paste(full_frame.encode().hex())["fields"] if f["note"]}
    assert all(re.match("(Assumption|Deviation): ", note) for note in notes.values())
    assert "0–255 bits" in notes["role.tlv"]
    assert {"cutoff_us", "error_correction", "ethertype"} <= set(notes)


@pytest.mark.parametrize("name", ["first", "memory-buys", "fig10a", "fig7"])
def test_the_header_under_the_cursor_is_the_one_in_the_capture(ask, name, tmp_path):
    scenario = qps.preset(name)
    run = qps.simulate(scenario, seed=1)
    path = tmp_path / "headers.pcapng"
    run.to_pcap(path)
    captured = {}
    for packet in read_capture(path):
        frame = Frame.decode(packet.octets)
        if packet.outbound and frame.role == "header":
            captured[frame.frame_id, frame.attempt, packet.node] = packet.octets
    legs = run.legs
    assert len(captured) == len(legs) > 0
    for leg in range(len(legs)):
        number, attempt = int(legs["frame"][leg]), int(legs["attempt"][leg])
        row = run.frames["frame"].tolist().index(number)
        answer = ask("follow", run, scenario, time=float(legs["header_out_us"][leg]), row=row)
        node = run.network.node_names[int(legs["from_node"][leg])]
        assert answer["octets"] == captured[number, attempt, node].hex(), answer["place"]


def test_time_in_memory_grows_with_the_cursor_up_to_the_dwell(ask, run):
    legs = run.legs
    leg = next(i for i in range(len(legs)) if legs["hop"][i] == 2)
    before, out_us = leg - 1, float(legs["header_out_us"][leg])
    arrived_us = float(legs["payload_in_us"][before])
    earlier = float(legs["dwell_us"][before])
    for share in (0.25, 0.5, 0.999):
        time_us = arrived_us + share * (out_us - arrived_us)
        answer = ask("follow", run, time=time_us, row=int(legs["frame"][leg]))
        stored = Frame.decode(bytes.fromhex(answer["octets"])).memory_time_us
        assert stored == pytest.approx(earlier + time_us - arrived_us, abs=2e-6)
        assert "in the memory of Relay 2" in answer["place"]
    after = ask("follow", run, time=out_us, row=int(legs["frame"][leg]))
    stored = Frame.decode(bytes.fromhex(after["octets"])).memory_time_us
    assert stored == pytest.approx(earlier + float(legs["dwell_us"][leg]))


def test_a_frame_is_followed_until_it_is_done_and_then_the_newest_one(ask, run):
    row, followed = -1, []
    sent, done = run.frames["sent_us"], run.frames["done_us"]
    for time_us in range(0, int(run.events["time_us"][-1]), 10):
        answer = ask("follow", run, time=float(time_us), row=row)
        if answer["row"] != row:
            assert row < 0 or done[row] <= time_us
            followed.append(answer["row"])
        row = answer["row"]
        assert sent[row] <= time_us or not any(sent <= time_us)
    assert len(followed) > 1


def test_steps_lead_to_the_frame_before_and_after(ask, run):
    middle = ask("follow", run, time=float(run.frames["sent_us"][4]), row=-1)
    assert middle["row"] == 4
    for which, row in (("previous", 3), ("next", 5)):
        assert ask("follow", run, time=middle[which], row=-1)["row"] == row


def test_a_page_without_a_run_shows_the_first_frame(ask, memory_buys):
    answer = ask("follow", None, time=0.0)
    assert Frame.decode(bytes.fromhex(answer["octets"])).n_qubits == memory_buys.source.n_qubits
    assert answer["next"] is None


def test_a_scenario_that_no_frame_can_hold_is_said_and_not_raised(ask, memory_buys):
    answer = ask("follow", None, memory_buys.replace(spacing_us=1e9, n_qubits=1000), time=0.0)
    assert answer["octets"] == ""
    assert "cannot be written" in answer["place"]


def test_dropped_and_retransmitted_frames_say_where_and_why(ask, memory_buys):
    scenario = memory_buys.replace(max_attempts=2, cutoff_us=60.0)
    run = qps.simulate(scenario, seed=1)
    places = {ask("follow", run, scenario, time=float(t), row=0)["place"] for t in range(0, 1000, 5)}
    assert any(place.startswith("dropped at Relay 2: stored too long") for place in places)
    titles = {ask("follow", run, scenario, time=float(t), row=0)["title"] for t in range(0, 1000, 5)}
    assert "Frame 0, attempt 2" in titles


def test_a_cut_payload_shows_the_qubits_that_are_left(paste, full_frame):
    frame = replace(full_frame, payload_duration_us=30.0)
    layouts = paste(frame.encode().hex())["layouts"]
    assert (layouts["n_qubits"], layouts["n_kept"], layouts["duration"]) == (10, 6, 30.0)


def test_a_slower_line_makes_header_and_trailer_longer_and_nothing_else(ask, full_frame):
    slow, fast = (
        ask("paste", text=full_frame.encode().hex(), rate=rate)["layouts"]["time"]["segments"]
        for rate in ("10 Mb/s", "10 Gb/s")
    )
    for a, b in zip(slow, fast, strict=True):
        factor = 1000 if a["name"] in ("header", "trailer") else 1
        assert a["duration"] == pytest.approx(factor * b["duration"])


@given(
    st.dictionaries(
        st.sampled_from(("do", "time", "row", "octets", "name", "text", "how", "rate", "known", "role")),
        st.none()
        | st.text(max_size=20)
        | st.floats()
        | st.sampled_from(("follow", "edit", "repair", "misread", "paste")),
    )
)
def test_a_nonsense_question_is_refused_with_a_value_error_and_nothing_else(memory_buys, asked):
    try:
        question(memory_buys, None, asked)
    except ValueError as error:
        assert str(error)


def test_every_kind_of_octet_has_a_look_of_its_own_beyond_colour():
    css = files("qpsviz.web").joinpath("css", "frame.css").read_text(encoding="utf-8")
    looks = {}
    for kind in KINDS:
        rule = re.search(rf'\.qps \[data-kind="{kind}"\]:is\(\.qps-octet, \.qps-field-key\) \{{([^}}]*)\}}', css)
        assert rule, kind
        style = re.search(r"border-style: (\w+)", rule[1])
        looks[kind] = (style[1] if style else "solid", re.search(r"background: ([^;]+);", rule[1])[1])
    assert len(set(looks.values())) == len(KINDS)


@pytest.mark.parametrize("name", ["first", "memory-buys"])
def test_the_capture_of_the_page_opens_and_holds_every_header_and_trailer(name, tmp_path):
    scenario = qps.preset(name)
    run = qps.simulate(scenario, seed=1)
    file, kind, content = exports.make("headers.pcapng", scenario, run)
    assert (file, kind) == ("headers.pcapng", "application/x-pcapng")
    path = tmp_path / file
    path.write_bytes(content)
    assert sum(1 for _ in read_capture(path)) == 4 * len(run.legs)


def test_questions_about_frames_are_graded_by_the_frames_themselves(full_frame, least_frame):
    stored = full_frame.stored(1.0)
    options = {
        "one": ("memory_time_us",),
        "two": ("memory_time_us", "fcs"),
        "three": ("source", "memory_time_us", "fcs"),
    }
    asked = ask_changed("Which?", full_frame, stored, options)
    assert [asked.grade(words)[0] for words in options] == [False, True, False]
    asked = ask_octets("How long?", least_frame, dialect="lldp", hint="Count.")
    assert asked.grade(str(len(least_frame.encode("lldp")))) == (True, "Right: 67.")
    assert asked.grade("64")[1].endswith("Count.")
    asked = ask_stop("Where?", under_lldp(full_frame), {"chassis": "chassis_id", "reads": ""})
    assert asked.grade("chassis")[0]
    assert ask_stop("Where?", full_frame.encode(), {"chassis": "chassis_id", "reads": ""}).grade("reads")[0]
    with pytest.raises(ValueError, match="0 of the statements"):
        ask_changed("Which?", full_frame, stored, {"none": ()})
