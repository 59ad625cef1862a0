#!/usr/bin/env bash
# TNO's qkd_key_rate computes keys of BB84 with decoy states, without end and after a finite number of pulses. Expected
# at fixed intensities: the finite key is not longer than the one without end at the same intensities, and where that
# one is negative (bit errors of 9 and 11 %) no finite key is left. Seen: BB84FiniteKeyRateEstimate returns more than
# the asymptotic class with as many decoys, and a positive key at 9 and 11 %. It takes the entropy of the *number* of
# single-photon errors, where their share belongs, and bounds that number from below.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tno.quantum.communication.qkd_key_rate==2.0.4
"$work/venv/bin/python" - <<'PY'
import sys
import warnings
from importlib.metadata import version

import numpy as np
from tno.quantum.communication.qkd_key_rate.quantum import standard_detector
from tno.quantum.communication.qkd_key_rate.quantum.bb84 import (
    BB84AsymptoticKeyRateEstimate, BB84FiniteKeyRateEstimate,
)

warnings.simplefilter("ignore")
MU = np.array([0.6, 0.15, 1e-4])
SHARES = {"probability_basis_X": np.array([0.6, 0.2, 0.1]), "probability_basis_Z": np.array([0.04, 0.03, 0.03])}
print("tno.quantum.communication.qkd_key_rate", version("tno.quantum.communication.qkd_key_rate"))
print("50 km of 0.2 dB/km, detectors of 10 % with 6e-7 dark counts each, 1e12 pulses; bits per pulse")
as_found = True
for wrong in (0.03, 0.09, 0.11):
    detector = standard_detector.customise(
        dark_count_rate=6e-7, polarization_drift=np.arcsin(np.sqrt(wrong)), error_detector=0, efficiency_party=0.1
    )
    finite = BB84FiniteKeyRateEstimate(detector=detector, number_of_pulses=10**12, number_of_decoy=2)
    two_decoys = BB84AsymptoticKeyRateEstimate(detector=detector, number_of_decoy=2)
    found = float(np.squeeze(finite.compute_rate(mu=MU, attenuation=10.0, **SHARES)))
    without_end = float(np.squeeze(two_decoys.compute_rate(mu=MU, attenuation=10.0)))
    expected = max(0.0, without_end)
    print(f"{wrong:.0%} wrong: finite {found:+.3e}, without end {without_end:+.3e}; expected at most {expected:.3e}")
    as_found &= found > expected
print("as found" if as_found else "this has changed")
sys.exit(not as_found)
PY
