"""A home folder that cannot be written: Jupyter and IPython then work in a folder that goes with this process."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from pathlib import Path

NAMES = {
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTER_DATA_DIR": "data",  # the notary's database of trusted notebooks
    "JUPYTER_CONFIG_DIR": "config",
    "IPYTHONDIR": "ipython",  # history
    "MPLCONFIGDIR": "matplotlib",
}


def ensure_home() -> None:
    """Where Jupyter's folders cannot be written, use temporary ones and say so in one line."""
    from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir

    ipython = os.environ.get("IPYTHONDIR") or os.path.expanduser("~/.ipython")
    found = [jupyter_data_dir(), jupyter_runtime_dir(), jupyter_config_dir(), ipython]
    blocked = next((folder for folder in found if not _can_write(Path(folder))), None)
    if blocked is None:
        return
    folder = tempfile.TemporaryDirectory(prefix="qpsviz-")
    atexit.register(folder.cleanup)
    for variable, name in NAMES.items():
        os.environ[variable] = str(Path(folder.name) / name)
        Path(os.environ[variable]).mkdir()
    if not _can_write(Path(__file__).parents[1]):  # where numba keeps what it compiled
        os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(folder.name) / "numba"))
    print(
        f"qpsviz: {blocked} cannot be written; history and trust are forgotten at the end", file=sys.stderr, flush=True
    )


def _can_write(folder: Path) -> bool:
    """Whether files can be made in a folder, which is made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
