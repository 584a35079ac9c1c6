"""Inclusion and consistency proofs over the log's tree.

Owns making and checking them: that an entry is in a tree, and that one tree continues another.
Pure; the sides are leaf hashes and roots. Source: RFC 9162 §2.1.3 and §2.1.4.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.services.log.hashing import merkle_root, node_hash


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Prove that leaf `index` (from 0) is in the tree over all leaves; IndexError outside."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves has no leaf {index}")
    if len(leaves) == 1:
        return []
    half = _largest_power_below(len(leaves))
    if index < half:
        return [*inclusion_proof(leaves[:half], index), merkle_root(leaves[half:])]
    return [*inclusion_proof(leaves[half:], index - half), merkle_root(leaves[:half])]


def is_included(leaf: bytes, index: int, *, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Check an inclusion proof against the root of a tree of that size (§2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def consistency_proof(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """Prove that the tree over all leaves continues the tree over the first `size`."""
    if not 0 < size <= len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves continues none of {size}")
    return _subproof(leaves, size, is_whole=True)


def _subproof(leaves: Sequence[bytes], size: int, *, is_whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if is_whole else [merkle_root(leaves)]
    half = _largest_power_below(len(leaves))
    if size <= half:
        below = _subproof(leaves[:half], size, is_whole=is_whole)
        return [*below, merkle_root(leaves[half:])]
    above = _subproof(leaves[half:], size - half, is_whole=False)
    return [*above, merkle_root(leaves[:half])]


def is_consistent(
    *,
    old_size: int,
    old_root: bytes,
    new_size: int,
    new_root: bytes,
    proof: Sequence[bytes],
) -> bool:
    """Check a consistency proof between two trees (§2.1.4.2)."""
    if old_size == new_size:
        return not proof and old_root == new_root
    if not 0 < old_size < new_size or not proof:
        return False
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _largest_power_below(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1
