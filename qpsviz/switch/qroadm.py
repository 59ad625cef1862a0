"""The quantum ROADM as a graph of components (paper, Section III, Figs. 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from qpsviz.noise.storage import Storage, storage_of
from qpsviz.scenario import Scenario, parameter
from qpsviz.switch import designs
from qpsviz.switch.codes import NO_CODE
from qpsviz.switch.components import Carries, Component, Edge, Kind, Wavelength
from qpsviz.switch.paths import DevicePath, FramePaths, compose, route
from qpsviz.units import ArrayLike


@dataclass(frozen=True, kw_only=True)
class QRoadm:
    """A quantum reconfigurable optical add-drop multiplexer: components, and edges between them.

    Inputs and outputs are called by number (fibres) or by name (``"add 0"``, ``"drop 0"``).

    Examples
    --------
    >>> device = QRoadm.near_term(2, 2)
    >>> [c.kind.value for c in device.payload_path(0, 1).components][1:4]
    ['demultiplexer', 'optical switch', 'q-memory']
    >>> round(float(device.header_path(0, 1).processing_us), 9)
    125.0
    """

    name: str
    n_fibres: int
    n_wavelengths: int
    n_add_drop: int
    components: tuple[Component, ...]
    edges: tuple[Edge, ...]

    @classmethod
    def near_term(
        cls,
        n_fibres: int = 2,
        n_wavelengths: int = 2,
        *,
        fabric: str = "electro_optic",
        storage: Storage | None = None,
        processing_us: float | None = None,
    ) -> QRoadm:
        """The device of Fig. 4: split, store and read, merge, send on.

        Parameters
        ----------
        n_fibres, n_wavelengths : int
            Fibres on either side, wavelengths on each. [1]
        fabric : str
            Kind of its optical switches, see :data:`qpsviz.switch.components.SWITCHES`.
        storage : Storage, optional
            What its q-memories are; a scenario's default otherwise.
        processing_us : float, optional
            T_P, shared out over O/E converter, control unit and regeneration. [us]

        Returns
        -------
        QRoadm
            Without wavelength conversion or error correction: the paper leaves both out here.

        Raises
        ------
        ValueError
            If a number is out of range or a word unknown.
        """
        _check_sizes(n_fibres, n_wavelengths, 0)
        components, edges = designs.near_term(
            n_fibres, n_wavelengths, fabric, storage or _default_storage(), _checked_processing(processing_us)
        )
        return cls(
            name="near_term", n_fibres=n_fibres, n_wavelengths=n_wavelengths, n_add_drop=0,
            components=components, edges=edges,
        )  # fmt: skip

    @classmethod
    def long_term(
        cls,
        n_fibres: int = 2,
        n_wavelengths: int = 2,
        n_add_drop: int = 1,
        *,
        fabric: str = "electro_optic",
        storage: Storage | None = None,
        correction: str = NO_CODE,
        processing_us: float | None = None,
    ) -> QRoadm:
        """The device of Fig. 5: amplified headers, q-processors, q-buffers, wavelength conversion, add and drop.

        Parameters
        ----------
        n_fibres, n_wavelengths, n_add_drop : int
            Fibres on either side, wavelengths on each, add (and as many drop) channels. [1]
        fabric : str
            Kind of its switch fabric, see :data:`qpsviz.switch.components.SWITCHES`.
        storage : Storage, optional
            What its q-memories and q-buffers are; a scenario's default otherwise.
        correction : str
            What its q-processors apply, one of :data:`qpsviz.switch.codes.CORRECTIONS`.
        processing_us : float, optional
            T_P, shared out over O/E converter, control unit and regeneration. [us]

        Returns
        -------
        QRoadm
            The device.

        Raises
        ------
        ValueError
            If a number is out of range or a word unknown.
        """
        _check_sizes(n_fibres, n_wavelengths, n_add_drop)
        components, edges = designs.long_term(
            n_fibres, n_wavelengths, n_add_drop, fabric, storage or _default_storage(), correction,
            _checked_processing(processing_us),
        )  # fmt: skip
        return cls(
            name="long_term", n_fibres=n_fibres, n_wavelengths=n_wavelengths, n_add_drop=n_add_drop,
            components=components, edges=edges,
        )  # fmt: skip

    @cached_property
    def by_name(self) -> dict[str, Component]:
        """Its components by their names."""
        return {c.name: c for c in self.components}

    @cached_property
    def leaving(self) -> dict[str, list[Edge]]:
        """The edges that leave each component."""
        edges: dict[str, list[Edge]] = {}
        for edge in self.edges:
            edges.setdefault(edge.source, []).append(edge)
        return edges

    @property
    def inputs(self) -> tuple[int | str, ...]:
        """What can come in: fibres by number, add channels by name."""
        return (*range(self.n_fibres), *(f"{Kind.ADD} {k}" for k in range(self.n_add_drop)))

    @property
    def outputs(self) -> tuple[int | str, ...]:
        """Where it can go out: fibres by number, drop channels by name."""
        return (*range(self.n_fibres), *(f"{Kind.DROP} {k}" for k in range(self.n_add_drop)))

    def altered(self, kind: Kind, **values: object) -> QRoadm:
        """A copy in which every component of a kind has some fields changed, such as ``insertion_loss_db``."""
        return replace(self, components=tuple(c.altered(**values) if c.kind is kind else c for c in self.components))

    def payload_path(
        self,
        input_fibre: int | str,
        output_fibre: int | str,
        wavelength_in: Wavelength = 0,
        wavelength_out: Wavelength | None = None,
        *,
        dwell_us: ArrayLike = 0.0,
        buffer_us: ArrayLike = 0.0,
    ) -> DevicePath:
        """The path of a payload and what it costs.

        Parameters
        ----------
        input_fibre, output_fibre : int or str
            One of ``inputs`` and one of ``outputs``.
        wavelength_in, wavelength_out : int
            Wavelength channel before and behind; the same when only one is given. [1]
        dwell_us, buffer_us : array_like
            How long it waits in the q-memory and, after the q-processor, in the q-buffer. [us]

        Returns
        -------
        DevicePath
            Components, their loss, latency and noise, and the totals.

        Raises
        ------
        ValueError
            If an input, output or wavelength does not exist, or the device cannot convert the wavelength.
        """
        path = self._path(Carries.PAYLOAD, input_fibre, output_fibre, wavelength_in, wavelength_out)
        return compose(path, Carries.PAYLOAD, {Kind.Q_MEMORY: dwell_us, Kind.Q_BUFFER: buffer_us})

    def header_path(
        self,
        input_fibre: int | str,
        output_fibre: int | str,
        wavelength_in: Wavelength = 0,
        wavelength_out: Wavelength | None = None,
    ) -> DevicePath:
        """The path of a header or trailer and what it costs.

        Parameters
        ----------
        input_fibre, output_fibre, wavelength_in, wavelength_out
            As in :meth:`payload_path`.

        Returns
        -------
        DevicePath
            Its ``processing_us`` is T_P; 0 from an add channel, whose user wrote the header just now.

        Raises
        ------
        ValueError
            As in :meth:`payload_path`.
        """
        path = self._path(Carries.HEADER, input_fibre, output_fibre, wavelength_in, wavelength_out)
        return compose(path, Carries.HEADER, {})

    def through(
        self,
        input_fibre: int | str,
        output_fibre: int | str,
        wavelength_in: Wavelength = 0,
        wavelength_out: Wavelength | None = None,
        *,
        dwell_us: ArrayLike = 0.0,
        buffer_us: ArrayLike = 0.0,
    ) -> FramePaths:
        """The path of a whole frame: header and payload.

        Parameters
        ----------
        input_fibre, output_fibre, wavelength_in, wavelength_out, dwell_us, buffer_us
            As in :meth:`payload_path`.

        Returns
        -------
        FramePaths
            Both paths, and what they do to the guard time.

        Raises
        ------
        ValueError
            As in :meth:`payload_path`.
        """
        ends = (input_fibre, output_fibre, wavelength_in, wavelength_out)
        payload = self.payload_path(*ends, dwell_us=dwell_us, buffer_us=buffer_us)
        return FramePaths(header=self.header_path(*ends), payload=payload)

    def _path(
        self,
        carries: Carries,
        entry: int | str,
        leave: int | str,
        wavelength_in: Wavelength,
        wavelength_out: Wavelength | None,
    ) -> list[Component]:
        wavelength_out = wavelength_in if wavelength_out is None else wavelength_out
        for name, value in (("wavelength_in", wavelength_in), ("wavelength_out", wavelength_out)):
            if value not in range(self.n_wavelengths):
                raise ValueError(f"{name} = {value!r} is outside 0 … {self.n_wavelengths - 1}")
        for name, port, known in (("input_fibre", entry, self.inputs), ("output_fibre", leave, self.outputs)):
            if port not in known:
                raise ValueError(f"{name} = {port!r} is not one of {', '.join(map(str, known))}")
        path = route(
            self.by_name,
            self.leaving,
            start=entry if isinstance(entry, str) else f"{Kind.INPUT} {entry}",
            goal=leave if isinstance(leave, str) else f"{Kind.OUTPUT} {leave}",
            carries=carries,
            lane=(entry if isinstance(entry, int) else -1, wavelength_in),
            wavelength_out=wavelength_out,
        )
        if path is None:
            ends = f"wavelength_out = {wavelength_out} must equal wavelength_in = {wavelength_in}"
            raise ValueError(f"{ends}: no wavelength converter on this path")
        return path


def _check_sizes(n_fibres: int, n_wavelengths: int, n_add_drop: int) -> None:
    sizes = {"n_fibres": (n_fibres, 1), "n_wavelengths": (n_wavelengths, 1), "n_add_drop": (n_add_drop, 0)}
    for name, (value, least) in sizes.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"{name} = {value!r} must be a whole number at least {least}")


def _default_storage() -> Storage:
    return storage_of(Scenario().values())


def _checked_processing(processing_us: float | None) -> float:
    """T_P as given, or the default of a scenario. [us]"""
    declared = parameter("processing_us")
    return float(declared.check(declared.default if processing_us is None else processing_us))
