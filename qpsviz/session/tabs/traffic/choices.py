"""What can be chosen on the tab, and a choice as a short text for a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qpsviz.errors import ParameterError
from qpsviz.experiments.variants import USUAL, VARIANTS
from qpsviz.network.traffic import Traffic
from qpsviz.session.tabs.traffic.networks import MENU, is_own

if TYPE_CHECKING:
    from qpsviz.session.protocol.traffic import TrafficMenu, TrafficStory

MIN_LOAD, MAX_LOAD, LOAD_STEP = 0.05, 1.5, 0.05
WARM_UP = 0.2
HOT_SHARE, BURSTINESS = 0.3, 10.0

#: Who talks to whom, in words.
PATTERNS = {
    "even": "all pairs alike",
    "gravity": "busy stations more",
    "hot_spot": f"{100 * HOT_SHARE:.0f} % to one station",
}
#: When sessions start, in words.
ARRIVALS = {"poisson": "at random", "on_off": "in bursts"}
#: Frames that follow each other between the same two users.
SESSIONS = (1, 10, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Everything that is set on the tab itself; all else is the scenario's.

    Parameters
    ----------
    network : str
        Word of the menu, or of a file that was opened.
    pairs, arrivals : str
        Words of a :class:`~qpsviz.Traffic`.
    n_frames_per_session : int
        One of ``SESSIONS``.
    load : float
        Load at which the map is drawn. [1]
    variant : str
        How the map is switched.
    """

    network: str = "metro"
    pairs: str = "even"
    arrivals: str = "poisson"
    n_frames_per_session: int = 1
    load: float = 0.4
    variant: str = "store"

    def traffic(self, n_frames: int, *, load: float | None = None) -> Traffic:
        """The traffic of this choice."""
        return Traffic(
            load=self.load if load is None else load, n_frames=n_frames, pairs=self.pairs, arrivals=self.arrivals,
            n_frames_per_session=self.n_frames_per_session, burstiness=BURSTINESS, warm_up=WARM_UP, hot_share=HOT_SHARE,
        )  # fmt: skip

    @property
    def text(self) -> str:
        """As a link has it; :func:`read_choice` reads it."""
        return ",".join(
            map(
                str,
                (self.network, self.pairs, self.arrivals, self.n_frames_per_session, f"{self.load:g}", self.variant),
            )
        )


def choice_of(asked: Mapping[str, object]) -> Choice:
    """A choice as a page sends it.

    Raises
    ------
    ParameterError
        If a part is none of what can be chosen.
    """
    network = asked.get("network")
    if not isinstance(network, str) or not (network in MENU or is_own(network)):
        raise ParameterError("network", "this network is not on the menu")
    for name, known in (("pairs", PATTERNS), ("arrivals", ARRIVALS), ("variant", USUAL)):
        word = asked.get(name)
        if not isinstance(word, str) or word not in known:
            raise ParameterError(name, f"{name} must be one of {', '.join(known)}")
    n_frames = asked.get("n_frames_per_session")
    if isinstance(n_frames, bool) or not isinstance(n_frames, int) or n_frames not in SESSIONS:
        raise ParameterError(
            "n_frames_per_session", f"frames per session must be one of {', '.join(map(str, SESSIONS))}"
        )
    load = asked.get("load")
    if isinstance(load, bool) or not isinstance(load, (int, float)) or not MIN_LOAD <= load <= MAX_LOAD:
        raise ParameterError("load", f"load must be a number of {MIN_LOAD:g} to {MAX_LOAD:g}")
    return Choice(
        network=network, pairs=str(asked["pairs"]), arrivals=str(asked["arrivals"]),
        n_frames_per_session=n_frames, load=float(load), variant=str(asked["variant"]),
    )  # fmt: skip


def read_choice(text: str) -> Choice:
    """A choice as a link has it.

    Raises
    ------
    ParameterError
        If it is none; a network that was opened from a file is no part of a link.
    """
    parts = text.split(",")
    try:
        network, pairs, arrivals, n_frames, load, variant = parts
        told = {"network": network, "pairs": pairs, "arrivals": arrivals, "variant": variant}
        found = choice_of({**told, "n_frames_per_session": int(n_frames), "load": float(load)})
    except ValueError:
        raise ParameterError("traffic", f"traffic = {text[:40]!r} is no choice of network and traffic") from None
    if is_own(found.network):
        raise ParameterError("traffic", "a network from a file is no part of a link: open the file again")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A choice worth a look, and why."""

    title: str
    text: str
    choice: Choice


STORIES: dict[str, Story] = {
    "ring": Story(
        title="Ring of a metro",
        text="Sixteen offices, 10 km apart. Watch memories take up what bursts lose, and what that costs in fidelity.",
        choice=Choice(),
    ),
    "continental": Story(
        title="Continental",
        text="NSFNET with its published lengths. Reserving a path takes milliseconds, a payload 50 µs.",
        choice=Choice(network="nsfnet", load=0.3, variant="circuit_blocked"),
    ),
    "hot_spot": Story(
        title="Hot spot",
        text=f"{100 * HOT_SHARE:.0f} % of all sessions go to one station, whose links are full long before the others.",
        choice=Choice(network="grid", pairs="hot_spot", load=0.25),
    ),
    "thousand": Story(
        title="A thousand stations",
        text="1,024 users in a random network, each with four neighbours.",
        choice=Choice(network="random", load=0.3),
    ),
}  # fmt: skip


def menu() -> TrafficMenu:
    """All that can be chosen, in the words of the page."""
    first = Choice()
    return {
        "networks": {name: made.title for name, made in MENU.items()},
        "pairs": PATTERNS,
        "arrivals": ARRIVALS,
        "sessions": list(SESSIONS),
        "variants": [
            {"word": v.word, "label": v.label, "about": v.about, "is_packet": v.is_packet}
            for v in map(VARIANTS.__getitem__, USUAL)
        ],
        "loads": [MIN_LOAD, MAX_LOAD, LOAD_STEP],
        "stories": {name: _told(story) for name, story in STORIES.items()},
        "first": first.text,
    }


def _told(story: Story) -> TrafficStory:
    return {"title": story.title, "text": story.text, "choice": story.choice.text}
