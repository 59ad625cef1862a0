"""What a user gave as a network or as traffic: one of them or nothing, else a refusal that says what to write."""

from __future__ import annotations

from qpsviz.errors import ParameterError
from qpsviz.network.network import Network
from qpsviz.network.traffic import Traffic
from qpsviz.units.checks import in_short


def network_given(value: object) -> Network | None:
    """``value`` where it is a network or None.

    Raises
    ------
    ParameterError
        If it is something else.
    """
    if value is None or isinstance(value, Network):
        return value
    hint = "write network=qps.Network.ring(…), .nsfnet(), .from_graphml(path) or .from_networkx(graph)"
    raise ParameterError("network", f"network = {in_short(value)} is no Network: {hint}")


def traffic_given(value: object) -> Traffic | None:
    """``value`` where it is traffic or None.

    Raises
    ------
    ParameterError
        If it is something else.
    """
    if value is None or isinstance(value, Traffic):
        return value
    raise ParameterError("traffic", f"traffic = {in_short(value)} is no Traffic: write traffic=qps.Traffic(load=0.5)")
