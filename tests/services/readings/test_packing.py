"""What is packed comes back to the last digit, whatever a device sent."""

from __future__ import annotations

import zlib
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.readings.columns import ChannelColumn, Note, Rows
from app.services.readings.packing import MAGIC, NotAPayload, pack_rows, unpack_rows

NUMBERS = st.one_of(
    st.none(),
    st.decimals(min_value=-9999, max_value=10**6, places=2),
    st.decimals(allow_nan=False, allow_infinity=False),
)
CELLS = st.tuples(
    NUMBERS, st.sampled_from([1, 2, 3, 4, 9]), st.integers(0, 2**14 - 1), st.binary(max_size=40)
)


def rows_of(cells: list[tuple[Decimal | None, int, int, bytes]], times: list[int]) -> Rows:
    raw = tuple(cell[0] for cell in cells)
    count = len(cells)
    column = ChannelColumn(
        "co2",
        "ppm",
        "CAL-2026-0001-01",
        np.arange(count, dtype=np.int64),
        raw,
        np.full(count, 412.5),
        np.full(count, np.nan),
        np.array([cell[1] for cell in cells], dtype=np.uint8),
        np.array([cell[2] for cell in cells], dtype=np.uint16),
    )
    frames = tuple(cell[3] for cell in cells)
    return Rows(np.array(times, dtype=np.int64), frames, (column,), (Note(0, "co2", "why"),))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_rows_come_back_as_they_were(data: st.DataObject) -> None:
    cells = data.draw(st.lists(CELLS, min_size=1, max_size=12))
    times = data.draw(
        st.lists(st.integers(-(2**50), 2**52), min_size=len(cells), max_size=len(cells))
    )
    packed = rows_of(cells, times)
    again = unpack_rows(pack_rows(packed))
    assert again.times.tolist() == times
    assert again.frames == packed.frames
    assert again.notes == packed.notes
    column, before = again.columns[0], packed.columns[0]
    assert column.raw == before.raw
    assert column.flags.tolist() == before.flags.tolist()
    assert column.tests.tolist() == before.tests.tolist()
    assert np.isnan(column.uncertainty).all()
    assert np.allclose(column.value, 412.5)


def test_a_channel_measured_in_some_rows_keeps_which() -> None:
    rows = rows_of([(Decimal("1.5"), 1, 0, b"a")], [10])
    some = ChannelColumn(
        "co2",
        "ppm",
        "",
        np.array([1, 3]),
        (Decimal(5), None),
        np.array([5.0, np.nan]),
        np.array([0.25, np.nan]),
        np.array([1, 9], dtype=np.uint8),
        np.array([0, 2], dtype=np.uint16),
    )
    packed = Rows(np.arange(4), (b"",) * 4, (rows.columns[0], some))
    with pytest.raises(NotAPayload):
        unpack_rows(pack_rows(packed)[:-3])
    packed = Rows(np.arange(4), (b"",) * 4, (some,))
    column = unpack_rows(pack_rows(packed)).columns[0]
    assert column.rows.tolist() == [1, 3]
    assert column.raw == (Decimal(5), None)
    assert column.value.tolist()[0] == 5.0
    assert np.isnan(column.value[1])
    assert column.uncertainty.tolist()[0] == 0.25


@pytest.mark.parametrize(
    "payload", [b"", b"TKR1", b"TKR2" + zlib.compress(b"x"), MAGIC + zlib.compress(b"\x05\0\0\0{}")]
)
def test_other_bytes_are_refused_in_words(payload: bytes) -> None:
    with pytest.raises(NotAPayload):
        unpack_rows(payload)
