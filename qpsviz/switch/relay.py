"""What one relay does to a qubit that waits in it: the one home of that rule, for curves and for runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from qpsviz.errors import ParameterError
from qpsviz.noise import QubitChannel, loss
from qpsviz.noise.storage import Storage, storage_of
from qpsviz.scenario import Scenario
from qpsviz.scenario.choices import Device
from qpsviz.scenario.values import Values
from qpsviz.switch.codes import NO_CODE, is_code
from qpsviz.switch.designs import FABRIC_COLUMN, MERGING_COLUMN
from qpsviz.switch.qroadm import QRoadm
from qpsviz.units import Array, ArrayLike

DEVICES = tuple(device.value for device in Device)


@dataclass(frozen=True, kw_only=True)
class Relay:
    """One relay as a qubit meets it: wait, pass, be corrected, pass on.

    Parameters
    ----------
    storage : Storage
        What it waits in.
    loss_before_db, loss_after_db : array_like
        Insertion loss up to and behind the q-processor. [dB]
    converter_db : float
        What a payload pays on top when it leaves at another wavelength than it came on. [dB]
    correction : str
        What the q-processor applies.

    Notes
    -----
    Loss commutes with waiting, so its place matters only to the correction.

    Examples
    --------
    >>> from qpsviz.scenario import Scenario
    >>> relay = Relay.of(Scenario().replace(device="near_term").values())
    >>> round(float(relay.loss_db), 6)
    11.0
    """

    storage: Storage
    loss_before_db: ArrayLike = 0.0
    loss_after_db: ArrayLike = 0.0
    converter_db: float = 0.0
    correction: str = NO_CODE

    @classmethod
    def of(cls, values: Values) -> Relay:
        """The relay that flat parameter values (numbers or arrays) describe.

        Raises
        ------
        ValueError
            If a word is unknown or a number out of range.

        Notes
        -----
        Assumption: ``insertion_loss_db`` and the bypass of amplifiers come on top of the device's own loss, in its last
        switch. A near_term device
        has no q-processor: there ``correction`` changes nothing.
        """
        before, after = device_loss_db(values.device, values.fabric)
        return cls(
            storage=storage_of(values),
            loss_before_db=before,
            loss_after_db=np.asarray(values.passing_loss_db) + after,
            converter_db=conversion_loss_db(values.device),
            correction=_applied(values),
        )

    @property
    def corrects(self) -> bool:
        """Whether photons are encoded, and corrected here."""
        return is_code(self.correction)

    @property
    def loss_db(self) -> Array:
        """Insertion loss of the whole relay, without what waiting costs. [dB]"""
        return np.add(self.loss_after_db, self.loss_before_db)

    @cached_property
    def insertion(self) -> QubitChannel:
        """What its insertion loss does to a qubit. [1]"""
        return loss(self.loss_db)

    def hold(self, dwell_us: ArrayLike) -> QubitChannel:
        """What waiting for at least ``dwell_us`` does to a qubit. [1]"""
        if np.ndim(dwell_us):
            return self.storage.hold(dwell_us)[1]
        dwell = float(dwell_us)  # type: ignore[arg-type]
        if dwell not in self._held:  # relays of one path often hold equally long
            self._held[dwell] = self.storage.hold(dwell)[1] if dwell else QubitChannel.identity()
        return self._held[dwell]

    def passage(self, dwell_us: ArrayLike) -> QubitChannel:
        """Waiting for at least ``dwell_us`` and the insertion loss, of a relay that corrects nothing. [1]"""
        if np.ndim(dwell_us):
            return self.hold(dwell_us).then(self.insertion)
        dwell = float(dwell_us)  # type: ignore[arg-type]
        if dwell not in self._passed:
            self._passed[dwell] = self.hold(dwell).then(self.insertion)
        return self._passed[dwell]

    @cached_property
    def _held(self) -> dict[float, QubitChannel]:
        return {}

    @cached_property
    def _passed(self) -> dict[float, QubitChannel]:
        return {}


def kept_half(relay: Relay, wait_us: ArrayLike, *, decays: bool) -> QubitChannel:
    """What happened to the half of a pair that its sender keeps while the other half travels.

    Parameters
    ----------
    relay : Relay
        Whose storage the sender has, too. Assumption: the paper keeps it in a memory and does not say in which.
    wait_us : array_like
        How long it has been kept. [us]
    decays : bool
        Parameter ``partner_noise``: False for a memory that changes nothing.

    Returns
    -------
    QubitChannel
        Of the shape of ``wait_us``, or the identity.
    """
    return relay.hold(wait_us) if decays else QubitChannel.identity()


def device_of(values: Values, *, n_fibres: int = 2, n_wavelengths: int = 2, n_add_drop: int = 1) -> QRoadm:
    """The device that flat parameter values describe, to be drawn or taken apart.

    Parameters
    ----------
    values : mapping
        Flat parameters of a scenario, each one number or word.
    n_fibres, n_wavelengths, n_add_drop : int
        Its size; only a device of Fig. 5 has add and drop. [1]

    Returns
    -------
    QRoadm
        ``"ideal"`` is the device of Fig. 5 without any loss of its own; ``insertion_loss_db`` is in the last switch.

    Raises
    ------
    ValueError
        If a word is unknown or a number out of range.
    """
    correction = _applied(values)
    device, processing, storage = _device(values.device), float(values.processing_us), storage_of(values)
    if not device.has_processor:
        built = QRoadm.near_term(
            n_fibres, n_wavelengths, fabric=values.fabric, storage=storage, processing_us=processing
        )
    else:
        built = QRoadm.long_term(
            n_fibres, n_wavelengths, n_add_drop, fabric=values.fabric, storage=storage, processing_us=processing,
            correction=correction,
        )  # fmt: skip
    own, last = float(device.loses_light), FABRIC_COLUMN if device.has_processor else MERGING_COLUMN
    components = tuple(
        c.altered(insertion_loss_db=own * c.insertion_loss_db + (values.insertion_loss_db if c.column == last else 0))
        for c in built.components
    )
    return replace(built, name=device, components=components)


@cache
def device_loss_db(device: str, fabric: str) -> tuple[float, float]:
    """Insertion loss of a payload's path up to and behind the place of the q-processor.

    Parameters
    ----------
    device : str
        One of ``DEVICES``.
    fabric : str
        Kind of optical switch inside, one of :data:`qpsviz.switch.components.SWITCHES`.

    Returns
    -------
    tuple of float
        Derived from the device's graph; behind is 0 where it has no q-processor. [dB]

    Raises
    ------
    ParameterError
        If a word is unknown.

    Notes
    -----
    The frame keeps its wavelength here; :func:`conversion_loss_db` is what one pays that does not.
    """
    plain = Scenario().values().replace(insertion_loss_db=0.0, correction=NO_CODE, device=device, fabric=fabric)
    path = device_of(plain, n_fibres=1, n_wavelengths=1).payload_path(0, 0)
    return path.loss_before_db, path.loss_after_db


def can_convert(device: str) -> bool:
    """Whether the device can send a payload on at another wavelength; that of Fig. 4 has no converter."""
    return _device(device).has_converter


def is_repeater(device: str, correction: str) -> bool:
    """Whether relays correct photons: the bound for one photon per bit without repeaters says nothing then."""
    return is_code(correction) and _device(device).has_processor


@cache
def conversion_loss_db(device: str) -> float:
    """What a payload pays in a device for leaving at another wavelength than it came on.

    Parameters
    ----------
    device : str
        One of ``DEVICES``.

    Returns
    -------
    float
        Derived from the device's graph; 0 where it loses nothing or cannot convert. [dB]

    Raises
    ------
    ParameterError
        If the word is unknown.

    Notes
    -----
    A frame that meets no other keeps its wavelength, so no closed form of an idle path has this loss.

    Examples
    --------
    >>> round(conversion_loss_db("long_term"), 9), conversion_loss_db("ideal")
    (3.4, 0.0)
    """
    if not can_convert(device):
        return 0.0
    plain = Scenario().values().replace(insertion_loss_db=0.0, correction=NO_CODE, device=device)
    drawn = device_of(plain, n_fibres=1, n_wavelengths=2)
    return float(drawn.payload_path(0, 0, 0, 1).loss_db - drawn.payload_path(0, 0, 0, 0).loss_db)


def _applied(values: Values) -> str:
    """The correction that the device's q-processors apply; the device of Fig. 4 has none."""
    return values.correction if _device(values.device).has_processor else NO_CODE


def _device(word: str) -> Device:
    """The device that a word names.

    Raises
    ------
    ParameterError
        If no device has that name.
    """
    if word not in DEVICES:
        raise ParameterError("device", f"device = {word!r} must be one of {', '.join(DEVICES)}")
    return Device(word)
