"""A registry of the first version learns what its accounts passed on of their own units."""

from __future__ import annotations

from sqlalchemy import text

from app.models.migrations.versions.revision_0002_whole_ledger import COUNT_PASSED_ON
from app.models.storage.unit_of_work import UnitOfWork
from app.services.log.verification import verify_registry
from tests.fixtures.ledger import Ledger


def test_units_that_went_on_were_cancelled_or_came_back_are_counted(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    ledger.complete(ledger.transfer(700))
    ledger.complete(ledger.cancellation(200, from_account=ledger.green))
    back = {"from_account": ledger.green, "to_account": ledger.forest}
    ledger.complete(ledger.transfer(100, **back))
    ledger.complete(ledger.cancellation(50))
    query = text("SELECT account_id, unit_type, period, issued, passed_on FROM own_units")
    with UnitOfWork(ledger.registry.engine) as unit:
        kept = unit.connection.execute(query).all()
        unit.connection.exec_driver_sql("UPDATE own_units SET passed_on = 0")
        unit.connection.exec_driver_sql(COUNT_PASSED_ON)
        assert unit.connection.execute(query).all() == kept
        unit.commit()
    assert {row.passed_on for row in kept} == {0, 600}
    assert verify_registry(ledger.registry).ok
