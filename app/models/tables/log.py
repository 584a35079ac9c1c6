"""The append-only log. Its form is final and described in `docs/formats.md`."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, Digest


class LogEntry(Base):
    """One entry: canonical JSON, its RFC 9162 leaf hash, and the chain up to here."""

    __tablename__ = "log_entry"

    sequence: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    entry: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[Digest]
    chain_hash: Mapped[Digest]
    transaction_id: Mapped[int | None] = mapped_column(BIG, unique=True)
