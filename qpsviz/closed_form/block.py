"""What the finite key of a scenario is made of, and why there is none."""

from __future__ import annotations

from qpsviz.closed_form.quantities import Quantities
from qpsviz.errors import ParameterError
from qpsviz.protocols.decoy import BestBlock, best_block
from qpsviz.scenario import Scenario
from qpsviz.scenario.presets import scenario_of


def decoy_block(scenario: Scenario | str) -> BestBlock:
    """The block of decoy states from which the output ``key_rate_finite`` comes.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, or a preset's name.

    Returns
    -------
    BestBlock
        Its settings, its key and ``reason``, why there is none; ``n_pulses`` are those that routing leaves.

    Raises
    ------
    ParameterError
        If routing leaves less than one pulse of a block.

    Examples
    --------
    >>> from qpsviz import preset
    >>> decoy_block(preset("fig7").replace(n_block_pulses=1e4)).reason
    'fluctuations leave no single photon for certain in the basis of the key'
    """
    quantities = Quantities(scenario_of(scenario).values())
    n_block = float(quantities.values.n_block_pulses * quantities.key_routing.retention_per_channel_time)
    if n_block < 1:
        raise ParameterError(
            "n_block_pulses", f"routing leaves {n_block:.2g} pulses of a block: no key, whatever it is"
        )
    end = quantities.reception
    return best_block(end.pulse_link, n_block=n_block, security=end.security)
