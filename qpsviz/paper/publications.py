"""Publications whose claims are audited: a data file each, in ``qpsviz/paper/data``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

from qpsviz.errors import ParameterError, nearest
from qpsviz.paper.claims import Claim
from qpsviz.paper.models import check_claim

FIRST = "packet-switching"
"""The publication whose model this package explores: the one audited where none is named."""
_TEXTS = ("title", "identifier", "address", "about", "part")
_SUFFIX = ".toml"


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A publication and what it claims.

    ``name`` is that of its data file, ``identifier`` a DOI or the number of a preprint, ``address`` where it is read.
    ``about`` is a few words for a menu; ``part`` what its claims are taken from, as in "claims of Section IV".
    """

    name: str
    title: str
    authors: tuple[str, ...]
    year: int
    identifier: str
    address: str
    about: str
    part: str
    claims: tuple[Claim, ...]

    @property
    def cited(self) -> str:
        """Authors, title, year and identifier as one line."""
        first, *others = self.authors
        who = first if not others else f"{first} and {others[0]}" if len(others) == 1 else f"{first} et al."
        return f"{who}, “{self.title}” ({self.year}), {self.identifier}"


def publication_names() -> tuple[str, ...]:
    """Names of all publications, :data:`FIRST` before the others, which are in the order of the alphabet."""
    names = {f.name.removesuffix(_SUFFIX) for f in _folder().iterdir() if f.name.endswith(_SUFFIX)}
    return (FIRST, *sorted(names - {FIRST}))


def publications() -> tuple[Publication, ...]:
    """All publications that can be audited.

    Examples
    --------
    >>> [p.year for p in publications()]
    [2022, 2025]
    """
    return tuple(publication(name) for name in publication_names())


@cache
def publication(name: str = FIRST) -> Publication:
    """One publication.

    Raises
    ------
    ParameterError
        If there is no such publication.
    ValueError
        If its data file is wrong.
    """
    known = publication_names()
    if name not in known:
        raise ParameterError(
            "publication", f"unknown publication {name!r}{nearest(str(name), known)} (there are {', '.join(known)})"
        )
    return read_publication(name, (_folder() / f"{name}{_SUFFIX}").read_text(encoding="utf-8"))


def read_publication(name: str, text: str) -> Publication:
    """Read a data file.

    Parameters
    ----------
    name : str
        Name of the publication, said in errors.
    text : str
        A table ``publication``, any parts that all claims share in a table ``common``, and ``claim`` after ``claim``.

    Returns
    -------
    Publication
        With every claim complete.

    Raises
    ------
    ValueError
        If the text is no TOML, or the publication or a claim has a missing, unknown or misspelt part.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: not a list of claims: {error}") from None
    if unknown := sorted(told.keys() - {"publication", "common", "claim"}):
        raise ValueError(f"{name}: unknown parts {unknown}; there are publication, common and claim")
    head, common, listed = told.get("publication", {}), told.get("common", {}), told.get("claim", [])
    is_table = isinstance(head, dict) and isinstance(common, dict)
    if not (is_table and isinstance(listed, list) and all(isinstance(claim, dict) for claim in listed)):
        raise ValueError(
            f"{name}: publication and common are tables [publication] and [common], claims are tables [[claim]]"
        )
    parts = {"authors": list, "year": int} | dict.fromkeys(_TEXTS, str)
    if wrong := sorted(
        parts.keys() ^ head.keys() | {k for k, kind in parts.items() if not isinstance(head.get(k), kind)}
    ):
        raise ValueError(f"{name}: publication has {', '.join(parts)}; missing, unknown or of another kind: {wrong}")
    claims = tuple(_complete(claim, common) for claim in listed)
    for claim in claims:
        check_claim(claim)
    if len({claim["id"] for claim in claims}) != len(claims) or not claims or not head["authors"]:
        raise ValueError(f"{name}: needs authors and claims, and every claim an id of its own")
    return Publication(name=name, claims=claims, **head | {"authors": tuple(head["authors"])})


def _complete(claim: Mapping[str, object], common: Mapping[str, object]) -> Claim:
    """A claim with what all claims of its file share; values that are ``set`` in both are joined."""
    values = [told["set"] for told in (common, claim) if isinstance(told.get("set"), Mapping)]
    joined = {"set": {k: v for told in values for k, v in cast("Mapping[str, object]", told).items()}} if values else {}
    return cast("Claim", {**common, **claim, **joined})


def _folder() -> Traversable:
    return files("qpsviz.paper") / "data"
