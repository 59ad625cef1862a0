"""A network file on the command line: what a refusal tells to write is a flag, and the flag works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import qpsviz as qps
from qpsviz.cli.networks import named_network
from qpsviz.cli.parser import main

HEAD = '<graphml><key id="x" for="node" attr.name="x"/><key id="y" for="node" attr.name="y"/>'
AB = '<node id="a"><data key="x">1</data><data key="y">1</data></node><node id="b"><data key="x">2</data></node>'


def text(body: str, *, names: tuple[str, ...] = (), edgedefault: str = 'edgedefault="undirected"') -> str:
    """A file of one graph whose edges have attributes of these names."""
    keys = "".join(f'<key id="{name}" for="edge" attr.name="{name}"/>' for name in names)
    return f'{HEAD}{keys}<graph id="G" {edgedefault}>{AB}{body}</graph></graphml>'


def edge(**data: str) -> str:
    """The edge between a and b."""
    return '<edge source="a" target="b">' + "".join(f'<data key="{k}">{v}</data>' for k, v in data.items()) + "</edge>"


TWO = text(edge()).replace("</graphml>", text(edge())[len(HEAD) :].replace('"G"', '"H"'))


@pytest.mark.parametrize(
    ("content", "given", "hint", "flags"),
    [
        (text(edge()), (), "write --link-km for links", ("--link-km", "9")),
        (
            text(edge(length="9"), names=("length",)),
            (), "write --length-unit km or --length-unit m", ("--length-unit", "km"),
        ),
        (text(edge() + '<node id="c"/>'), ("--link-km", "9"), "write --drop-isolated to leave", ("--drop-isolated",)),
        (
            text(edge(), edgedefault=""),
            ("--link-km", "9"), "write --directed no or --directed yes", ("--directed", "no"),
        ),
        (TWO, ("--link-km", "9"), "write --graph one of 'G', 'H'", ("--graph", "H")),
        (
            text(edge(length_km="9", length_m="8"), names=("length_km", "length_m")),
            (), "write --length-attribute and the name of the right one", ("--length-attribute", "length_km"),
        ),
        (
            text(edge()).replace("<data key=\"x\">2", '<data key="y">1</data><data key="x">2'),
            ("--great-circle-factor", "1"), "--places degrees if its pos", ("--places", "degrees"),
        ),
    ],
)  # fmt: skip
def test_a_refusal_names_the_flag_that_helps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, given: tuple[str, ...], hint: str,
    flags: tuple[str, ...],
) -> None:  # fmt: skip
    file = tmp_path / "net.graphml"
    file.write_text(content, encoding="utf-8")
    arguments = ["simulate", "--network", str(file), "--load", "0.4", "--n-frames", "3", *given]
    assert main(arguments) == 1
    line = capsys.readouterr().err
    assert hint in line
    assert re.findall(r"\w+_\w+=|\w+=(?:True|False|')", line) == []
    assert main([*arguments, *flags]) == 0


def test_a_link_as_long_as_asked_is_a_multiple_of_the_way_between_its_places(tmp_path: Path) -> None:
    file = tmp_path / "net.graphml"
    file.write_text(text(edge()).replace('<data key="x">2', '<data key="y">1</data><data key="x">2'), encoding="utf-8")
    plain, twice = (
        named_network(str(file), {"great_circle_factor": factor, "places": "degrees"}) for factor in (1.0, 2.0)
    )
    assert plain.link_km.tolist() == [km / 2 for km in twice.link_km]
    assert plain == qps.Network.from_graphml(file, great_circle_factor=1.0, places="degrees")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--great-circle-factor", "0.5"), "--great-circle-factor 0.5 must be a number of at least 1"),
        (("--link-km", "1e9"), "--link-km 1000000000.0 must be a number of at least 0 and at most 40075"),
        (("--great-circle-factor", "far"), "--great-circle-factor = 'far' must be a number"),
    ],
)
def test_a_flag_out_of_bounds_is_called_as_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: tuple[str, ...], words: str
) -> None:
    file = tmp_path / "net.graphml"
    file.write_text(text(edge()), encoding="utf-8")
    assert main(["simulate", "--network", str(file), "--load", "0.4", *flags]) == 2
    assert words in capsys.readouterr().err
