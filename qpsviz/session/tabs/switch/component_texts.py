"""What to write beside the components of a relay."""

from __future__ import annotations

from typing import Literal

from qpsviz.switch.components import Carries, Component, Kind
from qpsviz.switch.designs import MERGING_COLUMN

#: What an edge is called in a picture.
EDGE_KINDS: dict[Carries, Literal["classical", "quantum", "both"]] = {
    Carries.HEADER: "classical",
    Carries.PAYLOAD: "quantum",
    Carries.BOTH: "both",
}

#: Names that must fit on a card.
SHORT_NAMES = {
    Kind.INPUT: "in",
    Kind.OUTPUT: "out",
    Kind.REGENERATION: "regeneration",
    Kind.WAVELENGTH_CONVERTER: "λ converter",
}

_WORDS = {
    Kind.INPUT: "Here a frame comes in: a bright header, single photons one by one, a bright trailer.",
    Kind.OUTPUT: "Here the frame goes on, its qubits behind a header that was written a moment ago.",
    Kind.ADD: "A local user's frames come in here.",
    Kind.DROP: "Frames for a local user go out here.",
    Kind.DEMULTIPLEXER: "Takes the wavelengths of a fibre apart.",
    Kind.MULTIPLEXER: "Puts the wavelengths of a fibre together again.",
    Kind.AMPLIFIER: "Makes the header bright again. No qubit may pass: copying an unknown state is impossible.",
    Kind.OE_CONVERTER: "A photodiode turns the header into bits. The light ends here.",
    Kind.CONTROL_UNIT: "Reads the address, chooses the output, then sets the switches and lets the qubits go.",
    Kind.REGENERATION: "A laser writes header and trailer anew, with the new guard time in them.",
    Kind.Q_MEMORY: "Holds each qubit until the way out is known and free, without measuring it.",
    Kind.Q_PROCESSOR: "Works on the qubits without reading them: here a code corrects errors, if one is chosen.",
    Kind.Q_BUFFER: "Ready to hold corrected qubits for the port; in this model the wait is all in the q-memory.",
    Kind.WAVELENGTH_CONVERTER: "Moves a qubit to another wavelength, where that is needed; these frames keep theirs.",
    Kind.SWITCH_FABRIC: "Puts the qubits behind their new header and turns both to their output.",
}
_SPLITTING = "Parts a frame: the header goes to be read, the qubits go to the memory."


def what_it_does(component: Component) -> str:
    """One sentence on what a component does to a frame.

    Parameters
    ----------
    component : Component
        Any component of a device.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> from qpsviz.switch.qroadm import QRoadm
    >>> what_it_does(QRoadm.near_term(1, 1).by_name["demultiplexer 0"])
    'Takes the wavelengths of a fibre apart.'
    """
    if component.kind is Kind.OPTICAL_SWITCH:
        return _WORDS[Kind.SWITCH_FABRIC] if component.column == MERGING_COLUMN else _SPLITTING
    return _WORDS[component.kind]
