"""Fuzz the frame decoder, guided by coverage.

Run ``python fuzz/fuzz_frame.py --minutes 10``; needs the package `atheris`. Every input is decoded twice: as it is,
and with a frame check sequence that is right, so that mutations reach what is behind the checksum. The one
exception allowed is `FrameError`, with field and octet; a frame that is accepted must come back equal from its
octets in both dialects, pass its own validation, and have every octet described exactly once. Prints how many
inputs were tried; a failure prints the input and leaves with an exit code other than 0.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from zlib import crc32

ENDS = {"destination": "02:00:00:00:00:02", "source": "02:00:00:00:00:01"}
MAX_OCTETS = 1600  # beyond the longest frame
DICTIONARY = (
    "\\xfe\\x0c\\x02QE",
    "\\x02QE",
    "\\x88\\xb5",
    "\\x88\\xcc",
    "\\x02\\x01",
    "\\x04\\x08",
    "\\x06\\x1c",
)


def seeds() -> list[bytes]:
    """Good frames without their check sequence, from the smallest to one that holds everything."""
    from qpsviz.frame import Frame, Tlv

    small = Frame(**ENDS, role="trailer", payload_duration_us=50.0)
    full = replace(
        small,
        role="header",
        memory_time_us=125.0,
        cutoff_us=1000.0,
        error_correction="[[5,1,3]]",
        guard_us=12.5,
        n_qubits=10,
        spacing_us=5.0,
        encoding="polarisation",
        application="qkd",
        wavelength_nm=1550.12,
        frame_id=7,
        attempt=2,
    )
    foreign = (Tlv(type=1, value=b"\x07switch", dialect="lldp"), Tlv(type=3, value=b"\x00\x78", dialect="lldp"))
    known = (Tlv(type=5, value=b"name", dialect="lldp"), Tlv(type=9, value=b"?"), Tlv.custom("00-11-22", 3, b"x"))
    newer = replace(small, tlvs=(Tlv(type=3, value=b"\x02new"),))
    frames = (small, full, newer, replace(full, tlvs=(*foreign, *known)))
    return [frame.encode(dialect)[:-4] for frame in frames for dialect in ("paper", "lldp")]


def check(octets: bytes) -> None:
    """Decode octets; raises for anything but a sound frame or a sound refusal."""
    from qpsviz.frame import Frame, FrameError, describe

    try:
        frame = Frame.decode(octets)
    except FrameError as error:
        if not error.field or error.offset is None or not 0 <= error.offset <= len(octets):
            raise AssertionError(f"refused without field and octet: {error}") from error
        return
    if replace(frame) != frame:
        raise AssertionError("an accepted frame is not valid")
    if b"".join(field.octets for field in describe(octets)) != octets:
        raise AssertionError("the fields do not cover the octets")
    for dialect in ("paper", "lldp"):
        try:
            encoded = frame.encode(dialect)
        except FrameError as error:
            if "oversize" in error.problem or "octets; at most" in error.problem:
                continue  # the other dialect has less room
            raise
        if Frame.decode(encoded) != frame:
            raise AssertionError(f"a frame changed on its way through the {dialect} dialect")


def one_input(data: bytes) -> None:
    """What the fuzzer calls."""
    check(data)
    check(data + crc32(data).to_bytes(4, "little"))


def main() -> None:
    """Read the arguments and fuzz until the time is up or something breaks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="how long (default 10)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the mutations (default 1)")
    arguments = parser.parse_args()
    if not arguments.minutes > 0:
        parser.error(f"--minutes {arguments.minutes} must be positive")
    if importlib.util.find_spec("atheris") is None:
        parser.exit(1, "fuzz_frame: needs the package atheris (pip install atheris)\n")
    import atheris

    with atheris.instrument_imports(include=["qpsviz.frame"]):
        import qpsviz.frame  # noqa: F401  imported here to be instrumented
    folder = Path(tempfile.mkdtemp(prefix="fuzz_frame_"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for index, octets in enumerate(seeds()):
        (corpus / f"seed_{index}").write_bytes(octets)
    words = folder / "words.txt"
    words.write_text("".join(f'"{word}"\n' for word in DICTIONARY))
    options = [
        f"-max_total_time={round(arguments.minutes * 60)}",
        f"-max_len={MAX_OCTETS}",
        f"-seed={arguments.seed}",
        f"-dict={words}",
        f"-artifact_prefix={folder}/",
        "-timeout=5",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
