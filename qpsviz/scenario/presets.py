"""One named scenario per figure of the paper and per story."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from qpsviz.errors import ParameterError, nearest
from qpsviz.scenario.scenario import Scenario
from qpsviz.units.checks import in_short


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A named scenario, its one-line story and the curve that shows it best."""

    name: str
    title: str
    story: str
    scenario: Scenario
    curve: str


_FIG7 = {
    "layout": "sender", "discipline": "burst", "length_km": 100.0, "n_relays": 2, "processing_us": 0.5,
    "spacing_us": 5.0, "n_qubits": 10, "p_free": 0.5, "depol_per_km": 0.0, "guard_us": 0.0,
}  # fmt: skip
_FIG10 = {"layout": "split", "discipline": "store", "length_km": 200.0, "n_relays": 1, "p_free": 1.0}

_TABLE: tuple[tuple[str, str, str, str, dict[str, object]], ...] = (
    ("first", "First look", "Watch the guard time shrink by the processing time at every relay; a metro line.",
     "key_rate",
     {"layout": "sender", "discipline": "burst", "length_km": 60.0, "n_relays": 3, "processing_us": 20.0,
      "guard_us": 80.0, "p_free": 0.9, "depol_per_km": 0.002, "t1_us": 2000.0, "t2_us": 2000.0}),
    ("fig7", "Fig. 7 · QKD without memories",
     "BB84 over burst switches: every relay leaves a little less than half of the rate, none shortens the reach.",
     "key_rate", _FIG7),
    ("fig10a", "Fig. 10a · pair source in the middle",
     "Fidelity against distance for 0 to 3 relays on each arm.", "fidelity", _FIG10),
    ("fig10b", "Fig. 10b · source at the sender",
     "The same memories, but the kept half waits for the whole journey.", "fidelity",
     _FIG10 | {"layout": "sender", "length_km": 60.0}),
    ("fig11", "Fig. 11 · how good must memories be?",
     "Fidelity against T1 = T2 and distance, three relays per arm.", "map_length",
     _FIG10 | {"n_relays": 3, "length_km": 100.0, "t1_us": 1e4, "t2_us": 1e4}),
    ("fig12", "Fig. 12 · processing against memory",
     "No fibre noise; below 50 µs the frame's own length sets the dwell, not the processor.", "map_processing",
     _FIG10 | {"n_relays": 3, "length_km": 160.0, "depol_per_km": 0.0, "processing_us": 1.0,
               "t1_us": 2070.0, "t2_us": 2070.0}),
    ("fig13", "Fig. 13 · two layouts compared",
     "One half travels or both do: the two layouts with the same fibre and memories.", "fidelity",
     _FIG10 | {"layout": "sender", "length_km": 50.0}),
    ("metro-ring", "Metro ring",
     "Bursts between offices 8 km apart: the four switches lose 12 dB, the fibre 8 dB.", "key_rate",
     {"layout": "sender", "discipline": "burst", "length_km": 40.0, "n_relays": 4, "processing_us": 5.0,
      "guard_us": 25.0, "p_free": 0.8, "depol_per_km": 0.001, "insertion_loss_db": 3.0}),
    ("hollow-core", "Hollow core",
     "Faster light and less than half of the loss of glass: the kept half waits 28.5 % less.", "fidelity",
     {"layout": "sender", "discipline": "store", "length_km": 120.0, "n_relays": 2, "p_free": 1.0,
      "processing_us": 20.0, "speed_km_per_us": 0.2997, "loss_db_per_km": 0.091, "depol_per_km": 0.002,
      "t1_us": 5e3, "t2_us": 5e3}),
    ("shared-fibre", "Classical light beside it",
     "A milliwatt of classical light sent into every fibre: the key ends at 47 km, without it at 254.5 km.", "key_rate",
     _FIG7 | {"length_km": 40.0, "n_signals": 1}),
    ("memory-buys", "What the memory buys",
     "Each relay holds a frame for 50 µs: no guard time, no frame lost to a busy port, but an older pair.", "fidelity",
     {"layout": "sender", "discipline": "store", "length_km": 60.0, "n_relays": 3, "processing_us": 20.0,
      "p_free": 1.0, "depol_per_km": 0.002, "t1_us": 5e3, "t2_us": 5e3}),
    ("3-db-wall", "The 3 dB wall",
     "A wavelength-selective switch loses 5 to 7 dB; no one-way code bears more than 3 dB a hop.", "key_rate",
     {"layout": "sender", "discipline": "burst", "length_km": 60.0, "n_relays": 3, "processing_us": 5.0,
      "guard_us": 20.0, "p_free": 1.0, "depol_per_km": 0.0, "insertion_loss_db": 6.0}),
)  # fmt: skip


@cache
def all_presets() -> tuple[Preset, ...]:
    """Every preset, with its scenario built."""
    return tuple(
        Preset(name=name, title=title, story=story, curve=curve, scenario=Scenario().replace(**values))
        for name, title, story, curve, values in _TABLE
    )


def presets() -> dict[str, str]:
    """The names of all presets and their one-line stories.

    Examples
    --------
    >>> "fig10a" in presets()
    True
    """
    return {p.name: f"{p.title}: {p.story}" for p in all_presets()}


def preset(name: str) -> Scenario:
    """The scenario of a preset.

    Parameters
    ----------
    name : str
        One of :func:`presets`.

    Raises
    ------
    ParameterError
        If there is no such preset.

    Examples
    --------
    >>> preset("fig10a").path.layout
    'split'
    """
    for known in all_presets():
        if known.name == name:
            return known.scenario
    raise ParameterError("preset", f"unknown preset {name!r}{nearest(name, presets())}")


def scenario_of(value: Scenario | str) -> Scenario:
    """A scenario as it stands, or that of a preset's name.

    Raises
    ------
    ParameterError
        If it is neither; the message says what to write.
    """
    if isinstance(value, Scenario):
        return value
    if isinstance(value, str):
        return preset(value)
    hint = "write qps.Scenario(length_km=50.0) or the name of a preset such as 'fig7'"
    if isinstance(value, (list, tuple)):
        hint = "one at a time, or qps.sweep(scenario, name, n_relays=[0, 1, 2]) for a parameter's values"
    raise ParameterError("scenario", f"scenario = {in_short(value)} is no Scenario: {hint}")
