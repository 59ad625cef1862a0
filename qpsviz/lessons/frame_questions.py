"""Questions about frames at the end of a lesson, graded by encoding and decoding them."""

from __future__ import annotations

from qpsviz.frame import Frame, FrameError, describe
from qpsviz.frame.numbers import Dialect
from qpsviz.lessons.questions import ChoiceQuestion, NumberQuestion
from qpsviz.session.tabs.frame.fields import changed_octets


def ask_octets(prompt: str, frame: Frame, *, dialect: Dialect = "paper", hint: str = "") -> NumberQuestion:
    """A question for the length of a frame.

    Parameters
    ----------
    prompt : str
        What is asked.
    frame : Frame
        The frame it is asked of.
    dialect : {"paper", "lldp"}
        How it is encoded.
    hint : str
        Said after a wrong answer.

    Returns
    -------
    NumberQuestion
        The widget; put it last in a cell.

    Raises
    ------
    FrameError
        If the frame is too long for Ethernet.
    """
    return NumberQuestion(prompt, right=len(frame.encode(dialect)), unit="1", tolerance=0.0, hint=hint)


def ask_changed(
    prompt: str, before: Frame, after: Frame, options: dict[str, tuple[str, ...]], *, hint: str = ""
) -> ChoiceQuestion:
    """A question for the fields in which two frames differ.

    Parameters
    ----------
    prompt : str
        What is asked.
    before, after : Frame
        Two frames.
    options : dict
        Statement to names of fields, as `Frame.fields` has them; the package decides which is right.
    hint : str
        Said after a wrong answer.

    Returns
    -------
    ChoiceQuestion
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If no statement, or more than one, is right.
    """
    octets = after.encode()
    changed = set(changed_octets(before.encode(), octets))
    names = {f.name for f in describe(octets) if changed & set(range(f.offset, f.offset + f.length))}
    return _choice(prompt, {words: set(fields) == names for words, fields in options.items()}, hint)


def ask_stop(prompt: str, octets: bytes, options: dict[str, str], *, hint: str = "") -> ChoiceQuestion:
    """A question for the field at which a reader refuses octets.

    Parameters
    ----------
    prompt : str
        What is asked.
    octets : bytes
        What is read.
    options : dict
        Statement to name of a field, as `FrameError.field` has it, or "" for "it reads them"; the package decides
        which is right.
    hint : str
        Said after a wrong answer.

    Returns
    -------
    ChoiceQuestion
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If no statement, or more than one, is right.
    """
    stopped = ""
    try:
        Frame.decode(octets)
    except FrameError as error:
        stopped = error.field
    return _choice(prompt, {words: field == stopped for words, field in options.items()}, hint)


def _choice(prompt: str, truths: dict[str, bool], hint: str) -> ChoiceQuestion:
    right = [words for words, is_right in truths.items() if is_right]
    if len(right) != 1:
        raise ValueError(f"{len(right)} of the statements are right; a question needs one")
    return ChoiceQuestion(prompt, options=list(truths), right=right[0], hint=hint)
