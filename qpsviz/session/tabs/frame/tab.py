"""The Frame tab: a header of the run in octets and in time, edited, pasted and told in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zlib import crc32

from qpsviz.frame import Frame, FrameError
from qpsviz.frame.hex_text import HexError, read_hex
from qpsviz.frame.numbers import MAX_OCTETS, Dialect
from qpsviz.scenario import Scenario
from qpsviz.session.tabs.frame.fields import (
    CHOICES,
    KINDS,
    SUGGESTIONS,
    absent_fields,
    change_text,
    changed_octets,
    dialect_of,
    edited,
    page_fields,
    partial_fields,
)
from qpsviz.session.tabs.frame.layouts import DEFAULT_RATE, RATES_HZ, layouts
from qpsviz.session.tabs.frame.misread import under_lldp
from qpsviz.session.tabs.frame.of_run import frame_at_time

if TYPE_CHECKING:
    from qpsviz.session.protocol.frame import (
        FrameChoices,
        FrameFault,
        FrameOctets,
        FramePlace,
        FrameReply,
        FrameText,
        RefusedEdit,
        RunFrame,
        UnwritableFrame,
        ValidFrame,
    )
    from qpsviz.sim import Run


def data(_scenario: Scenario, _run: Run | None) -> FrameChoices:
    """What the tab needs once: kinds of octets, values to pick from, line rates.

    Returns
    -------
    dict
        Names only; what is on screen comes from :func:`question`, since only the page knows its cursor.
    """
    return {
        "kinds": KINDS,
        "choices": CHOICES,
        "suggestions": SUGGESTIONS,
        "rates": list(RATES_HZ),
        "rate": DEFAULT_RATE,
    }


def question(scenario: Scenario, run: Run | None, asked: Mapping[str, object]) -> FrameReply:
    """Answer the tab.

    Parameters
    ----------
    scenario : Scenario
        The present state.
    run : Run or None
        The run on screen.
    asked : dict
        ``do`` is ``"follow"`` (the header under the cursor: ``time``, ``row``), ``"edit"`` (``octets``, ``name``,
        ``text``), ``"paste"`` (``text``), ``"repair"`` (``text``, ``how``) or ``"misread"`` (``octets``). With each:
        ``role``, ``dialect`` (follow), ``rate``, and ``known``, the octets on screen.

    Returns
    -------
    dict
        Octets, fields and layouts, or ``fault`` with field, offset and message.

    Raises
    ------
    ValueError
        If this is no question of the tab.
    """
    answer = _ANSWERS.get(str(asked.get("do")))
    if answer is None:
        raise ValueError(f"the frame tab has no answer to {asked.get('do')!r}")
    return answer(scenario, run, asked)


def _follow(scenario: Scenario, run: Run | None, asked: Mapping[str, object]) -> RunFrame | UnwritableFrame:
    time_us, row = _number(asked, "time"), int(_number(asked, "row", -1))
    dialect: Dialect = "lldp" if asked.get("dialect") == "lldp" else "paper"
    try:
        seen = frame_at_time(scenario, run, time_us, row)
        frame = replace(seen.frame, role="trailer" if asked.get("role") == "trailer" else "header")
        answer = shown(frame, dialect, asked)
    except FrameError as error:
        message = f"This frame cannot be written: {error.problem}."
        nowhere: FramePlace = {"row": row, "title": "No frame", "place": message, "previous": None, "next": None}
        return {**_refused(b"", _fault(message, field=error.field)), **nowhere}
    return {
        **answer,
        "row": seen.row,
        "title": seen.title,
        "place": seen.place,
        "previous": seen.previous_us,
        "next": seen.next_us,
    }


def _edit(_scenario: Scenario, _run: Run | None, asked: Mapping[str, object]) -> ValidFrame | RefusedEdit:
    name, text = str(asked.get("name")), str(asked.get("text"))
    octets = _octets(asked.get("octets"))
    frame, dialect = Frame.decode(octets), dialect_of(octets)
    try:
        if name == "dialect":
            dialect = "lldp" if text == "lldp" else "paper"
        else:
            frame = edited(frame, name, text)
        return shown(frame, dialect, {**asked, "known": octets.hex()})
    except FrameError as error:
        return {"fault": _fault(_sentence(error.problem), field=error.field)}


def _paste(_scenario: Scenario, _run: Run | None, asked: Mapping[str, object]) -> ValidFrame | FrameOctets:
    text = str(asked.get("text"))
    try:
        octets = read_hex(text)
    except HexError as error:
        fault = _fault(_sentence(error.problem), offset=len(error.octets), at=error.at)
        return _refused(error.octets, fault)
    if not octets:
        return _refused(b"", _fault("Nothing to read yet."))
    return _read(octets, asked)


def _read(octets: bytes, asked: Mapping[str, object]) -> ValidFrame | FrameOctets:
    try:
        frame = Frame.decode(octets)
    except FrameError as error:
        message = f"Octet {error.offset}, {error.field}: {error.problem}."
        return _refused(octets, _fault(message, field=error.field, offset=error.offset))
    return shown(frame, dialect_of(octets), asked, octets=octets)


def _fault(message: str, *, field: str = "", offset: int | None = None, at: int | None = None) -> FrameFault:
    return {"field": field, "offset": offset, "at": at, "message": message}


def _refused(octets: bytes, fault: FrameFault) -> FrameOctets:
    """What was pasted, how far it could be read, and what would mend it."""
    mended = _mended(octets) if fault["field"] and octets else {}
    n_octets, octets = len(octets), octets[:MAX_OCTETS]
    if fault["field"] == "fcs" and "correct" in mended:
        fields = page_fields(mended["correct"])[:-1]
    else:
        fields = partial_fields(octets)
    return {
        "octets": octets.hex(),
        "n_octets": n_octets,
        "fields": fields,
        "fault": fault,
        "repairs": list(mended),
    }


def _mended(octets: bytes) -> dict[str, bytes]:
    """Readings that a new check sequence makes valid: captures often come without one."""
    mended = {}
    for how, body in (("correct", octets[:-4]), ("append", octets)):
        sealed = body + crc32(body).to_bytes(4, "little")
        try:
            Frame.decode(sealed)
        except FrameError:
            continue
        mended[how] = sealed
    return mended


def _repair(_scenario: Scenario, _run: Run | None, asked: Mapping[str, object]) -> FrameText:
    mended = _mended(read_hex(str(asked.get("text"))))
    octets = mended.get(str(asked.get("how")))
    if octets is None:
        raise ValueError("these octets cannot be mended by a new check sequence")
    return {"text": octets.hex(" ")}


def _misread(_scenario: Scenario, _run: Run | None, asked: Mapping[str, object]) -> FrameText:
    """Table I as it stands, under LLDP's EtherType: what an ordinary LLDP reader meets."""
    return {"text": under_lldp(Frame.decode(_octets(asked.get("octets")))).hex(" ")}


def shown(frame: Frame, dialect: Dialect, asked: Mapping[str, object], *, octets: bytes | None = None) -> ValidFrame:
    """A valid frame as the page draws it.

    Parameters
    ----------
    frame : Frame
        The frame.
    dialect : {"paper", "lldp"}
        How it is encoded.
    asked : dict
        ``rate`` and ``known``, as in :func:`question`.
    octets : bytes, optional
        The octets, where they are given rather than encoded.

    Returns
    -------
    dict
        Octets, fields, absent fields, layouts in time, octets that changed, and that in words.

    Raises
    ------
    FrameError
        If the frame gets too long for Ethernet.
    """
    octets = frame.encode(dialect) if octets is None else octets
    if asked.get("known") == octets.hex():
        changed: list[int] = []
    else:
        changed = _changed(asked.get("known"), octets)
    return {
        "octets": octets.hex(),
        "n_octets": len(octets),
        "role": frame.role,
        "dialect": dialect,
        "fields": page_fields(octets),
        "absent": absent_fields(frame),
        "fault": None,
        "repairs": [],
        "changed": changed,
        "change": change_text(octets, changed),
        "crosses_bridges": frame.crosses_bridges,
        "layouts": layouts(frame, dialect, RATES_HZ.get(str(asked.get("rate")), RATES_HZ[DEFAULT_RATE])),
    }


def _changed(known: object, octets: bytes) -> list[int]:
    try:
        return changed_octets(_octets(known), octets)
    except ValueError:
        return []


def _number(asked: Mapping[str, object], name: str, default: float = 0.0) -> float:
    value = asked.get(name, default)
    if not isinstance(value, (int, float)) or not -1e15 < value < 1e15:
        raise ValueError(f"{name} = {value!r} is not a number")
    return float(value)


def _octets(text: object) -> bytes:
    """Octets as the page holds them."""
    if not isinstance(text, str) or len(text) > 2 * MAX_OCTETS:
        raise ValueError("octets are not the hex digits of one frame")
    return bytes.fromhex(text)


def _sentence(words: str) -> str:
    text = words[:1].upper() + words[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


_ANSWERS: Final[dict[str, Callable[[Scenario, Run | None, Mapping[str, object]], FrameReply]]] = {
    "follow": _follow,
    "edit": _edit,
    "paste": _paste,
    "repair": _repair,
    "misread": _misread,
}
