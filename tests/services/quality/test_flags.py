"""Several flags become one, and one flag a word."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from ioos_qc import qartod

from app.services.quality.flags import Flag, Quality, combine_flags, quality_of


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), Flag.NOT_EVALUATED),
        ((Flag.GOOD, Flag.NOT_EVALUATED), Flag.GOOD),
        ((Flag.GOOD, Flag.SUSPECT, Flag.NOT_EVALUATED), Flag.SUSPECT),
        ((Flag.MISSING, Flag.GOOD), Flag.MISSING),
        ((Flag.MISSING, Flag.FAIL), Flag.FAIL),
    ],
)
def test_the_worst_speaks(flags: tuple[Flag, ...], expected: Flag) -> None:
    assert combine_flags(flags) is expected


def test_where_nothing_is_missing_they_combine_as_ioos_does() -> None:
    present = (Flag.GOOD, Flag.NOT_EVALUATED, Flag.SUSPECT, Flag.FAIL)
    for one, other in itertools.product(present, present):
        theirs = qartod.qartod_compare([np.array([one]), np.array([other])])
        assert [combine_flags((one, other))] == theirs.tolist()


def test_words() -> None:
    words = [quality_of(flag) for flag in Flag]
    suspicious, bad = Quality.SUSPICIOUS, Quality.BAD
    assert words == [Quality.GOOD, suspicious, suspicious, bad, bad]
