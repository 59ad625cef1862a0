"""What ``qpsviz dashboard`` can be told: where to listen, who may come, and how many at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

DASHBOARD = "dashboard.ipynb"
KERNEL_MEMORY = 150 * 2**20  # octets that one page's kernel takes at most in ordinary use, with QuTiP loaded
SHARE_OF_MEMORY = 0.6
FEWEST, MOST = 4, 100  # of the default; more than a hundred pages want more than one machine
NAMELESS = {"", "0.0.0.0", "::"}  # every interface
MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


GUARDED = "QPSVIZ_ONE_PROTOCOL"
"""Environment variable that is 1 where a Jupyter server's connections to kernels must speak the one protocol."""


class Unavailable(RuntimeError):
    """The dashboard cannot start; the message says why and what to do, in one line."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options of a server; the command line and :func:`~qpsviz.serve.run_dashboard` fill them in.

    Parameters
    ----------
    host : str
        Name or address of the interface to listen on.
    base_url : str
        Path under which everything is served, with a slash at both ends.
    token : str
        Word that a visitor must know; empty lets everyone in.
    allow_hosts : tuple of str
        Further names under which browsers may call the server, besides localhost and ``host``.
    max_kernels : int
        How many pages may be open at a time; each has a kernel of its own.
    cull_after : datetime.timedelta
        How long a kernel outlives the last connection to it.
    """

    host: str = "localhost"
    base_url: str = "/"
    token: str = ""
    allow_hosts: tuple[str, ...] = ()
    max_kernels: int
    cull_after: timedelta = timedelta(seconds=60)


def base_path(text: str) -> str:
    """``text`` as a base path with a slash at both ends.

    Raises
    ------
    Unavailable
        It holds something that would need quoting in an address.
    """
    parts = [part for part in text.split("/") if part]
    if not all(re.fullmatch(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*", part) for part in parts):
        raise Unavailable(f"--base-url {text!r} may hold letters, digits, '-', '_', '.', '~' and slashes only")
    return "/".join(["", *parts, ""])


def default_max_kernels() -> int:
    """How many kernels fit into six tenths of this machine's memory, or of the container's."""
    limits = [_memory_of_machine()]
    for file in MEMORY_LIMITS:
        with suppress(OSError, ValueError):  # not a container, or without a limit
            limits.append(int(Path(file).read_text(encoding="ascii")))
    return max(FEWEST, min(MOST, int(SHARE_OF_MEMORY * min(limits) / KERNEL_MEMORY)))


def _memory_of_machine() -> int:
    names: Mapping[str, int] = getattr(os, "sysconf_names", {})
    if {"SC_PHYS_PAGES", "SC_PAGE_SIZE"} <= set(names):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 8 * 2**30  # Windows says it only through its own interface: an ordinary laptop
