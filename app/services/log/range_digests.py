"""The digest of each transaction's ranges, by the transaction's number.

Owns keeping them in little room while a log is replayed: sixteen bytes a transaction, in pages,
since numbers are given one after another. Must not know what is digested.
"""

from __future__ import annotations

DIGEST_BYTES = 16
_A_PAGE = 256
_NONE = bytes(DIGEST_BYTES)


class RangeDigests:
    """Digests by number; all zeros stand for none, which no digest comes to."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __setitem__(self, number: int, digest: bytes) -> None:
        if len(digest) != DIGEST_BYTES or digest == _NONE:
            raise ValueError(f"a digest has {DIGEST_BYTES} bytes, not all of them zero")
        page, place = divmod(number, _A_PAGE)
        kept = self._pages.get(page)
        if kept is None:
            kept = self._pages[page] = bytearray(_A_PAGE * DIGEST_BYTES)
        span = slice(place * DIGEST_BYTES, (place + 1) * DIGEST_BYTES)
        self._count += kept[span] == _NONE
        kept[span] = digest

    def get(self, number: int) -> bytes | None:
        """Give the digest of a number, if it has one."""
        page, place = divmod(number, _A_PAGE)
        kept = self._pages.get(page)
        if kept is None:
            return None
        digest = bytes(kept[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES])
        return None if digest == _NONE else digest
