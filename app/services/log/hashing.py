"""The hashes of the log: leaf, chain and Merkle tree.

Owns how an entry's bytes become a leaf (RFC 9162), how leaves are chained, and the root over
all of them. Pure; `docs/formats.md` describes the same for an outsider.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
CHAIN_PREFIX = b"\x02"
CHAIN_START = bytes(32)
"""The chain value before the first entry."""

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry as an RFC 9162 leaf: SHA-256(0x00 ‖ entry)."""
    return sha256(LEAF_PREFIX + entry).digest()


def chain_hash(previous: bytes, leaf: bytes) -> bytes:
    """Chain a leaf to all before it: SHA-256(0x02 ‖ previous ‖ leaf)."""
    return sha256(CHAIN_PREFIX + previous + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node as RFC 9162 does: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(NODE_PREFIX + left + right).digest()


class MerkleTree:
    """The root over leaves given one after another, in memory that grows with log₂ n.

    Source: RFC 9162 §2.1.1; the tree is kept as the roots of its complete subtrees.
    """

    def __init__(self) -> None:
        self._peaks: list[bytes] = []
        self.size = 0

    @classmethod
    def of_peaks(cls, size: int, peaks: Sequence[bytes]) -> MerkleTree:
        """Take up a tree where it was left; ValueError for peaks that do not fit the size."""
        if len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks")
        tree = cls()
        tree._peaks, tree.size = list(peaks), size
        return tree

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees, the largest first."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Add the next leaf hash."""
        node, position = leaf, self.size
        while position & 1:
            node = node_hash(self._peaks.pop(), node)
            position >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Give the root over all leaves so far; SHA-256 of nothing where there is none."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Give the RFC 9162 root over leaf hashes."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()
