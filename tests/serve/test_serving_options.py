"""What ``qpsviz dashboard`` can be told, and a home folder that cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from qpsviz.cli.serving import NOTES
from qpsviz.serve import Unavailable, base_path, default_max_kernels, home, options
from qpsviz.serve.app import BOUNDS
from qpsviz.serve.websocket import MAX_MESSAGE, MAX_QUEUED, PER_SECOND

ROOT = Path(__file__).parents[2]
TOKEN = "open-sesame"


@dataclass(frozen=True)
class Told:
    """A server for a class, and what it said at its start."""

    base: str
    lines: list[str]


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    """A server with a base path and a token, whose home folder cannot be made."""
    command = [sys.executable, "-m", "qpsviz", "dashboard", "--no-browser", "--port", "0", "--host", "127.0.0.1"]
    command += ["--base-url", "class/7", "--token", TOKEN, "--allow-host", "class.example"]
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "XDG", "MPL"))
    }
    environment = {**kept, "HOME": "/dev/null/nobody"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=environment
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "http://" in line:
                break
        address = next(word for word in lines[-1].split() if word.startswith("http://"))
        yield Told(address.partition("?")[0], lines)
        process.terminate()
        rest, _ = process.communicate(timeout=60)
        assert rest == ""


def test_a_home_that_cannot_be_written_is_said_once(told: Told) -> None:
    first, last = told.lines
    assert first.startswith("qpsviz: /dev/null/nobody")
    assert "cannot be written" in first
    assert last.endswith(f"/class/7/?token={TOKEN} (stop with Ctrl+C)")


def test_the_token_opens_the_page_and_nothing_else_does(told: Told) -> None:
    with httpx.Client(base_url=told.base, timeout=120, follow_redirects=True) as visitor:
        asked = visitor.get("")
        assert asked.url.path == "/class/7/login"
        assert 'name="password"' in asked.text
        assert "kernelId" not in asked.text
        form = {"password": "guess", "_xsrf": visitor.cookies["_xsrf"]}
        refused = visitor.post(str(asked.url), data=form)
        assert refused.status_code == 401
        assert "not the token" in refused.text
        opened = visitor.post(str(asked.url), data={**form, "password": TOKEN})
        assert opened.url.path == "/class/7/"
        assert '"baseUrl": "/class/7/"' in opened.text
        left = visitor.get("logout")
        assert "forgotten the token" in left.text
        assert visitor.head("").url.path == "/class/7/login"


def test_the_token_does_not_stay_in_the_address(told: Told) -> None:
    with httpx.Client(base_url=told.base, timeout=120) as visitor:
        answer = visitor.get("", params={"a": "1 2", "token": TOKEN, "b": ""})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/class/7/?a=1+2&b=")
        lesson = visitor.get("voila/render/glossary.ipynb", params={"token": TOKEN})
        assert (lesson.status_code, lesson.headers["Location"]) == (302, "/class/7/voila/render/glossary.ipynb")
        assert visitor.head("").status_code == 200  # the cookie has it
        assert TOKEN not in answer.text + lesson.text
    with httpx.Client(base_url=told.base, timeout=120) as stranger:
        assert "/login" in stranger.get("", params={"token": "guess"}).headers["Location"]


def test_scripts_and_kernels_are_under_the_base_path_and_behind_the_token(told: Told) -> None:
    with httpx.Client(timeout=60) as visitor:
        server = told.base.removesuffix("/class/7/")
        assert visitor.get(f"{server}/").headers["Location"] == "/class/7/"
        assert visitor.get(f"{server}/class/7").headers["Location"] == "/class/7/"
        assert visitor.get(f"{server}/class/7?a=1").headers["Location"] == "/class/7/?a=1"
        assert visitor.get(f"{told.base}qpsviz/static/bokeh.min.js").status_code == 200
        assert visitor.get(f"{server}/voila/static/voila.js").status_code == 404
        assert visitor.get(f"{told.base}api/kernels/a-b-c-d-e").status_code == 403
        assert visitor.head(told.base, params={"token": TOKEN}, headers={"Host": "class.example"}).status_code == 200


@pytest.mark.parametrize(
    "flags",
    [
        ("--max-kernels", "0"), ("--max-kernels", "many"), ("--cull-after", "0"), ("--cull-after", "nan"),
        ("--cull-after", "1e9"), ("--token", "two words"), ("--base-url", "a/../b"), ("--base-url", "ä"),
    ],
)  # fmt: skip
def test_an_option_that_makes_no_sense_is_named(flags: tuple[str, str]) -> None:
    command = [sys.executable, "-m", "qpsviz", "dashboard", "--no-browser", "--port", "0", *flags]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert done.stderr.startswith(f"qpsviz: {flags[0]}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("text", "path"), [("/", "/"), ("", "/"), ("class", "/class/"), ("//a//b/", "/a/b/")])
def test_a_base_path_has_a_slash_at_both_ends(text: str, path: str) -> None:
    assert base_path(text) == path


@pytest.mark.parametrize("text", ["a b", "/..", "a?b", "a#b", "%41"])
def test_a_base_path_needs_no_quoting(text: str) -> None:
    with pytest.raises(Unavailable, match="--base-url"):
        base_path(text)


def test_the_number_of_kernels_follows_memory_and_the_limit_of_a_container(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(options, "MEMORY_LIMITS", [str(limit)])
    monkeypatch.setattr(options, "_memory_of_machine", lambda: 8 * 2**30)
    assert default_max_kernels() == 32
    limit.write_text("max\n", encoding="ascii")
    assert default_max_kernels() == 32
    limit.write_text(f"{2**31}\n", encoding="ascii")
    assert default_max_kernels() == 8
    limit.write_text("1000000\n", encoding="ascii")
    assert default_max_kernels() == options.FEWEST


def test_a_home_that_can_be_written_is_used_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in home.NAMES:
        monkeypatch.setenv(variable, str(tmp_path / variable))
    home.ensure_home()
    assert capsys.readouterr() == ("", "")
    assert {variable: os.environ[variable] for variable in home.NAMES} == {v: str(tmp_path / v) for v in home.NAMES}


@pytest.mark.parametrize("blocked", ["JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"])
def test_one_folder_that_cannot_be_written_is_enough(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], blocked: str
) -> None:
    for variable in home.NAMES:
        monkeypatch.setenv(variable, str(tmp_path / variable))
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv(blocked, str(file / "below"))
    home.ensure_home()
    said = capsys.readouterr().err
    assert str(file / "below") in said
    assert said.count("\n") == 1
    assert all(Path(os.environ[variable]).is_dir() for variable in home.NAMES)


def test_the_help_and_the_guide_name_every_option() -> None:
    command = [sys.executable, "-m", "qpsviz", "dashboard", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=True).stdout
    for flag in ("--host", "--allow-host", "--port", "--base-url", "--token", "--max-kernels", "--cull-after"):
        assert flag in text
        assert flag in (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")


def test_the_help_and_the_guide_plan_the_memory_that_the_server_counts_with() -> None:
    each = f"{options.KERNEL_MEMORY // 2**20} MB"
    guide = " ".join((ROOT / "docs" / "serving.md").read_text(encoding="utf-8").split())
    words = {0.5: "half", 0.6: "six tenths", 0.7: "seven tenths"}[options.SHARE_OF_MEMORY]
    assert f"{words} of the memory, {each} each, {options.FEWEST} to {options.MOST} |" in guide
    assert f"Plan {each} for each and" in guide
    assert f"a Python process of its own (plan {each})" in NOTES


def test_the_guide_tells_the_bounds_of_a_connection_as_the_server_keeps_them() -> None:
    guide = " ".join((ROOT / "docs" / "serving.md").read_text(encoding="utf-8").split())
    queued, longest, a_second = (n // 2**20 for n in (MAX_QUEUED, MAX_MESSAGE, PER_SECOND))
    assert f"may have {queued} MB waiting to be read, send messages of {longest} MB and {a_second} MB a second" in guide
    body, headers = int(BOUNDS["max_body_size"]) // 2**20, int(BOUNDS["max_header_size"]) // 2**10
    after = {30.0: "half a minute", 60.0: "a minute", 120.0: "two minutes"}[BOUNDS["idle_connection_timeout"]]
    assert (
        f"body ends at {body} MB, its headers at {headers} kB, and a connection without a request after {after}"
        in guide
    )
