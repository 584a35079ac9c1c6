"""Quality flags: QARTOD's numbers, the seed's three words, and how several flags become one.

Owns the meaning of a flag; must not know any test. Numbers after the QARTOD manuals (1 pass,
2 not evaluated, 3 suspect, 4 fail, 9 missing); words after seed 5, catalogue 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Flag(IntEnum):
    """What one test says of one reading."""

    GOOD = 1
    NOT_EVALUATED = 2
    SUSPECT = 3
    FAIL = 4
    MISSING = 9


class Quality(StrEnum):
    """What is told of a reading: the seed's `quality_flag`."""

    GOOD = "good"
    SUSPICIOUS = "suspicious"
    BAD = "bad"


_SEVERITY = {
    Flag.NOT_EVALUATED: 0,
    Flag.GOOD: 1,
    Flag.SUSPECT: 2,
    Flag.MISSING: 3,
    Flag.FAIL: 4,
}
_QUALITY = {
    Flag.GOOD: Quality.GOOD,
    # Nobody vouched for it: “good” would say more than is known.
    Flag.NOT_EVALUATED: Quality.SUSPICIOUS,
    Flag.SUSPECT: Quality.SUSPICIOUS,
    Flag.FAIL: Quality.BAD,
    Flag.MISSING: Quality.BAD,
}


def combine_flags(flags: Iterable[Flag]) -> Flag:
    """Give the one flag that stands for several: fail, missing, suspect, good, in this order.

    As QARTOD's comparison, save that a value missing to one test is never good because another
    test, which looked at the time alone, passed. No flags at all: not evaluated.
    """
    return max(flags, key=_SEVERITY.__getitem__, default=Flag.NOT_EVALUATED)


def quality_of(flag: Flag) -> Quality:
    """Give the word for a flag: 1 good; 2 and 3 suspicious; 4 and 9 bad."""
    return _QUALITY[flag]
