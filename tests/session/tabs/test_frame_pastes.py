"""Octets pasted into the Frame tab: read as any tool prints them, shown in full, refused where at fault, mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.frame import Frame
from qpsviz.frame.hex_text import MAX_CHARACTERS, HexError, read_hex
from qpsviz.session.tabs.frame.fields import KINDS

dialects = st.sampled_from(("paper", "lldp"))


def owners(answer):
    """How many fields own each octet."""
    count = [0] * (len(answer["octets"]) // 2)
    for field in answer["fields"]:
        for offset in range(field["offset"], field["offset"] + field["length"]):
            count[offset] += 1
    return count


@given(data=st.data(), dialect=dialects)
def test_every_octet_belongs_to_exactly_one_shown_field(paste, frames, data, dialect):
    frame = data.draw(frames)
    answer = paste(frame.encode(dialect).hex())
    assert answer["fault"] is None
    assert set(owners(answer)) == {1}
    assert {field["kind"] for field in answer["fields"]} <= set(KINDS)


@given(data=st.data(), dialect=dialects)
def test_a_pasted_frame_can_be_drawn_in_time_or_says_why_not(paste, frames, data, dialect):
    frame = data.draw(frames)
    layouts = paste(frame.encode(dialect).hex())["layouts"]
    if layouts["fault"] is not None:
        assert frame.payload_duration_us == 0
        return
    for plan in ("time", "wavelength"):
        lengths = {segment["name"]: segment["duration"] for segment in layouts[plan]["segments"]}
        assert lengths["payload"] == pytest.approx(frame.payload_duration_us)
        assert lengths["guard"] == (frame.guard_us or 0.0)


def lines(octets, one_line):
    """Sixteen octets a line, each line printed from its offset and its octets."""
    return "\n".join(one_line(i, octets[i : i + 16]) for i in range(0, len(octets), 16))


def pairs(octets):
    """Hexadecimal octets in groups of two."""
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
def test_every_tools_way_to_print_octets_is_read(paste, full_frame, style, dialect):
    octets = full_frame.encode(dialect)
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
def test_a_text_that_is_not_hex_is_refused_at_its_character(paste, text, at, octets, words):
    with pytest.raises(HexError) as caught:
        read_hex(text)
    assert caught.value.at == at
    assert caught.value.octets.hex() == octets
    assert words in str(caught.value)
    answer = paste(text)
    assert (answer["octets"], answer["fault"]["offset"]) == (octets, len(octets) // 2)


def check_refusal(answer):
    """No octet has two owners, and a fault is a sentence about an octet of the paste."""
    n_octets = len(answer["octets"]) // 2
    assert set(owners(answer)) <= {0, 1}
    if answer["fault"] is not None:
        assert answer["fault"]["message"].endswith(".")
        assert answer["fault"]["offset"] is None or 0 <= answer["fault"]["offset"] <= max(n_octets, answer["n_octets"])


@given(st.text(max_size=300) | st.text("0123456789abcdefx: \n\t", max_size=600))
def test_any_paste_is_answered(paste, text):
    check_refusal(paste(text))


@given(
    data=st.data(),
    dialect=dialects,
    start=st.integers(0, 200),
    drop=st.integers(0, 20),
    put=st.binary(max_size=20),
    sealed=st.booleans(),
)
def test_a_damaged_frame_is_answered_with_the_octet_at_fault(
    ask, paste, frames, data, dialect, start, drop, put, sealed
):
    frame = data.draw(frames)
    octets = frame.encode(dialect)
    damaged = octets[:start] + put + octets[start + drop :]
    if sealed and "append" in paste(damaged.hex()).get("repairs", []):
        damaged = bytes.fromhex(ask("repair", text=damaged.hex(), how="append")["text"])
    answer = paste(damaged.hex())
    check_refusal(answer)
    assert answer["octets"] == damaged.hex()
    assert (answer["fault"] is None) == _is_frame(damaged)


def _is_frame(octets):
    """Whether the octets are those of a valid frame."""
    try:
        Frame.decode(octets)
    except ValueError:
        return False
    return True


def test_a_huge_paste_is_refused_without_being_read(paste):
    answer = paste("00" * (MAX_CHARACTERS // 2 + 1))
    assert answer["octets"] == ""
    assert "at most 20000" in answer["fault"]["message"]
    most = paste("00" * (MAX_CHARACTERS // 2))
    assert len(most["octets"]) == 2 * 1518
    assert most["n_octets"] == MAX_CHARACTERS // 2


def test_a_flipped_bit_is_caught_by_the_check_sequence_and_can_be_mended(ask, paste, full_frame):
    octets = bytearray(full_frame.encode())
    octets[3] ^= 1
    answer = paste(octets.hex())
    assert answer["fault"]["field"] == "fcs"
    assert answer["fault"]["offset"] == len(octets) - 4
    assert answer["repairs"] == ["correct"]
    mended = ask("repair", text=octets.hex(), how="correct")["text"]
    assert Frame.decode(bytes.fromhex(mended)).destination == "02:00:00:01:00:02"


def test_a_capture_without_check_sequence_gets_one(ask, paste, full_frame):
    octets = full_frame.encode()
    answer = paste(octets[:-4].hex())
    assert answer["fault"] is not None
    assert answer["repairs"] == ["append"]
    assert ask("repair", text=octets[:-4].hex(), how="append")["text"] == octets.hex(" ")


def test_table_i_under_the_ethertype_of_lldp_is_misread_at_its_first_tlv(ask, paste, full_frame):
    text = ask("misread", octets=full_frame.encode().hex())["text"]
    answer = paste(text)
    assert (answer["fault"]["field"], answer["fault"]["offset"]) == ("chassis_id", 14)
    assert [f["label"] for f in answer["fields"]][3:6] == ["Chassis ID", "Port ID", "Time to live"]
