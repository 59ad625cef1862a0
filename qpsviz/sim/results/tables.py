"""From the engine's columns to the tables that people, views and files read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from qpsviz.network import Network
from qpsviz.scenario import Scenario
from qpsviz.sim.engine.columns import tables
from qpsviz.sim.engine.state import SETUP_FAILED, Buffers, Plan, State
from qpsviz.sim.results.channels import NUMBERS, Channels, Rows, accumulate, pair_fidelity, rows_by_hop
from qpsviz.sim.results.stray_light import stray_at_end
from qpsviz.switch.fates import BLOCKED, DELIVERED, IN_FLIGHT, WORDS
from qpsviz.switch.timing import trailer_lag
from qpsviz.table import Table
from qpsviz.units import Array, Column, Mask
from qpsviz.units.times import is_after

FATE_NAMES = np.array(WORDS)


@dataclass(frozen=True, kw_only=True)
class Log:
    """What the engine wrote down: its plan, and every column by name (``flight_frame``, ``leg_hop`` …).

    Of a part of a run, sessions, groups and frames are counted from the first that has ``n_before`` sessions before it.
    """

    plan: Plan
    columns: dict[str, Column]
    n_before: int = 0

    def table(self, name: str) -> dict[str, Column]:
        """The columns of one table, without its name."""
        return {c[len(name) + 1 :]: column for c, column in self.columns.items() if c.startswith(name + "_")}

    @cached_property
    def flights(self) -> dict[str, Column]:
        """One row per attempt to send a frame."""
        return self.table("flight")

    @cached_property
    def legs(self) -> dict[str, Column]:
        """One row per link travelled, in the order of booking."""
        return self.table("leg")

    def destinations(self, frame: Column) -> Column:
        """The node to which each of some frames goes."""
        plan = self.plan
        session = frame // plan.n_arms // plan.n_session_groups
        found: Column = self.columns["arm_destination"][session * plan.n_arms + frame % plan.n_arms]
        return found

    @property
    def deflections(self) -> Column:
        """How often each flight took another way than the shortest."""
        found: Column = self.columns["detour_n"] if self.plan.deflects else np.zeros(self.flights["frame"].size)
        return found.astype(np.int32)

    @cached_property
    def trailer_lags(self) -> Array:
        """How far each leg's trailer leaves behind the end of its payload. [us]"""
        plan, legs = self.plan, self.legs
        lags, lag_us = np.zeros(legs["hop"].size), np.zeros(self.flights["frame"].size)
        if plan.can.sets_up:
            return lags
        for rows in rows_by_hop(legs["hop"])[1:]:
            flight = legs["flight"][rows]
            lag_us[flight] = trailer_lag(lag_us[flight], legs["dwell_us"][rows], processing_us=plan.processing_us)
            lags[rows] = lag_us[flight]
        return lags


def read_log(plan: Plan, s: State | Buffers) -> Log:
    """Take the used rows out of a finished state; what ends after the last moment looked at is in flight."""
    return log_of(plan, tables(plan, s))


def log_of(plan: Plan, columns: dict[str, Column], *, n_before: int = 0) -> Log:
    """The log of a run, or of a part of it, from the columns of the rows in use.

    Parameters
    ----------
    plan, columns : Plan, dict of ndarray
        What the engine knew, and what it wrote down.
    n_before : int
        Sessions that are in parts before this one. [1]
    """
    if plan.can.sets_up:
        columns = _with_waiting(plan, columns)
    ended = (columns["flight_fate"] != IN_FLIGHT) & ~is_after(columns["flight_end_us"], plan.until_us)
    columns["flight_fate"] = np.where(ended, columns["flight_fate"], IN_FLIGHT)
    columns["flight_end_us"] = np.where(ended, columns["flight_end_us"], np.nan)
    return Log(plan=plan, columns=columns, n_before=n_before)


def _with_waiting(plan: Plan, columns: dict[str, Column]) -> dict[str, Column]:
    """Add a flight that never left for every frame whose circuit was refused or is not there yet."""
    waiting = columns["frame_flight"] < 0
    offered = ~is_after(_offered_us(plan, columns, np.arange(waiting.size)), plan.until_us)
    frame = np.flatnonzero(waiting & offered).astype(np.int32)
    session = frame // plan.n_arms // plan.n_session_groups
    refused = columns["session_state"][session] == SETUP_FAILED
    never = np.full(frame.size, np.nan)
    known = {
        "flight_frame": frame,
        "flight_attempt": columns["session_attempt"][session],
        "flight_node": columns["session_source"][session],
        "flight_fate": np.where(refused, BLOCKED, IN_FLIGHT),
        "flight_sent_us": never,
        "flight_end_us": columns["session_end_us"][session],
    }
    n_flown = columns["flight_frame"].size
    columns["frame_flight"][frame] = n_flown + np.arange(frame.size)
    for name in [c for c in columns if c.startswith("flight_")]:
        column = columns[name]
        more = known.get(name, np.zeros(frame.size)).astype(column.dtype)
        columns[name] = np.concatenate([column, more])
    return columns


def _offered_us(plan: Plan, columns: dict[str, Column], frame: Column) -> Array:
    """When the source set out to send each frame for the first time. [us]"""
    group = frame // plan.n_arms
    session = group // plan.n_session_groups
    start_us: Array = columns["session_start_us"][session]
    return start_us + (group % plan.n_session_groups) * plan.period_us


def follow(log: Log, scenario: Scenario, network: Network) -> Channels:
    """The channels of all flights, and of all legs where they were recorded, and the stray light beside them."""
    n_flights = log.flights["frame"].size
    channels = accumulate(scenario, network, log.legs, n_flights=n_flights, keep_legs=log.plan.records)
    return replace(channels, n_stray=stray_at_end(scenario, network, log.legs, n_flights=n_flights))


def frames_table(log: Log, channels: Channels, scenario: Scenario) -> Table:
    """One row per frame that the source set out to send; what it tells is about the last attempt."""
    plan, f = log.plan, log.flights
    frame = np.flatnonzero(log.columns["frame_flight"] >= 0).astype(np.int32)
    last = log.columns["frame_flight"][frame]
    group, arm = frame // plan.n_arms, frame % plan.n_arms
    session = group // plan.n_session_groups
    delivered = f["fate"][last] == DELIVERED
    delay_us = f["flown_us"][last] + f["dwell_us"][last]
    end = channels.end[:, last]
    first_group = log.n_before * plan.n_session_groups
    columns = {
        "frame": (frame + first_group * plan.n_arms).astype(np.int32),
        "pair": (group + first_group).astype(np.int32),
        "arm": arm.astype(np.int32),
        "session": (session + log.n_before).astype(np.int32),
        "source": log.columns["session_source"][session],
        "destination": log.destinations(frame),
        "fate": FATE_NAMES[f["fate"][last]],
        "attempts": f["attempt"][last],
        "deflections": log.deflections[last],
        "offered_us": _offered_us(plan, log.columns, frame),
        "sent_us": first_sent(log)[frame],
        "done_us": f["end_us"][last],
        "complete_us": _complete_us(log, last),
        "guard_us": f["first_guard_us"][last],
        "guard_left_us": f["guard_us"][last],
        "dwell_us": f["dwell_us"][last],
        "delay_us": np.where(delivered, delay_us, np.nan),
        "payload_kept": np.where(delivered, 1.0 - f["lost_us"][last] / plan.payload_us, 0.0),
        "first_kept": _first_kept(log)[frame],
        "fidelity": _fidelity(log, last, delivered, delay_us, end, scenario),
    }
    for name, row in zip(NUMBERS, end, strict=True):
        columns[name] = np.where(delivered, row, np.nan)
    if channels.n_stray is not None:
        columns["raman_per_gate"] = np.where(delivered, channels.n_stray[last], np.nan)
    return Table(columns)


def _complete_us(log: Log, last: Column) -> Array:
    """When the trailer of each frame reached the receiver, after its payload; not a number where it did not. [us]"""
    legs, f = log.legs, log.flights
    lag_us = np.zeros(f["frame"].size)
    lag_us[legs["flight"]] = log.trailer_lags  # legs of a flight are in order, so that its last one stays
    complete_us = f["end_us"][last] + lag_us[last]
    there = (f["fate"][last] == DELIVERED) & ~is_after(complete_us, log.plan.until_us)
    return np.where(there, complete_us, np.nan)


def first_sent(log: Log) -> Array:
    """When the header of each frame's first attempt left. [us]"""
    f, sent = log.flights, np.full(log.columns["frame_flight"].size, np.nan)
    # Assigned in reverse order, so that the first attempt remains.
    sent[f["frame"][::-1]] = f["sent_us"][::-1]
    return sent


def _first_kept(log: Log) -> Array:
    """Share of each frame's payload that its first attempt delivered. [1]"""
    f, kept = log.flights, np.zeros(log.columns["frame_flight"].size)
    first = (f["attempt"] == 1) & (f["fate"] == DELIVERED)
    kept[f["frame"][first]] = 1.0 - f["lost_us"][first] / log.plan.payload_us
    return kept


def _fidelity(log: Log, last: Column, delivered: Mask, delay_us: Array, end: Rows, scenario: Scenario) -> Array:
    fidelity = np.full(last.size, np.nan)
    if log.plan.n_arms == 1:
        fidelity[delivered] = pair_fidelity(scenario, end[:, delivered], None, delay_us[delivered])
        return fidelity
    attempt = log.flights["attempt"][last]
    whole = delivered[0::2] & delivered[1::2] & (attempt[0::2] == attempt[1::2])
    first, second = end[:, 0::2][:, whole], end[:, 1::2][:, whole]
    fidelity[np.repeat(whole, 2)] = np.repeat(pair_fidelity(scenario, first, second, delay_us), 2)
    return fidelity


def legs_table(log: Log, channels: Channels, network: Network, *, speed_km_per_us: float) -> Table:
    """One row per frame, attempt and link travelled, in that order.

    Parameters
    ----------
    log, channels : Log, Channels
        What happened, and what noise did to every qubit.
    network : Network
        Where.
    speed_km_per_us : float
        Of light in its fibres. [km/us]
    """
    plan, legs, f = log.plan, log.legs, log.flights
    frame, attempt = f["frame"][legs["flight"]], f["attempt"][legs["flight"]]
    order = np.lexsort((legs["hop"], attempt, frame))
    header_us = legs["payload_out_us"] - legs["guard_us"] + legs["lost_us"]
    order = order[~is_after(header_us[order], plan.until_us)]
    lag_us = log.trailer_lags[order]
    flight, link = legs["flight"][order], legs["link"][order]
    out_us, guard_us, lost_us = (legs[name][order] for name in ("payload_out_us", "guard_us", "lost_us"))
    in_us = out_us + network.link_km[link] / speed_km_per_us
    frame = f["frame"][flight]
    columns = {
        "frame": frame,
        "attempt": f["attempt"][flight],
        "pair": frame // np.int32(plan.n_arms),
        "arm": frame % np.int32(plan.n_arms),
        "hop": legs["hop"][order],
        "link": link,
        "from_node": network.link_from[link],
        "to_node": network.link_to[link],
        "channel": legs["channel"][order],
        "header_out_us": out_us + lost_us - guard_us,
        "header_in_us": in_us + lost_us - guard_us,
        "payload_out_us": out_us,
        "payload_in_us": in_us,
        "lost_us": lost_us,
        "trailer_out_us": out_us + plan.payload_us + lag_us,
        "trailer_in_us": in_us + plan.payload_us + lag_us,
        "dwell_us": legs["dwell_us"][order],
    }
    for where, ends in (("out", channels.leg_out), ("in", channels.leg_in)):
        for i, name in enumerate(NUMBERS):
            assert ends is not None
            columns[f"{name}_{where}"] = ends[i, order]
    return Table(columns)
