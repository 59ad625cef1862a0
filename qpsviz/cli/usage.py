"""The error of a badly called command, and the type of its parsers."""

import argparse
from typing import TypeVar

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)


class UsageError(ValueError):
    """The command was called in a way it cannot be; the message says how it can."""
