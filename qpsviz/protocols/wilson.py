"""Wilson's interval for a share found in independent trials."""

from __future__ import annotations

import numpy as np

from qpsviz.units import Array, ArrayLike

#: Quantile of the normal distribution that leaves 2.5 % above it. [1]
NORMAL = 1.959963984540054


def wilson(n_found: ArrayLike, n_trials: ArrayLike, *, n_deviations: float = NORMAL) -> tuple[Array, Array]:
    """Ends of the interval; exactly 0 or 1 where nothing or everything was found.

    Parameters
    ----------
    n_found : array_like
        Times that it came true; means of what is not counted may be fractions. [1]
    n_trials : array_like
        Out of how many; the whole of [0, 1] without any. [1]
    n_deviations : float
        Quantile of the normal distribution, as for 95 %, or of Student's. [1]

    Returns
    -------
    tuple of ndarray
        (low, high) in [0, 1]. [1]

    Notes
    -----
    E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927).

    Examples
    --------
    >>> low, high = wilson(10, 10)
    >>> round(float(low), 4), float(high)
    (0.7225, 1.0)
    """
    k, n = np.asarray(n_found, dtype=np.float64), np.asarray(n_trials, dtype=np.float64)
    z2 = n_deviations**2
    middle, root = k + z2 / 2, n_deviations * np.sqrt(k * (n - k) / np.maximum(n, 1e-300) + z2 / 4)
    lo, hi = (middle - root) / (n + z2), (middle + root) / (n + z2)
    return np.where(k == 0, 0.0, np.maximum(lo, 0.0)), np.where(k == n, 1.0, np.minimum(hi, 1.0))
