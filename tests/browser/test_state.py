"""A state travels: as a link, as Python, as files."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import qpsviz as qps
from qpsviz.frame import read_capture
from qpsviz.session import share_link as share
from qpsviz.units import parse_quantity


def test_a_shared_link_restores_the_whole_state_in_another_browser(open_explorer: Any, explorer: Any) -> None:
    explorer.start("fig10b", length_km=37.0, t1_us=1234.0, t2_us=321.0, discipline="store", tab="memories")
    explorer.page.get_by_role("button", name="Share", exact=True).click()
    explorer.page.locator(".qps-toast").wait_for(state="visible")
    link = explorer.page.evaluate("location.hash")
    other = open_explorer(link)
    assert other.scenario == explorer.scenario
    assert other.ask("p => [p.answer.tab, p.answer.linked]") == ["memories", False]
    other.act(lambda: other.page.get_by_role("tab").first.click())
    other.check_everything_shown()
    assert other.errors == []
    other.page.context.close()


def test_a_link_pasted_into_the_address_bar_is_followed(explorer: Any) -> None:
    scenario = qps.preset("fig7").replace(length_km=55.0)
    link = share.to_link(scenario, {"tab": "curves", "linked": True})
    explorer.act(lambda: explorer.page.evaluate("link => { location.hash = `s?${link}`; }", link))
    assert explorer.scenario == scenario
    explorer.check_everything_shown()


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("length_km=far", "'far' must be 0 … 1000000 km"),
        ("p_dark=-1", "must be 0 … 1"),
        ("wormhole=1", "unknown parameter 'wormhole'"),
        ("t1_us=1&t2_us=5", "exceeds 2·T₁"),
        ("length_km=" + "1" * 20_000, "not a qpsviz state"),
        ("<script>window.broken = 1</script>", "unknown parameter"),
    ],
)
def test_a_bad_link_is_refused_in_sight_and_the_state_stays(explorer: Any, link: str, words: str) -> None:
    before = explorer.scenario
    explorer.act(lambda: explorer.page.evaluate("link => { location.hash = `s?${link}`; }", link))
    shown = explorer.page.locator(".qps-toast, .qps-row[data-error] .qps-message").filter(visible=True)
    assert words in " ".join(shown.all_inner_texts())
    assert explorer.scenario == before
    assert explorer.page.evaluate("window.broken") is None
    explorer.check_everything_shown()


def test_the_code_dialog_gives_python_that_prints_the_numbers_on_the_tiles(explorer: Any) -> None:
    explorer.start("fig10b", length_km=42.0, n_relays=2)
    explorer.page.get_by_role("button", name="Code", exact=True).click()
    dialog = explorer.page.get_by_role("dialog")
    dialog.wait_for()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(dialog.locator("pre").inner_text(), "state.py", "exec"), {})
    lines = printed.getvalue().splitlines()
    assert float(explorer.tile("fidelity")[0]) == pytest.approx(float(lines[1]), abs=5.1e-5)
    assert parse_quantity(explorer.tile("key_rate")[2].split()[0], "1") == pytest.approx(
        float(lines[0].split()[0]), rel=5.1e-3
    )
    delivered, offered = explorer.tile("delivered")[2].split(" ")[0].split("/")
    assert f"'offered': {offered}, 'delivered': {delivered}" in lines[2]
    explorer.page.keyboard.press("Escape")
    assert dialog.count() == 0


def downloaded(explorer: Any, title: str, folder: Path) -> Path:
    """A file from the export dialog, saved."""
    explorer.page.get_by_role("button", name="Export", exact=True).click()
    with explorer.page.expect_download() as started:
        explorer.page.get_by_role("dialog").get_by_role("button", name=title).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    explorer.page.keyboard.press("Escape")
    return path


def test_every_export_downloads_and_can_be_read(explorer: Any, tmp_path: Path) -> None:
    scenario = explorer.start("first", n_relays=4, length_km=90.0)
    text = downloaded(explorer, "Curves (CSV)", tmp_path).read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    column = rows[0].index("fidelity n=4 [1]")
    there = next(row for row in rows if row[0] == "90.0")
    assert float(there[column]) == pytest.approx(qps.evaluate(scenario, "fidelity"), rel=1e-12)
    run = qps.Run.load(downloaded(explorer, "Run (JSON)", tmp_path))
    assert run.scenario == scenario
    assert run.frames == qps.simulate(scenario, seed=1).frames
    assert qps.Scenario.load(downloaded(explorer, "Scenario (TOML)", tmp_path)) == scenario
    caught = list(read_capture(downloaded(explorer, "Headers (pcapng)", tmp_path)))
    assert len(caught) >= 2 * len(run.legs)
    assert {packet.frame().role for packet in caught} == {"header", "trailer"}


@pytest.mark.parametrize("title", ["Figures (PNG)", "Network (PNG)"])
def test_a_picture_downloads_with_something_on_it(explorer: Any, tmp_path: Path, title: str) -> None:
    picture = Image.open(downloaded(explorer, title, tmp_path)).convert("RGB")
    assert min(picture.size) >= 150
    assert len(np.unique(np.asarray(picture).reshape(-1, 3), axis=0)) > 20


def test_a_figure_downloads_as_vectors(explorer: Any, tmp_path: Path) -> None:
    text = downloaded(explorer, "Figures (SVG)", tmp_path).read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert text.count("<path") > 5


def test_the_state_on_screen_is_json_that_the_package_reads(explorer: Any) -> None:
    explorer.start("fig12")
    values = json.loads(json.dumps(explorer.ask("p => p.answer.values")))
    assert values["cutoff_us"] == "inf"
    assert qps.preset("fig12") == explorer.scenario
