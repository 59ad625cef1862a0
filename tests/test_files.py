"""Every writer leaves a whole file or the old one; every reader of text takes what editors write."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qpsviz as qps
from qpsviz import files
from qpsviz.cli.parser import main
from qpsviz.closed_form import sweep_file
from qpsviz.figures.paper import save_figures
from qpsviz.frame import write_capture
from qpsviz.paper.datasets import figure, write_csv

FIRST = qps.preset("first").replace(n_frames=2)
WRITERS: dict[str, Callable[[Path], Any]] = {
    "run.json": lambda path: qps.simulate(FIRST).save(path),
    "headers.pcap": lambda path: qps.simulate(FIRST).to_pcap(path),
    "headers.pcapng": lambda path: write_capture(path, [(0.0, 0, b"abcd")], nodes=["A"]),
    "scenario.toml": lambda path: FIRST.save(path),
    "scenario.json": lambda path: FIRST.save(path),
    "sweep.csv": lambda path: sweep_file.save(qps.sweep(FIRST, "fidelity", n_relays=[0, 1]), path),
    "sweep.nc": lambda path: sweep_file.save(qps.sweep(FIRST, "fidelity", n_relays=[0, 1]), path),
    "figure.csv": lambda path: write_csv(figure("fig7", n_points=3), path),
    "fig7.svg": lambda path: save_figures(path.parent, ("fig7",), n_points=3),
    "fig7.png": lambda path: save_figures(path.parent, ("fig7",), n_points=3),
}


@pytest.fixture(params=[OSError, KeyboardInterrupt], ids=["full", "ctrl-c"])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[BaseException]:
    """A disk that is full, or a person who has had enough, once a file is written and before it is moved."""

    def fail(*_: object) -> None:
        raise request.param(*((errno.ENOSPC, os.strerror(errno.ENOSPC)) if request.param is OSError else ()))

    monkeypatch.setattr(files.os, "fsync", fail)
    return request.param


@pytest.mark.parametrize("name", WRITERS)
def test_a_broken_write_leaves_the_old_file_whole_and_nothing_beside_it(
    name: str, broken: type[BaseException], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text("old")
    with pytest.raises(broken) as caught:
        WRITERS[name](path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []
    if isinstance(caught.value, OSError):
        assert Path(caught.value.filename).suffix in (path.suffix, ".csv")
        assert Path(caught.value.filename).parent == tmp_path


@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_replaces_an_old_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("old")
    WRITERS[name](path)
    assert path.read_bytes() != b"old"
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_process_that_is_told_to_end_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / "numbers.txt"
    path.write_text("old")
    program = (
        "import signal, sys, time\n"
        "from qpsviz.files import written_whole\n"
        f"signal.signal(signal.{name}, signal.SIG_DFL)\n"  # under nohup, a process would ignore it
        "with written_whole(sys.argv[1]) as part:\n"
        "    part.write_text('half of the n')\n"
        "    print('writing', flush=True)\n"
        "    for _ in range(600):\n"  # a signal that comes just before one long sleep begins would not cut it short
        "        time.sleep(0.1)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        assert len(list(tmp_path.iterdir())) == 2
        process.send_signal(getattr(signal, name))
        assert process.wait(30) == 128 + getattr(signal, name)
    assert [file.name for file in tmp_path.iterdir()] == ["numbers.txt"]
    assert path.read_text() == "old"


def test_what_is_done_about_a_request_to_end_is_left_as_it_was(tmp_path: Path) -> None:
    was = signal.getsignal(signal.SIGTERM)
    try:
        for mine in (signal.SIG_DFL, signal.SIG_IGN, signal.default_int_handler):
            signal.signal(signal.SIGTERM, mine)
            with files.written_whole(tmp_path / "a.txt"):
                during = signal.getsignal(signal.SIGTERM)
            assert signal.getsignal(signal.SIGTERM) is mine
            assert (during is mine) == (mine is not signal.SIG_DFL)
    finally:
        signal.signal(signal.SIGTERM, was)


def test_an_error_in_the_middle_of_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "headers.pcapng"
    path.write_text("old")
    with pytest.raises(ValueError, match="node"):
        write_capture(path, [(0.0, 0, b"abcd"), (1.0, 9, b"abcd")], nodes=["A"])
    assert path.read_text() == "old"


def test_rights_of_a_file_are_kept_and_a_link_is_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    FIRST.save(link)
    assert link.is_symlink()
    assert qps.Scenario.load(real) == FIRST
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_what_is_no_regular_file_is_written_directly() -> None:
    with files.written_whole("/dev/null") as part:
        assert str(part) == "/dev/null"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "nowhere"
    for option, name in (("--out", "run.json"), ("--pcap", "h.pcap")):
        assert main(["simulate", option, str(missing / name)]) == 1
        assert str(missing) in capsys.readouterr().err
    with pytest.raises(FileNotFoundError) as caught:
        FIRST.save(missing / "scenario.toml")
    assert caught.value.filename == str(missing / "scenario.toml")


def test_a_capture_that_cannot_be_is_refused_before_anything_is_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("qpsviz.cli.commands.simulate", lambda *_, **__: pytest.fail("it was simulated"))
    capture = ("--pcap", str(tmp_path / "h.pcap"))
    for arguments in ((*capture, "--spacing", "900 s"), (*capture, "--node", "Nobody"), ("--pcap", str(tmp_path))):
        assert main(["simulate", *arguments]) in (1, 2)
        assert len(capsys.readouterr().err.splitlines()) == 1


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-mark", "utf-16-be-mark"]


def written(text: str, encoding: str) -> bytes:
    """Text as editors write it, with its byte order mark."""
    if encoding.endswith("-mark"):
        return ("\ufeff" + text).encode(encoding.removesuffix("-mark"))
    return text.encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["s.toml", "s.json", "S.JSON", "S.Toml", "s.txt"])
def test_a_scenario_is_read_whatever_editor_wrote_it(tmp_path: Path, encoding: str, name: str) -> None:
    for text in (FIRST.to_json(),) if "json" in name.lower() else (FIRST.to_toml(),):
        (tmp_path / name).write_bytes(written(text, encoding))
        assert qps.Scenario.load(tmp_path / name) == FIRST


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_run_and_hex_are_read_whatever_editor_wrote_them(
    tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str], full_frame: Any
) -> None:
    run = qps.simulate(FIRST)
    run.save(tmp_path / "plain.json")
    (tmp_path / "run.json").write_bytes(written((tmp_path / "plain.json").read_text(), encoding))
    assert qps.Run.load(tmp_path / "run.json").frames == run.frames
    octets = full_frame.encode()
    lines = (f"{at:08x}: {octets[at : at + 16].hex(' ', 2)}  ..." for at in range(0, len(octets), 16))
    (tmp_path / "dump.txt").write_bytes(written("\n".join(lines), encoding))
    assert main(["frame", "decode", str(tmp_path / "dump.txt"), "--json"]) == 0
    assert '"name": "fcs"' in capsys.readouterr().out


def test_text_that_is_none_and_files_too_large_are_refused(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"s\.toml: not text in UTF-16-LE"):
        qps.Scenario.load(tmp_path / "s.toml")
    (tmp_path / "s.toml").write_bytes(b"#" * (1 << 20) + b"\n")
    with pytest.raises(ValueError, match=r"s\.toml: larger than"):
        qps.Scenario.load(tmp_path / "s.toml")


def test_a_frame_without_its_check_sequence_says_how_to_read_it(
    capsys: pytest.CaptureFixture[str], full_frame: Any
) -> None:
    octets = full_frame.encode()[:-4].hex()
    assert main(["frame", "decode", octets]) == 1
    assert "--without-fcs" in capsys.readouterr().err
    assert main(["frame", "decode", octets, "--without-fcs"]) == 0


@pytest.mark.parametrize("ending", ["csv", "nc"])
def test_a_stored_sweep_is_computed_anew_from_its_own_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"sweep.{ending}"
    scenario = qps.preset("fig11").replace(length_km=12.5, memory_model="twirled", partner_noise=False)
    array = qps.sweep(
        scenario, "fidelity", linked={"t2_us": "t1_us"}, t1_us=[10.0, 300.0, 1e5], layout=["split", "sender"]
    )
    sweep_file.save(array, path)
    stored, again = sweep_file.recompute(path)
    np.testing.assert_array_equal(stored, array.to_numpy().ravel())
    np.testing.assert_allclose(again, stored, rtol=1e-14)
    assert main(["recompute", str(path)]) == 0


@pytest.mark.parametrize("ending", ["csv", "nc"])
def test_a_sweep_without_axes_is_stored_and_computed_anew(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"sweep.{ending}"
    sweep_file.save(qps.sweep("fig7", "key_rate"), path)
    stored, again = sweep_file.recompute(path)
    assert stored.tolist() == again.tolist() == [qps.evaluate("fig7", "key_rate")]


@pytest.mark.parametrize("spelt", ["TRUE", "true", "True"])
def test_a_flag_is_read_however_a_spreadsheet_spells_it(tmp_path: Path, spelt: str) -> None:
    path = tmp_path / "sweep.csv"
    sweep_file.save(qps.sweep("fig10b", "fidelity", layout=["sender"], partner_noise=[True, False]), path)
    path.write_text(path.read_text().replace("True", spelt))
    stored, again = sweep_file.recompute(path)
    assert stored[0] != stored[1]
    np.testing.assert_array_equal(again, stored)


@pytest.mark.parametrize("keep", [3, 100])
def test_a_damaged_sweep_is_refused_by_name(tmp_path: Path, keep: int, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sweep.nc"
    sweep_file.save(qps.sweep("fig7", "key_rate", n_relays=[0, 1]), path)
    path.write_bytes(path.read_bytes()[:keep])
    assert main(["recompute", str(path)]) == 1
    assert "sweep.nc" in capsys.readouterr().err


def test_a_sweep_whose_numbers_were_changed_does_not_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sweep.csv"
    sweep_file.save(qps.sweep("fig7", "key_rate", n_relays=[0, 1]), path)
    text = path.read_text()
    path.write_text(text.replace(text.splitlines()[1].split(",")[1], "0.125"))
    assert main(["recompute", str(path)]) == 1
    assert "1 of 2 values differ; value 1 is" in capsys.readouterr().err
    path.write_text("partner_noise,fidelity\nmaybe,0.5\n")
    assert main(["recompute", str(path)]) == 1
    assert "partner_noise = 'maybe' must be true or false" in capsys.readouterr().err
    path.write_text("n_relays,fidelity\n1\n")
    assert main(["recompute", str(path)]) == 1
    assert "not equally long" in capsys.readouterr().err
    path.write_text("length_km,speed\n1,2\n")
    assert main(["recompute", str(path)]) == 1
    assert "not a stored sweep" in capsys.readouterr().err
