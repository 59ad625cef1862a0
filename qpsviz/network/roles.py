"""What a node of a network is there for."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a node does; a network takes the words.

    A line begins at its sender, or at a source of pairs in its middle, and ends at receivers; a relay only forwards;
    a user sends, receives and forwards.
    """

    SENDER = "sender"
    RECEIVER = "receiver"
    SOURCE = "source"
    RELAY = "relay"
    USER = "user"
