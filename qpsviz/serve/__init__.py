"""Start the dashboard (Voila) or the notebooks (JupyterLab), and serve BokehJS to both."""

from qpsviz.serve.start import Unavailable, run_dashboard, run_lab

__all__ = ["Unavailable", "run_dashboard", "run_lab"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Where a Jupyter server finds ``_load_jupyter_server_extension``."""
    return [{"module": "qpsviz.serve.assets"}]
