"""Networks of SNDlib: coordinates and links, in two formats, and lengths that the caller has to give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import qpsviz as qps
from qpsviz.network.geography import great_circle_km
from qpsviz.network.importers import GraphError

Network = qps.Network
Read = Callable[..., qps.Network]
POLAND = {"Gdansk": ("18.65", "54.35"), "Warsaw": ("21.01", "52.23"), "Krakow": ("19.94", "50.06")}
LINKS = [("L1", "Gdansk", "Warsaw"), ("L2", "Warsaw", "Krakow")]


def as_xml(spots: dict[str, tuple[str, str]], links: list[tuple[str, str, str]], kind: str = "geographical") -> str:
    """A network in XML; links have capacities beside their ends."""
    nodes = "".join(
        f'<node id="{name}"><coordinates><x>{x}</x><y>{y}</y></coordinates></node>' for name, (x, y) in spots.items()
    )
    modules = "<additionalModules><addModule><capacity>155.0</capacity><cost>1.0</cost></addModule></additionalModules>"
    joined = "".join(
        f'<link id="{own}"><source>{a}</source><target>{b}</target>{modules}</link>' for own, a, b in links
    )
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?><network xmlns="http://sndlib.zib.de/network" version="1.0">'
        f'<networkStructure><nodes coordinatesType="{kind}">{nodes}</nodes><links>{joined}</links></networkStructure>'
        '<demands><demand id="D1"><source>Gdansk</source><target>Krakow</target></demand></demands></network>'
    )


def as_native(spots: dict[str, tuple[str, str]], links: list[tuple[str, str, str]]) -> str:
    """The same as native text."""
    nodes = "\n".join(f"  {name} ( {x} {y} )" for name, (x, y) in spots.items())
    joined = "\n".join(f"  {own} ( {a} {b} ) 0.00 0.00 0.00 0.00 ( 155.00 1.00 622.00 2.00 )" for own, a, b in links)
    return (
        "?SNDlib native format; type: network; version: 1.0\n# a comment ( of its own\n"
        f"META (\n  unit = MBITPERSEC\n)\nNODES (\n{nodes}\n)\nLINKS (\n{joined}\n)\n"
        "DEMANDS (\n  D1 ( Gdansk Krakow ) 1 7.00 UNLIMITED\n)\nADMISSIBLE_PATHS (\n  D1 ( P0 ( L1 L2 ) )\n)\n"
    )


@pytest.fixture
def read_text(tmp_path: Path) -> Read:
    """Write a text as a file and read it."""

    def write_and_read(text: str, **options: object) -> qps.Network:
        path = tmp_path / ("net.xml" if text.lstrip().startswith("<") else "net.txt")
        path.write_text(text, encoding="latin-1")
        return Network.from_sndlib(path, **options)  # type: ignore[arg-type]

    return write_and_read


WRITERS = pytest.mark.parametrize("write", [as_xml, as_native])


@WRITERS
def test_links_are_fibre_pairs_as_long_as_asked(read_text: Read, write: Callable[..., str]) -> None:
    text = write(POLAND, LINKS)
    network = read_text(text, length_km=30.0)
    assert network.node_names == tuple(POLAND)
    assert network.link_km.tolist() == [30.0] * 4
    by_place = read_text(text, great_circle_factor=1.5)
    expected = 1.5 * great_circle_km((18.65, 54.35), (21.01, 52.23))
    assert by_place.link_km[:2] == pytest.approx([expected] * 2)
    with pytest.raises(GraphError, match="link 'L1', Gdansk – Warsaw: has no length; write length_km="):
        read_text(text)


@WRITERS
def test_links_that_come_with_their_way_back_are_one_way(read_text: Read, write: Callable[..., str]) -> None:
    both = [*LINKS, *((f"{own}b", b, a) for own, a, b in LINKS)]
    assert read_text(write(POLAND, both), length_km=1.0).n_links == 4
    assert read_text(write(POLAND, both), length_km=1.0, directed=False).n_links == 8
    assert read_text(write(POLAND, [*LINKS, LINKS[0]]), length_km=1.0).n_links == 6
    assert read_text(write(POLAND, LINKS), length_km=1.0, directed=True).n_links == 2


def test_pixels_that_say_so_are_a_drawing(read_text: Read) -> None:
    pixels = {"A": ("10.0", "400.0"), "B": ("310.0", "400.0"), "C": ("310.0", "100.0")}
    text = as_xml(pixels, [("L1", "A", "B"), ("L2", "B", "C")], "pixel")
    network = read_text(text, length_km=7.0)
    assert network.x_km[1] - network.x_km[0] == pytest.approx(7.0)
    with pytest.raises(GraphError, match="A and B no longitude and latitude"):
        read_text(text, great_circle_factor=1.0)


@WRITERS
def test_pixels_that_do_not_say_so_are_refused(read_text: Read, write: Callable[..., str]) -> None:
    far = {**POLAND, "Krakow": ("310.0", "90.0")}
    with pytest.raises(GraphError, match="node 'Krakow': longitude 310 and latitude 90 are no place on the Earth"):
        read_text(write(far, LINKS), length_km=1.0)
    whole = {name: (f"{i}.00", f"{2 * i + 1}.00") for i, name in enumerate("ABCD")}
    links = [("L1", "A", "B"), ("L2", "C", "D")]
    with pytest.raises(GraphError, match="the nodes: have whole numbers for coordinates, as pixels are"):
        read_text(write(whole, links), length_km=1.0)
    assert read_text(write(whole, links), length_km=1.0, places="drawing").n_nodes == 4


@WRITERS
def test_degrees_and_minutes_are_read_as_such_where_the_caller_says_so(
    read_text: Read, write: Callable[..., str]
) -> None:
    # 53° 34′ N 10° 2′ E and 48° 8′ N 11° 34′ E; the other eight fill a file up to the twenty numbers of a suspicion.
    spots = {"Hamburg": ("10.02", "53.34"), "Munich": ("11.34", "48.08")}
    spots |= {f"N{i}": (f"{i}.{5 * i + 10}", f"5{i}.{59 - 6 * i:02}") for i in range(8)}
    links = [("L1", "Hamburg", "Munich"), *((f"M{i}", "Munich", f"N{i}") for i in range(8))]
    text = write(spots, links)
    with pytest.raises(GraphError, match=r"none of their 20 coordinates has \.60 or more after its point"):
        read_text(text, length_km=1.0)
    network = read_text(text, great_circle_factor=1.0, places="degrees.minutes")
    expected = great_circle_km((10 + 2 / 60, 53 + 34 / 60), (11 + 34 / 60, 48 + 8 / 60))
    assert network.link_km[0] == pytest.approx(expected)
    as_decimals = read_text(text, great_circle_factor=1.0, places="degrees")
    assert as_decimals.link_km[0] == pytest.approx(great_circle_km((10.02, 53.34), (11.34, 48.08)))


def test_west_of_greenwich_minutes_go_west(read_text: Read) -> None:
    spots = {"A": ("-0.30", "51.30"), "B": ("0.30", "51.30")}
    network = read_text(as_xml(spots, [("L", "A", "B")]), great_circle_factor=1.0, places="degrees.minutes")
    assert network.link_km[0] == pytest.approx(great_circle_km((-0.5, 51.5), (0.5, 51.5)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            as_xml({**POLAND, "Krakow": ("east", "50")}, LINKS),
            r"node 'Krakow': its coordinates \['east', '50'\] are not",
        ),
        (as_xml({**POLAND, "Krakow": ("nan", "50")}, LINKS), "node 'Krakow': its coordinates"),
        (as_xml(POLAND, [("L1", "Gdansk", "Lodz")]), "link 'L1': its end 'Lodz' is not a node of this file"),
        (as_xml(POLAND, LINKS, "polar"), "coordinatesType = 'polar' is not one of geographical, pixel"),
        (as_xml(POLAND, LINKS).replace('<node id="Gdansk">', "<node>"), "a <node>: has no id"),
        (as_xml(POLAND, LINKS).replace('id="Warsaw"', 'id="Gdansk"'), "node 'Gdansk': occurs twice"),
        ("<solution/>", "the element <solution>: is not <network>"),
        ("hello", "the first line: is not '.SNDlib native format'"),
        ("?SNDlib native format; type: solution; version: 1.0", "does not say type: network"),
        (
            as_native(POLAND, LINKS).replace("( 18.65 54.35 )", "( 18.65 )"),
            r"node 'Gdansk': its coordinates \['18.65'\]",
        ),
        (as_native(POLAND, LINKS).replace("( Gdansk Warsaw )", "( Gdansk )"), "link 'L1': joins 1 nodes"),
        (as_native(POLAND, LINKS)[:-20], "the file: ends in a list"),
        (as_native(POLAND, LINKS).replace("NODES (", "NODES )"), r"NODES: '\)' stands where '\(' is expected"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(read_text: Read, text: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        read_text(text, length_km=1.0)
