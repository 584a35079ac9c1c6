"""References that a networked registry does not prove by foreign keys: nothing may dangle."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect

from app.models.guards import postgresql_0002
from app.models.storage.postgresql import open_postgresql
from app.models.tables import Base
from tests.fixtures.attackers import Attackers

pytestmark = pytest.mark.postgres

_LEAN = Path(postgresql_0002.__file__).with_name("lean.sql").read_text(encoding="utf-8")
LEAN = sorted(re.findall(r"\['(\w+)', '(\w+)'\]", _LEAN))


@pytest.fixture
def storage() -> str:
    return "networked"


def _target(table: str, column: str) -> tuple[str, str]:
    (reference,) = Base.metadata.tables[table].columns[column].foreign_keys
    return reference.column.table.name, reference.column.name


def test_only_the_references_of_the_list_are_without_a_foreign_key(attackers: Attackers) -> None:
    engine = open_postgresql(attackers.demo.owner_access(), is_pooled=False)
    kept = {
        (table, key["constrained_columns"][0])
        for table in Base.metadata.tables
        for key in inspect(engine).get_foreign_keys(table, schema="teak")
    }
    told = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.foreign_keys
    }
    assert sorted(told - kept) == LEAN
    assert len(LEAN) == 19


def test_nothing_dangles(attackers: Attackers) -> None:
    for table, column in LEAN:
        target, key = _target(table, column)
        dangling = attackers.one(
            f"SELECT count(*) FROM teak.{table} r WHERE r.{column} IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM teak.{target} t WHERE t.{key} = r.{column})"
        )
        assert attackers.one(f"SELECT count(*) FROM teak.{table}") > 0
        assert dangling == 0, (table, column)


@pytest.mark.parametrize(
    "change",
    ["proposed_by = 999999", "to_account_id = 999999", "from_account_id = 999999",
     "unit_type = 'NONE'"],
)  # fmt: skip
def test_a_transaction_of_what_is_not_there_is_refused_to_the_owner_too(
    attackers: Attackers, change: str
) -> None:
    column, value = change.split(" = ")
    columns = "type supplementary_type status from_account_id to_account_id unit_type quantity act"
    names = [*columns.split(), "proposed_by"]
    values = [value if name == column else name for name in names]
    with pytest.raises(psycopg.Error, match="that are there"):
        attackers.owner().execute(
            f"INSERT INTO teak.registry_transaction ({', '.join(names)}, request_id, proposed_at) "
            f"SELECT {', '.join(values)}, 'stray', now() FROM teak.registry_transaction "
            "WHERE status = 2 LIMIT 1"
        )


def test_a_person_who_is_not_there_decides_nothing(attackers: Attackers) -> None:
    with pytest.raises(psycopg.Error, match="a person that is there"):
        attackers.owner().execute(
            "UPDATE teak.registry_transaction SET status = 5, decided_by = 999999, "
            "decided_at = now() WHERE status = 2"
        )
