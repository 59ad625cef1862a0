"""The explorer as a widget: a shell around a :class:`~qpsviz.session.Session`, for Voila and JupyterLab."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import traitlets

from qpsviz.figures.plots import figure_spec
from qpsviz.scenario import Scenario
from qpsviz.session import Session, Threads
from qpsviz.sim import Run
from qpsviz.web import assets
from qpsviz.widgets.heard import Heard


class Page(Heard):
    """One scenario with its controls, read-outs and views.

    Parameters
    ----------
    opening : str, optional
        Preset to open with; ``"first"`` when None. In JupyterLab, whose address belongs to JupyterLab, an opening
        given here wins over a link in the address; in Voila the address is the visitor's, and a link wins.
    controls : iterable of str, optional
        Parameters with a control; all when None.
    tabs : iterable of str, optional
        Tabs; all when None.
    network : bool
        Whether frames move.
    kind : str
        ``"dashboard"`` fills the window; ``"lesson"`` sits in a notebook.
    """

    _esm = assets.script("app.js")
    _css = assets.style()
    spec = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    run = traitlets.Dict().tag(sync=True)
    settled = traitlets.Dict().tag(sync=True)
    pins = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        opening: str | None = None,
        controls: Iterable[str] | None = None,
        tabs: Iterable[str] | None = None,
        network: bool = True,
        kind: str = "dashboard",
    ) -> None:
        self.session = Session(
            opening=opening, controls=controls, tabs=tabs, network=network, kind=kind,
            executor=Threads(), later=self._tell, given={"bokeh": assets.bokeh_js},
        )  # fmt: skip
        super().__init__(spec={**self.session.spec, **figure_spec(self.session.plots)})
        self._tell(self.session.begin())
        self.observe(self._heard, names="request")
        self.on_msg(self._asked)

    @property
    def scenario(self) -> Scenario:
        """The present scenario."""
        return self.session.scenario

    @property
    def latest_run(self) -> Run | None:
        """The run on screen."""
        return self.session.latest_run

    def _tell(self, changed: Mapping[str, object]) -> None:
        for name, value in changed.items():
            setattr(self, name, value)

    def _heard(self, change: Mapping[str, object]) -> None:
        self._tell(self.session.hear(change["new"]))

    def _asked(self, _widget: object, content: object, _buffers: object) -> None:
        self.send(*self.session.ask(content))
