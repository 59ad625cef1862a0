"""Start the dashboard (Voila) or the notebooks (JupyterLab), and serve BokehJS to both."""

from qpsviz.serve.options import Options, Unavailable, base_path, default_max_kernels
from qpsviz.serve.start import run_dashboard, run_lab

__all__ = ["Options", "Unavailable", "base_path", "default_max_kernels", "run_dashboard", "run_lab"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Where a Jupyter server finds ``_load_jupyter_server_extension``."""
    return [{"module": "qpsviz.serve.assets"}]
