"""Find the notebooks and a port, then hand over to Voila or JupyterLab."""

from __future__ import annotations

import errno
import importlib.metadata
import logging
import os
import socket
import sys
import threading
import warnings
import webbrowser
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from qpsviz.serve.home import ensure_home
from qpsviz.serve.options import DASHBOARD, GUARDED, NAMELESS, Options, Unavailable, default_max_kernels

DEFAULT_PORT = 8866
PORTS_TRIED = 50


def run_dashboard(
    options: Options | None = None, *, port: int | None = None, open_browser: bool = True, **changes: Any
) -> None:
    """Serve the dashboard until interrupted, printing its address once it answers.

    Parameters
    ----------
    options : Options, optional
        What the server is told; by default one for this machine alone.
    port : int, optional
        Port to listen on, 0 for any; by default 8866 or the next free one.
    open_browser : bool
        Also open the address in a browser, where there is a screen.
    **changes
        Fields of :class:`~qpsviz.serve.Options` that differ.

    Raises
    ------
    Unavailable
        The port is taken, or the notebooks are not there.
    """
    options = replace(options or Options(max_kernels=default_max_kernels()), **changes)
    notebooks = notebooks_directory()
    sockets = listen(port, options.host)
    number = sockets[0].getsockname()[1]
    ensure_home()
    _search_first("JUPYTER_PATH")
    from qpsviz.serve.app import DashboardApp  # Voila takes a second to import

    app = DashboardApp.prepared(notebooks, sockets, number, options)
    shown = "localhost" if options.host in NAMELESS else options.host
    key = f"?token={quote(options.token)}" if options.token else ""
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{number}{options.base_url}{key}"

    def announce() -> None:
        print(f"qpsviz is at {address} (stop with Ctrl+C)", flush=True)
        if open_browser and _has_screen():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    app.on_ready = announce
    app.start()


def run_lab(*, port: int | None = None, open_browser: bool = True, base_url: str = "/", token: str = "") -> None:
    """Serve the notebooks in JupyterLab until interrupted, printing their address with its token.

    Parameters
    ----------
    port : int, optional
        Port to listen on; by default 8888 or the next free one.
    open_browser : bool
        Also open the address in a browser, where there is a screen.
    base_url : str
        Path under which everything is served.
    token : str
        Word that a visitor must know; empty lets Jupyter make one up.

    Raises
    ------
    Unavailable
        The port is taken, or the notebooks are not there.
    """
    notebooks, places = str(notebooks_directory()), {}
    if port is not None:
        for free in listen(port, "localhost"):
            free.close()
        places = {"port": port, "port_retries": 0}
    ensure_home()
    _search_first("JUPYTER_PATH")
    _search_first("JUPYTER_CONFIG_PATH")
    shown = {"base_url": base_url, "open_browser": open_browser and _has_screen()}
    server = _lab_server(token, {"root_dir": notebooks, **shown, **places})
    server.identity_provider.token_generated = True  # so that the address printed holds it
    address = server.display_url.split()[0]
    logging.disable(logging.CRITICAL)  # the server's own account of its address
    print(f"qpsviz notebooks are at {address} (stop with Ctrl+C)", flush=True)
    server.start()


def _lab_server(token: str, options: dict[str, object]) -> Any:
    """A JupyterLab server that is set up and listens."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container, where Jupyter would refuse
        options["allow_root"] = True
    options["tornado_settings"] = {"xsrf_cookie_kwargs": {"samesite": "Lax"}}
    os.environ[GUARDED] = "1"
    if token:
        os.environ["JUPYTER_TOKEN"] = token
    arguments = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    logging.disable(logging.WARNING)
    from jupyterlab.labapp import LabApp

    with warnings.catch_warnings(record=True):  # between Jupyter's own parts, which ask for them to be shown
        return LabApp.initialize_server([*arguments, "--IdentityProvider.cookie_options=samesite=Lax"])


def notebooks_directory() -> Path:
    """Folder of the notebooks: the checkout's, else the copy installed with the package.

    Raises
    ------
    Unavailable
        Where neither is there.
    """
    checkout = Path(__file__).parents[2] / "notebooks"
    if (checkout / DASHBOARD).is_file():
        return checkout
    try:
        installed = importlib.metadata.files("qpsviz") or []
    except importlib.metadata.PackageNotFoundError:
        installed = []
    for file in installed:
        if file.name == DASHBOARD:
            return Path(str(file.locate())).resolve().parent
    raise Unavailable(f"notebooks/{DASHBOARD} is missing; reinstall qpsviz or start it in its checkout")


def listen(port: int | None, host: str) -> list[socket.socket]:
    """Sockets that listen on ``port``, or on the first free one from 8866 where it is None.

    Raises
    ------
    Unavailable
        The port is taken, forbidden, or the host is not this machine.
    """
    candidates = range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED) if port is None else [port]
    for candidate in candidates:
        try:
            return _bind(candidate, host)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and port is None:
                continue
            raise Unavailable(_why_not(candidate, host, error)) from error
    raise Unavailable(f"ports {DEFAULT_PORT} to {candidates[-1]} are all taken; choose one with --port")


def _bind(port: int, host: str) -> list[socket.socket]:
    """One listening socket per address of ``host``, all on the same port, or none at all."""
    flags = socket.AI_PASSIVE
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=flags)
    with ExitStack() as on_error:
        sockets: list[socket.socket] = []
        for family, kind, protocol, _, address in dict.fromkeys(found):
            if family not in (socket.AF_INET, socket.AF_INET6):
                continue
            bound = on_error.enter_context(socket.socket(family, kind, protocol))
            if os.name == "posix":
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            port = sockets[0].getsockname()[1] if sockets else port
            bound.bind((address[0], port, *address[2:]))
            bound.setblocking(False)
            bound.listen(128)
            sockets.append(bound)
        on_error.pop_all()
    return sockets


def _why_not(port: int, host: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; choose another with --port, or leave --port out"
    if error.errno == errno.EACCES:
        return f"port {port} needs administrator rights; choose one above 1023 with --port"
    return f"cannot listen on {host}:{port}: {error.strerror or error}"


def _has_screen() -> bool:
    """Whether a browser window can open; a text browser would take over the terminal."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def _search_first(variable: str) -> None:
    """Let Jupyter look in our own folder first, along the path kept in an environment variable."""
    ours = str(Path(__file__).parent / "jupyter")
    os.environ[variable] = os.pathsep.join(filter(None, [ours, os.environ.get(variable)]))
