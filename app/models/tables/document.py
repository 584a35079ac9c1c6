"""Documents kept inside the registry by their digest, and offset certificates."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, HexDigest, Key, Moment, Name


class Document(Base):
    """A file's bytes, addressed by their SHA-256; never changed."""

    __tablename__ = "document"
    __table_args__ = (CheckConstraint("size_bytes >= 0", name="size"),)

    sha256: Mapped[HexDigest] = mapped_column(primary_key=True)
    name: Mapped[Name]
    media_type: Mapped[Code]
    size_bytes: Mapped[int] = mapped_column(BIG)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[Moment]
    added_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))


class Certificate(Base):
    """An offset certificate of one voluntary cancellation; reprinted under the same number."""

    __tablename__ = "certificate"

    id: Mapped[Key]
    number: Mapped[Code] = mapped_column(unique=True)
    transaction_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("registry_transaction.id"), unique=True
    )
    statement: Mapped[bytes] = mapped_column(LargeBinary)
    signing_key_id: Mapped[int] = mapped_column(BIG, ForeignKey("signing_key.id"))
    issued_at: Mapped[Moment]
    issued_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
