"""Projects, the accounts bound to them, and their verified reductions."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, HexDigest, Key, Moment, Name, Quantity


class Project(Base):
    """A mitigation project; `origin` is the registry that registered it.

    `scheme` is the crediting scheme of a domestic one, None for the others.
    """

    __tablename__ = "project"
    __table_args__ = (UniqueConstraint("origin", "code"), Index(None, "code"))

    id: Mapped[Key]
    origin: Mapped[Code]
    code: Mapped[Code]
    name_en: Mapped[Name]
    name_th: Mapped[Name]
    country: Mapped[Code]
    scheme: Mapped[str | None] = mapped_column(ForeignKey("scheme.code"))
    kind: Mapped[Name]
    sectoral_scope: Mapped[int]
    methodology: Mapped[Name]
    proponent: Mapped[Name]
    state: Mapped[Code]
    created_at: Mapped[Moment]


class ProjectAccount(Base):
    """An account that may receive a project's issuance."""

    __tablename__ = "project_account"

    project_id: Mapped[int] = mapped_column(BIG, ForeignKey("project.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), primary_key=True)


class VerifiedReduction(Base):
    """What a verifier confirmed for a project and monitoring period; issued once at most.

    Periods of one project never overlap (guarded). One that came with a proposal
    (`is_proposed`) goes when the proposal ends without issuing, and may then be stated anew;
    one recorded before stays.
    """

    __tablename__ = "verified_reduction"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint("period_from <= period_to", name="period_in_order"),
        Index(None, "project_id", "period_from"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(BIG, ForeignKey("project.id"))
    period_from: Mapped[date]
    period_to: Mapped[date]
    quantity: Mapped[Quantity]
    reference: Mapped[Name]
    document_sha256: Mapped[HexDigest]
    is_proposed: Mapped[bool]
    issued_by: Mapped[int | None] = mapped_column(
        BIG, ForeignKey("registry_transaction.id"), unique=True
    )
