"""Hands for attacks by somebody who has the key: guards dropped, rows edited, all in one write."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, text

from app.models.storage.unit_of_work import UnitOfWork
from app.services.certificates.issuing import issue_certificate
from app.services.documents import add_document
from app.services.registry.context import Actor
from tests.fixtures.ledger import Ledger

Attack = Callable[[Connection], None]


def drop_guards(connection: Connection) -> None:
    found = connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
    for name in found.scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def attack(ledger: Ledger, *acts: Attack | str) -> None:
    """Do what the guards would refuse, by somebody who dropped them."""
    with UnitOfWork(ledger.registry.engine) as unit:
        drop_guards(unit.connection)
        for act in acts:
            if isinstance(act, str):
                assert unit.connection.exec_driver_sql(act).rowcount > 0, act
            else:
                act(unit.connection)
        unit.commit()


def use(ledger: Ledger, people: dict[str, Actor]) -> Ledger:
    """A ledger with units issued, sent, cancelled with a certificate, and some reserved."""
    ledger.complete(ledger.issuance())
    ledger.complete(ledger.transfer(700))
    cancelled = ledger.complete(ledger.cancellation(1_204))
    issue_certificate(ledger.registry, cancelled.transaction_id)
    ledger.propose(ledger.transfer(50))
    add_document(
        ledger.registry,
        people["officer"],
        name="letter.txt",
        media_type="text/plain",
        content=b"an attestation",
    )
    return ledger
