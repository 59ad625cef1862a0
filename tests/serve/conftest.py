"""What tests of the server share: messages as a page sends them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(scope="session")
def kernel_message() -> Callable[..., bytes]:
    """A kernel message as a page sends it; ``header`` and ``parts`` replace what it would hold."""
    from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1

    def write(
        kind: str,
        content: dict[str, Any] | None = None,
        *,
        channel: str = "shell",
        header: dict[str, Any] | None = None,
        parts: dict[int, bytes] | None = None,
    ) -> bytes:
        known = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "test", "username": "", "date": ""}
        whole = [known | {"version": "5.3"} | (header or {}), {}, {}, content or {}]
        octets = dict(enumerate(json.dumps(part).encode() for part in whole)) | (parts or {})
        return bytes(serialize_msg_to_ws_v1(list(octets.values()), channel))

    return write
