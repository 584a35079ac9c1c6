"""Judging the log by checkpoints: those it keeps itself, and one that was kept outside.

Owns what is said of a log that was shortened, rewritten or exchanged, and the bounds between
which it was. Pure but for reading the kept ones; trusts no key of the registry where a key from
outside is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, select

from app.models.tables import Checkpoint as CheckpointRow
from app.models.tables import RegistryRow, SigningKey
from app.services.log.checkpoints import (
    NotACheckpoint,
    ReadCheckpoint,
    origin_of,
    read_checkpoint,
)
from app.services.log.findings import DoesNotHold

_NAME = "checkpoint"


@dataclass(frozen=True, slots=True)
class Outside:
    """A checkpoint that was kept outside, and the key it is judged by where that was, too."""

    checkpoint: ReadCheckpoint
    public_key: Ed25519PublicKey | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint the registry keeps: its row, and the key it says it was signed with."""

    size: int
    root: bytes
    note: str
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Keepsakes:
    """The registry's name in checkpoints, its public keys, and the checkpoints it keeps."""

    origin: str
    public_keys: tuple[bytes, ...]
    kept: tuple[Kept, ...]

    @property
    def sizes(self) -> frozenset[int]:
        """The sizes at which the log's tree must be known."""
        return frozenset(item.size for item in self.kept)


def read_keepsakes(connection: Connection) -> Keepsakes:
    """Read what the registry keeps of its own checkpoints and keys."""
    registry = connection.execute(select(RegistryRow.registry_id)).scalar_one()
    keys = connection.execute(select(SigningKey.public_key).order_by(SigningKey.id)).scalars()
    rows = connection.execute(
        select(
            CheckpointRow.tree_size,
            CheckpointRow.root,
            CheckpointRow.note,
            SigningKey.public_key,
        )
        .join(SigningKey, SigningKey.id == CheckpointRow.signing_key_id)
        .order_by(CheckpointRow.tree_size)
    )
    return Keepsakes(
        origin=origin_of(registry),
        public_keys=tuple(bytes(key) for key in keys),
        kept=tuple(
            Kept(row.tree_size, bytes(row.root), row.note, bytes(row.public_key)) for row in rows
        ),
    )


def judge_kept(keepsakes: Keepsakes, roots: Mapping[int, bytes], entries: int) -> int:
    """Hold every kept checkpoint against the log's tree; give how many. Raises DoesNotHold."""
    last = 0
    for item in keepsakes.kept:
        where = f"{_NAME} over {item.size:,} entries"
        if item.size > entries:
            raise DoesNotHold(where, f"the log has {entries:,}; it was shortened")
        if not _is_own(item, keepsakes.origin):
            raise DoesNotHold(where, "it is not what the registry signed; it was replaced")
        if roots[item.size] != item.root:
            raise DoesNotHold(
                _first_between(last, item.size), f"the {where} does not hold; the log was rewritten"
            )
        last = item.size
    return len(keepsakes.kept)


def judge_outside(
    outside: Outside, keepsakes: Keepsakes, roots: Mapping[int, bytes], entries: int
) -> None:
    """Hold the log against a checkpoint kept outside; raises DoesNotHold."""
    said = outside.checkpoint.checkpoint
    where = f"{_NAME} over {said.size:,} entries"
    if said.origin != keepsakes.origin:
        raise DoesNotHold(
            where, f"it is of another registry, {said.origin}; this is {keepsakes.origin}"
        )
    _judge_signature(outside, keepsakes, where)
    if said.size > entries:
        raise DoesNotHold(
            f"log entry {entries + 1}",
            f"is missing: the checkpoint states {said.size:,} entries, the log has {entries:,}; it "
            "was shortened",
        )
    if roots[said.size] != said.root:
        last = _last_that_holds(keepsakes, roots, outside)
        raise DoesNotHold(
            _first_between(last, said.size),
            f"the {where} does not hold; the log was rewritten after it was signed",
        )


def _judge_signature(outside: Outside, keepsakes: Keepsakes, where: str) -> None:
    note, origin = outside.checkpoint.note, keepsakes.origin
    if outside.public_key is not None:
        given = outside.public_key.public_bytes_raw()
        if not note.is_signed_by(origin, given):
            raise DoesNotHold(where, "it is not signed by the public key that was given")
        if given not in keepsakes.public_keys:
            raise DoesNotHold(
                "signing key", "the registry no longer has the public key that was given"
            )
        return
    if not any(note.is_signed_by(origin, key) for key in keepsakes.public_keys):
        raise DoesNotHold(where, "it is signed by no key that this registry has")


def _last_that_holds(keepsakes: Keepsakes, roots: Mapping[int, bytes], outside: Outside) -> int:
    """Give the largest kept checkpoint below which the log stands as it was signed.

    Where a key from outside is given, only checkpoints it signed count: others may have been
    made by whoever rewrote the log.
    """
    trusted = _trusted_keys(outside, keepsakes)
    last = 0
    for item in keepsakes.kept:
        if item.size >= outside.checkpoint.checkpoint.size or not _is_own(item, keepsakes.origin):
            break
        if item.public_key not in trusted or roots.get(item.size) != item.root:
            break
        last = item.size
    return last


def _trusted_keys(outside: Outside, keepsakes: Keepsakes) -> Sequence[bytes]:
    if outside.public_key is None:
        return keepsakes.public_keys
    return (outside.public_key.public_bytes_raw(),)


def _is_own(item: Kept, origin: str) -> bool:
    try:
        read = read_checkpoint(item.note)
    except NotACheckpoint:
        return False
    stated = (read.checkpoint.origin, read.checkpoint.size, read.checkpoint.root)
    return stated == (origin, item.size, item.root) and read.note.is_signed_by(
        origin, item.public_key
    )


def _first_between(last: int, size: int) -> str:
    if size == last + 1:
        return f"log entry {size}"
    return f"log entries {last + 1:,} to {size:,}"
