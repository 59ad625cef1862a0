"""The Frame tab in a real browser: it follows the run, answers edits at once and survives any paste."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

import qpsviz as qps
from qpsviz.frame import Frame
from qpsviz.session.tabs.frame.of_run import frame_at_time

NEXT_PICTURES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
GRID_SAYS = """text => [...document.querySelectorAll(".qps-octet")].map((e) => e.textContent).join("")
  .replaceAll("·", "").slice(24, 28) === text"""


class FrameTab:
    """What a person sees and does on the tab."""

    def __init__(self, explorer: Any) -> None:
        self.explorer = explorer
        self.page = explorer.page
        self.scenario = explorer.start("memory-buys", tab="frame")
        explorer.ask("p => { p.clock.play(false); }")
        explorer.ask(
            "p => { p.contents.get('frame').wished = { role: 'header', dialect: 'paper', rate: '100 Mb/s' }; }"
        )
        explorer.ask("p => p.contents.get('frame').setFollow(true)")
        self.page.wait_for_selector(".qps-octet")
        self.idle()

    def idle(self) -> None:
        """Wait until every question of the tab is answered."""
        self.explorer.until("p => { const v = p.contents.get('frame'); return v.queue.isIdle && v.shown; }")

    def act(self, action: Callable[[], Any]) -> None:
        """Do something, and wait for what it causes."""
        action()
        self.page.evaluate(NEXT_PICTURES)  # what a resize or a change of layout causes comes after one of these
        self.idle()

    @property
    def octets(self) -> bytes:
        """Octets as they stand in the grid."""
        return bytes.fromhex("".join(self.page.locator(".qps-octet").all_text_contents()).replace("·", ""))

    @property
    def frame(self) -> Frame:
        """What they say."""
        return Frame.decode(self.octets)

    def seek(self, time_us: float) -> None:
        """Move the cursor of the run."""
        self.act(lambda: self.explorer.ask("(p, t) => p.clock.seek(t)", time_us))

    def box(self, field: str) -> Locator:
        """Where a field is typed."""
        return self.page.locator(f".qps [data-field='{field}'] .qps-field-box")

    def type_into(self, field: str, text: str) -> None:
        """Type and leave the box as a person does."""
        self.act(lambda: self.box(field).fill(text))
        self.act(lambda: self.box(field).press("Enter"))

    def paste(self, text: str) -> None:
        """Open the box if need be, and paste."""
        if not self.page.locator(".qps-frame-text").is_visible():
            self.page.get_by_role("button", name="Paste hex").click()
        self.act(lambda: self.page.locator(".qps-frame-text").fill(text))


@pytest.fixture
def tab(explorer: Any) -> FrameTab:
    """The tab, following a run with memories, at its beginning."""
    tab = FrameTab(explorer)
    tab.seek(0.0)
    return tab


def test_the_octets_are_those_of_the_frame_under_the_cursor(tab: FrameTab) -> None:
    run, row = qps.simulate(tab.scenario, seed=1), -1
    for time_us in (10.0, 110.0, 240.0, 330.0, 480.0):
        tab.seek(time_us)
        seen = frame_at_time(tab.scenario, run, time_us, row)
        row = seen.row
        assert tab.octets == seen.frame.encode(), time_us
        assert seen.place in tab.page.locator(".qps-frame-now").inner_text()


def test_a_typed_value_changes_its_octets_and_the_check_sequence_at_once(tab: FrameTab) -> None:
    before = tab.octets
    tab.type_into("payload_duration_us", "75.5")
    assert tab.frame == replace(Frame.decode(before), payload_duration_us=75.5)
    marked = [int(cell.get_attribute("data-octet") or -1) for cell in tab.page.locator(".qps-changed").all()]
    assert marked == [i for i, (old, new) in enumerate(zip(before, tab.octets, strict=True)) if old != new] != []
    expect(tab.box("payload_duration_us")).to_have_value("75.5 µs")
    expect(tab.page.get_by_label("Follow the run")).not_to_be_checked()


def test_a_bad_value_explains_itself_beside_its_field_and_the_octets_stay(tab: FrameTab) -> None:
    before = tab.octets
    tab.type_into("source", "03:00:00:00:00:01")
    assert "group address" in tab.page.locator("[data-field=source] .qps-field-fault").inner_text()
    assert tab.box("source").get_attribute("aria-invalid") == "true"
    assert tab.octets == before
    tab.box("source").press("Escape")
    expect(tab.box("source")).to_have_value("02:00:00:00:00:01")


def test_a_field_is_added_by_typing_and_taken_away_by_emptying(tab: FrameTab) -> None:
    tab.type_into("+error_correction", "[[5,1,3]]")
    assert tab.frame.error_correction == "[[5,1,3]]"
    expect(tab.box("error_correction")).to_be_focused()
    tab.type_into("error_correction", "")
    assert tab.frame.error_correction is None
    assert tab.page.locator("[data-field='+error_correction']").count() == 1


def test_follow_the_run_brings_the_frame_of_the_run_back(tab: FrameTab) -> None:
    before = tab.octets
    tab.type_into("n_qubits", "99")
    assert tab.octets != before
    tab.act(lambda: tab.page.get_by_label("Follow the run").check())
    assert tab.octets == before


def test_role_and_dialect_are_chosen_while_the_film_plays(tab: FrameTab) -> None:
    tab.explorer.ask("p => p.clock.play(true)")
    tab.page.get_by_role("radio", name="LLDP").check(force=True)
    tab.page.get_by_role("radio", name="Trailer").check(force=True)
    tab.page.wait_for_function(GRID_SAYS, arg="88cc")
    started = tab.explorer.ask("p => p.clock.time")
    tab.explorer.until(f"p => p.clock.time > {started} + 20 || p.clock.time < {started}")
    tab.act(lambda: tab.explorer.ask("p => p.clock.play(false)"))
    assert (tab.octets[12:14].hex(), tab.frame.role) == ("88cc", "trailer")
    expect(tab.page.get_by_label("Follow the run")).to_be_checked()
    tab.act(lambda: tab.page.get_by_role("radio", name="Table I").check(force=True))
    tab.act(lambda: tab.page.get_by_role("radio", name="Header", exact=True).check(force=True))


def test_octets_and_list_light_up_together_by_mouse_and_by_keys(tab: FrameTab) -> None:
    lit = tab.page.locator(".qps-field.qps-on")
    tab.page.locator("[data-octet='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        tab.page.keyboard.press(key)
    expect(lit).to_have_attribute("data-field", "payload_duration_us.tlv")
    tab.page.keyboard.press("End")
    tab.page.keyboard.press("ArrowLeft")
    expect(lit).to_have_attribute("data-field", "payload_info.flags")
    assert "Stated" in tab.page.evaluate("document.activeElement.getAttribute('aria-label')")
    tab.page.locator("[data-field=source] .qps-field-name").hover()
    tab.page.mouse.move(700, 5)
    tab.box("destination").hover()
    assert tab.page.locator(".qps-octet.qps-on").count() == 6


def test_a_flipped_digit_is_marked_at_the_check_sequence_and_can_be_mended(tab: FrameTab) -> None:
    octets = tab.octets
    flipped = bytes((octets[0] ^ 2, *octets[1:]))
    tab.paste(flipped.hex(" "))
    bad = tab.page.locator(".qps-octet-bad")
    assert int(bad.get_attribute("data-octet") or -1) == len(octets) - 4
    assert "bad frame check sequence" in tab.page.locator(".qps-frame-fault").inner_text()
    tab.act(lambda: tab.page.get_by_role("button", name="Put the right check sequence").click())
    assert tab.frame.destination == "00:00:00:00:00:05"
    assert tab.page.locator(".qps-octet-bad").count() == 0


def test_table_i_under_the_ethertype_of_lldp_is_shown_to_be_misread(tab: FrameTab) -> None:
    tab.act(lambda: tab.page.get_by_role("button", name="See it misread").click())
    tab.page.wait_for_selector(".qps-octet-bad")
    assert tab.page.locator(".qps-octet-bad").get_attribute("data-octet") == "14"
    assert "chassis_id" in tab.page.locator(".qps-frame-fault").inner_text()
    tab.act(lambda: tab.page.get_by_role("button", name="Back to the run").click())
    assert tab.frame.role == "header"


@pytest.mark.parametrize(
    "text", ["", "zz", "<img src=x onerror=broken=1>", "0" * 19_999, "02 00\n\n\u202e\U0001f600", "88b5 " * 400]
)
def test_no_paste_breaks_the_tab(tab: FrameTab, text: str) -> None:
    tab.paste(text)
    assert tab.page.locator(".qps-frame-fault").inner_text()
    assert tab.page.evaluate("window.broken") is None
    tab.act(lambda: tab.page.get_by_label("Follow the run").check())
    assert tab.frame.role == "header"


def test_steps_move_the_cursor_to_the_frame_before_and_after(tab: FrameTab) -> None:
    sent_us = qps.simulate(tab.scenario, seed=1).frames["sent_us"]
    tab.act(lambda: tab.page.get_by_role("button", name="Frame after").click())
    assert tab.frame.frame_id == 1
    assert tab.explorer.ask("p => p.clock.time") == sent_us[1]
    tab.act(lambda: tab.page.get_by_role("button", name="Frame before").click())
    assert tab.frame.frame_id == 0


def width(tab: FrameTab, part: str) -> float:
    """Width of a part of the large drawing, in pixels."""
    return float(tab.page.locator(f".qps-frame-strip rect{part}").get_attribute("width") or 0)


def test_the_drawing_is_to_scale_and_follows_the_line_rate(tab: FrameTab) -> None:
    tab.type_into("guard_us", "20")
    widths = {}
    for rate in ("10 Mb/s", "100 Mb/s"):
        tab.act(lambda rate=rate: tab.page.get_by_label("Classical line rate").select_option(rate))
        header, trailer, payload = (
            width(tab, part) for part in ("[data-role=header]", "[data-role=trailer]", ".qps-frame-band")
        )
        widths[rate] = header / payload
        assert header == pytest.approx(trailer)
    assert widths["10 Mb/s"] == pytest.approx(10 * widths["100 Mb/s"])
    octets = len(tab.octets)
    assert widths["100 Mb/s"] == pytest.approx((octets + 8) * 8 / 100 / 50.0)
    tab.act(lambda: tab.page.get_by_label("Classical line rate").select_option("100 Mb/s"))


def test_on_a_phone_nothing_is_wider_than_the_screen(open_explorer: Any) -> None:
    phone = open_explorer(viewport={"width": 390, "height": 844})
    FrameTab(phone)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    rows = phone.page.locator(".qps-octet-row").first
    assert rows.locator(".qps-octet").count() == 8
    assert rows.locator(".qps-octet").last.bounding_box()["x"] < 380
    assert phone.errors == []
    phone.page.context.close()
