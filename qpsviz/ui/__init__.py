"""The page: controls, read-outs and views on one scenario, as a widget."""

from qpsviz.ui.dashboard import dashboard, explorer
from qpsviz.ui.film_page import Film, film
from qpsviz.ui.page import Page

__all__ = ["Film", "Page", "dashboard", "explorer", "film"]
