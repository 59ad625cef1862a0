"""How a claim about a link of entangled pairs is measured: :class:`qpsviz.protocols.bbm92.PairLink` at one window."""

from __future__ import annotations

from qpsviz.errors import nearest
from qpsviz.paper.claims import Case, Claim, Reading, parameters_of
from qpsviz.protocols.bbm92 import PairLink
from qpsviz.units import quantity

READINGS: dict[str, dict[str, str]] = {
    "dark_counts_are": {"of a side": "dark counts of a whole side", "of a detector": "dark counts of each detector"},
    "window_is": {"whole": "window from end to end", "half": "window to either side"},
}
"""What a list of parameters of such a link leaves open, each with its readings as people read them."""
REQUIRED = {"output", "set"}
OPTIONAL = {"cases", "measure", "axis"}
WORDS = {"measure": ("value", "largest_at")}
WINDOW = "window_us"
OUTPUTS = {
    "raw_hz": ("Raw key", "bit/s", 1.0),
    "qber": ("Error rate", "%", 100.0),
    "key_hz": ("Secret key", "bit/s", 1.0),
}
"""What can be looked at, each a method of :class:`PairLink`: label, unit, and how many of these are 1 of its own."""
PARAMETERS = {
    "pair_hz": ("pairs", "Hz"),
    "loss_a_db": ("loss to the first side", "dB"),
    "loss_b_db": ("loss to the second side", "dB"),
    "eta_detector": ("detector efficiency", "1"),
    "dark_a_hz": ("dark counts of the first side", "Hz"),
    "dark_b_hz": ("dark counts of the second side", "Hz"),
    "dead_us": ("dead time", "us"),
    "n_detectors": ("detectors of a side", "1"),
    "p_wrong": ("optical error", "1"),
    "jitter_us": ("timing jitter", "us"),
    "ec_inefficiency": ("reconciliation inefficiency", "1"),
    WINDOW: ("window", "us"),
}
"""What a link is set by, as people read it, with units: the fields of :class:`PairLink`, and the window."""


def measured_unit(claim: Claim) -> str:
    """Unit of the number that a claim is about.

    Raises
    ------
    ValueError
        If there is no such output.
    """
    name = claim["output"]
    if name not in OUTPUTS:
        raise ValueError(f"unknown output {name!r}; outputs of a link are {', '.join(OUTPUTS)}{nearest(name, OUTPUTS)}")
    if claim.get("measure") == "largest_at":
        return PARAMETERS[next(iter(claim["axis"]))][1]
    return OUTPUTS[name][1]


def label(name: str) -> str:
    """An output as people read it."""
    return OUTPUTS[name][0]


def parameter_text(name: str, value: object) -> str:
    """A parameter with its value as people read it.

    Examples
    --------
    >>> parameter_text("window_us", 4.5469e-3)
    'window 4.55 ns'
    """
    words, unit = PARAMETERS[name]
    return f"{words} {quantity(float(str(value)), unit)}"


def measure(claim: Claim, reading: Reading, case: Case) -> float:
    """The number that a claim is about, in one case under one reading.

    Raises
    ------
    ValueError
        If the claim asks for an unknown output or parameter, leaves one out, or gives a value that no link has.
    """
    measured_unit(claim)  # refuses an unknown output
    changes = claim["set"] | parameters_of(case)
    if claim.get("measure") != "largest_at":
        return _one(claim, changes, reading)
    ((name, values),) = claim["axis"].items()
    return max(values, key=lambda value: _one(claim, changes | {name: value}, reading))


def _one(claim: Claim, changes: dict[str, object], reading: Reading) -> float:
    values = {name: _amount(claim, name, value) for name, value in changes.items()}
    if wrong := sorted(values.keys() ^ PARAMETERS.keys()):
        raise ValueError(f"claim {claim['id']!r}: a link has {', '.join(PARAMETERS)}; missing or unknown: {wrong}")
    window_us = values.pop(WINDOW) * (2 if reading.get("window_is") == "half" else 1)
    if reading.get("dark_counts_are") == "of a detector":
        values |= {name: values[name] * values["n_detectors"] for name in ("dark_a_hz", "dark_b_hz")}
    name = claim["output"]
    return float(getattr(PairLink(**values), name)(window_us)) * OUTPUTS[name][2]


def _amount(claim: Claim, name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"claim {claim['id']!r}: {name} = {value!r} is not a number")
    return float(value)
