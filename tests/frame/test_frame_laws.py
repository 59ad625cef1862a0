"""Laws that every frame, and every string of octets, obeys."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.frame import Frame, FrameError, describe

dialects = st.sampled_from(("paper", "lldp"))


def with_fcs(body: bytes) -> bytes:
    """Octets whose frame check sequence is right."""
    return body + crc32(body).to_bytes(4, "little")


def decoded_or_refused(octets: bytes) -> Frame | None:
    """The frame, or None after a refusal that names field and octet; any other exception fails the test."""
    refusal = None
    try:
        return Frame.decode(octets)
    except FrameError as error:
        refusal = error
    assert refusal.field
    assert refusal.problem
    assert refusal.offset is not None
    assert 0 <= refusal.offset <= len(octets)
    return None


@given(data=st.data(), dialect=dialects)
def test_a_frame_survives_its_octets(frames, data, dialect):
    frame = data.draw(frames)
    assert Frame.decode(frame.encode(dialect)) == frame


@given(data=st.data(), dialect=dialects)
def test_frames_fit_ethernet_and_end_with_the_crc_of_the_rest(frames, data, dialect):
    octets = data.draw(frames).encode(dialect)
    assert 64 <= len(octets) <= 1518
    # A frame followed by its own CRC-32 always leaves the same residue.
    assert crc32(octets) == 0x2144DF1C


@given(data=st.data(), first=dialects, second=dialects)
def test_a_frame_loses_nothing_from_dialect_to_dialect(frames, data, first, second):
    frame = data.draw(frames)
    once = Frame.decode(frame.encode(first))
    assert once.encode(second) == frame.encode(second)


@given(data=st.data(), dialect=dialects)
def test_every_octet_belongs_to_exactly_one_field(frames, data, dialect):
    frame = data.draw(frames)
    octets = frame.encode(dialect)
    found = frame.fields(dialect)
    position = 0
    for field in found:
        assert field.offset == position
        assert field.length == len(field.octets) > 0
        position += field.length
    assert position == len(octets)
    assert b"".join(field.octets for field in found) == octets
    assert len({field.name for field in found}) == len(found)
    assert all(field.label and field.value and field.meaning for field in found)


@given(data=st.data(), dialect=dialects)
def test_every_stated_parameter_has_a_field_of_its_name(frames, data, dialect):
    frame = data.draw(frames)
    names = {field.name for field in frame.fields(dialect) if field.value != "not stated"}
    for declared in fields(Frame):
        value = getattr(frame, declared.name)
        if declared.name != "tlvs" and value is not None and value != math.inf:
            assert declared.name in names


@given(data=st.data(), dialect=dialects, position=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_no_damaged_octet_goes_unnoticed(frames, data, dialect, position, flip):
    octets = bytearray(data.draw(frames).encode(dialect))
    octets[int(position * len(octets))] ^= flip
    with pytest.raises(FrameError):
        Frame.decode(octets)


@given(data=st.data(), dialect=dialects, position=st.floats(0, 1, exclude_max=True))
def test_no_truncated_frame_is_accepted(frames, data, dialect, position):
    octets = data.draw(frames).encode(dialect)
    with pytest.raises(FrameError) as refusal:
        Frame.decode(octets[: int(position * len(octets))])
    assert refusal.value.offset is not None


@given(octets=st.binary(max_size=2000))
def test_any_octets_are_a_frame_or_a_frame_error(octets):
    decoded_or_refused(octets)


@given(
    head=st.sampled_from((b"\x02" * 12 + b"\x88\xb5", b"\x02" * 12 + b"\x88\xcc")),
    start=st.sampled_from(
        (b"", bytes.fromhex("0201000408" + "00" * 8), bytes.fromhex("0207040202020202020402057106020001fe0502514501"))
    ),
    rest=st.binary(max_size=200),
    zeros=st.integers(0, 60),
)
def test_whatever_passes_the_checksum_is_a_frame_or_a_frame_error(head, start, rest, zeros):
    octets = with_fcs(head + start + rest + b"\0" * zeros)
    frame = decoded_or_refused(octets)
    if frame is not None:
        accepted_frames_are_sound(frame, octets)


@given(
    data=st.data(),
    dialect=dialects,
    edits=st.lists(st.tuples(st.integers(12, 300), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_an_edited_frame_is_a_frame_or_a_frame_error(frames, data, dialect, edits):
    body = bytearray(data.draw(frames).encode(dialect)[:-4])
    for offset, value in edits:
        body[12 + offset % (len(body) - 12)] = value
    octets = with_fcs(bytes(body))
    frame = decoded_or_refused(octets)
    if frame is not None:
        accepted_frames_are_sound(frame, octets)


def accepted_frames_are_sound(frame: Frame, octets: bytes) -> None:
    """What decoding lets through passes the constructor, comes back equal, and can be described."""
    assert replace(frame) == frame
    dialect = "paper" if octets[12:14] == b"\x88\xb5" else "lldp"
    assert Frame.decode(frame.encode(dialect)) == frame
    assert b"".join(field.octets for field in describe(octets)) == octets


@given(data=st.data(), dwells=st.lists(st.integers(0, 10**9), max_size=5))
def test_relays_add_up_the_time_in_memory_and_change_nothing_else(frames, data, dwells):
    frame = replace(data.draw(frames), memory_time_us=None)
    stored = frame
    for dwell_us in dwells:
        stored = stored.stored(float(dwell_us % 10**6))
    total = sum(dwell_us % 10**6 for dwell_us in dwells)
    assert (stored.memory_time_us or 0.0) == total
    assert replace(stored, memory_time_us=None) == frame


@given(time_us=st.floats(0, 1e6))
def test_times_are_rounded_to_the_nearest_picosecond(time_us):
    ends = {"destination": "02:00:00:00:00:02", "source": "02:00:00:00:00:01"}
    frame = Frame(**ends, role="header", payload_duration_us=time_us)
    once = Frame.decode(frame.encode())
    assert abs(once.payload_duration_us - time_us) <= 0.51e-6
    assert once.encode() == frame.encode()
