"""Checkpoints: the log's tree at a size, signed, so that it can be kept outside the registry.

Owns their text (C2SP tlog-checkpoint), signing a new one over what was appended since the last,
and reading one. Never signs a tree that does not continue the last checkpoint: the last one's
own signature and root are looked at first. Judging a log by a checkpoint is `verification`.
Source: https://c2sp.org/tlog-checkpoint.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, insert, select

from app.models.errors import TeakError
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Checkpoint as CheckpointRow
from app.models.tables import LogEntry, SigningKey
from app.services.log.hashing import MerkleTree, leaf_hash
from app.services.log.signed_note import NotANote, SignedNote, read_note, sign_note
from app.services.registry.context import OpenRegistry
from app.services.signing_keys import Signer, current_signer, registry_id

_HASH_BYTES = 32
_STEP = 2000
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NotACheckpoint(TeakError):
    """The text is no checkpoint, or none that can be used."""

    code = "not-a-checkpoint"


class LogDoesNotContinue(TeakError):
    """The log is not the one that the last checkpoint states; nothing was signed."""

    code = "log-does-not-continue"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says: whose log, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


@dataclass(frozen=True, slots=True)
class ReadCheckpoint:
    """A checkpoint as somebody brings it, with the note whose signatures are to be judged."""

    checkpoint: Checkpoint
    note: SignedNote


def origin_of(registry: str) -> str:
    """Name a registry's log, by the registry's id; signatures are under the same name."""
    return f"teak-registry/{registry}"


def sign_checkpoint(checkpoint: Checkpoint, private_key: Ed25519PrivateKey) -> str:
    """Give the signed note."""
    return sign_note(checkpoint.text, name=checkpoint.origin, private_key=private_key)


def read_checkpoint(content: str) -> ReadCheckpoint:
    """Read a checkpoint from its note; raises NotACheckpoint. Signatures are not judged here."""
    try:
        note = read_note(content)
        origin, size, root, *_ = [*note.text.split("\n"), "", ""]
        if not origin or _SIZE.fullmatch(size) is None:
            raise NotANote("its first two lines are no origin and size")
        digest = base64.b64decode(root, validate=True)
        if len(digest) != _HASH_BYTES:
            raise NotANote("its third line is no root hash")
    except (NotANote, binascii.Error) as error:
        raise NotACheckpoint(
            f"This is no checkpoint: {error}.",
            hint="A checkpoint is the text that `teak checkpoint` prints, whole and unchanged.",
        ) from None
    return ReadCheckpoint(Checkpoint(origin, int(size), digest), note)


def make_checkpoint(registry: OpenRegistry) -> str:
    """Give the signed checkpoint of the whole log, made now where there is none yet.

    A registry whose key is kept by its worker gives the newest that the worker signed.
    """
    with reading(registry.engine) as connection:
        newest, size = _newest_note(connection), _log_size(connection)
        by_worker = _is_signed_by_worker(connection)
    if newest is not None and (newest[0] == size or by_worker):
        return newest[1]
    if by_worker:
        raise NotACheckpoint(
            "No checkpoint has been signed yet.",
            hint="The registry's worker signs them: start `teak work`.",
        )
    with UnitOfWork(registry.engine) as unit:
        seal(unit.connection, current_signer(unit.connection), now=registry.now())
        unit.commit()
    with reading(registry.engine) as connection:
        found = _newest_note(connection)
    assert found is not None
    return found[1]


def keep_checkpoint(registry: OpenRegistry) -> None:
    """Sign a checkpoint as a desk closes; of a networked registry the worker does by itself.

    Raises LogDoesNotContinue, and the storage errors.
    """
    if registry.server is None:
        make_checkpoint(registry)


def seal(connection: Connection, signer: Signer, *, now: datetime) -> Checkpoint | None:
    """Sign a checkpoint over all entries, within the caller's unit of work.

    Reads only what was appended since the last. Gives None where nothing was. Raises
    LogDoesNotContinue when the last checkpoint, or the entries since, are not what they were.
    """
    registry = registry_id(connection)
    tree = _last_tree(connection, origin_of(registry))
    before = tree.size
    for leaf in _leaves_after(connection, before):
        tree.append(leaf)
    if tree.size == before:
        return None
    checkpoint = Checkpoint(origin_of(registry), tree.size, tree.root())
    connection.execute(
        insert(CheckpointRow),
        {
            "tree_size": tree.size,
            "root": checkpoint.root,
            "peaks": b"".join(tree.peaks),
            "note": sign_checkpoint(checkpoint, signer.private_key),
            "signing_key_id": signer.id,
            "signed_at": now,
        },
    )
    return checkpoint


def _last_tree(connection: Connection, origin: str) -> MerkleTree:
    row = connection.execute(
        select(
            CheckpointRow.tree_size,
            CheckpointRow.root,
            CheckpointRow.peaks,
            CheckpointRow.note,
            SigningKey.public_key,
        )
        .join(SigningKey, SigningKey.id == CheckpointRow.signing_key_id)
        .order_by(CheckpointRow.tree_size.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return MerkleTree()
    peaks = bytes(row.peaks)
    nodes = [peaks[place : place + _HASH_BYTES] for place in range(0, len(peaks), _HASH_BYTES)]
    try:
        tree = MerkleTree.of_peaks(row.tree_size, nodes)
        read = read_checkpoint(row.note)
    except (ValueError, NotACheckpoint) as error:
        raise _does_not_continue(row.tree_size, str(error)) from None
    stated = Checkpoint(origin, row.tree_size, bytes(row.root))
    if read.checkpoint != stated or tree.root() != stated.root:
        raise _does_not_continue(row.tree_size, "its root is not the one that was signed")
    if not read.note.is_signed_by(origin, bytes(row.public_key)):
        raise _does_not_continue(row.tree_size, "its signature is not the registry's")
    return tree


def _leaves_after(connection: Connection, size: int) -> Iterator[bytes]:
    query = (
        select(LogEntry.sequence, LogEntry.entry)
        .where(LogEntry.sequence > size)
        .order_by(LogEntry.sequence)
    )
    rows = connection.execute(query, execution_options={"yield_per": _STEP})
    for expected, row in enumerate(rows, start=size + 1):
        if row.sequence != expected:
            raise _does_not_continue(size, f"entry {expected} is missing")
        yield leaf_hash(bytes(row.entry))


def _does_not_continue(size: int, why: str) -> LogDoesNotContinue:
    return LogDoesNotContinue(
        f"The log does not continue the checkpoint over {size:,} entries: {why}.",
        hint="Run `teak verify`, and keep a copy of the registry as it is.",
    )


def _newest_note(connection: Connection) -> tuple[int, str] | None:
    row = connection.execute(
        select(CheckpointRow.tree_size, CheckpointRow.note)
        .order_by(CheckpointRow.tree_size.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.tree_size, row.note)


def _log_size(connection: Connection) -> int:
    return int(
        connection.execute(select(func.coalesce(func.max(LogEntry.sequence), 0))).scalar_one()
    )


def _is_signed_by_worker(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
