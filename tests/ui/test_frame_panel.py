"""The Frame pane: what it shows, edits, reads and refuses."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.frame import Frame, Tlv, read_capture
from qpsviz.ui import exports
from qpsviz.ui.frame_fields import EDITABLE, KINDS
from qpsviz.ui.frame_hex import MAX_CHARACTERS, HexError, read_hex
from qpsviz.ui.frame_panel import data, question
from qpsviz.ui.frame_questions import ask_changed, ask_octets, ask_stop, under_lldp
from qpsviz.ui.panels import PANELS, QUESTIONS
from qpsviz.views.panes import PANES

FULL = Frame(
    destination="02:00:00:00:00:02",
    source="02:00:00:00:00:01",
    role="header",
    payload_duration_us=50.0,
    memory_time_us=125.0,
    cutoff_us=1000.0,
    error_correction="[[5,1,3]]",
    guard_us=12.5,
    n_qubits=10,
    spacing_us=5.0,
    encoding="polarisation",
    application="qkd",
    wavelength_nm=1550.12,
    frame_id=7,
    attempt=2,
)
LEAST = Frame(destination="02:00:00:00:00:02", source="02:00:00:00:00:01", role="trailer", payload_duration_us=50.0)
SCENARIO = qps.preset("memory-buys")

times_us = st.integers(0, 10**15).map(lambda ps: ps / 1e6)
frames = st.builds(
    Frame,
    destination=st.sampled_from(("02:00:00:00:00:02", "01:80:c2:00:00:0e")),
    source=st.just("02:00:00:00:00:01"),
    role=st.sampled_from(("header", "trailer")),
    payload_duration_us=times_us,
    memory_time_us=st.none() | times_us,
    cutoff_us=st.just(math.inf) | times_us,
    error_correction=st.none() | st.sampled_from(("[[5,1,3]]", "Code ß")),
    guard_us=st.none() | times_us,
    n_qubits=st.none() | st.integers(0, 2**32 - 1),
    spacing_us=st.none() | times_us,
    frame_id=st.none() | st.integers(0, 2**32 - 1),
    tlvs=st.lists(st.builds(Tlv, type=st.integers(5, 126), value=st.binary(max_size=30)), max_size=3).map(tuple),
)
dialects = st.sampled_from(("paper", "lldp"))


@pytest.fixture(scope="module")
def run():
    return qps.simulate(SCENARIO, seed=1)


def ask(do, run=None, scenario=SCENARIO, **asked):
    answer = question(scenario, run, {"do": do, **asked})
    json.dumps(answer, allow_nan=False)
    return answer


def paste(text):
    return ask("paste", text=text)


def edit(frame, name, text, dialect="paper"):
    return ask("edit", octets=frame.encode(dialect).hex(), name=name, text=text)


def owners(answer):
    """How many fields own each octet."""
    count = [0] * (len(answer["octets"]) // 2)
    for field in answer["fields"]:
        for offset in range(field["offset"], field["offset"] + field["length"]):
            count[offset] += 1
    return count


def test_the_pane_is_wired_into_the_page():
    assert PANES["frame"].view == "frame"
    assert PANELS["frame"] is data
    assert QUESTIONS["frame"] is question


@given(frame=frames, dialect=dialects)
def test_every_octet_belongs_to_exactly_one_shown_field(frame, dialect):
    answer = paste(frame.encode(dialect).hex())
    assert answer["fault"] is None
    assert set(owners(answer)) == {1}
    assert {field["kind"] for field in answer["fields"]} <= set(KINDS)


@given(frame=frames, dialect=dialects)
def test_a_pasted_frame_can_be_drawn_in_time_or_says_why_not(frame, dialect):
    layouts = paste(frame.encode(dialect).hex())["layouts"]
    if layouts["fault"] is not None:
        assert frame.payload_duration_us == 0
        return
    for plan in ("time", "wavelength"):
        lengths = {segment["name"]: segment["duration"] for segment in layouts[plan]["segments"]}
        assert lengths["payload"] == pytest.approx(frame.payload_duration_us)
        assert lengths["guard"] == (frame.guard_us or 0.0)


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
def test_an_edit_changes_the_octets_of_its_field_and_the_check_sequence_alone(name, text, value, dialect):
    before = FULL.encode(dialect)
    answer = edit(FULL, name, text, dialect)
    after = bytes.fromhex(answer["octets"])
    assert Frame.decode(after) == replace(FULL, **{name: value})
    differing = {i for i in range(len(before)) if before[i] != after[i]}
    allowed = {
        field["offset"] + i
        for field in answer["fields"]
        if field["name"] in (name, "fcs")
        for i in range(field["length"])
    }
    assert differing == set(answer["changed"]) <= allowed
    assert differing - set(range(len(after) - 4, len(after)))


def test_the_source_of_an_lldp_frame_is_its_chassis_too():
    answer = edit(FULL, "source", "02:00:00:00:00:07", "lldp")
    names = {
        field["name"]
        for field in answer["fields"]
        for i in answer["changed"]
        if 0 <= i - field["offset"] < field["length"]
    }
    assert names == {"source", "chassis_id", "fcs"}


@given(frame=frames, dialect=dialects)
def test_a_frame_keeps_every_field_when_it_changes_its_dialect(frame, dialect):
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
def test_a_bad_edit_names_its_field_and_leaves_the_octets_alone(name, text, words):
    answer = edit(FULL, name, text)
    assert set(answer) == {"fault"}
    assert answer["fault"]["field"] == name
    assert words in answer["fault"]["message"]


@given(name=st.sampled_from(EDITABLE), text=st.text(max_size=40))
def test_whatever_is_typed_the_answer_is_a_valid_frame_or_a_fault(name, text):
    answer = edit(FULL, name, text)
    if answer["fault"] is None:
        Frame.decode(bytes.fromhex(answer["octets"]))
    else:
        assert answer["fault"]["message"]


@pytest.mark.parametrize("name", ["memory_time_us", "cutoff_us", "error_correction", "guard_us"])
def test_an_emptied_optional_field_leaves_the_frame_and_is_offered_again(name):
    answer = edit(FULL, name, " ")
    assert name not in {field["name"] for field in answer["fields"]}
    assert name in {field["name"] for field in answer["absent"]}
    assert answer["n_octets"] < len(FULL.encode())


def test_a_field_that_was_absent_can_be_added():
    assert {"memory_time_us", "n_qubits"} <= {f["name"] for f in paste(LEAST.encode().hex())["absent"]}
    answer = edit(LEAST, "n_qubits", "3")
    assert {f["value"] for f in answer["fields"] if f["name"] == "n_qubits"} == {"3"}
    assert "n_qubits" not in {f["name"] for f in answer["absent"]}


def test_notes_say_assumption_or_deviation_and_stand_beside_their_field():
    notes = {f["name"]: f["note"] for f in paste(FULL.encode().hex())["fields"] if f["note"]}
    assert all(re.match("(Assumption|Deviation): ", note) for note in notes.values())
    assert "0–255 bits" in notes["role.tlv"]
    assert {"cutoff_us", "error_correction", "ethertype"} <= set(notes)


def lines(octets, one_line):
    return "\n".join(one_line(i, octets[i : i + 16]) for i in range(0, len(octets), 16))


def pairs(octets):
    return " ".join(octets[i : i + 2].hex() for i in range(0, len(octets), 2))


DUMPS = {
    "bare": lambda o: o.hex(),
    "spaced": lambda o: o.hex(" "),
    "colons": lambda o: o.hex(":"),
    "C array": lambda o: ", ".join(f"0x{b:02X}" for b in o),
    "escaped": lambda o: "".join(f"\\x{b:02x}" for b in o),
    "tcpdump -xx": lambda o: (
        "10:00:00.000000 02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype Unknown (0x88b5):\n"
        + lines(o, lambda i, part: f"\t0x{i:04x}:  {pairs(part)}")
    ),
    "tcpdump -XX": lambda o: lines(o, lambda i, part: f"\t0x{i:04x}:  {pairs(part):<39}  {'ab' * 8}"),
    "xxd": lambda o: lines(o, lambda i, part: f"{i:08x}: {pairs(part):<39}  {'ab' * 8}"),
    "hexdump -C": lambda o: (
        lines(o, lambda i, part: f"{i:08x}  {part[:8].hex(' ')}  {part[8:].hex(' ')}".ljust(60) + f"|{'fe' * 8}|")
        + f"\n{len(o):08x}\n"
    ),
    "Wireshark": lambda o: lines(o, lambda i, part: f"{i:04x}   {part.hex(' ')}   ..ad"),
}


@pytest.mark.parametrize("dialect", ["paper", "lldp"])
@pytest.mark.parametrize("style", DUMPS)
def test_every_tools_way_to_print_octets_is_read(style, dialect):
    octets = FULL.encode(dialect)
    answer = paste(DUMPS[style](octets))
    assert answer["octets"] == octets.hex()
    assert answer["fault"] is None


@given(st.binary(max_size=200))
def test_hex_of_any_octets_is_read_back(octets):
    assert read_hex(octets.hex()) == read_hex(octets.hex(" ")) == read_hex(octets.hex(":")) == octets


@pytest.mark.parametrize(
    ("text", "at", "octets", "words"),
    [
        ("02 00\n0g", 7, "0200", "line 2, character 2: 'g'"),
        ("02 0", 3, "02", "half an octet"),
        ("02 00 (", 6, "0200", "'(' is not hexadecimal"),
        ("0x0000:  0200 0000\n0x0020:  0000", 19, "02000000", "offset 32, but 4"),
        ("0000  02 00\n0000  02 00", 12, "0200", "second packet"),
    ],
)
def test_a_text_that_is_not_hex_is_refused_at_its_character(text, at, octets, words):
    with pytest.raises(HexError) as caught:
        read_hex(text)
    assert caught.value.at == at
    assert caught.value.octets.hex() == octets
    assert words in str(caught.value)
    answer = paste(text)
    assert (answer["octets"], answer["fault"]["offset"]) == (octets, len(octets) // 2)


def check_refusal(answer):
    n_octets = len(answer["octets"]) // 2
    assert set(owners(answer)) <= {0, 1}
    if answer["fault"] is not None:
        assert answer["fault"]["message"].endswith(".")
        assert answer["fault"]["offset"] is None or 0 <= answer["fault"]["offset"] <= max(n_octets, answer["n_octets"])


@given(st.text(max_size=300) | st.text("0123456789abcdefx: \n\t", max_size=600))
def test_any_paste_is_answered(text):
    check_refusal(paste(text))


@given(
    frame=frames,
    dialect=dialects,
    start=st.integers(0, 200),
    drop=st.integers(0, 20),
    put=st.binary(max_size=20),
    sealed=st.booleans(),
)
def test_a_damaged_frame_is_answered_with_the_octet_at_fault(frame, dialect, start, drop, put, sealed):
    octets = frame.encode(dialect)
    damaged = octets[:start] + put + octets[start + drop :]
    if sealed:
        damaged = bytes.fromhex(ask("repair", text=damaged.hex(), how="append")["text"]) if _mends(damaged) else damaged
    answer = paste(damaged.hex())
    check_refusal(answer)
    assert answer["octets"] == damaged.hex()
    assert (answer["fault"] is None) == _is_frame(damaged)


def _is_frame(octets):
    try:
        Frame.decode(octets)
    except ValueError:
        return False
    return True


def _mends(octets):
    return "append" in paste(octets.hex()).get("repairs", [])


def test_a_huge_paste_is_refused_without_being_read():
    answer = paste("00" * (MAX_CHARACTERS // 2 + 1))
    assert answer["octets"] == ""
    assert "at most 20000" in answer["fault"]["message"]
    most = paste("00" * (MAX_CHARACTERS // 2))
    assert len(most["octets"]) == 2 * 1518
    assert most["n_octets"] == MAX_CHARACTERS // 2


def test_a_flipped_bit_is_caught_by_the_check_sequence_and_can_be_mended():
    octets = bytearray(FULL.encode())
    octets[3] ^= 1
    answer = paste(octets.hex())
    assert answer["fault"]["field"] == "fcs"
    assert answer["fault"]["offset"] == len(octets) - 4
    assert answer["repairs"] == ["correct"]
    mended = ask("repair", text=octets.hex(), how="correct")["text"]
    assert Frame.decode(bytes.fromhex(mended)).destination == "02:00:00:01:00:02"


def test_a_capture_without_check_sequence_gets_one():
    octets = FULL.encode()
    answer = paste(octets[:-4].hex())
    assert answer["fault"] is not None
    assert answer["repairs"] == ["append"]
    assert ask("repair", text=octets[:-4].hex(), how="append")["text"] == octets.hex(" ")


def test_table_i_under_the_ethertype_of_lldp_is_misread_at_its_first_tlv():
    text = ask("misread", octets=FULL.encode().hex())["text"]
    answer = paste(text)
    assert (answer["fault"]["field"], answer["fault"]["offset"]) == ("chassis_id", 14)
    assert [f["label"] for f in answer["fields"]][3:6] == ["Chassis ID", "Port ID", "Time to live"]


def test_a_link_local_destination_is_said_not_to_cross_bridges():
    assert paste(FULL.encode("lldp").hex())["crosses_bridges"] is True
    answer = edit(FULL, "destination", "01:80:c2:00:00:0e", "lldp")
    assert answer["crosses_bridges"] is False
    assert "no bridge forwards" in answer["fields"][0]["meaning"]


@pytest.mark.parametrize("name", ["first", "memory-buys", "fig10a", "fig7"])
def test_the_header_under_the_cursor_is_the_one_in_the_capture(name, tmp_path):
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


def test_time_in_memory_grows_with_the_cursor_up_to_the_dwell(run):
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


def test_a_frame_is_followed_until_it_is_done_and_then_the_newest_one(run):
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


def test_steps_lead_to_the_frame_before_and_after(run):
    middle = ask("follow", run, time=float(run.frames["sent_us"][4]), row=-1)
    assert middle["row"] == 4
    for which, row in (("previous", 3), ("next", 5)):
        assert ask("follow", run, time=middle[which], row=-1)["row"] == row


def test_a_page_without_a_run_shows_the_first_frame():
    answer = ask("follow", None, time=0.0)
    assert Frame.decode(bytes.fromhex(answer["octets"])).n_qubits == SCENARIO.source.n_qubits
    assert answer["next"] is None


def test_a_scenario_that_no_frame_can_hold_is_said_and_not_raised():
    answer = ask("follow", None, SCENARIO.replace(spacing_us=1e9, n_qubits=1000), time=0.0)
    assert answer["octets"] == ""
    assert "cannot be written" in answer["place"]


def test_dropped_and_retransmitted_frames_say_where_and_why():
    scenario = SCENARIO.replace(max_attempts=2, cutoff_us=60.0)
    run = qps.simulate(scenario, seed=1)
    places = {ask("follow", run, scenario, time=float(t), row=0)["place"] for t in range(0, 1000, 5)}
    assert any(place.startswith("dropped at Relay 2: stored too long") for place in places)
    titles = {ask("follow", run, scenario, time=float(t), row=0)["title"] for t in range(0, 1000, 5)}
    assert "Frame 1, attempt 2" in titles


def test_a_cut_payload_shows_the_qubits_that_are_left():
    frame = replace(FULL, payload_duration_us=30.0)
    layouts = paste(frame.encode().hex())["layouts"]
    assert (layouts["n_qubits"], layouts["n_kept"], layouts["duration"]) == (10, 6, 30.0)


def test_a_slower_line_makes_header_and_trailer_longer_and_nothing_else():
    slow, fast = (
        ask("paste", text=FULL.encode().hex(), rate=rate)["layouts"]["time"]["segments"]
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
def test_a_nonsense_question_is_refused_with_a_value_error_and_nothing_else(asked):
    try:
        question(SCENARIO, None, asked)
    except ValueError as error:
        assert str(error)


def test_every_kind_of_octet_has_a_look_of_its_own_beyond_colour():
    css = files("qpsviz.views").joinpath("css", "frame.css").read_text(encoding="utf-8")
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
    file, kind, content = exports.make("headers.pcap", scenario, run)
    assert (file, kind) == ("headers.pcap", "application/vnd.tcpdump.pcap")
    path = tmp_path / file
    path.write_bytes(content)
    assert sum(1 for _ in read_capture(path)) == 4 * len(run.legs)


def test_questions_about_frames_are_graded_by_the_frames_themselves():
    stored = FULL.stored(1.0)
    options = {
        "one": ("memory_time_us",),
        "two": ("memory_time_us", "fcs"),
        "three": ("source", "memory_time_us", "fcs"),
    }
    asked = ask_changed("Which?", FULL, stored, options)
    assert [asked.grade(words)[0] for words in options] == [False, True, False]
    asked = ask_octets("How long?", LEAST, dialect="lldp", hint="Count.")
    assert asked.grade(str(len(LEAST.encode("lldp")))) == (True, "Right: 67.")
    assert asked.grade("64")[1].endswith("Count.")
    asked = ask_stop("Where?", under_lldp(FULL), {"chassis": "chassis_id", "reads": ""})
    assert asked.grade("chassis")[0]
    assert ask_stop("Where?", FULL.encode(), {"chassis": "chassis_id", "reads": ""}).grade("reads")[0]
    with pytest.raises(ValueError, match="0 of the statements"):
        ask_changed("Which?", FULL, stored, {"none": ()})
