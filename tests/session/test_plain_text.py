"""What a person reads holds no name of code."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qpsviz as qps
from qpsviz.scenario import parameters
from qpsviz.scenario.presets import all_presets
from qpsviz.session.controls.rows import control_spec, value_text
from qpsviz.session.plain_text import plain
from qpsviz.units import parse_quantity

CODE = re.compile(r"[a-z0-9]_[a-z0-9]|\b[TpeL]_\w|\d[eE][-+]?\d|\bus\b|\binf\b| \* ")
WRONG = [
    {"guard_us": -1.0}, {"t2_us": 5e3}, {"release": "soon"}, {"discipline": "store_forward"}, {"p_dark": 2.0},
    {"n_relays": 2.5}, {"cutoff_us": -1.0}, {"speed_km_per_us": 1.0}, {"storage": "shelf"}, {"length_km": 1e9},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG, ids=lambda c: next(iter(c)))
def test_a_refusal_is_in_words(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))) as refused:
        qps.Scenario().replace(**change)
    words = plain(str(refused.value)).replace("store_forward", "")
    assert CODE.search(words) is None, words


@pytest.mark.parametrize("name", ["guard_us", "length_km", "t1_us", "p_dark", "insertion_loss_db"])
def test_a_goal_out_of_reach_is_refused_in_words(name: str) -> None:
    with pytest.raises(ValueError, match=r"reaches|everywhere|between") as refused:
        qps.solve(qps.preset("fig10a"), name, fidelity=0.999999)
    words = plain(str(refused.value))
    assert CODE.search(words) is None, words


def test_labels_tips_and_stories_are_in_words() -> None:
    rows = [row for group in control_spec("qps")["groups"] for row in group["parameters"]]
    told = [row[part] for row in rows for part in ("label", "help", "source", "default_text")]
    told += [text for row in rows for text in row["choice_texts"]]
    told += [text for preset in all_presets() for text in (preset.title, preset.story)]
    assert [text for text in told if CODE.search(text)] == []


@given(st.sampled_from([p for p in parameters() if p.kind == "number"]), st.floats(0, 1))
def test_a_value_in_a_box_reads_back_as_it_is_typed(declared: qps.parameter.Parameter, share: float) -> None:
    lo, hi = declared.shown
    value = max(lo, 1e-9) * (hi / max(lo, 1e-9)) ** share
    assert parse_quantity(value_text(declared, value), declared.unit) == pytest.approx(value, rel=6e-4)
