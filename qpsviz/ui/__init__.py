"""The page: controls, read-outs and views on one scenario, as a widget."""

from qpsviz.ui.dashboard import dashboard, explorer
from qpsviz.ui.page import Page

__all__ = ["Page", "dashboard", "explorer"]
