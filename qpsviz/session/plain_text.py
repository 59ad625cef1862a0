"""Sentences of the package in the words of the page: labels for code names, units and numbers as people write them."""

from __future__ import annotations

import re
from functools import cache

from qpsviz.closed_form.outputs import outputs
from qpsviz.scenario import parameters
from qpsviz.units import quantity

#: What people call the values of choices.
CHOICE_TEXTS = {value: text for p in parameters() for value, text in zip(p.choices, p.choice_texts, strict=True)}
#: Names that a label would make too long in a sentence, and symbols of the paper.
_SHORT = {
    "t1_us": "T₁",
    "t2_us": "T₂",
    "T_P": "processing time",
    "T_Q": "payload duration",
    "p_L": "depolarising rate",
    "e_d": "misalignment",
    "km/us": "km/µs",
    "us": "µs",
    "eta": "η",
    "Y0": "Y₀",
    "inf": "∞",
}
_POWER = re.compile(r"(?<![\w.])[-−]?\d(?:\.\d+)?e[-+]?\d+\b")
_FACTOR = re.compile(r"(\d) (?=T_[PQ]\b)")


def plain(text: str) -> str:
    """A sentence without names of code.

    Parameters
    ----------
    text : str
        Any sentence of the package, such as an error.

    Returns
    -------
    str
        The same with labels for parameters, outputs and choices, and with units and powers of ten as people write them.

    Examples
    --------
    >>> plain("guard_us = 2e+09 must be 0 … 1e+09 us")
    'guard time = 2×10⁹ must be 0 … 10⁹ µs'
    """
    text = _POWER.sub(lambda m: quantity(float(m[0].replace("−", "-")), n_digits=6), _FACTOR.sub(r"\1 × ", text))
    return _code().sub(lambda m: _meanings()[m[0]], text.replace(" * ", "·"))


@cache
def _meanings() -> dict[str, str]:
    names = {declared.name: _inside(declared.label) for declared in parameters()}
    names |= {made.name: _inside(made.label) for made in outputs()}
    words = {value: text for value, text in CHOICE_TEXTS.items() if "_" in value or value == "t1t2"}
    return {**{name: label for name, label in names.items() if "_" in name}, **words, **_SHORT}


def _inside(label: str) -> str:
    """A label within a sentence: small, unless it starts with an abbreviation or a symbol."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label


@cache
def _code() -> re.Pattern[str]:
    names = sorted(_meanings(), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?![\w(])")
