"""The ``qpsviz`` command."""

import sys

from qpsviz.cli.parser import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
