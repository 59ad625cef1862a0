"""Requirements are said once: pyproject, both conda files and the pins agree, and a wheel holds all it needs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import qpsviz

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_FILES = ("environment.yml", "binder/environment.yml")
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def identity(requirement: Requirement) -> tuple[str, frozenset[str], str]:
    """What two spellings of one requirement have in common."""
    return canonicalize_name(requirement.name), frozenset(requirement.extras), str(requirement.specifier)


def conda(name: str) -> dict[str, list[str]]:
    """Conda requirements and pip lines of one environment file."""
    dependencies = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))["dependencies"]
    return {
        "conda": [d for d in dependencies if isinstance(d, str)],
        "pip": next(d["pip"] for d in dependencies if isinstance(d, dict)),
    }


@pytest.mark.parametrize("name", CONDA_FILES)
def test_a_conda_file_asks_for_exactly_what_pyproject_asks_for(name: str) -> None:
    asked = {identity(Requirement(line)) for line in conda(name)["pip"] if not line.startswith("-")}
    assert asked == {identity(Requirement(line)) for line in PROJECT["dependencies"]}


@pytest.mark.parametrize("name", CONDA_FILES)
def test_a_conda_file_is_held_to_the_pins_and_to_a_supported_python(name: str) -> None:
    pip = conda(name)["pip"]
    constraint = next(line.removeprefix("-c ") for line in pip if line.startswith("-c "))
    assert (ROOT / name).parent.joinpath(constraint).resolve() == ROOT / "constraints.txt"
    python = next(d.split("=")[1] for d in conda(name)["conda"] if d.startswith("python="))
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(python)


def test_a_pin_names_one_version_and_no_place_to_get_it() -> None:
    pins = [Requirement(line) for line in PINS]
    assert [str(pin) for pin in pins if pin.url or not re.fullmatch(r"==[^*,]+", str(pin.specifier))] == []


@pytest.mark.parametrize("python", ["3.11.7", "3.12.1", "3.13.0"])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_pins_satisfy_every_requirement_on(python: str, platform: str) -> None:
    here = {"python_full_version": python, "python_version": python[:4], "sys_platform": platform}
    pins: dict[str, list[str]] = {}
    for pin in map(Requirement, PINS):
        if pin.marker is None or pin.marker.evaluate(here):
            pins.setdefault(canonicalize_name(pin.name), []).append(str(pin.specifier).removeprefix("=="))
    lines = [*PROJECT["dependencies"], *(r for extra in PROJECT["optional-dependencies"].values() for r in extra)]
    wanted = [r for r in map(Requirement, lines) if r.name != PROJECT["name"]]
    assert len(wanted) > 10
    for requirement in wanted:
        found = pins.get(canonicalize_name(requirement.name), [])
        assert len(found) == 1, f"{requirement} has pins {found}"
        assert requirement.specifier.contains(found[0]), f"{requirement} is pinned to {found[0]}"


def test_the_version_is_the_same_wherever_it_is_written() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert PROJECT["version"] == citation["version"] == qpsviz.__version__


@pytest.mark.parametrize("name", [".ci/run", "binder/postBuild", "binder/start"])
def test_a_script_can_be_run_and_parses(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
    subprocess.run(["bash", "-n", str(ROOT / name)], check=True)


def test_a_source_archive_holds_no_tools_of_the_browser_code(tmp_path: Path) -> None:
    from hatchling.builders.sdist import SdistBuilder

    (archive,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(archive) as packed:
        names = {name.split("/", 1)[1] for name in packed.getnames() if "/" in name}
    assert "pyproject.toml" in names
    tools = {name for name in names if re.match(r"node_modules|package(-lock)?\.json|tsconfig|biome|\.npmrc", name)}
    assert tools == set()


def test_the_tools_of_the_browser_code_are_pinned_and_are_no_part_of_an_installation() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert package["private"] is True
    assert "dependencies" not in package
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())
    dashboard = re.search(r"^dashboard:.*\n(?:\t.*\n)+", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert dashboard is not None
    assert re.search(r"\bnpm\b|\bnode\b", dashboard[0]) is None


def test_a_wheel_holds_every_module_and_every_file_beside_it(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    packed = set(zipfile.ZipFile(wheel).namelist())
    sources = [f for f in (ROOT / "qpsviz").rglob("*") if f.is_file() and "__pycache__" not in f.parts]
    assert {f.relative_to(ROOT).as_posix() for f in sources} <= packed
    data = f"{PROJECT['name']}-{PROJECT['version']}.data/data"
    assert f"{data}/share/jupyter/voila/templates/qpsviz/index.html.j2" in packed
    assert f"{data}/etc/jupyter/jupyter_server_config.d/qpsviz.json" in packed
    notebooks = {f"{data}/share/qpsviz/notebooks/{f.name}" for f in (ROOT / "notebooks").glob("*.ipynb")}
    assert notebooks <= packed
