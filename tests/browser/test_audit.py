"""The tab "Paper audit": a publication is chosen, shown, kept in the address, and its numbers stand beside ours."""

from __future__ import annotations

from typing import Any

import pytest

from qpsviz.paper.audit import audit
from qpsviz.paper.comparison import compare

LINK = "measured-bbm92-link"
PHONE = {"width": 390, "height": 844}


def choose(explorer: Any, name: str) -> None:
    """Pick a publication as a person does, and wait for its claims."""
    explorer.page.get_by_role("combobox", name="Publication").select_option(name)
    explorer.page.locator(".qps-audit tbody tr").nth(len(audit(name)) - 1).wait_for()


def rows(explorer: Any, table: str) -> list[str]:
    """Texts of a table's rows."""
    found: list[str] = explorer.page.locator(f".qps-audit {table} tbody tr").all_inner_texts()
    return found


def test_a_publication_is_chosen_and_the_first_one_comes_back(explorer: Any) -> None:
    explorer.start(tab="audit")
    explorer.page.locator(".qps-audit tbody tr").nth(len(audit()) - 1).wait_for()
    assert explorer.page.locator(".qps-audit .qps-audit-numbers").count() == 0
    choose(explorer, LINK)
    shown = rows(explorer, ".qps-table:not(.qps-audit-numbers)")
    assert len(shown) == len(audit(LINK))
    assert "does not hold under any reading" in shown[0]
    assert explorer.page.get_by_role("button", name="Set the scenario of").count() == 0
    choose(explorer, "packet-switching")
    explorer.page.get_by_role("button", name="Set the scenario of").first.wait_for()
    assert len(rows(explorer, ".qps-table")) == len(audit())


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["wide", "phone"])
def test_a_link_opens_the_publication_with_its_numbers_beside_ours(open_explorer: Any, options: Any) -> None:
    other = open_explorer(f"#s?tab=audit&publication={LINK}", **options)
    other.page.locator(".qps-audit-numbers tbody tr").first.wait_for()
    table = compare(audit(LINK))
    for text, row in zip(rows(other, ".qps-audit-numbers"), table.rows, strict=True):
        said = [row.quantity, row.case, row.ours, *(cell.published for cell in row.cells if cell)]
        assert [words for words in said if words not in text] == []
        assert text.count("✕") == sum(not cell.holds for cell in row.cells if cell)
    overfull = "(all) => all.some((e) => e.scrollWidth > e.clientWidth + 1)"
    assert not other.page.locator(".qps-audit-bar, .qps-audit-numbers").evaluate_all(overfull)
    assert other.page.get_by_role("combobox", name="Publication").input_value() == LINK
    assert f"publication={LINK}" in other.page.evaluate("location.hash")
    choose(other, "packet-switching")
    other.page.wait_for_function("!location.hash.includes('publication')")
    assert other.errors == []
