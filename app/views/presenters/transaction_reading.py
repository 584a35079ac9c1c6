"""What the pane of one transaction reads: its history, checks, rules, documents and message.

Owns gathering it and saying it in keys and values, and who may undo the transaction; the pages
write it.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.models.codes import Role, RuleKind, SupplementaryType, TransactionStatus, TransactionType
from app.services.checks.violation import RulesBroken
from app.services.listings.transaction_checks import (
    CheckOutcome,
    Finding,
    StepChecks,
    list_transaction_checks,
)
from app.services.listings.transaction_detail import TransactionDetail, get_transaction
from app.services.listings.transaction_evidence import TransactionEvidence, get_evidence
from app.services.registry.context import Actor, OpenRegistry
from app.services.rules.supposing import suppose_issuance
from app.services.transactions.acts import ExternalTransfer, Issuance, Rollback
from app.services.transactions.counterpart_message import CounterpartMessage, counterpart_message
from app.services.transactions.evaluation import Evaluation, preview
from app.services.transactions.proposing import Outcome, propose
from app.views.presenters.act_form import ActForm, FormReading, Values, ValuesReader
from app.views.presenters.supposition import Assumption, Differences, issuance_differences


@dataclass(frozen=True)
class TransactionShown:
    """Everything the pane shows of one transaction."""

    detail: TransactionDetail
    checks: tuple[StepChecks, ...]
    evidence: TransactionEvidence
    message: CounterpartMessage | None

    @property
    def last_checked(self) -> StepChecks | None:
        """Give the last step at which it was judged."""
        return self.checks[-1] if self.checks else None


def read_transaction(registry: OpenRegistry, key: str) -> TransactionShown:
    """Read a transaction; called off the window's thread. Raises NotFound."""
    detail = get_transaction(registry, key)
    return TransactionShown(
        detail=detail,
        checks=list_transaction_checks(registry, key),
        evidence=get_evidence(registry, key),
        message=_message(registry, detail),
    )


def _message(registry: OpenRegistry, detail: TransactionDetail) -> CounterpartMessage | None:
    """Prepare the message to the counterpart; one that ended otherwise has none."""
    if not isinstance(detail.act, ExternalTransfer):
        return None
    try:
        return counterpart_message(registry, detail.transaction.id)
    except RulesBroken:
        return None


def count_findings(step: StepChecks, *findings: Finding) -> int:
    """Count the checks of a step that came out so."""
    return sum(check.outcome in findings for check in step.checks)


def spoken(step: StepChecks) -> tuple[CheckOutcome, ...]:
    """Give the checks that refused or noted something, refusals first."""
    found = [each for each in step.checks if each.outcome in (Finding.REFUSED, Finding.NOTED)]
    return tuple(sorted(found, key=lambda each: each.outcome is not Finding.REFUSED))


def silent(step: StepChecks, finding: Finding) -> tuple[CheckOutcome, ...]:
    """Give the checks of a step with one finding, in the order in which they run."""
    return tuple(each for each in step.checks if each.outcome is finding)


def said_in(check: CheckOutcome, language: str) -> str:
    """Give what a check said in a language."""
    return check.message_th if language == "th" else check.message


def may_be_undone(detail: TransactionDetail, actor: Actor) -> bool:
    """Tell whether an administrator is offered to roll it back; the checks say if it can be."""
    row = detail.transaction
    return (
        actor.role is Role.ADMINISTRATOR
        and row.type_code == TransactionType.INTERNAL_TRANSFER
        and row.supplementary_type == SupplementaryType.NONE
        and row.status_code == TransactionStatus.COMPLETED
        and row.rolled_back_by is None
    )


def is_completed_issuance(detail: TransactionDetail) -> bool:
    """Tell whether it can be compared with what it would have been under another rule."""
    is_complete = detail.transaction.status_code == TransactionStatus.COMPLETED
    return is_complete and isinstance(detail.act, Issuance)


ISSUANCE_RULES = frozenset({RuleKind.LEVY_RATE, RuleKind.DEFAULT_EXPIRY})
"""The rules a completed issuance can be supposed under."""


def suppose(
    registry: OpenRegistry, detail: TransactionDetail, assumption: Assumption
) -> Differences:
    """Compare a completed issuance; called off the window's thread."""
    found = suppose_issuance(registry, detail.transaction.key, assumption.as_mapping)
    return issuance_differences(found)


class RollbackForm(ActForm):
    """The state behind undoing one transfer: its preview, and proposing with a reason."""

    def __init__(self, registry: OpenRegistry, actor: Actor, transaction: str) -> None:
        super().__init__(registry, actor)
        self.transaction = transaction

    def read(self, values: Values) -> FormReading:
        """Read the reason into a rollback; the registry fills in the rest."""
        reader = ValuesReader(values)
        reason = reader.needed("reason", "rollback.missing_reason")
        return FormReading(None, reader.gaps) if reader.gaps else FormReading(self.act(reason))

    def act(self, reason: str) -> Rollback:
        """Make the rollback."""
        return Rollback(transaction=self.transaction, reason=reason, unit_type="", quantity=0)

    def foresee(self, reason: str) -> Evaluation:
        """Tell what goes back, or why nothing does; called off the window's thread."""
        return preview(self.registry, self.act(reason), self.actor)

    def carry_out(self, reason: str) -> Outcome:
        """Propose the rollback; called off the window's thread. Raises RulesBroken."""
        act = self.act(reason)
        return propose(self.registry, act, self.actor, request_id=self.request_id(act))
