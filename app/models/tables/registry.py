"""The registry itself: its name and settings, and its signing keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, Key, Moment, Name, UtcTime


class RegistryRow(Base):
    """The one row that says whose registry this is. `is_demo` never changes (guarded).

    `role_prefix` begins the names of the database roles of its people, where it is networked.
    """

    __tablename__ = "registry"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Key]
    registry_id: Mapped[Code]
    country: Mapped[Code]
    name_en: Mapped[Name]
    name_th: Mapped[Name]
    is_demo: Mapped[bool]
    idle_lock_minutes: Mapped[int]
    role_prefix: Mapped[Code]
    created_at: Mapped[Moment]


class SigningKey(Base):
    """An Ed25519 key pair of the registry; the newest that is not retired signs.

    `wrapping` says how the private key is kept: `none` inside an encrypted file, or wrapped
    under a secret that only the registry's worker is given.
    """

    __tablename__ = "signing_key"

    id: Mapped[Key]
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    wrapping: Mapped[Code]
    created_at: Mapped[Moment]
    retired_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PersonSession(Base):
    """A person's work on a networked registry, after their one-time code was accepted.

    `token_digest` is the SHA-256 of the secret that makes a connection of `database_role` part
    of it, the first and any that takes it up again.
    """

    __tablename__ = "person_session"
    __table_args__ = (Index(None, "token_digest"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    database_role: Mapped[Name]
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    signed_in_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class WorkerLease(Base):
    """Which background worker is the active one, until when, and what it could not do."""

    __tablename__ = "worker_lease"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Key]
    holder: Mapped[Code]
    expires_at: Mapped[Moment]
    problem: Mapped[Name]


class CertificateRequest(Base):
    """A certificate that a desk asks the registry's worker for, and what became of it.

    `state` is `asked`, `made` or `failed`; the file is a document of the registry. `language` is
    en, th or both.
    """

    __tablename__ = "certificate_request"
    __table_args__ = (Index(None, "state"),)

    id: Mapped[Key]
    transaction_id: Mapped[int] = mapped_column(BIG, ForeignKey("registry_transaction.id"))
    asked_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    asked_at: Mapped[Moment]
    language: Mapped[Code]
    state: Mapped[Code]
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("document.sha256"))
    problem: Mapped[Name]
