"""How long the fire burns: short in the suite, long under `make soak`, which sets TEAK_SOAK."""

from __future__ import annotations

import os

# Read as the module is loaded: the tests run with all settings of ours forgotten.
IS_SOAK = "TEAK_SOAK" in os.environ


def times(in_suite: int, in_soak: int) -> int:
    """Give how often to do something."""
    return in_soak if IS_SOAK else in_suite
