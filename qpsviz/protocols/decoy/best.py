"""The longest key of one block over one link, with the settings that make it, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.protocols.decoy.block import MOST_COUNTS
from qpsviz.protocols.decoy.bounds import Intensities
from qpsviz.protocols.decoy.finite_key import BlockKey, Security
from qpsviz.protocols.decoy.pulses import Link
from qpsviz.protocols.decoy.settings import NEAR_VACUUM, BlockOf, Plan, Settings, longest
from qpsviz.units.checks import number

_RARE = 1e-6  # a share so small that a search has left for the edge


@dataclass(frozen=True, slots=True, kw_only=True)
class BestBlock:
    """Settings of one block (arrays of shape (3,) and numbers), its key, and the pulses that fill it."""

    settings: Settings
    key: BlockKey
    n_pulses: float

    @property
    def reason(self) -> str:
        """Why even the best settings make no key; empty where they do."""
        return str(self.key.reason)

    @property
    def edges(self) -> tuple[str, ...]:
        """Settings that the search has driven to their edge, where a better one may lie beyond what is allowed."""
        (_, decoy, weakest), q = self.settings.intensities.n_photons, float(self.settings.p_key_basis)
        found = [] if decoy - weakest > NEAR_VACUUM else ["the decoy is hardly brighter than the near-vacuum pulse"]
        names = ("signal", "decoy", "near-vacuum pulse")
        for name, p_sent in zip(names, self.settings.intensities.p_sent, strict=True):
            found += [f"the {name} is hardly ever sent"] if p_sent < _RARE else []
        found += ["hardly a pulse is left for the test"] if 1 - q < _RARE else []
        return tuple(found + (["hardly a pulse is left for the key"] if q < _RARE else []))


def best_block(link: Link, *, n_block: float, security: Security, block_of: BlockOf = "sent") -> BestBlock:
    """The longest key of one block over one link.

    Parameters
    ----------
    link : Link
        What every pulse meets, one number each. [1]
    n_block : float
        Pulses sent, or clicks in the basis of the key, as ``block_of`` says. [1]
    security : Security
        What the key promises, one number each. [1]
    block_of : str
        ``"sent"`` or ``"sifted"``.

    Returns
    -------
    BestBlock
        Settings, key and pulses.

    Raises
    ------
    ParameterError
        If the block has less than one pulse or is not a number, there is more than one link, or the word is unknown.

    Notes
    -----
    Any settings make a valid key; where the search ends early or at an edge, the key is shorter than it could be, never
    longer than is secret.

    Examples
    --------
    >>> link = Link.of(eta=0.01, p_dark=1.2e-6, p_key_error=0.005, p_test_error=0.005)
    >>> security = Security.of(p_insecure=1e-10, p_incorrect=1e-15, ec_inefficiency=1.16)
    >>> round(float(best_block(link, n_block=1e9, security=security).key.bits))
    885678
    >>> best_block(link, n_block=1e5, security=security).reason
    'fluctuations leave no single photon for certain in the basis of the key'
    """
    number("n_block", n_block, lo=1.0, hi=MOST_COUNTS)
    promised = (security.p_insecure, security.p_incorrect, security.ec_inefficiency)
    columns = [np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in (*link.columns, *promised)]
    if any(column.size != 1 for column in columns):
        raise ParameterError("link", "link and security must have one number each: finite_key_rate takes arrays")
    *of_link, p_insecure, p_incorrect, f = columns
    promise = Security(p_insecure=p_insecure, p_incorrect=p_incorrect, ec_inefficiency=f)
    plan = Plan(
        link=Link.from_columns(of_link), security=promise, n_block=np.array([float(n_block)]), block_of=block_of
    )
    found = longest(plan)
    best = Settings(
        intensities=Intensities(n_photons=found.intensities.n_photons[:, 0], p_sent=found.intensities.p_sent[:, 0]),
        p_key_basis=found.p_key_basis[0],
    )
    with np.errstate(all="ignore"):
        one = Plan(link=link, security=security, n_block=np.asarray(float(n_block)), block_of=block_of)
        key, n_pulses = one.key(best)
    return BestBlock(settings=best, key=key, n_pulses=float(np.squeeze(n_pulses)))
