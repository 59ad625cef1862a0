"""The page: controls, read-outs and views on one scenario, as a widget."""

from qpsviz.widgets.dashboard import dashboard, explorer
from qpsviz.widgets.film import Film, film
from qpsviz.widgets.page import Page

__all__ = ["Film", "Page", "dashboard", "explorer", "film"]
