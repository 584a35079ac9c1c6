"""The state behind the page of expired units: what has expired, and the run that takes it away.

Owns asking the service and saying what became of it; what may be taken is for the checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.models.codes import Role
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.expiry_run import (
    ExpiredUnits,
    RunResult,
    list_expired,
    propose_expiry_run,
)
from app.views.presenters.phrases import Phrase, say


@dataclass(frozen=True)
class Refusal:
    """Units that a run could not propose to cancel; `reasons` are (code, English, Thai)."""

    units: ExpiredUnits
    reasons: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class RunShown:
    """What a run did: the transactions it proposed, and what it could not take."""

    proposed: tuple[str, ...]
    refused: tuple[Refusal, ...]


class ExpiryForm:
    """Lists and runs; both are called off the window's thread."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self.registry = registry
        self.actor = actor

    def list_expired(self) -> tuple[ExpiredUnits, ...]:
        """List what has expired and nothing has reserved."""
        return tuple(list_expired(self.registry))

    def run(self) -> RunShown:
        """Propose the cancellation of everything expired. Raises RulesBroken."""
        return _shown(propose_expiry_run(self.registry, self.actor))

    def reason_against(self, expired: Sequence[ExpiredUnits]) -> str:
        """Say why the run cannot be started; nothing when it can."""
        if self.actor.role is not Role.ADMINISTRATOR:
            return "expiry.only_administrators"
        return "" if expired else "expiry.nothing_to_do"


def foretell(expired: Sequence[ExpiredUnits]) -> tuple[Phrase, ...]:
    """Say what starting the run will do."""
    if not expired:
        return ()
    accounts = len({each.account for each in expired})
    units = ", ".join(
        f"{sum(each.quantity for each in expired if each.unit_type == kind):,} {kind}"
        for kind in sorted({each.unit_type for each in expired})
    )
    return (
        say("expiry.will_propose", units=units, accounts=accounts),
        say("expiry.will_be_decided"),
    )


def _shown(result: RunResult) -> RunShown:
    return RunShown(
        tuple(outcome.identifier for outcome in result.outcomes),
        tuple(
            Refusal(units, tuple((each.code, each.message, each.message_th) for each in violations))
            for units, violations in result.refused
        ),
    )
