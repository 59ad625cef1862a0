"""Queues in a row against Ciw, an independent simulator of queues, on the same arrivals."""

from __future__ import annotations

import ciw
import numpy as np
import pytest

import qpsviz as qps

PAYLOAD_US = 50.0
N_NODES, N_LEAVES = 3, 60
# A payload reaches the next relay one payload time after it left: when a queue that serves whole payloads passes it on.
LINK_KM = 0.2 * PAYLOAD_US


def arrivals_at_nodes(load: float, through: float, n: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """When payloads arrive that go through all nodes, and at each node those that leave behind it."""
    rng = np.random.default_rng(17)

    def times_us(share: float) -> np.ndarray:
        n_of_share = int(n * share)
        if not n_of_share:
            return np.empty(0)
        return np.cumsum(rng.exponential(PAYLOAD_US / (load * share), size=n_of_share))

    return times_us(through), [times_us(1 - through) for _ in range(N_NODES)]


def waits_in_ciw(through_us: np.ndarray, local_us: list[np.ndarray]) -> list[np.ndarray]:
    """Waits of the payloads that go through, node by node and in order."""

    def arriving(times_us: np.ndarray) -> ciw.dists.Distribution | None:
        # Nothing comes after the last one.
        return ciw.dists.Sequential([*np.diff(times_us, prepend=0.0), 1e15]) if times_us.size else None

    leaves = [[0.0] * N_NODES for _ in range(N_NODES)]
    goes_on = [[float(j == i + 1) for j in range(N_NODES)] for i in range(N_NODES)]
    served = [ciw.dists.Deterministic(PAYLOAD_US)] * N_NODES
    network = ciw.create_network(
        arrival_distributions={
            "through": [arriving(through_us), *[None] * (N_NODES - 1)],
            "local": [arriving(times) for times in local_us],
        },
        service_distributions={"through": served, "local": served},
        routing={"through": goes_on, "local": leaves},
        number_of_servers=[1] * N_NODES,
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(2.0 * max(times[-1] for times in (through_us, *local_us) if times.size) + 1e4)
    records = [r for r in simulation.get_all_records() if r.customer_class == "through"]
    waits = []
    for node in range(1, N_NODES + 1):
        here = sorted((r for r in records if r.node == node), key=lambda r: r.id_number)
        assert len(here) == through_us.size
        waits.append(np.array([r.waiting_time for r in here]))
    return waits


def waits_in_qpsviz(through_us: np.ndarray, local_us: list[np.ndarray]) -> list[np.ndarray]:
    """The same of relays in a row, each with leaves enough that no two payloads meet before it."""
    n_hubs = N_NODES + 1  # the last one only receives
    leaf = n_hubs + np.arange(N_NODES * N_LEAVES)
    n = n_hubs + leaf.size
    network = qps.Network(
        name="row", node_names=[str(i) for i in range(n)], roles=["user"] * n, x_km=np.zeros(n), y_km=np.zeros(n),
        link_from=np.append(np.arange(N_NODES), leaf),
        link_to=np.append(1 + np.arange(N_NODES), np.repeat(np.arange(N_NODES), N_LEAVES)),
        link_km=np.append(np.full(N_NODES, LINK_KM), np.zeros(leaf.size)),
    )  # fmt: skip
    flows = [(through_us, 0, N_NODES), *[(times, node, node + 1) for node, times in enumerate(local_us)]]
    start_us = np.concatenate([times for times, _, _ in flows])
    hub = np.concatenate([np.full(times.size, node) for times, node, _ in flows])
    end = np.concatenate([np.full(times.size, to) for times, _, to in flows])
    order = np.argsort(start_us, kind="stable")
    turn = np.empty(order.size, dtype=int)
    for node in range(N_NODES):  # leaves of a hub in turn
        mine = order[hub[order] == node]
        turn[mine] = np.arange(mine.size) % N_LEAVES
    source = n_hubs + hub * N_LEAVES + turn
    traffic = qps.Traffic(n_frames=order.size, start_us=start_us[order], source=source[order], destination=end[order])
    scenario = qps.Scenario().replace(
        discipline="store", processing_us=0.0, guard_us=0.0, release="after_header", n_qubits=10,
        spacing_us=PAYLOAD_US / 10,
    )  # fmt: skip
    run = qps.simulate(scenario, network=network, traffic=traffic, record="all")
    legs, frames = run.legs, run.frames
    goes_through = np.isin(legs["frame"], frames["frame"][frames["destination"] == N_NODES])
    goes_through &= np.isin(legs["frame"], legs["frame"][(legs["hop"] == N_NODES)])
    return [legs["dwell_us"][goes_through & (legs["hop"] == hop)] for hop in range(1, N_NODES + 1)]


@pytest.mark.parametrize("load", [0.5, 0.8])
@pytest.mark.parametrize("through", [1.0, 0.9, 0.5, 0.1])
def test_relays_in_a_row_make_each_payload_wait_as_ciw_says(load: float, through: float) -> None:
    through_us, local_us = arrivals_at_nodes(load, through, 3000)
    ours, theirs = waits_in_qpsviz(through_us, local_us), waits_in_ciw(through_us, local_us)
    for node, (our, their) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_allclose(our, their, atol=1e-6, err_msg=f"node {node}")
    assert theirs[0].mean() > 0.2 * PAYLOAD_US


def test_equal_payloads_never_wait_again_behind_the_first_relay() -> None:
    waits = waits_in_qpsviz(*arrivals_at_nodes(0.8, 1.0, 20_000))
    # FACTS of queues in a row: 2.00 to 2.02 payloads, then none; independent queues would have two at each.
    assert waits[0].mean() == pytest.approx(2.0 * PAYLOAD_US, rel=0.1)
    assert [float(wait.max()) for wait in waits[1:]] == pytest.approx([0.0, 0.0], abs=1e-6)
