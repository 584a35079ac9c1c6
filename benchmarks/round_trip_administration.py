"""What administrators and officers do beside the ledger's acts, made ready for `round_trips`.

Owns accounts, rules, notices and trusted accounts, as `round_trip_acts` owns what moves units.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import count

from app.models.codes import AccountState, NoticeType, RuleKind
from app.services.accounts import NewAccount, NewHolder, change_account, propose_account
from app.services.notices.recording import NewNotice, record_notice
from app.services.rules.changes import approve_rule, propose_rule, withdraw_rule
from app.services.rules.new_rule import NewRule
from app.services.trust.trusted_accounts import approve_trusted, propose_trusted
from benchmarks.round_trip_acts import WHY, Ready, Timed, World

_HOLDER = NewHolder(name_en="Holder of samples")


def administration(world: World) -> Mapping[str, Ready]:
    """Give every act by the name it is told by."""
    return {**_of_accounts(world), **_of_rules(world), **_of_notices(world), **_of_trust(world)}


def _of_accounts(world: World) -> dict[str, Ready]:
    registry = world.registry

    def account() -> NewAccount:
        return NewAccount(name=f"Sample {next(world.numbers)}", holder=_HOLDER)

    def proposing() -> Timed:
        new = account()
        return lambda: propose_account(registry, world.actor("officer"), new)

    def changing(number: str, user: str, state: AccountState) -> Timed:
        return lambda: change_account(registry, world.actor(user), number, state, reason=WHY)

    def opening() -> Timed:
        number = propose_account(registry, world.actor("officer"), account())
        return changing(number, "approver", AccountState.OPEN)

    def opened() -> str:
        return world.ledger.open_account(f"Sample {next(world.numbers)}")

    return {
        "propose an account": proposing,
        "open an account": opening,
        "suspend an account": lambda: changing(opened(), "admin", AccountState.SUSPENDED),
        "close an account": lambda: changing(opened(), "admin", AccountState.CLOSED),
    }


def _of_rules(world: World) -> dict[str, Ready]:
    registry, days = world.registry, count(30)
    pending: list[int] = []

    def proposed() -> int:
        """Propose a rule: of a kind, one at a time may wait."""
        while pending:
            withdraw_rule(registry, world.actor("admin"), pending.pop())
        return propose_rule(registry, world.actor("admin"), rule()).id

    def rule() -> NewRule:
        return NewRule(
            kind=RuleKind.CARRY_OVER_LIMIT,
            unit_type="TER",
            value=Decimal("0.5"),
            valid_from=registry.today() + timedelta(days=next(days)),
            reason=WHY,
        )

    def proposing() -> Timed:
        withdraw_rule(registry, world.actor("admin"), proposed())
        new = rule()
        return lambda: pending.append(propose_rule(registry, world.actor("admin"), new).id)

    def approving() -> Timed:
        number = proposed()
        return lambda: approve_rule(registry, world.actor("approver"), number)

    return {"propose a rule": proposing, "approve a rule": approving}


def _of_notices(world: World) -> dict[str, Ready]:
    def recording() -> Timed:
        new = NewNotice(
            number=f"N-{next(world.numbers)}",
            type=int(NoticeType.EXPIRY_DATE_CHANGE),
            message=WHY,
            unit_type="TER",
            account=world.ledger.forest,
            target_quantity=1,
        )
        return lambda: record_notice(world.registry, world.actor("admin"), new)

    return {"record a notice": recording}


def _of_trust(world: World) -> dict[str, Ready]:
    registry = world.registry

    def other() -> str:
        return world.ledger.open_account(f"Sample {next(world.numbers)}")

    def proposing() -> Timed:
        officer, trusted = world.actor("officer"), other()
        return lambda: propose_trusted(registry, officer, world.ledger.forest, trusted)

    def approving() -> Timed:
        officer = world.actor("officer")
        entry = propose_trusted(registry, officer, world.ledger.forest, other())
        return lambda: approve_trusted(registry, world.actor("approver"), entry)

    return {"propose a trusted account": proposing, "approve a trusted account": approving}
