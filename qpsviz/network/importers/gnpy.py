"""GNPy's JSON: chains of fibre and splices between stations, and the amplifiers in them, which no photon passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qpsviz.network.geography import great_circle_km
from qpsviz.network.importers.graph import Data, Edge, Graph, GraphError, Vertex
from qpsviz.network.importers.records import Record, read_json
from qpsviz.units.checks import number, one_of

AMPLIFIERS = ("refuse", "leave_out")
_YANG = "gnpy-network-topology:topology"
_STATIONS = ("Transceiver", "Roadm")
_FIBRES = ("Fiber", "RamanFiber")
_PASSIVE = (*_FIBRES, "Fused")
_AMPLIFIERS = ("Edfa", "Multiband_amplifier")
_FUSED_DB = 1.0
_LIGHT_NM_HZ = 299_792_458e9
_SLACK = 0.99  # places are rounded


@dataclass(frozen=True, kw_only=True)
class _Span:
    """What an element adds to the chain that it is in: length, loss of the fibre and beside it."""

    length_km: float
    loss_db_per_km: float
    extra_db: float


class _Plant:
    """The elements of a file by their uid, and what comes before and after each."""

    def __init__(self, whole: Record) -> None:
        self.whole = whole
        self.elements: dict[str, Record] = {}
        self.kinds: dict[str, str] = {}
        for row in whole.rows("elements", "element"):
            uid = row.text("uid")
            element = replace(row, element=f"element {uid!r}")
            kind = element.text("type")
            if kind not in (*_STATIONS, *_PASSIVE, *_AMPLIFIERS):
                raise element.refuse(
                    f"type = {kind!r} is not one of {', '.join((*_STATIONS, *_PASSIVE, *_AMPLIFIERS))}"
                )
            if uid in self.elements:
                raise element.refuse("occurs twice")
            self.elements[uid], self.kinds[uid] = element, kind
        self.after: dict[str, list[str]] = {uid: [] for uid in self.elements}
        self.before: dict[str, list[str]] = {uid: [] for uid in self.elements}
        for row in whole.rows("connections", "connection"):
            start, end = row.text("from_node"), row.text("to_node")
            for uid in (start, end):
                if uid not in self.elements:
                    raise row.refuse(f"{start!r} → {end!r}: {uid!r} is not an element of this file")
            self.after[start].append(end)
            self.before[end].append(start)

    def is_station(self, uid: str) -> bool:
        """Whether light is sent, received or switched here."""
        return self.kinds[uid] in _STATIONS

    def home(self, uid: str) -> str:
        """The station that a transceiver belongs to: the Roadm that is all it is connected to, or itself."""
        beside = {*self.after[uid], *self.before[uid]}
        is_local = self.kinds[uid] == "Transceiver" and len(beside) == 1
        only = next(iter(beside)) if is_local else uid
        return only if self.kinds[only] == "Roadm" else uid

    def chain(self, first: str) -> tuple[list[str], str]:
        """The elements from one after a station on, and the station that they lead to."""
        passed: list[str] = []
        at = first
        while not self.is_station(at):
            element = self.elements[at]
            if at in passed:
                raise element.refuse("leads back to itself without a station between")
            if len(self.after[at]) != 1 or len(self.before[at]) != 1:
                ways = f"{len(self.before[at])} connections lead to it and {len(self.after[at])} away"
                raise element.refuse(f"{ways}; of fibre, splices and amplifiers one does, each way on its own")
            passed.append(at)
            at = self.after[at][0]
        return passed, at


def read_gnpy(path: Path, *, amplifiers: str, wavelength_nm: float) -> Graph:
    """Read a network that GNPy describes.

    Parameters
    ----------
    path : Path
        A topology in JSON: the older form, or the one after the YANG model, where numbers are texts.
    amplifiers : str
        ``"refuse"`` links with an amplifier, or ``"leave_out"``.
    wavelength_nm : float
        Where a loss that depends on the frequency is read. [nm]

    Returns
    -------
    Graph
        Stations, and one-way links as long and lossy as all fibre and splices between them.

    Raises
    ------
    GraphError
        If the file or an element of it cannot be read, or a link has an amplifier.
    ParameterError
        If an argument is wrong.
    """
    one_of("amplifiers", amplifiers, AMPLIFIERS)
    light_nm = number("wavelength_nm", wavelength_nm, lo=0.0, open_lo=True)
    whole = read_json(path)
    if _YANG in whole.values:
        whole = replace(whole.inner(_YANG), has_texts_for_numbers=True)
    if "elements" not in whole.values or "connections" not in whole.values:
        raise whole.refuse("has no elements and connections, so this is no topology of GNPy")
    plant = _Plant(whole)
    links, obstacles = _links(plant, light_nm)
    if obstacles and (amplifiers == "refuse" or not links):
        raise _refusal(plant, obstacles, has_others=bool(links))
    return _graph(path, plant, links)


def _links(plant: _Plant, light_nm: float) -> tuple[list[tuple[str, str, str, Data]], list[tuple[str, list[str]]]]:
    """Every link as its ends, name and values; and the names of those with amplifiers, with these."""
    links, obstacles, seen = [], [], set()
    for station in filter(plant.is_station, plant.elements):
        for first in plant.after[station]:
            passed, end = plant.chain(first)
            seen.update(passed)
            here, there = plant.home(station), plant.home(end)
            if here == there:
                continue
            called = f"link {station} → {end}"
            spans = [_span(plant.elements[uid], light_nm) for uid in passed if plant.kinds[uid] in _PASSIVE]
            inside = [uid for uid in passed if _amplifies(plant.elements[uid])]
            if inside:
                obstacles.append((called, inside))
            else:
                links.append((here, there, called, _sum(spans)))
    for uid, element in plant.elements.items():
        if uid not in seen and not plant.is_station(uid):
            raise element.refuse("no connections lead to it from a Transceiver or Roadm")
    return links, obstacles


def _amplifies(element: Record) -> bool:
    """Whether an element adds light: an amplifier, or fibre that is pumped."""
    pumps = element.inner("operational").values.get("raman_pumps")
    return element.values["type"] in _AMPLIFIERS or bool(pumps)


def _refusal(plant: _Plant, obstacles: list[tuple[str, list[str]]], *, has_others: bool) -> GraphError:
    called, inside = obstacles[0]
    names = ", ".join(f"{uid!r} ({plant.kinds[uid]})" for uid in inside[:3])
    names += f" and {len(inside) - 3} more" if len(inside) > 3 else ""
    n = len(obstacles)
    more = "" if n == 1 else f"; {n} links have an amplifier" if has_others else f"; all {n} links have an amplifier"
    hint = "; write amplifiers='leave_out' to leave such links out" if has_others else ""
    return GraphError(plant.whole.source, called, f"no photon passes {names}{more}{hint}")


def _span(element: Record, light_nm: float) -> _Span:
    """Length and loss of a fibre or a splice."""
    params = element.inner("params")
    if element.values["type"] == "Fused":
        return _Span(length_km=0.0, loss_db_per_km=0.0, extra_db=params.number("loss", unsaid=_FUSED_DB))
    unit = params.values.get("length_units")
    if unit not in ("km", "m"):
        raise params.refuse(f"length_units = {unit!r} is not one of km, m")
    length_km = params.number("length") * (1.0 if unit == "km" else 1e-3)
    extra_db = params.number("con_in", unsaid=0.0) + params.number("con_out", unsaid=0.0)
    for lump in params.rows("lumped_losses", "lumped loss"):
        if not 0 < lump.number("position") < length_km:
            raise lump.refuse(
                f"position = {lump.values['position']} km is not within the {length_km:g} km of the fibre"
            )
        extra_db += lump.number("loss")
    return _Span(length_km=length_km, loss_db_per_km=_loss_db_per_km(params, light_nm), extra_db=extra_db)


def _loss_db_per_km(params: Record, light_nm: float) -> float:
    """The loss of a fibre, at our frequency where it depends on that. [dB/km]"""
    by_frequency = params.rows("loss_coef_per_frequency", "loss_coef_per_frequency")
    if by_frequency:
        hz = [row.number("frequency") for row in by_frequency]
        values = [row.number("loss_coef_value") for row in by_frequency]
    elif isinstance(params.values.get("loss_coef"), dict):
        table = params.inner("loss_coef")
        hz, values = _numbers(table, "frequency"), _numbers(table, "value")
    else:
        return params.number("loss_coef")
    if len(hz) != len(values) or len(set(hz)) != len(hz):
        raise params.refuse(f"its loss_coef has {len(values)} values at {len(set(hz))} frequencies")
    ours_hz = _LIGHT_NM_HZ / light_nm
    if not min(hz) <= ours_hz <= max(hz):
        known_nm = f"{_LIGHT_NM_HZ / max(hz):.1f} to {_LIGHT_NM_HZ / min(hz):.1f} nm"
        raise params.refuse(f"its loss_coef is given for {known_nm}, not for wavelength_nm={light_nm:g}")
    order = np.argsort(hz)
    return float(np.interp(ours_hz, np.array(hz)[order], np.array(values)[order]))


def _numbers(table: Record, name: str) -> list[float]:
    """A list of numbers above zero, which is not empty."""
    values = table.values.get(name)
    if not isinstance(values, list) or not values:
        raise table.refuse(f"its loss_coef has no list {name}")
    rows = (Record(table.source, table.element, {name: value}, table.has_texts_for_numbers) for value in values)
    return [row.number(name) for row in rows]


def _sum(spans: list[_Span]) -> Data:
    """The values of a link of several spans."""
    length_km = sum(span.length_km for span in spans)
    own: Data = {"length_km": length_km, "extra_loss_db": sum(span.extra_db for span in spans)}
    alike = {span.loss_db_per_km for span in spans if span.length_km > 0}
    if len(alike) == 1:
        own["loss_db_per_km"] = alike.pop()
    elif alike:
        own["loss_db_per_km"] = sum(span.loss_db_per_km * span.length_km for span in spans) / length_km
    return own


def _graph(path: Path, plant: _Plant, links: list[tuple[str, str, str, Data]]) -> Graph:
    """The stations, those that transceivers belong to as users, and the links between them."""
    stations = [uid for uid in plant.elements if plant.is_station(uid) and plant.home(uid) == uid]
    users = {plant.home(uid) for uid, kind in plant.kinds.items() if kind == "Transceiver"}
    title = plant.whole.values.get("network_name")
    graph = Graph(
        source=path.name, title=title if isinstance(title, str) and title.strip() else path.stem, data={},
        vertices=[], edges=[],
    )  # fmt: skip
    spots = {uid: _spot(plant.elements[uid]) for uid in stations}
    # Examples have places from a drawing: nothing is an address from which a fibre is too short to reach the next.
    hold = all(abs(north) <= 90 and abs(east) <= 180 for east, north in spots.values()) and all(
        great_circle_km(spots[a], spots[b]) * _SLACK <= float(str(own["length_km"])) for a, b, _, own in links
    )
    for uid in stations:
        east, north = spots[uid]
        city = plant.elements[uid].inner("metadata").inner("location").values.get("city")
        graph.vertices.append(Vertex(
            key=uid, data={"longitude": east, "latitude": north} if hold else {}, sketch=spots[uid],
            label=city if isinstance(city, str) else None, forwards_only=uid not in users,
        ))  # fmt: skip
    row = {uid: i for i, uid in enumerate(stations)}
    graph.edges = [Edge(element=called, ends=(row[a], row[b]), one_way=True, data=own) for a, b, called, own in links]
    return graph


def _spot(station: Record) -> tuple[float, float]:
    """Longitude and latitude as the file has them; 0, 0 where it has none."""
    location = station.inner("metadata").inner("location")
    east, north = (location.number(name, unsaid=0.0, lo=-1e9, hi=1e9) for name in ("longitude", "latitude"))
    return east, north
