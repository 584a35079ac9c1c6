"""Digests kept in pages: found by number, wherever the number lies."""

from __future__ import annotations

import pytest

from app.services.log.range_digests import DIGEST_BYTES, RangeDigests


def test_each_number_has_its_own_digest() -> None:
    kept = RangeDigests()
    numbers = (1, 2, 255, 256, 257, 1_000_000, 2**62)
    for number in numbers:
        kept[number] = (number + 1).to_bytes(DIGEST_BYTES, "big")
    assert len(kept) == len(numbers)
    for number in numbers:
        assert kept.get(number) == (number + 1).to_bytes(DIGEST_BYTES, "big")
    for number in (0, 3, 258, 999_999, 2**62 + 1):
        assert kept.get(number) is None


def test_a_number_written_again_counts_once() -> None:
    kept = RangeDigests()
    for digest in (b"a" * DIGEST_BYTES, b"b" * DIGEST_BYTES):
        kept[7] = digest
    assert len(kept) == 1
    assert kept.get(7) == b"b" * DIGEST_BYTES


@pytest.mark.parametrize("digest", [b"", b"a" * 15, b"a" * 17, bytes(DIGEST_BYTES)])
def test_what_is_no_digest_is_refused(digest: bytes) -> None:
    with pytest.raises(ValueError, match="digest"):
        RangeDigests()[1] = digest
