"""The traffic tab: its curves are those of a load study, files become networks, and questions are checked."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import numpy as np
import psutil
import pytest

import qpsviz as qps
from qpsviz.session import Inline, Session, Threads
from qpsviz.session.protocol import traffic as protocol
from qpsviz.session.tabs.traffic import study as background
from qpsviz.session.tabs.traffic.charts import CHARTS, charts, table
from qpsviz.session.tabs.traffic.choices import Choice
from qpsviz.session.tabs.traffic.networks import network_named, open_file
from qpsviz.session.tabs.traffic.study import BackgroundStudy, frames_per_run
from qpsviz.session.tabs.traffic.tab import on_network

FIRST = Choice()
COMPARED = ("store", "burst_delayed", "circuit_blocked")  # not the one that takes a hundred set-ups a frame
SCENARIO = on_network(qps.preset("first").replace(guard_us=160.0))


def asked(do: str, choice: Choice = FIRST, **more: Any) -> dict[str, Any]:
    """A question as the page sends it."""
    return {"ask": "tab", "tab": "traffic", "do": do, "number": 1, "asker": "a", **dataclasses.asdict(choice), **more}


@pytest.fixture(scope="module")
def session() -> Session:
    """A session that has begun."""
    made = Session()
    made.begin()
    return made


# -- curves ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A study of a few short runs."""
    monkeypatch.setattr(background, "LOADS", (0.2, 1.1))
    monkeypatch.setattr(background, "N_SEEDS", 4)
    monkeypatch.setattr(background, "COMPARED", COMPARED)
    monkeypatch.setattr(background, "frames_per_run", lambda *_: 250)
    monkeypatch.setattr(background.compiled, "available", lambda: False)
    background._studies.clear()


def test_the_curves_of_the_page_are_those_of_a_load_study(session: Session, small: None) -> None:
    told = session.ask(asked("curves"))[0]
    while told["progress"]["state"] == "running":  # without threads each question computes for some seconds
        told = session.ask(asked("curves"))[0]
    scenario = on_network(session.scenario)
    found = qps.experiments.load_study(
        scenario, network=network_named("metro"), traffic=FIRST.traffic(250), loads=(0.2, 1.1), disciplines=COMPARED,
        seeds=range(4),
        progress=False,
    )  # fmt: skip
    for chart, (name, _, _, scale) in zip(told["charts"], CHARTS, strict=True):
        for i, line in enumerate(chart["lines"]):
            for part, expected in zip(line, found.interval(name), strict=True):
                shown = np.array([np.nan if value is None else value for value in part])
                np.testing.assert_allclose(shown, expected[i] / scale, rtol=2e-5, err_msg=name)
    assert told["verdicts"][0] == found.verdict().sentence
    assert told["verdicts"][1] == found.verdict("pairs_key_hz").sentence
    assert told["states"][0] == ["steady", "overloaded"]
    assert told["notes"] == found.notes()
    assert told["table"]["load"] == 0.2
    assert told["table"]["rows"][0][0] == "store-and-forward"


def test_a_study_goes_on_in_a_process_of_its_own_pauses_and_is_kept(small: None) -> None:
    session = Session(executor=Threads())
    session.begin()

    def progress(**more: Any) -> Any:
        return session.ask(asked("curves", **more))[0]["progress"]

    while progress()["done"] < 3:
        time.sleep(0.05)
    progress(pause=True)
    (study,) = background._studies.values()
    assert study._work is not None
    study._work.result()
    n_done = study.n_done
    assert progress()["state"] == ("paused" if n_done < 24 else "done")
    assert progress()["done"] == n_done
    progress(pause=False)
    while progress()["state"] != "done":
        time.sleep(0.05)
    assert study.n_done == 24


def test_however_quickly_choices_change_one_process_computes(small: None) -> None:
    session = Session(executor=Threads())
    session.begin()

    def n_workers() -> int:
        found = psutil.Process().children(recursive=True)
        commands = [" ".join(p.cmdline()) for p in found if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        return sum("spawn_main" in command for command in commands)

    most = 0
    for n_frames in (1, 10, 100):
        for arrivals in ("poisson", "on_off"):
            session.ask(asked("curves", Choice(n_frames_per_session=n_frames, arrivals=arrivals)))
            for _ in range(20):
                most = max(most, n_workers())
                time.sleep(0.02)
    last = next(reversed(background._studies.values()))
    while last.n_done == 0:
        last.ask(Threads())
        most = max(most, n_workers())
        time.sleep(0.02)
    assert most == 1
    for study in background._studies.values():
        study.pause()
        assert study._work is not None
        study._work.result()


def test_who_is_not_watched_rests(monkeypatch: pytest.MonkeyPatch, small: None) -> None:
    monkeypatch.setattr(background, "UNWATCHED_S", -1.0)
    session = Session()
    session.begin()
    first = session.ask(asked("curves"))[0]["progress"]
    assert (first["state"], first["done"]) == ("running", 0)


def test_a_run_that_cannot_be_made_is_said_and_ends_the_study(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    study = BackgroundStudy(SCENARIO, network_named("metro"), FIRST)
    broken = [(study._points[0], ValueError("no light"))]
    monkeypatch.setattr(study, "_computed", lambda left, beside: (pair for pair in broken))
    told = study.ask(Inline())
    assert (told["state"], told["problem"]) == ("failed", "A run could not be made: no light")


def test_runs_are_longer_where_circuits_take_longer_and_sessions_have_more_frames() -> None:
    metro, far = network_named("metro"), network_named("nsfnet")
    assert frames_per_run(SCENARIO, metro, FIRST) < frames_per_run(SCENARIO, far, FIRST)
    many = dataclasses.replace(FIRST, n_frames_per_session=100)
    assert frames_per_run(SCENARIO, metro, many) >= 200 * 100


def test_before_anything_is_finished_there_are_empty_charts() -> None:
    assert all(chart["lines"] == [] for chart in charts(None))
    assert table(None, 0.4)["rows"] == []


def test_what_belongs_to_the_line_changes_nothing_on_a_network() -> None:
    line = qps.preset("fig10a").replace(n_relays=2, length_km=30.0, discipline="store", n_frames=99)
    assert on_network(line) == on_network(line.replace(n_relays=5, layout="sender", discipline="burst", p_free=0.1))
    assert on_network(line) != on_network(line.replace(guard_us=7.0))


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_file_that_is_dropped_becomes_a_network_that_can_be_watched(session: Session) -> None:
    text = "Alice <==20km==> Relay\nRelay <==5km==> Bob\nRelay <==7km==> Carol"
    told = session.ask(asked("file", name="../../ours.txt", text=text))[0]
    choice = dataclasses.replace(FIRST, network=told["network"])
    drawn = session.ask(asked("network", choice))[0]
    assert sorted(drawn["names"]) == ["Alice", "Bob", "Carol", "Relay"]
    assert sorted(set(drawn["link_km"])) == [5.0, 7.0, 20.0]
    assert session.ask(asked("watch", choice))[0]["facts"][0][0] == "frames offered"
    link = f"tab=traffic&traffic={choice.text}"
    refused = session.hear({"revision": 10**7, "link": link})["answer"]["error"]
    assert "open the file again" in refused["message"]


GRAPHML = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="undirected">'
    '<node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>'
)


def test_a_file_without_lengths_is_refused_in_words_and_opens_with_one(session: Session) -> None:
    refused = session.ask(asked("file", name="bare.graphml", text=GRAPHML))[0]["error"]
    assert refused.startswith("bare.graphml: ")
    assert "has no length" in refused
    assert "length_km" not in refused
    assert "write" not in refused
    told = session.ask(asked("file", name="bare.graphml", text=GRAPHML, length="12,5 km"))[0]
    assert network_named(told["network"]).link_km.tolist() == [12.5, 12.5]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.txt", "nonsense", "a.txt: "),
        ("a.exe", "x", "does not end in one of"),
        ("", "x", "does not end in one of"),
        ("a.json", "{}", "has none of"),
        ("a.xml", "<svg/>", "is not"),
        ("a.txt", "a <==1km==> b\nc <==1km==> d", "no path"),
        ("a.txt", "x" * 4_000_001, "longer than 4 MB"),
        ("a.graphml", '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><graphml>&y;</graphml>', "a.graphml"),
        (7, "x", "a file has a name and a text"),
        ("a.txt", None, "a file has a name and a text"),
    ],
)
def test_a_file_that_is_no_network_is_refused_in_one_sentence(
    session: Session, name: Any, text: Any, fault: str
) -> None:
    refused = session.ask(asked("file", name=name, text=text))[0]["error"]
    assert fault in refused
    assert "/tmp" not in refused
    assert "root:" not in refused


def test_networks_of_files_are_forgotten_after_some_others() -> None:
    words = [open_file("x.txt", f"a <=={km}km==> b") for km in range(1, 12)]
    assert network_named(words[-1]).link_km[0] == 11.0
    with pytest.raises(qps.ParameterError, match="open its file again"):
        network_named(words[0])


# -- questions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "dance"}, {"network": "moon"}, {"network": 7}, {"pairs": []}, {"arrivals": None}, {"variant": {}},
        {"load": "much"}, {"load": float("nan")}, {"load": True}, {"load": -1}, {"n_frames_per_session": 10**9},
        {"network": "own-0123456789abcdef"},
    ],
)  # fmt: skip
def test_a_question_that_is_none_is_refused_in_words(session: Session, wrong: dict[str, object]) -> None:
    refused = session.ask(asked("watch") | wrong)[0]["error"]
    assert refused
    assert "Error" not in refused


@pytest.mark.parametrize(
    ("do", "declared"),
    [("network", protocol.TrafficMap), ("watch", protocol.TrafficRun), ("curves", protocol.TrafficCurves)],
)
def test_a_reply_has_what_the_protocol_says(session: Session, small: None, do: str, declared: Any) -> None:
    told = session.ask(asked(do))[0]
    assert set(told) - {"number", "asker"} == set(declared.__annotations__)
