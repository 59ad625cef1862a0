"""The tab Keys on the page: figures at once, the finite block when the controls rest, and the marker."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import qpsviz as qps

DRAWN = "p => { const k = p.contents.get('keys'); return k.data !== null && k.answer?.state === k.data.state; }"


def finite(explorer: Any, figure: str) -> Any:
    """The line of the finite block on screen, and how strongly it is drawn."""
    found = explorer.ask(
        "(p, figure) => { const d = p.hosts.get(figure).data('finite'); return [d.xs, d.ys, d.alpha]; }", figure
    )
    return [np.array(found[0][0], dtype=float), np.array(found[1][0], dtype=float), found[2][0]]


def test_a_move_draws_photons_and_decoys_at_once_and_the_block_when_it_is_found(explorer: Any) -> None:
    scenario = explorer.start("shared-fibre", tab="keys", length_km=20.0)
    explorer.until(DRAWN)
    for figure, axis in (("keys_length", "length_km"), ("keys_launch", "launch_dbm")):
        for source, column, output in (("curves", "present", "key_rate"), ("decoy", "y", "key_rate_decoy")):
            drawn = explorer.columns(figure, source)
            for i in (3, 7):
                there = scenario.replace(**{axis: float(drawn["x"][i])})
                assert drawn[column][i] == pytest.approx(qps.evaluate(there, output), rel=1e-4)
        x, y, alpha = finite(explorer, figure)
        assert alpha == 1
        there = scenario.replace(**{axis: float(x[4])})
        assert y[4] == pytest.approx(qps.evaluate(there, "key_rate_finite"), rel=1e-6)
        dot = explorer.columns(figure, "finite_now")
        assert dot["y"][0] == pytest.approx(qps.evaluate(scenario, "key_rate_finite"), rel=1e-6)


def test_an_awaited_line_is_dimmed_and_its_row_says_so(explorer: Any) -> None:
    explorer.start("shared-fibre", tab="keys", length_km=20.0)
    explorer.until(DRAWN)
    explorer.open_groups()
    row = explorer.page.locator(".qps-keys table:first-child tbody").last
    assert row.get_attribute("aria-busy") is None
    explorer.ask("p => { p.contents.get('keys').ask = () => {}; }")  # nobody asks: it stays awaited
    explorer.type_into("n_block_pulses", "1e9")
    assert row.get_attribute("aria-busy") == "true"
    assert finite(explorer, "keys_length")[2] < 0.5
    assert len(explorer.columns("keys_length", "finite_now")["x"]) == 0
    explorer.ask("p => { const k = p.contents.get('keys'); delete k.ask; k.ask(); }")
    explorer.until(DRAWN)
    assert row.get_attribute("aria-busy") is None
    assert finite(explorer, "keys_length")[2] == 1
    assert "10⁹ pulse slots" in row.inner_text()


def test_dragging_the_marker_sets_the_length_and_keeps_the_lines(explorer: Any) -> None:
    explorer.start("shared-fibre", tab="keys", length_km=20.0)
    explorer.until(DRAWN)
    before = finite(explorer, "keys_length")[0]
    marker = explorer.page.locator("[data-figure=keys_length] .qps-marker")
    box = marker.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    explorer.page.mouse.move(x, y)
    explorer.page.mouse.down()
    explorer.act(lambda: explorer.page.mouse.move(x + 30, y, steps=3))
    explorer.page.mouse.up()
    explorer.settle()
    assert explorer.scenario.path.length_km > 21
    explorer.until(DRAWN)
    np.testing.assert_array_equal(finite(explorer, "keys_length")[0], before)


def test_the_finite_line_stays_when_colours_change(explorer: Any) -> None:
    explorer.start("shared-fibre", tab="keys", length_km=20.0)
    explorer.until(DRAWN)
    before = finite(explorer, "keys_length")[1]
    explorer.ask("p => p.setMode('dark')")
    explorer.until(
        "p => p.hosts.get('keys_length').drawing && p.hosts.get('keys_length').data('finite')?.xs.length === 1"
    )
    np.testing.assert_array_equal(finite(explorer, "keys_length")[1], before)
    explorer.ask("p => p.setMode('light')")
    explorer.until("p => p.hosts.get('keys_length').data('finite')?.xs.length === 1")


def test_without_classical_light_the_figure_of_light_has_no_marker(explorer: Any) -> None:
    explorer.start("fig7", tab="keys", length_km=50.0)
    explorer.until(DRAWN)
    assert explorer.page.locator("[data-figure=keys_launch] .qps-marker").is_hidden()
    assert explorer.page.locator("[data-figure=keys_length] .qps-marker").is_visible()
    assert "none beside the photons" in explorer.page.locator(".qps-keys").inner_text()


def test_the_budget_of_a_finite_key_comes_when_the_controls_rest(explorer: Any) -> None:
    scenario = explorer.start("shared-fibre", tab="budget", length_km=20.0)
    explorer.page.locator(".qps-budget").get_by_label("finite key").check()
    explorer.until("p => p.contents.get('budget').finite && !document.querySelector('.qps-waterfall.qps-stale')")
    assert explorer.page.locator(".qps-waterfall .qps-cost-block").count() == 1
    total = explorer.ask("p => p.contents.get('budget').finite.total")
    assert total == pytest.approx(qps.evaluate(scenario, "key_rate_finite"))
    explorer.page.locator(".qps-budget").get_by_label("fidelity", exact=True).check()


def test_a_goal_that_takes_a_search_fills_its_table_row_by_row(explorer: Any) -> None:
    scenario = explorer.start("shared-fibre", tab="budget", length_km=20.0)
    wish = explorer.page.locator(".qps-wish")
    wish.locator("select").select_option("key_rate_finite_hz")
    goal = 0.5 * qps.evaluate(scenario, "key_rate_finite_hz")
    wish.locator("input").fill(f"{goal:.6g}")
    wish.get_by_role("button").click()
    explorer.page.wait_for_function("() => document.querySelector('.qps-budget [role=status] table')")
    explorer.page.wait_for_function("() => !document.querySelector('.qps-budget [role=status] .qps-hint')")
    row = explorer.page.locator(".qps-budget [role=status] tr", has_text="Block length")
    explorer.act(lambda: row.get_by_role("button").click())
    assert qps.evaluate(explorer.scenario, "key_rate_finite_hz") == pytest.approx(goal, rel=1e-3)
