"""Independent answers: every element as Kraus operators, followed by QuTiP."""
