"""Frames of every shape, for the laws and for the tools that must read them."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from qpsviz.frame import Frame, Tlv
from qpsviz.frame.codecs import Scaled, Text
from qpsviz.frame.fields import FIELDS, TAKEN, FrameField
from qpsviz.frame.numbers import OUI

stations = st.binary(min_size=6, max_size=6).map(lambda b: bytes((b[0] & 0xFE, *b[1:])).hex(":"))
groups = st.integers(0, 15).map(lambda last: f"01:80:c2:00:00:{last:02x}")
texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=16)

reserved_tlvs = st.builds(Tlv, type=st.integers(5, 126), value=st.binary(max_size=40))
custom_tlvs = st.builds(
    Tlv,
    type=st.just(127),
    value=st.binary(min_size=4, max_size=40).filter(lambda v: v[:3] != OUI or v[3] not in TAKEN),
)
lldp_tlvs = st.builds(Tlv, type=st.integers(4, 126), value=st.binary(max_size=40), dialect=st.just("lldp"))
name_values = st.binary(min_size=2, max_size=12).filter(lambda v: v[0] not in (4, 5))


@st.composite
def tlv_tuples(draw: st.DrawFn) -> tuple[Tlv, ...]:
    """TLVs that `Frame` has no field for, LLDP's singletons at most once and its mandatory ones first."""
    heads = []
    if draw(st.booleans()):
        heads.append(Tlv(type=1, value=draw(name_values), dialect="lldp"))
    if draw(st.booleans()):
        heads.append(Tlv(type=2, value=draw(name_values), dialect="lldp"))
    if draw(st.booleans()):
        heads.append(Tlv(type=3, value=bytes((draw(st.integers(1, 255)), 0)), dialect="lldp"))
    rest = draw(st.lists(st.one_of(reserved_tlvs, custom_tlvs, lldp_tlvs), max_size=6))
    once = []
    for tlv in rest:
        single = tlv.dialect == "lldp" and tlv.type <= 7
        if not single or all((t.dialect, t.type) != (tlv.dialect, tlv.type) for t in once):
            once.append(tlv)
    return (*heads, *once)


def values_of(row: FrameField) -> st.SearchStrategy:
    """Values of a field, on the grid of the wire so that a frame can come back equal, or "not stated"."""
    codec = row.codec
    if isinstance(codec, Text):
        values = texts
    elif isinstance(codec, Scaled):
        values = st.integers(codec.lo, codec.hi).map(lambda number: number / codec.n_per_unit)
    else:
        values = st.integers(codec.lo, codec.hi) if codec.kind is int else st.sampled_from(codec.names)
    return values if row.mandatory else st.just(row.absent) | values


any_frame = st.builds(
    Frame,
    destination=stations | groups,
    source=stations,
    tlvs=st.just(()) | tlv_tuples(),
    **{row.name: values_of(row) for row in FIELDS},
)


@pytest.fixture(scope="session")
def frames() -> st.SearchStrategy[Frame]:
    """Strategy for frames with any subset of fields and TLVs."""
    return any_frame
