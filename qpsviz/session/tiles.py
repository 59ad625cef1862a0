"""The read-out tiles: which number, where it comes from, how it is written."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, NotRequired, TypedDict

from qpsviz.closed_form.outputs import output
from qpsviz.closed_form.sweep import evaluate
from qpsviz.scenario import Scenario
from qpsviz.session.requests import sentence
from qpsviz.session.waits import Waits
from qpsviz.sim.results.summary import Summary
from qpsviz.units import bits_text, long_time_text, percent, quantity

if TYPE_CHECKING:
    from qpsviz.session.protocol.spec import TileSpec
    from qpsviz.session.protocol.values import Tile

#: name, how it is made, what a tip says beyond the output's own source
TILES: tuple[tuple[str, str, str], ...] = (
    (
        "key_rate",
        "exact",
        "Secret bits per second of a session, set-up and all attempts counted; per pulse slot: Eq. 1.",
    ),
    ("reach_km", "exact", "Length at which Eq. 1 falls to 0."),
    ("qber_z", "exact", "Wrong bits in the key basis. Assumption: dark counts are random bits."),
    ("fidelity", "exact", "Overlap of an arrived pair with Φ⁺: Eq. 3, squared form."),
    (
        "retention",
        "exact",
        "Share of channel time whose payload an attempt delivers: Eq. 2.",
    ),
    (
        "delivered",
        "sim",
        "Share of frames delivered in the run on screen, in any attempt, with its 95 % interval.",
    ),
    ("delay_us", "exact", "From a qubit's emission to its arrival: flight and dwell."),
    (
        "key_rate_finite",
        "exact",
        "Secret bits of one block of weak coherent pulses with two decoys, and the time to send it: Lim et al. (2014).",
    ),
)
#: tiles that are written after the curves: with the run, or when the controls rest
_LATER = ("delivered", "key_rate_finite")
#: labels of what is no output, and of what has its symbol in a tip
_LABELS = {"delivered": "Delivered", "fidelity": "Fidelity", "key_rate_finite": "Finite key"}
#: every output that a tile or its note writes
_SHOWN = (
    "key_rate", "key_rate_hz", "reach_km", "loss_db", "qber_z", "qber_x", "secret_share", "fidelity", "fidelity_root",
    "concurrence", "retention", "retention_per_frame", "attempts", "payload_kept", "delay_us", "dwell_us",
)  # fmt: skip


def tile_specs(*, has_run: bool = True) -> list[TileSpec]:
    """Tiles as the page draws them once; without a run there is none of a run."""
    return [
        {"name": name, "label": _LABELS.get(name) or output(name).short, "how": how, "source": source}
        for name, how, source in TILES
        if has_run or name not in _LATER
    ]


class _Written(TypedDict):
    """A number as a tile writes it."""

    text: str
    unit: str
    how: NotRequired[str]
    tip: NotRequired[str]


def _split(text: str) -> _Written:
    number, _, unit = text.partition(" ")
    return {"text": number, "unit": unit}


def _share(value: float) -> _Written:
    return _split(percent(value))


def closed_form_tiles(scenario: Scenario) -> dict[str, Tile]:
    """Values of the tiles that an equation gives.

    Parameters
    ----------
    scenario : Scenario
        The present state.

    Returns
    -------
    dict
        Tile name to text, unit, note and whether the value means that nothing works.
    """
    of, waits = SimpleNamespace(**{name: evaluate(scenario, name) for name in _SHOWN}), Waits.of(scenario)
    tiles = _tiles(scenario, of, waits)
    for name, tile in tiles.items():
        waits.tell(name, tile)
    return tiles


def _tiles(scenario: Scenario, of: SimpleNamespace, waits: Waits) -> dict[str, Tile]:
    return {
        "key_rate": {
            **_split(quantity(of.key_rate_hz, "Hz").replace("Hz", "bit/s")),
            "note": f"{quantity(of.key_rate)} bit/pulse",
            "bad": of.key_rate == 0,
        },
        "reach_km": {
            **_split(quantity(of.reach_km, "km", n_digits=4)),
            "note": "no key anywhere" if of.reach_km == 0 else f"loss now {quantity(of.loss_db, 'dB')}",
            "bad": of.reach_km == 0,
        },
        "qber_z": {
            **_share(of.qber_z),
            "note": f"in X {percent(of.qber_x)}",
            "bad": of.secret_share <= 0,
        },
        "fidelity": {
            "text": f"{of.fidelity:.4f}",
            "unit": "",
            "note": _fidelity_note(of),
            "bad": of.concurrence == 0,
        },
        "retention": {
            **_share(of.retention),
            "note": "no port is ever free" if waits.are_endless else _retention_note(scenario, of),
            "bad": of.retention == 0,
        },
        "delay_us": {
            **_split(quantity(of.delay_us, "us")),
            "note": f"stored {quantity(of.dwell_us, 'us')}{waits.stored_text}" if of.dwell_us else "never stored",
            "bad": False,
        },
    }


def _fidelity_note(of: SimpleNamespace) -> str:
    return f"√F {of.fidelity_root:.4f}" if of.fidelity > 0.5 else f"concurrence {of.concurrence:.3f}"


def _retention_note(scenario: Scenario, of: SimpleNamespace) -> str:
    """What is left of a payload: by the one attempt, or by all of them."""
    if scenario.switch.max_attempts == 1:
        return f"{percent(of.payload_kept)} of a payload"
    return f"{percent(of.retention_per_frame)} in {of.attempts:.3g} attempt{'' if of.attempts == 1 else 's'}"


def finite_key_tile(scenario: Scenario) -> Tile:
    """The tile of a finite key, which takes a search for the best settings.

    Parameters
    ----------
    scenario : Scenario
        The present state.

    Returns
    -------
    dict
        Text, unit, note and whether the value means that nothing works.
    """
    of = evaluate(scenario, ("key_rate_finite", "first_key_us", "key_rate_decoy"))
    bits = of["key_rate_finite"] * scenario.detector.n_block_pulses
    none = "block too short" if of["key_rate_decoy"] > 0 else "of no block"
    return {
        **_split(bits_text(bits)),
        "note": f"after {long_time_text(of['first_key_us'])}" if bits > 0 else none,
        "bad": bits == 0,
    }


def settled_tiles(scenario: Scenario) -> dict[str, Tile]:
    """Values of the tiles that take a search, and so wait until the controls rest.

    Parameters
    ----------
    scenario : Scenario
        The present state.

    Returns
    -------
    dict
        Tile name to text, unit, note and whether the value means that nothing works.
    """
    try:
        tile = finite_key_tile(scenario)
        Waits.of(scenario).tell("key_rate_finite", tile)
        return {"key_rate_finite": tile}
    except Exception as problem:  # the tile says so, and the rest of the page goes on
        return {"key_rate_finite": {"text": "–", "unit": "", "note": sentence(problem), "bad": True}}


def delivered_tile(summary: Summary) -> Tile:
    """The tile of a run: share of frames delivered, with its interval.

    Parameters
    ----------
    summary : dict
        ``Run.summary()``.

    Returns
    -------
    dict
        Text, unit, note and whether the value means that nothing works.
    """
    share, low, high = summary["delivered_share"], summary["delivered_low"], summary["delivered_high"]
    within = "too few for an interval" if math.isnan(low) else f"{100 * low:.0f}–{100 * high:.0f} %"
    note = f"{summary['delivered']}/{summary['offered']} · {within}"
    return {**_share(0.0 if math.isnan(share) else share), "note": note, "bad": share == 0}
