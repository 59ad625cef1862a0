"""BokehJS, served from the installed Bokeh, at one address in Voila, JupyterLab and Binder."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.utils import url_path_join
from tornado.web import StaticFileHandler

from qpsviz.serve.options import GUARDED

if TYPE_CHECKING:
    from qpsviz.serve.guard import Rule


class BokehHandler(StaticFileHandler):
    """Serves ``bokeh*.min.js``; an address that carries the version may be kept for good."""

    def set_extra_headers(self, path: str) -> None:
        """Let the browser keep a versioned file, and ask again about an unversioned one."""
        versioned = self.get_argument("v", "") == bokeh_version()
        self.set_header("Cache-Control", "public, max-age=31536000, immutable" if versioned else "no-cache")


def bokeh_version() -> str:
    """Version of the installed Bokeh, found without importing it."""
    return importlib.metadata.version("bokeh")


def bokeh_directory() -> Path:
    """Folder of the BokehJS that the installed Bokeh brings, found without importing it.

    Raises
    ------
    FileNotFoundError
        Where Bokeh is not installed.
    """
    spec = importlib.util.find_spec("bokeh")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("bokeh is not installed")
    return Path(spec.origin).parent / "server" / "static" / "js"


def bokeh_url(base_url: str) -> str:
    """Address of BokehJS under a server's base address, with its version."""
    return f"{url_path_join(base_url, 'qpsviz/static/bokeh.min.js')}?v={bokeh_version()}"


def handlers(base_url: str) -> list[Rule]:
    """Tornado rules that serve BokehJS under ``base_url``."""
    pattern = url_path_join(base_url, r"qpsviz/static/(bokeh(?:-[a-z]+)?\.min\.js)")
    return [(pattern, BokehHandler, {"path": str(bokeh_directory())})]


def connection_handlers(base_url: str) -> list[Rule]:
    """Tornado rules under which only one protocol may stay connected to a kernel."""
    from qpsviz.serve.websocket import OneProtocol

    return [(url_path_join(base_url, r"/api/kernels/(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)/channels"), OneProtocol)]


def _load_jupyter_server_extension(server_app: Any) -> None:
    """Add BokehJS to a Jupyter server, as its extension; where asked to, also the guard of its connections.

    JupyterLab, Voila and Binder's pages speak the protocol; other programs that connect to somebody's own server may
    not, so that the guard stands only where the server is for our notebooks: ``qpsviz lab``, and Binder.
    """
    web_app = server_app.web_app
    base_url = web_app.settings["base_url"]
    guarded = os.environ.get(GUARDED) == "1"
    web_app.add_handlers(".*$", [*handlers(base_url), *(connection_handlers(base_url) if guarded else [])])
