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

from jupyter_server.auth.logout import LogoutHandler as JupyterLogoutHandler
from jupyter_server.utils import url_path_join
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.util import TimeoutError
from tornado.web import HTTPError, RedirectHandler
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.voila_identity_provider import VoilaLoginHandler

from qpsviz.serve import assets
from qpsviz.serve.guard import Hosts, NotFound, Robots, Rule, guarded
from qpsviz.serve.login import LoginHandler, LogoutHandler
from qpsviz.serve.options import DASHBOARD, Options
from qpsviz.serve.page import PageHandler
from qpsviz.serve.websocket import MAX_MESSAGE, KernelConnection

# Without both widget managers a page waits for ever; anywidget brings our own views.
EXTENSIONS = ["@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget"]
# A browser of files, and a socket that tells a kernel its address; nothing of ours asks for either.
HIDDEN = ("/voila/tree", "/voila/api/contents", "/voila/query")
OURS = {
    TornadoVoilaHandler: PageHandler,
    VoilaKernelWebsocketHandler: KernelConnection,
    VoilaLoginHandler: LoginHandler,
    JupyterLogoutHandler: LogoutHandler,
}
STOP_WITHIN_S = 20.0
REFILL_AFTER_S = 3.0  # Starting the next warm kernel takes a core that the page being opened needs first.
# A page sends headers of 2 kB and no body but that of its closing request; a browser keeps a connection for the next
# picture.
BOUNDS: dict[str, float] = {
    "max_body_size": 2**20,
    "max_header_size": 2**15,
    "idle_connection_timeout": 60.0,
    "body_timeout": 30.0,
}


class DashboardApp(Voila):
    """Serves the dashboard at ``/`` and each lesson at ``/voila/render/<name>.ipynb``."""

    sockets: list[socket.socket]
    on_ready: Callable[[], None]
    options: Options

    @classmethod
    def prepared(cls, notebooks: Path, sockets: list[socket.socket], port: int, options: Options) -> DashboardApp:
        """Return an application for a folder of notebooks and sockets that already listen."""
        # The one instance of this process, so that Voila logs a failing cell through it.
        app: DashboardApp = cls.instance(
            config=_configuration(options),
            root_dir=str(notebooks),
            config_file_paths=[],
            base_url=options.base_url,
            token=options.token,
        )
        app.options = options
        app.log_level = logging.ERROR
        # Tornado lists every 404, takes Jupyter's milliseconds for seconds and says so at every connection.
        logging.getLogger("tornado").setLevel(logging.ERROR)
        logging.getLogger("tornado.general").setLevel(logging.CRITICAL)  # says when a visitor leaves a page half sent
        app.initialize([])
        app.port, app.sockets = port, sockets
        return app

    def init_settings(self) -> dict[str, object]:
        """Voila's settings, with our names, bounds and answer to every other address."""
        return {
            **super().init_settings(),
            "hosts": Hosts(self.options),
            "default_handler_class": NotFound,
            "log_function": lambda handler: None,  # what goes wrong is said where it goes wrong
            "websocket_max_message_size": MAX_MESSAGE,
            "login_url": url_path_join(self.base_url, "login"),
        }

    def init_handlers(self) -> list[Rule]:
        """Voila's rules without its file browser, with the dashboard at the root, BokehJS, and our guard before all."""
        base = self.server_url
        rules = [
            (pattern, OURS.get(handler, handler), *options)
            for pattern, handler, *options in super().init_handlers()
            if pattern != base and not any(part in pattern for part in HIDDEN)
        ]
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
            "notebook_path": DASHBOARD,
        }
        extra = [(base + "()", PageHandler, page), (url_path_join(base, "robots.txt"), Robots)]
        if base != "/":
            extra += [(place, RedirectHandler, {"url": base, "permanent": False}) for place in ("/", base.rstrip("/"))]
        return guarded([*extra, *assets.handlers(base), *map(self._placed, rules)])

    def _placed(self, rule: Rule) -> Rule:
        """Two rules of Voila need another pattern: login forgets the base path, a template's files want a folder."""
        pattern, *rest = rule
        if pattern in ("/login", "/logout"):
            pattern = url_path_join(self.server_url, pattern)
        elif pattern.endswith("/voila/templates/(.*)"):
            pattern = pattern.replace("(.*)", "(qpsviz/static/(?:[^/]+/)*[^/]+)")
        return (pattern, *rest)

    def listen(self) -> None:
        """Answer on the sockets until interrupted, calling ``on_ready`` at the start."""
        # Behind a proxy that speaks https, X-Forwarded-Proto says so and cookies become Secure.
        HTTPServer(self.app, xheaders=True, **BOUNDS).add_sockets(self.sockets)
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
        logging.disable(logging.CRITICAL)  # that a kernel is ended while it starts or makes a page is no error
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


def _configuration(options: Options) -> Config:
    cull_after_s = options.cull_after.total_seconds()
    return Config(
        VoilaConfiguration={
            "template": "qpsviz",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "multi_kernel_manager_class": "qpsviz.serve.kernels.PageKernels",
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
        PageKernels={
            "max_pages": options.max_kernels,
            "cull_after_s": cull_after_s,
            "cull_idle_timeout": max(1, round(cull_after_s)),  # anything above 0 makes Jupyter look at all
            "cull_interval": max(1, min(15, round(cull_after_s / 4))),
            "allow_tracebacks": False,
        },
    )


def _with_bokeh_address(
    page_config: dict[str, object],
    base_url: str,
    settings: object,
    log: object,
    voila_configuration: object,
    notebook_path: str,
) -> dict[str, object]:
    """Tell the page where BokehJS is; Voila calls this for each page, by keyword."""
    return {**page_config, "qpsvizBokehUrl": assets.bokeh_url(base_url)}
