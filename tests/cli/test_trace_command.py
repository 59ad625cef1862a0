"""`qpsviz trace write`, `show` and `watch`, and `simulate --q2nsviz`."""

from __future__ import annotations

import json
import webbrowser
from pathlib import Path
from typing import Any

import pytest

import qpsviz as qps
from qpsviz.cli.parser import main
from qpsviz.traces import load


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A stored run."""
    path = tmp_path / "run.json"
    qps.simulate(qps.preset("first").replace(n_frames=4), seed=1).save(path)
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that a browser would have been asked to open."""
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: asked.append(address) or True)
    return asked


def test_a_stored_run_becomes_the_trace_that_python_writes(stored: Path, tmp_path: Path, capsys: Any) -> None:
    assert main(["trace", "write", str(stored), "--out", str(tmp_path / "t.ndjson"), "--frames", "1-2"]) == 0
    n_lines = qps.Run.load(stored).to_q2nsviz(tmp_path / "python.json", frames=range(1, 3))
    assert (tmp_path / "t.ndjson").read_bytes() == (tmp_path / "python.json").read_bytes()
    assert f"wrote {n_lines} lines to" in capsys.readouterr().err


def test_a_simulation_writes_its_trace(tmp_path: Path, capsys: Any) -> None:
    flags = ["simulate", "--preset", "first", "--n-frames", "3", "--seed", "4", "--q2nsviz", str(tmp_path / "t.json")]
    assert main(flags) == 0
    qps.simulate(qps.preset("first").replace(n_frames=3), seed=4).to_q2nsviz(tmp_path / "python.json")
    assert (tmp_path / "t.json").read_bytes() == (tmp_path / "python.json").read_bytes()
    assert main([*flags, "--frames", "2-2"]) == 0
    assert {bit.name.partition(":")[0].split()[-1] for bit in load(tmp_path / "t.json").bits} == {"q2"}


def test_a_trace_is_told(stored: Path, tmp_path: Path, capsys: Any) -> None:
    run = qps.Run.load(stored)
    run.to_q2nsviz(tmp_path / "t.json")
    assert main(["trace", "show", str(tmp_path / "t.json"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["nodes"] == run.network.n_nodes
    assert told["packets"] == 2 * len(run.legs) + len(run.signals)
    assert told["dialect"] == "Q2NSViz"
    assert told["end_us"] == pytest.approx(float(run.legs["trailer_in_us"].max()))
    assert main(["trace", "show", str(tmp_path / "t.json")]) == 0
    out = capsys.readouterr().out
    assert "lost in the fibre" in out
    assert len(out.splitlines()) == len(told)


@pytest.mark.parametrize("kind", ["run", "trace"])
def test_a_run_and_a_trace_are_watched_as_a_page(
    stored: Path, tmp_path: Path, capsys: Any, opened: list[str], kind: str
) -> None:
    file = stored
    if kind == "trace":
        file = tmp_path / "t.json"
        qps.Run.load(stored).to_q2nsviz(file)
    page = tmp_path / "film.html"
    assert main(["trace", "watch", str(file), "--out", str(page)]) == 0
    assert opened == [page.as_uri()]
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert ("Trace of Q2NSViz" in text) == (kind == "trace")
    assert main(["trace", "watch", str(file), "--no-browser"]) == 0
    assert len(opened) == 1
    written = Path(capsys.readouterr().err.split("wrote ")[-1].strip())
    assert written.name == f"{file.stem}.html"
    written.unlink()
    written.parent.rmdir()


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (["write", "RUN", "--out", "t.txt"], 2, "--out 't.txt' must end in .json or .ndjson"),
        (["write", "RUN", "--out", "none/t.json"], 1, "none"),
        (["write", "RUN", "--out", "t.json", "--frames", "5"], 2, "--frames '5' must be the first and the last one"),
        (
            ["write", "RUN", "--out", "t.json", "--frames", "3-1"],
            2,
            "--frames '3-1' must be the first and the last one",
        ),
        (["write", "RUN", "--out", "t.json", "--frames", "2-9"], 1, "no frame 4; this run has 0 … 3"),
        (["write", "BAD", "--out", "t.json"], 1, "bad.json: not a run"),
        (["show", "BAD"], 1, "bad.json: line 2: t_ns = -4 must be a whole number of nanoseconds"),
        (["show", "RUN"], 1, "run.json: line 1: an object without a type"),
        (["show", "none.json"], 1, "none.json: No such file or directory"),
        (["watch", "BAD"], 1, "bad.json: line 2: "),
        (["watch", "RUN", "--out", "film.png"], 2, "--out 'film.png' must end in .html"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_leaves_nothing(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, opened: list[str],
    flags: list[str], code: int, words: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    bad = '{"type":"createNode","label":"A"}\n{"type":"traceText","t_ns":-4,"text":"x"}'
    (tmp_path / "bad.json").write_text(bad)
    names = {"RUN": str(stored), "BAD": "bad.json"}
    assert main(["trace", *(names.get(flag, flag) for flag in flags)]) == code
    told = capsys.readouterr().err
    assert words in told
    assert len(told.splitlines()) == 1
    assert sorted(f.name for f in tmp_path.iterdir()) == ["bad.json", "run.json"]
    assert opened == []


def test_a_trace_that_is_too_long_names_its_limit_and_the_flag(tmp_path: Path, capsys: Any) -> None:
    target = tmp_path / "t.json"
    assert main(["simulate", "--n-frames", "900", "--q2nsviz", str(target)]) == 1
    told = capsys.readouterr().err
    assert "at most 20,000 lines" in told
    assert "--frames 0-" in told
    assert not target.exists()
