"""Writes of a unit of work: keys before rows, all in their order, none without the others."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlcipher3.dbapi2 import IntegrityError

from app.models.errors import TeakError
from app.models.storage.prepared import read_together
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.storage.writes import Writes, keys_ahead
from app.models.tables import Draft, Holder
from app.services.log.append import LogWriter
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor, OpenRegistry
from tests.fixtures.registries import registry

__all__ = ["registry"]

pytestmark = pytest.mark.both_engines


def holder(registry: OpenRegistry, name: str) -> dict[str, Any]:
    texts = dict.fromkeys(("name_th", "tax_id", "email"), "")
    return {
        **texts,
        "name_en": name,
        "kind": "organisation",
        "country": "TH",
        "identity_check": "pending",
        "created_at": registry.now(),
    }


def names(registry: OpenRegistry) -> dict[int, str]:
    with reading(registry.engine) as connection:
        rows = connection.execute(select(Holder.id, Holder.name_en))
        return {row.id: row.name_en for row in rows}


@pytest.mark.parametrize("asked_before", [0, 1, 2])
def test_rows_have_the_keys_that_were_given(
    registry: OpenRegistry, people: dict[str, Actor], asked_before: int
) -> None:
    with UnitOfWork(registry.engine_for(people["officer"])) as unit:
        unit.commits_with_write()
        read_together(unit.connection, keys_ahead(*[Holder] * asked_before))
        writes = Writes(unit.connection)
        keys = [writes.insert(Holder, holder(registry, name)) for name in ("Forest", "River")]
        log = LogWriter(unit.connection, writes)
        for key in keys:
            body = {"holder": key, "kind": "organisation", "documents": []}
            persons = {"done": people["officer"].user_name}
            log.append("holder-added", at=registry.now(), persons=persons, body=body)
        log.flush()
        writes.flush()
        unit.commit()
    found = names(registry)
    assert [found[key] for key in keys] == ["Forest", "River"]
    assert verify_registry(registry).ok


def test_where_one_write_fails_none_lasts(registry: OpenRegistry, people: dict[str, Actor]) -> None:
    officer = people["officer"]
    draft = {"person_id": officer.id, "form": "f", "content": "", "saved_at": registry.now()}

    def twice() -> None:
        with UnitOfWork(registry.engine_for(officer)) as unit:
            unit.commits_with_write()
            writes = Writes(unit.connection)
            writes.insert(Holder, holder(registry, "Forest"))
            writes.add(Draft, draft)
            writes.add(Draft, draft)
            writes.flush()
            unit.commit()

    with pytest.raises((TeakError, IntegrityError)):
        twice()
    assert "Forest" not in names(registry).values()


def test_nothing_held_back_needs_no_flush(registry: OpenRegistry, people: dict[str, Actor]) -> None:
    before = names(registry)
    with UnitOfWork(registry.engine_for(people["officer"])) as unit:
        unit.commits_with_write()
        Writes(unit.connection).flush()
        unit.commit()
    assert names(registry) == before
