"""Networks whose lengths are published: the table of each says where every number comes from, and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

import numpy as np

from qpsviz.network.fibre_pairs import of_pairs
from qpsviz.network.geography import Spot, great_circle_km, map_km
from qpsviz.units.checks import number, one_of

if TYPE_CHECKING:
    from qpsviz.network.network import Network


class _Link(TypedDict):
    """One fibre pair of a table."""

    ends: list[str]
    published_km: float
    ramaswami_km: NotRequired[float]


class Published:
    """Published networks, as class methods of :class:`~qpsviz.Network`."""

    @classmethod
    def nsfnet(cls, *, lengths: str = "published", mean_length_km: float | None = None) -> Network:
        """The 14 nodes of NSFNET and its fibre pairs, between places in the United States.

        Parameters
        ----------
        lengths : str
            ``"published"``: 22 pairs of 300 to 4800 km, 1.21 to 2.15 times the great circle between their places.
            ``"halved"``: half of these, which most programs use; 17 are shorter than the great circle, so no fibre
            can be. ``"ramaswami"``: another list, of 21 pairs; 8 are too short. ``"great_circle"``: the shortest that
            22 pairs can be. None is measured; ``qpsviz/network/data/nsfnet.toml`` says where each comes from.
        mean_length_km : float, optional
            Mean length to which lengths and places are scaled. [km]

        Raises
        ------
        ValueError
            If there is no such list, or the mean is not above 0.
        """
        known = ("published", "halved", "ramaswami", "great_circle")
        return _of_table("nsfnet.toml", known, lengths=lengths, mean_length_km=mean_length_km)

    @classmethod
    def cost239(cls, *, lengths: str = "published", mean_length_km: float | None = None) -> Network:
        """The 11 cities of COST 239 in Europe and their 26 fibre pairs.

        Parameters
        ----------
        lengths : str
            ``"published"``: 210 to 1310 km, 1.06 to 1.54 times the great circle between the cities, which are our
            best fit to a list without names. ``"great_circle"``: the shortest that these pairs can be. Neither is
            measured; ``qpsviz/network/data/cost239.toml`` says where they come from.
        mean_length_km : float, optional
            Mean length to which lengths and places are scaled. [km]

        Raises
        ------
        ValueError
            If there is no such list, or the mean is not above 0.
        """
        return _of_table("cost239.toml", ("published", "great_circle"), lengths=lengths, mean_length_km=mean_length_km)


def _of_table(file: str, known: tuple[str, ...], *, lengths: str, mean_length_km: float | None) -> Network:
    """The network of one table, with one of its lists of lengths."""
    import tomllib
    from importlib.resources import files

    one_of("lengths", lengths, known)
    table = tomllib.loads((files("qpsviz.network") / "data" / file).read_text(encoding="utf-8"))
    spots: dict[str, Spot] = {name: (longitude, latitude) for name, longitude, latitude in table["places"]}
    row = {name: i for i, name in enumerate(spots)}
    listed = [(link["ends"], _length_km(link, spots, lengths)) for link in table["links"]]
    ends = [(row[a], row[b]) for (a, b), value in listed if value is not None]
    km = np.array([value for _, value in listed if value is not None])
    scale = 1.0
    if mean_length_km is not None:
        scale = number("mean_length_km", mean_length_km, lo=0.0, open_lo=True) / float(km.mean())
    places = list(spots.values())
    return of_pairs(table["name"], list(spots), map_km(places) * scale, ends, km * scale, places_deg=places)


def _length_km(link: _Link, spots: dict[str, Spot], lengths: str) -> float | None:
    """The length of a pair in one of the lists; None where the list leaves it out."""
    if lengths == "great_circle":
        start, end = link["ends"]
        return great_circle_km(spots[start], spots[end])
    if lengths == "halved":
        return 0.5 * float(link["published_km"])
    value = link.get("published_km") if lengths == "published" else link.get("ramaswami_km")
    return None if value is None else float(value)
