"""What any page needs, without widgets: the state of a page, its answers, tabs, tiles and links."""

from qpsviz.session.executor import Executor, Inline, Threads
from qpsviz.session.session import Session

__all__ = ["Executor", "Inline", "Session", "Threads"]
