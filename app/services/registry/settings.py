"""Settings of a registry that an administrator may change: for now, the idle lock.

Owns their bounds. What a registry is (its country, whether it is a demo) is no setting.
"""

from __future__ import annotations

LONGEST_IDLE_MINUTES = 10
"""Ten idle minutes lock the desk; a registry may ask for fewer, never for more."""
