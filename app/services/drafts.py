"""Unfinished forms, kept per person and form until the act is done.

Owns keeping, giving back and forgetting them; must not read what they hold. A draft is no
part of the ledger: it is never logged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Draft
from app.services.registry.context import Actor, OpenRegistry


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What is kept of a form, and since when."""

    form: str
    values: dict[str, str]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class PersonalDrafts:
    """The drafts of one person; every method is called off the window's thread."""

    registry: OpenRegistry
    actor: Actor

    def load(self, form_name: str) -> dict[str, str]:
        """Give the kept values of a form, or nothing."""
        with reading(self.registry.engine_for(self.actor)) as connection:
            content = connection.execute(
                select(Draft.content).where(
                    Draft.person_id == self.actor.id, Draft.form == form_name
                )
            ).scalar()
        return {} if content is None else dict(json.loads(content))

    def list_kept(self, beginning: str) -> tuple[KeptDraft, ...]:
        """List what is kept of the forms whose name begins so, the newest first."""
        with reading(self.registry.engine_for(self.actor)) as connection:
            rows = connection.execute(
                select(Draft.form, Draft.content, Draft.saved_at)
                .where(
                    Draft.person_id == self.actor.id,
                    Draft.form.startswith(beginning, autoescape=True),
                )
                .order_by(Draft.saved_at.desc(), Draft.form)
            ).all()
        return tuple(
            KeptDraft(row.form, dict(json.loads(row.content)), row.saved_at) for row in rows
        )

    def save(self, form_name: str, values: dict[str, str]) -> None:
        """Keep the values of a form in place of those kept before."""
        kept = {
            "content": json.dumps(values, ensure_ascii=False),
            "saved_at": self.registry.now(),
        }
        with UnitOfWork(self.registry.engine_for(self.actor)) as unit:
            changed = unit.connection.execute(
                update(Draft)
                .where(Draft.person_id == self.actor.id, Draft.form == form_name)
                .values(**kept)
            )
            if changed.rowcount == 0:
                unit.connection.execute(
                    insert(Draft), {"person_id": self.actor.id, "form": form_name, **kept}
                )
            unit.commit()

    def clear(self, form_name: str) -> None:
        """Forget the values of a form."""
        with UnitOfWork(self.registry.engine_for(self.actor)) as unit:
            unit.connection.execute(
                delete(Draft).where(Draft.person_id == self.actor.id, Draft.form == form_name)
            )
            unit.commit()
