"""From the engine's columns to the tables that people, views and files read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qpsviz.scenario import Scenario
from qpsviz.sim.fates import BLOCKED, DELIVERED, IN_FLIGHT, Fate
from qpsviz.sim.journal import NUMBERS, Channels, accumulate, pair_fidelity
from qpsviz.sim.network import Network
from qpsviz.sim.state import CIRCUIT, SETUP_FAILED, Plan, State, filled
from qpsviz.sim.table import Table

FATE_NAMES = np.array([fate.value for fate in Fate])


@dataclass(frozen=True, kw_only=True)
class Log:
    """What the engine wrote down, as arrays by table and column."""

    plan: Plan
    flights: dict[str, Any]
    legs: dict[str, Any]
    marks: dict[str, Any]
    frame_flight: Any


def read_log(plan: Plan, s: State) -> Log:
    """Take the used rows out of a finished state; what ends after the last moment looked at is in flight."""
    flights, frame_flight = filled(s, "flight"), np.array(s.frame_flight, dtype=np.int32)
    if plan.discipline == CIRCUIT:
        flights, frame_flight = _with_waiting(plan, s, flights, frame_flight)
    ended = (flights["fate"] != IN_FLIGHT) & (flights["end_us"] <= plan.until_us)
    flights["fate"] = np.where(ended, flights["fate"], IN_FLIGHT)
    flights["end_us"] = np.where(ended, flights["end_us"], np.nan)
    return Log(plan=plan, flights=flights, legs=filled(s, "leg"), marks=filled(s, "mark"), frame_flight=frame_flight)


def _with_waiting(plan: Plan, s: State, flights: dict[str, Any], frame_flight: Any) -> tuple[dict[str, Any], Any]:
    """Add a flight that never left for every frame whose circuit was refused or is not there yet."""
    frame = np.flatnonzero((frame_flight < 0) & (_offered_us(plan, np.arange(frame_flight.size)) <= plan.until_us))
    session = frame // plan.n_arms // plan.groups_per_session
    refused = np.array(s.session_state)[session] == SETUP_FAILED
    rows = {name: np.zeros(frame.size, dtype=column.dtype) for name, column in flights.items()}
    rows["frame"] = frame.astype(np.int32)
    rows["attempt"] = np.array(s.session_attempt, dtype=np.int32)[session]
    rows["node"] = plan.session_source[session]
    rows["fate"] = np.where(refused, BLOCKED, IN_FLIGHT).astype(np.int32)
    rows["sent_us"] = np.full(frame.size, np.nan)
    rows["end_us"] = np.array(s.session_end_us)[session]
    frame_flight[frame] = flights["frame"].size + np.arange(frame.size)
    return {name: np.concatenate([column, rows[name]]) for name, column in flights.items()}, frame_flight


def _offered_us(plan: Plan, frame: Any) -> Any:
    """When the source set out to send each frame for the first time. [us]"""
    group = frame // plan.n_arms
    session = group // plan.groups_per_session
    return plan.session_us[session] + (group % plan.groups_per_session) * plan.period_us


def follow(log: Log, scenario: Scenario, network: Network) -> Channels:
    """The channels of all flights, and of all legs where they were recorded."""
    n_flights = log.flights["frame"].size
    return accumulate(scenario, network, log.legs, n_flights=n_flights, keep_legs=log.plan.records)


def frames_table(log: Log, channels: Channels, scenario: Scenario) -> Table:
    """One row per frame that the source set out to send; what it tells is about the last attempt."""
    plan, f = log.plan, log.flights
    frame = np.flatnonzero(log.frame_flight >= 0).astype(np.int32)
    last = log.frame_flight[frame]
    group, arm = frame // plan.n_arms, frame % plan.n_arms
    session = group // plan.groups_per_session
    delivered = f["fate"][last] == DELIVERED
    delay_us = f["flown_us"][last] + f["dwell_us"][last]
    end = channels.end[:, last]
    columns = {
        "frame": frame,
        "pair": group.astype(np.int32),
        "arm": arm.astype(np.int32),
        "source": plan.session_source[session],
        "destination": plan.session_target[session * plan.n_arms + arm],
        "fate": FATE_NAMES[f["fate"][last]],
        "attempts": f["attempt"][last],
        "offered_us": _offered_us(plan, frame),
        "sent_us": first_sent(log)[frame],
        "done_us": f["end_us"][last],
        "guard_us": f["first_guard_us"][last],
        "guard_left_us": f["guard_us"][last],
        "dwell_us": f["dwell_us"][last],
        "delay_us": np.where(delivered, delay_us, np.nan),
        "payload_kept": np.where(delivered, 1.0 - f["lost_us"][last] / plan.payload_us, 0.0),
        "fidelity": _fidelity(log, last, delivered, delay_us, end, scenario),
    }
    for name, row in zip(NUMBERS, end, strict=True):
        columns[name] = np.where(delivered, row, np.nan)
    return Table(columns)


def first_sent(log: Log) -> Any:
    """When the header of each frame's first attempt left. [us]"""
    f, sent = log.flights, np.full(log.frame_flight.size, np.nan)
    # Assigned in reverse order, so that the first attempt has the last word.
    sent[f["frame"][::-1]] = f["sent_us"][::-1]
    return sent


def _fidelity(log: Log, last: Any, delivered: Any, delay_us: Any, end: Any, scenario: Scenario) -> Any:
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
    """One row per frame, attempt and link travelled, in that order."""
    plan, legs, f = log.plan, log.legs, log.flights
    frame, attempt = f["frame"][legs["flight"]], f["attempt"][legs["flight"]]
    order = np.lexsort((legs["hop"], attempt, frame))
    order = order[(legs["payload_out_us"] - legs["guard_us"] + legs["lost_us"])[order] <= plan.until_us]
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
        "trailer_out_us": out_us + plan.payload_us,
        "trailer_in_us": in_us + plan.payload_us,
        "dwell_us": legs["dwell_us"][order],
    }
    for where, ends in (("out", channels.leg_out), ("in", channels.leg_in)):
        for i, name in enumerate(NUMBERS):
            assert ends is not None
            columns[f"{name}_{where}"] = ends[i, order]
    return Table(columns)

