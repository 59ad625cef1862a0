"""The error of a badly called command."""


class UsageError(ValueError):
    """The command was called in a way it cannot be; the message says how it can."""
