"""The Voila application that is the dashboard: one warm kernel, our template, nothing else exposed."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.util import TimeoutError
from tornado.web import HTTPError
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from qpsviz.serve import assets
from qpsviz.serve.start import DASHBOARD
from qpsviz.serve.websocket import prompt

# Without both widget managers a page waits for ever; anywidget brings our own views.
EXTENSIONS = ["@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget"]
HIDDEN = ("/voila/tree", "/voila/api/contents")
CULL_IDLE_S = 600  # A closed tab leaves its kernel behind (Voila issue 1458); connected ones are spared.
CULL_EVERY_S = 60
STOP_WITHIN_S = 20.0
REFILL_AFTER_S = 3.0  # Starting the next warm kernel takes a core that the page being opened needs first.


class DashboardApp(Voila):
    """Serves the dashboard at ``/`` and each lesson at ``/voila/render/<name>.ipynb``."""

    sockets: list[socket.socket]
    on_ready: Callable[[], None]

    @classmethod
    def prepared(cls, notebooks: Path, sockets: list[socket.socket], port: int) -> DashboardApp:
        """Return an application for a folder of notebooks and sockets that already listen."""
        # The one instance of this process, so that Voila logs a failing cell through it.
        app: DashboardApp = cls.instance(config=_configuration(), root_dir=str(notebooks), config_file_paths=[])
        app.log_level = logging.ERROR
        # Tornado lists every 404, takes Jupyter's milliseconds for seconds and says so at every connection.
        logging.getLogger("tornado").setLevel(logging.ERROR)
        app.initialize([])
        app.port, app.sockets = port, sockets
        return app

    def init_handlers(self) -> list[Any]:
        """Voila's rules without its file browser, with the dashboard at the root, BokehJS and prompt answers."""
        rules = [
            rule
            for rule in super().init_handlers()
            if rule[0] != self.server_url and not any(part in rule[0] for part in HIDDEN)
        ]
        options = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
            "notebook_path": DASHBOARD,
        }
        root = (self.server_url + "()", TornadoVoilaHandler, options)
        return [root, *assets.handlers(self.server_url), *prompt(rules)]

    def listen(self) -> None:
        """Answer on the sockets until interrupted, calling ``on_ready`` at the start."""
        HTTPServer(self.app).add_sockets(self.sockets)
        self.ioloop = IOLoop.current()
        # Like SIGTERM: an exception in the middle of a kernel's start would leave it half started.
        signal.signal(signal.SIGINT, self._handle_signal_stop)
        self.ioloop.add_callback(self.on_ready)
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def stop(self) -> None:
        """End every kernel, also one that is still starting, and remove their connection files."""
        with suppress(TimeoutError):  # they end by themselves once this process is gone
            self.ioloop.run_sync(self._end_kernels, timeout=STOP_WITHIN_S)
        shutil.rmtree(self.connection_dir, ignore_errors=True)

    async def _end_kernels(self) -> None:
        while True:
            try:
                await self.kernel_manager.shutdown_all(now=True)
                return
            except HTTPError:  # one is still starting, and cannot be ended before it has
                await asyncio.sleep(0.1)


def _configuration() -> Config:
    return Config(
        VoilaConfiguration={
            "template": "qpsviz",
            "preheat_kernel": True,
            "extension_allowlist": EXTENSIONS,
            "file_allowlist": [r".*\.(png|jpg|gif|svg)"],
            "page_config_hook": _with_bokeh_address,
        },
        VoilaKernelManager={
            "fill_delay": REFILL_AFTER_S,
            "kernel_pools_config": {"default": {"pool_size": 0}, DASHBOARD: {"pool_size": 1}},
        },
        # A Unix socket is quicker than TCP and no other user of the machine can read it.
        KernelManager={"transport": "tcp" if sys.platform == "win32" else "ipc"},
        MappingKernelManager={"cull_idle_timeout": CULL_IDLE_S, "cull_interval": CULL_EVERY_S},
    )


def _with_bokeh_address(
    page_config: dict[str, Any],
    base_url: str,
    settings: object,
    log: object,
    voila_configuration: object,
    notebook_path: str,
) -> dict[str, Any]:
    """Tell the page where BokehJS is; Voila calls this for each page, by keyword."""
    return {**page_config, "qpsvizBokehUrl": assets.bokeh_url(base_url)}
