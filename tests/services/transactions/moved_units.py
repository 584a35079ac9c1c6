"""What tests of the ledger's later acts share: built-in accounts, units from abroad, notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.models.codes import AccountType, NoticeType, RuleKind
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, UnitBlock
from app.services.checks.violation import RulesBroken
from app.services.log.verification import Verification, verify_registry
from app.services.notices.recording import NewNotice, record_notice
from app.services.projects import NewProject, register_project
from app.services.registry.context import Actor
from app.services.registry.periods import open_period
from app.services.rules.changes import approve_rule, propose_rule
from app.services.rules.new_rule import NewRule
from app.services.transactions.acts import Acquisition, Act
from app.services.transactions.proposing import Outcome, approve, propose
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock

TEMPORARY = {"tCER": "6", "lCER": "7", "CER": "5", "AAU": "1"}


@dataclass(frozen=True)
class Desk:
    """The ledger with everybody who acts on it, and its clock."""

    ledger: Ledger
    people: dict[str, Actor]
    clock: FrozenClock

    def propose(self, act: Act, user: str = "officer") -> Outcome:
        return propose(self.ledger.registry, act, self.people[user])

    def complete(self, act: Act, user: str = "officer") -> Outcome:
        outcome = self.propose(act, user)
        return approve(self.ledger.registry, outcome.transaction_id, self.people["approver"])

    def refused(self, act: Act, user: str = "officer") -> list[int]:
        """Give the codes that refuse the proposal; empty where it is accepted."""
        try:
            self.propose(act, user)
        except RulesBroken as broken:
            return [item.code for item in broken.violations]
        return []

    def built_in(self, kind: AccountType, scheme: str | None = None) -> str:
        with reading(self.ledger.registry.engine) as connection:
            query = select(Account.number).where(Account.type_code == int(kind))
            if scheme is not None:
                query = query.where(Account.scheme == scheme)
            return str(connection.execute(query.order_by(Account.id)).scalars().first())

    def held(self, kind: AccountType, scheme: str | None = None) -> int:
        return self.ledger.holding(self.built_in(kind, scheme))[0]

    def project(self, origin: str, code: str, **changes: Any) -> None:
        content: dict[str, Any] = {
            "origin": origin, "code": code, "name_en": code, "country": "TH", "sectoral_scope": 14
        }  # fmt: skip
        accounts = changes.pop("accounts", ())
        register_project(
            self.ledger.registry,
            self.people["officer"],
            NewProject(**content | changes),
            accounts=accounts,
        )

    def receive(self, unit_type: str = "CER", first: int = 1, last: int = 100) -> Outcome:
        """Receive Kyoto units of CDM project 7014, applicable to period 2."""
        act = self.acquisition(unit_type, first, last)
        return self.complete(act)

    def acquisition(self, unit_type: str = "CER", first: int = 1, last: int = 100) -> Acquisition:
        number = TEMPORARY[unit_type]
        serial = f"RW-{number}-{first}-2-2-0-7014 - RW-{number}-{last}-2-2-0-7014"
        return Acquisition(
            origin="CDM" if number in "567" else "Kyoto",
            project="7014",
            account=self.ledger.forest,
            unit_type=unit_type,
            vintage=None,
            quantity=last - first + 1,
            serial=serial,
            issued_on=None,
            expires_on=date(2027, 12, 31) if unit_type in {"tCER", "lCER"} else None,
            sender_registry="RW",
            sender_account="RW-100-1-0-1",
            reference=f"RW{first}",
        )

    def notice(self, number: str, kind: NoticeType, **changes: Any) -> None:
        """Have an administrator record a notice."""
        content: dict[str, Any] = {"unit_type": "TER", "target_quantity": 1_000, **changes}
        notice = NewNotice(number=number, type=int(kind), message="Act on it.", **content)
        record_notice(self.ledger.registry, self.people["admin"], notice)

    def open_next_period(self) -> None:
        """Open period 2, the years 2031 to 2035."""
        open_period(
            self.ledger.registry,
            self.people["admin"],
            self.people["admin2"],
            last_day=date(2035, 12, 31),
        )

    def rule(self, kind: RuleKind, value: str, *, valid_from: date) -> None:
        """Have a rule for TER proposed and approved."""
        rule = NewRule(
            kind=kind,
            unit_type="TER",
            value=Decimal(value),
            valid_from=valid_from,
            reason="Decided by the board",
        )
        proposed = propose_rule(self.ledger.registry, self.people["admin"], rule)
        approve_rule(self.ledger.registry, self.people["approver"], proposed.id)

    def attributes(self, unit_type: str) -> list[tuple[int, int, int, date]]:
        """Give first, last, applicable period and expiry of every block of a type."""
        with reading(self.ledger.registry.engine) as connection:
            rows = connection.execute(
                select(
                    UnitBlock.first_serial,
                    UnitBlock.last_serial,
                    UnitBlock.applicable_period,
                    UnitBlock.fifo_expiry,
                )
                .where(UnitBlock.unit_type == unit_type)
                .order_by(UnitBlock.series, UnitBlock.first_serial)
            )
            return [(row[0], row[1], row[2], row[3]) for row in rows]

    def verify(self) -> Verification:
        """Verify the registry; units are conserved type by type."""
        found = verify_registry(self.ledger.registry)
        assert found.ok, (found.failed_at, found.failure)
        for counts in found.units.values():
            ends = ("held", "cancelled", "retired", "replaced", "sent")
            assert counts["issued"] + counts["received"] == sum(counts[end] for end in ends)
        return found
