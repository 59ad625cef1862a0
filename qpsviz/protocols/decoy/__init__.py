"""BB84 with weak coherent pulses and two decoys: how long a key is after a block, and without end."""

from qpsviz.protocols.decoy.best import BestBlock, best_block
from qpsviz.protocols.decoy.block import Block
from qpsviz.protocols.decoy.bounds import Intensities
from qpsviz.protocols.decoy.finite_key import BlockKey, Security, block_key
from qpsviz.protocols.decoy.pulses import Link
from qpsviz.protocols.decoy.rates import asymptotic_key_rate, finite_key_rate
from qpsviz.protocols.decoy.settings import Plan, Settings, longest

__all__ = [
    "BestBlock",
    "Block",
    "BlockKey",
    "Intensities",
    "Link",
    "Plan",
    "Security",
    "Settings",
    "asymptotic_key_rate",
    "best_block",
    "block_key",
    "finite_key_rate",
    "longest",
]
