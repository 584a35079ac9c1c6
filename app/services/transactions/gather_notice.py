"""Reads the notice an act answers, by its number.

Owns reading only; whether the act fulfils it is for the checks, its state for the notices.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from app.models.storage.prepared import Prepared
from app.models.tables import Notice, Project
from app.services.transactions.facts import Facts, NoticeFacts

NOTICE = Prepared(
    select(
        Notice.id,
        Notice.number,
        Notice.type,
        Notice.status,
        Notice.unit_type,
        Project.code,
        Notice.account_id,
    )
    .outerjoin(Project, Project.id == Notice.project_id)
    .where(Notice.number == bindparam("number"))
)


def with_notice(connection: Connection, facts: Facts) -> Facts:
    """Give the facts with the notice that the act names, unchanged where it names none."""
    number = facts.act.notice_number.strip()
    if not number:
        return facts
    row = NOTICE.record(connection, {"number": number})
    if row is None:
        return facts
    return replace(facts, notice=NoticeFacts(*row), notice_id=row.id)
