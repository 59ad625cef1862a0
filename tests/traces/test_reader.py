"""Traces in both dialects are read as they are meant, and what is wrong with one is said with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpsviz.traces import Dialect, TraceError, load
from qpsviz.traces import reader as reading
from qpsviz.traces.model import Bit, Channel, Colouring, Entangling, Measurement, Move, Node, Note, Packet, Removal
from qpsviz.traces.reader import parse

NETWORK: list[dict[str, Any]] = [
    {"type": "createNode", "t_ns": 0, "label": "Ann", "x": 10, "y": 50},
    {"type": "createNode", "t_ns": 0, "label": "Ben", "x": 90.5, "y": 50},
    {"type": "createChannel", "t_ns": 0, "from": "Ann", "to": "Ben", "kind": "quantum"},
]
VIZ = [
    *NETWORK,
    {"type": "createQubit", "t_ns": 100, "label": "p", "node": "Ann"},
    {"type": "createQubit", "t_ns": 100, "label": "q", "node": "Ann"},
    {"type": "entangle", "t_ns": 400, "bits": ["p", "q"], "duration_ns": 300},
    {"type": "sendQubit", "t0_ns": 500, "t1_ns": 900, "bit": "q", "from": "Ann", "to": "Ben"},
    {"type": "sendPacket", "t0_ns": 500, "t1_ns": 900, "from": "Ann", "to": "Ben", "label": "go", "protocol": "udp"},
    {"type": "createCbit", "t_ns": 900, "label": "m", "node": "Ben"},
    {"type": "graphMeasure", "t_ns": 950, "bit": "q", "base": "x", "supportNode": "p"},
    {"type": "sendCbit", "t0_ns": 950, "t1_ns": 1350, "bit": "m", "from": "Ben", "to": "Ann"},
    {"type": "removeCbit", "t_ns": 1350, "bit": "m"},
    {"type": "removeQubit", "t_ns": 1400, "bit": "p", "reason": "discarded"},
    {"type": "traceText", "t_ns": 1400, "text": "over", "node": "Ben"},
]
SIM = [
    *NETWORK,
    {"type": "createBit", "t_ns": 100, "label": "p", "node": "Ann", "kind": "quantum", "color": "#112233"},
    {"type": "createBit", "t_ns": 100, "label": "m", "node": "Ben", "kind": "classical", "color": "red"},
    {"type": "setBitColor", "t_ns": 200, "bit": "p", "color": "#445566"},
    {"type": "sendBit", "t0_ns": 500, "t1_ns": 900, "bit": "p", "from": "Ann", "to": "Ben", "kind": "quantum"},
    {"type": "measure", "t_ns": 900, "bit": "p", "base": "X"},
    {"type": "removeBit", "t_ns": 900, "bit": "p"},
    {"type": "traceText", "t_ns": 900, "text": "over"},
]


def lines(objects: list[Any]) -> str:
    """One object a line."""
    return "\n".join(map(json.dumps, objects))


def test_the_words_of_q2nsviz_are_read() -> None:
    trace = parse(lines(VIZ))
    assert trace.dialect is Dialect.Q2NSVIZ
    assert trace.nodes == (Node(name="Ann", left=10.0, down=50.0), Node(name="Ben", left=90.5, down=50.0))
    assert trace.channels == (Channel(source=0, destination=1),)
    assert trace.events == (
        Bit(time_ns=100, bit=0, name="p", node=0),
        Bit(time_ns=100, bit=1, name="q", node=0),
        Entangling(time_ns=400, bits=(0, 1), duration_ns=300),
        Move(time_ns=500, in_ns=900, bit=1, source=0, destination=1),
        Packet(time_ns=500, in_ns=900, source=0, destination=1, label="go", protocol="udp"),
        Bit(time_ns=900, bit=2, name="m", node=1, is_quantum=False),
        Measurement(time_ns=950, bit=1, base="X", of_graph=True, support=0),
        Move(time_ns=950, in_ns=1350, bit=2, source=1, destination=0),
        Removal(time_ns=1350, bit=2),
        Removal(time_ns=1400, bit=0, reason="discarded"),
        Note(time_ns=1400, text="over", node=1),
    )
    assert trace.end_ns == 1400


def test_the_words_of_q2ns_are_read() -> None:
    trace = parse(lines(SIM))
    assert trace.dialect is Dialect.Q2NS
    assert trace.events == (
        Bit(time_ns=100, bit=0, name="p", node=0, color="#112233"),
        Bit(time_ns=100, bit=1, name="m", node=1, is_quantum=False, color="red"),
        Colouring(time_ns=200, bit=0, color="#445566"),
        Move(time_ns=500, in_ns=900, bit=0, source=0, destination=1),
        Measurement(time_ns=900, bit=0, base="X"),
        Removal(time_ns=900, bit=0),
        Note(time_ns=900, text="over"),
    )


@pytest.mark.parametrize("objects", [VIZ, SIM])
def test_an_array_and_lines_say_the_same(objects: list[Any], tmp_path: Path) -> None:
    plain = parse(lines(objects))
    for text in (json.dumps(objects), json.dumps(objects, indent=2), "\r\n\r\n".join(map(json.dumps, objects)) + "\n"):
        assert parse(text) == plain
    file = tmp_path / "a trace"
    file.write_text("\ufeff" + lines(objects), encoding="utf-8")
    assert load(file) == plain


def test_what_is_not_said_is_not_made_up() -> None:
    trace = parse(lines([{"type": "createNode", "label": "A", "x": 5}, {"type": "traceText", "t_ns": 0, "text": ""}]))
    assert trace.nodes == (Node(name="A"),)  # half a place is none
    assert trace.channels == trace.bits == ()
    assert trace.events == (Note(time_ns=0, text=""),)


def test_types_that_nobody_knows_are_left_out_and_told() -> None:
    more = [*VIZ, {"type": "setZoom", "level": 3}, {"type": "applyGate", "t_ns": 1}, {"type": "setZoom"}]
    trace = parse(lines(more))
    assert trace.left_out == ("setZoom", "applyGate")
    assert trace.events == parse(lines(VIZ)).events


def test_a_name_that_is_used_again_is_another_bit() -> None:
    again = {"type": "createQubit", "t_ns": 1500, "label": "p", "node": "Ben"}
    trace = parse(lines([*VIZ, again, {"type": "removeQubit", "t_ns": 1600, "bit": "p"}]))
    assert [(b.name, b.node) for b in trace.bits] == [("p", 0), ("q", 0), ("m", 1), ("p", 1)]
    assert trace.events[-1] == Removal(time_ns=1600, bit=3)


def test_nodes_and_channels_may_come_late_with_time_zero() -> None:
    late = [
        {"type": "createNode", "t_ns": 0, "label": "Cleo"},
        {"type": "createChannel", "t_ns": 0, "from": "Cleo", "to": "Ann"},
    ]
    assert len(parse(lines([*VIZ, *late])).nodes) == 3


def test_a_drawn_channel_of_q2ns_is_a_quantum_one() -> None:
    channel = {"type": "createChannel", "from": "Ann", "to": "Ben", "kind": "custom"}
    assert parse(lines([*NETWORK, channel])).channels[-1].kind == "quantum"


MOVE = {"type": "sendQubit", "t0_ns": 1500, "t1_ns": 1600, "bit": "p", "from": "Ann", "to": "Ben"}
MIXED = "removeBit is a word of Q2NS, but line 4 has createQubit, a word of Q2NSViz"
TEXT = {"type": "traceText", "text": "x"}
BAD: dict[str, tuple[Any, str]] = {
    "no JSON": ("{type: 1}", "not JSON: "),
    "no object": ([1], "not a JSON object"),
    "no type": ({"t_ns": 5}, "an object without a type"),
    "unknown node": ({**MOVE, "to": "Zoe"}, "to = 'Zoe' is no node so far"),
    "unknown bit": ({**MOVE, "bit": "z"}, "'z' is no bit so far"),
    "time goes back": ({**TEXT, "t_ns": 3}, "traceText at 3 ns comes behind a line of 1400"),
    "arrives before it leaves": ({**MOVE, "t1_ns": 1499}, "sendQubit arrives at 1499 ns, before it leaves"),
    "negative": ({**TEXT, "t_ns": -1}, "t_ns = -1 must be a whole number"),
    "fraction": ({**MOVE, "t1_ns": 1600.5}, "t1_ns = 1600.5 must be a whole number"),
    "word": ({**MOVE, "t1_ns": "soon"}, "t1_ns = 'soon' must be a whole number"),
    "true": ({**MOVE, "t1_ns": True}, "t1_ns = True must be a whole number"),
    "too late": ({**MOVE, "t1_ns": 2**53 + 2}, "t1_ns = 9007199254740994 must be a whole number"),
    "not a number": ('{"type": "traceText", "t_ns": NaN, "text": "x"}', "not JSON: NaN, which is no number of JSON"),
    "infinite": ('{"type": "traceText", "t_ns": Infinity, "text": "x"}', "not JSON: Infinity, which is no number"),
    "overflow": ('{"type": "traceText", "t_ns": 1e999, "text": "x"}', "t_ns = inf must be a whole number"),
    "missing field": ({"type": "sendQubit", "t0_ns": 1, "bit": "p"}, "sendQubit has no t1_ns and no from and no to"),
    "two nodes of a name": ({"type": "createNode", "label": "Ann"}, "there is a node 'Ann' already"),
    "no name": ({"type": "createNode", "label": ""}, "label is empty"),
    "name is no text": ({"type": "createNode", "label": 7}, "label = 7 must be a text"),
    "long name": ({"type": "createNode", "label": "n" * 1001}, "label has 1001 letters, more than 1000"),
    "place is no number": ({"type": "createNode", "label": "C", "x": "left", "y": 2}, "x = 'left' must be a number"),
    "place beyond every float": ({"type": "createNode", "label": "C", "x": 10**400, "y": 2}, "x = 1000.* must be"),
    "long unknown bit": ({"type": "entangle", "t_ns": 1400, "bits": ["p", "z" * 5000]}, "'zzz.* is no bit so far"),
    "one bit is no pair": ({"type": "entangle", "t_ns": 1400, "bits": ["p"]}, "bits = .* two or more different"),
    "a bit with itself": ({"type": "entangle", "t_ns": 1400, "bits": ["p", "p"]}, "bits = .* two or more different"),
    "bits is no list": ({"type": "entangle", "t_ns": 1400, "bits": "pq"}, "bits = 'pq' must be a list of texts"),
    "two dialects": ({"type": "removeBit", "t_ns": 1400, "bit": "p"}, MIXED),
    "deep": ("[" * 100_000, "not JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("bad", "words"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_said_once_with_file_line_and_reason(bad: Any, words: str, tmp_path: Path) -> None:
    file = tmp_path / "trace.json"
    file.write_text(lines(VIZ) + "\n" + (bad if isinstance(bad, str) else json.dumps(bad)), encoding="utf-8")
    with pytest.raises(TraceError, match=rf"^trace\.json: line 15: {words}") as caught:
        load(file)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_entries_of_an_array_are_counted_from_one() -> None:
    with pytest.raises(TraceError, match=r"^entry 4: traceText has no text$"):
        parse(json.dumps([*NETWORK, {"type": "traceText", "t_ns": 4}]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a trace: no line"),
        (" \n\n", "not a trace: no line"),
        ("[]", "not a trace: no createNode"),
        ("[1", "not JSON"),
        ('{"type": "traceText", "t_ns": 1, "text": "x"}', "no createNode"),
        ('{"events": []}', "line 1: an object without a type"),
        ("Q2NS", "line 1: not JSON"),
    ],
)
def test_what_is_no_trace_is_refused(text: str, words: str) -> None:
    with pytest.raises(TraceError, match=words):
        parse(text)


def test_a_file_with_too_many_lines_or_octets_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = lines(NETWORK) + '\n{"type":"traceText","t_ns":0,"text":""}' * reading.MOST_LINES
    with pytest.raises(TraceError, match=r"100003 lines, more than the 100000 that are read"):
        parse(many)
    with pytest.raises(TraceError, match=r"100001 entries, more than the 100000 that are read"):
        parse("[" + ",".join(["{}"] * 100_001) + "]")
    monkeypatch.setattr(reading, "MOST_OCTETS", 1000)
    (tmp_path / "huge.json").write_text(lines(VIZ))
    with pytest.raises(TraceError, match=r"^huge\.json: larger than 1000 octets"):
        load(tmp_path / "huge.json")


def test_a_file_that_is_no_text_or_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(TraceError, match=r"^x\.json: not text"):
        load(tmp_path / "x.json")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.json")


@given(st.integers(min_value=0, max_value=len(lines(VIZ)) - 1), st.characters(codec="utf-8"))
def test_a_damaged_trace_is_read_or_refused_in_one_sentence(place: int, letter: str) -> None:
    text = lines(VIZ)
    try:
        parse(text[:place] + letter + text[place + 1 :])
    except TraceError as error:
        assert len(str(error)) < 2000
