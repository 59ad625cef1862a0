"""The film of one finished run, on any network, or of a trace of another tool, as a widget of its own."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import traitlets

from qpsviz.session.answers import pack
from qpsviz.session.film.event_marks import event_marks
from qpsviz.session.film.schedule import schedule, templates
from qpsviz.session.film.trace import KINDS, trace_schedule
from qpsviz.session.tabs.declared import TABS
from qpsviz.session.tabs.switch.diagram import switch_diagram
from qpsviz.traces import Trace
from qpsviz.web import assets
from qpsviz.widgets.film_page import film_page
from qpsviz.widgets.heard import Heard

if TYPE_CHECKING:
    from qpsviz.session.protocol.spec import FilmSpec
    from qpsviz.sim import Run

MOST_LEGS = 50_000
_TABS = ("spacetime", "switch", "log")
_numbers = itertools.count(1)


class Film(Heard):
    """Frames of a run moving through its network, with its space-time diagram, its switches and its events."""

    _esm = assets.script("film.js")
    _css = assets.style()
    spec = traitlets.Dict().tag(sync=True)
    run = traitlets.Dict().tag(sync=True)

    def page(self) -> str:
        """The film as one HTML page with everything in it: any browser shows it, without Python and without a net."""
        return film_page(self.spec, self.run)


def film(run: Run | Trace) -> Film:
    """The film of a run: what every frame, photon and message did, on the network that it was simulated on.

    Parameters
    ----------
    run : Run or Trace
        A run that kept its legs, of at most 50,000 of them; or what :func:`qpsviz.traces.load` read, of which that is
        drawn which it says.

    Returns
    -------
    Film
        The widget; put it last in a cell.

    Raises
    ------
    ValueError
        If the run kept only its frames, or is too long to be drawn.

    Examples
    --------
    >>> import qpsviz as qps
    >>> ring, traffic = qps.Network.ring(n_nodes=6, length_km=20.0), qps.Traffic(load=0.4, n_frames=20)
    >>> run = qps.simulate(qps.Scenario().replace(discipline="burst"), network=ring, traffic=traffic, seed=1)
    >>> qps.film(run).spec["title"]
    '20 frames of 10 qubits on network “ring” of 6 nodes, burst switching, seed 1'
    """
    if isinstance(run, Trace):
        return _of_trace(run)
    if len(run.legs) > MOST_LEGS:
        raise ValueError(
            f"a film draws at most {MOST_LEGS:,} legs and this run has {len(run.legs):,}: take fewer frames"
        )
    made = schedule(run)
    spec: FilmSpec = {
        "id": f"qpsfilm{next(_numbers)}",
        "title": made["description"],
        "templates": templates(),
        "tabs": [{"name": name, "title": TABS[name].title} for name in _TABS],
        "switch": switch_diagram(run.scenario),
        "log": event_marks(),
    }
    return Film(spec=spec, run=pack(made, exact=True))


def _of_trace(trace: Trace) -> Film:
    made = trace_schedule(trace)
    spec: FilmSpec = {
        "id": f"qpsfilm{next(_numbers)}",
        "title": made["description"],
        "templates": [],
        "tabs": [{"name": "log", "title": TABS["log"].title}],
        "log": {"marks": list(KINDS.values())},
    }
    return Film(spec=spec, run=pack(made, exact=True))
