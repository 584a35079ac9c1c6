"""The append-only log and its signed checkpoints; their form is in `docs/formats.md`."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, Digest, Key, Moment, Name


class LogEntry(Base):
    """One entry: canonical JSON, its RFC 9162 leaf hash, and the chain up to here."""

    __tablename__ = "log_entry"

    sequence: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    entry: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[Digest]
    chain_hash: Mapped[Digest]
    transaction_id: Mapped[int | None] = mapped_column(BIG, unique=True)


class LogQueue(Base):
    """An entry of a networked registry that waits to be sealed: what, when, who, and about what.

    `persons` and `body` are JSON. The embedded registry, with its one writer, seals at once and
    leaves this empty.
    """

    __tablename__ = "log_queue"

    id: Mapped[Key]
    kind: Mapped[Code]
    at: Mapped[Moment]
    persons: Mapped[Name]
    body: Mapped[Name]
    transaction_id: Mapped[int | None] = mapped_column(BIG, unique=True)


class Checkpoint(Base):
    """A signed statement of the log's Merkle root at a size; never changed.

    The entries since the checkpoint before are the block it seals. `peaks` are the roots of
    the tree's complete subtrees, one after another, by which the next block is added without
    reading the log again.
    """

    __tablename__ = "checkpoint"

    tree_size: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    root: Mapped[Digest]
    peaks: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[Name]
    signing_key_id: Mapped[int] = mapped_column(BIG, ForeignKey("signing_key.id"))
    signed_at: Mapped[Moment]
