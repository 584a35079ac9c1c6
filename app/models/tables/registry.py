"""The registry itself: its name and settings, and its signing keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Base, Code, Key, Moment, Name, UtcTime


class RegistryRow(Base):
    """The one row that says whose registry this is. `is_demo` never changes (guarded)."""

    __tablename__ = "registry"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Key]
    registry_id: Mapped[Code]
    country: Mapped[Code]
    name_en: Mapped[Name]
    name_th: Mapped[Name]
    is_demo: Mapped[bool]
    idle_lock_minutes: Mapped[int]
    created_at: Mapped[Moment]


class SigningKey(Base):
    """An Ed25519 key pair of the registry; the newest that is not retired signs."""

    __tablename__ = "signing_key"

    id: Mapped[Key]
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    private_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[Moment]
    retired_at: Mapped[datetime | None] = mapped_column(UtcTime)
