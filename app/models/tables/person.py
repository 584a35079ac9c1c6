"""People of the desk, their recovery codes and the traffic record of their sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, Key, Moment, Name, UtcTime


class Person(Base):
    """Somebody who signs in. `last_code_step` makes a one-time code good only once."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("state IN ('active', 'revoked')", name="state_known"),)

    id: Mapped[Key]
    user_name: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    email: Mapped[Name]
    role: Mapped[Code]
    state: Mapped[Code]
    one_time_secret: Mapped[str | None] = mapped_column(String(64))
    last_code_step: Mapped[int] = mapped_column(BIG, default=0)
    created_at: Mapped[Moment]


class RecoveryCode(Base):
    """A spare for a lost authenticator; kept as a digest, good once."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index(None, "person_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Traffic(Base):
    """Who came, from where, when, and what they did (Thai Computer Crime Act B.E. 2550)."""

    __tablename__ = "traffic"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[Key]
    at: Mapped[Moment]
    user_name: Mapped[Code]
    host: Mapped[Name]
    act: Mapped[Code]


class Draft(Base):
    """What a person has typed into a form and not yet proposed."""

    __tablename__ = "draft"

    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[Name]
    saved_at: Mapped[Moment]
