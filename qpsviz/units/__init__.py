"""Units, the digits of numbers, and when two times are equal."""

from qpsviz.units.conversion import (
    SPEED_IN_FIBRE_KM_PER_US,
    SPEED_IN_VACUUM_KM_PER_US,
    Array,
    ArrayLike,
    Column,
    Mask,
    db_from_eta,
    decibel,
    eta_from_db,
    in_range,
    in_unit_interval,
    parse_quantity,
    percent,
    quantity,
    travel_us,
)
from qpsviz.units.time_text import bits_text, long_time_text, time_text

__all__ = [
    "SPEED_IN_FIBRE_KM_PER_US",
    "SPEED_IN_VACUUM_KM_PER_US",
    "Array",
    "ArrayLike",
    "Column",
    "Mask",
    "bits_text",
    "db_from_eta",
    "decibel",
    "eta_from_db",
    "in_range",
    "in_unit_interval",
    "long_time_text",
    "parse_quantity",
    "percent",
    "quantity",
    "time_text",
    "travel_us",
]
