"""Inclusion and consistency proofs, against roots that others published and against any change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.log.hashing import MerkleTree, leaf_hash, merkle_root
from app.services.log.proofs import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
)

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The roots of Google's Certificate Transparency test vectors over the first 1 to 8 entries."""

LEAVES = [leaf_hash(entry) for entry in ENTRIES]
SIZES = st.integers(1, 70)


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert merkle_root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_a_consistency_proof_is_the_published_one() -> None:
    assert [node.hex() for node in consistency_proof(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(SIZES, st.data())
def test_every_leaf_is_included_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(leaves, index), merkle_root(leaves)
    assert is_included(leaves[index], index, size=size, root=root, proof=proof)
    assert not is_included(leaf_hash(b"other"), index, size=size, root=root, proof=proof)
    assert not is_included(leaves[index], size, size=size, root=root, proof=proof)
    assert not is_included(leaves[index], index, size=size, root=root, proof=[*proof, root])
    if size > 1:
        elsewhere = (index + 1) % size
        assert not is_included(leaves[index], elsewhere, size=size, root=root, proof=proof)


@given(SIZES, st.data())
def test_a_log_continues_its_own_beginning_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    old = data.draw(st.integers(1, size))
    proof, root = consistency_proof(leaves, old), merkle_root(leaves)
    sizes = {"old_size": old, "new_size": size, "new_root": root, "proof": proof}
    assert is_consistent(old_root=merkle_root(leaves[:old]), **sizes)  # type: ignore[arg-type]
    rewritten = [leaf_hash(b"rewritten"), *leaves[1:old]]
    assert not is_consistent(old_root=merkle_root(rewritten), **sizes)  # type: ignore[arg-type]


@given(SIZES, st.integers(0, 70))
def test_a_tree_is_taken_up_where_it_was_left(size: int, more: int) -> None:
    leaves = leaves_of(size + more)
    left = MerkleTree()
    for leaf in leaves[:size]:
        left.append(leaf)
    taken_up = MerkleTree.of_peaks(left.size, left.peaks)
    for leaf in leaves[size:]:
        taken_up.append(leaf)
    assert taken_up.root() == merkle_root(leaves)


def test_what_is_no_place_in_a_tree_is_refused() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)
    with pytest.raises(ValueError, match="2 peaks"):
        MerkleTree.of_peaks(3, [b""])
