"""An act as the contract describes it: what moves, the levy, what the checks said.

Owns the shape alone, of a plan as of a stored transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.models.codes import Role
    from app.services.listings.transactions import MovedBlock
    from app.services.registry.context import Actor, OpenRegistry
    from app.services.transactions.evaluation import Evaluation
    from app.services.transactions.planning import Move
    from app.services.transactions.proposing import Outcome


def describe_plan(evaluation: Evaluation) -> dict[str, Any]:
    """Describe what an act would do, with the checks' failures and notes."""
    return {
        "moves": [_planned(move) for move in evaluation.plan.moves],
        "levy": [_planned(move) for move in evaluation.plan.levy],
        **_checked(evaluation),
        "violations": [item.as_json() for item in evaluation.violations],
    }


def describe_stored(registry: OpenRegistry, actor: Actor, outcome: Outcome) -> dict[str, Any]:
    """Describe a transaction as it stands now; a pending issuance by its plan.

    Serial numbers of an issuance are allotted when it completes, so until then there are none
    on record.
    """
    from app.models.codes import Role
    from app.services.listings.transaction_detail import get_transaction
    from app.services.transactions.proposing import preview_decision

    stored = get_transaction(registry, outcome.identifier).transaction
    evaluation = outcome.evaluation
    if evaluation is None and not outcome.status.is_final:
        # A repeated request: told as whoever will decide would see it.
        decider = find_anyone(registry, Role.APPROVER) or actor
        evaluation = preview_decision(registry, outcome.transaction_id, decider)
    content: dict[str, Any] = {
        "transaction": stored.id,
        "status": stored.status,
        "status_code": stored.status_code,
        "stage_code": stored.stage_code,
        "moves": _stored(block for block in stored.blocks if block.role == "move"),
        "levy": _stored(block for block in stored.blocks if block.role == "levy"),
    }
    replaced = _stored(block for block in stored.blocks if block.role == "replaced")
    if replaced:
        content["replaced"] = replaced
    if evaluation is None:
        return content | {"checks_passed": _logged_checks(registry, stored.id), "notes": []}
    if not stored.blocks:
        content |= describe_plan(evaluation)
    return content | _checked(evaluation)


def find_anyone(registry: OpenRegistry, role: Role) -> Actor | None:
    """Find any active person of a role, to look at an act as they would; never to act."""
    from app.services.listings.page import PageRequest
    from app.services.listings.people import list_people
    from app.services.registry.context import Actor

    of_role = PageRequest(filters={"role": str(role), "state": "active"}, limit=1)
    rows = list_people(registry, of_role).rows
    return Actor(rows[0].id, rows[0].user, rows[0].name, role) if rows else None


def _checked(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "checks_passed": len(evaluation.checks.passed),
        "notes": [item.as_json() for item in evaluation.checks.notes],
    }


def _logged_checks(registry: OpenRegistry, identifier: str) -> int:
    """Give how many checks passed when a transaction completed; 0 when it ended otherwise."""
    from app.services.listings.log_entries import list_log_entries
    from app.services.listings.page import PageRequest

    rows = list_log_entries(registry, PageRequest(filters={"transaction": identifier})).rows
    return int(rows[0].body["checks_passed"]) if rows else 0


def _planned(move: Move) -> dict[str, Any]:
    return {
        "serial": move.serial,
        "series": move.series,
        "start": move.first,
        "end": move.last,
        "quantity": move.quantity,
        "from": None if move.from_account is None else move.from_account.number,
        "to": move.to_account.number,
    }


def _stored(blocks: Iterable[MovedBlock]) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in block.as_json().items() if key != "role"} for block in blocks
    ]
