"""The state behind the inbox: what awaits, what a decision would do, deciding.

Owns asking the services and saying what became of it; whether a decision is allowed is for
the checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.models.codes import AccountState, Role, TransactionStatus, TransactionType
from app.services.accounts import change_account
from app.services.checks.violation import Violation
from app.services.listings.account_detail import AccountDetail, get_account
from app.services.listings.awaiting import Awaiting, AwaitingRow, list_awaiting
from app.services.listings.page import Page, PageRequest
from app.services.listings.transaction_detail import StatusStep, get_transaction
from app.services.listings.words import KIND_WORDS
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Act, Issuance
from app.services.transactions.proposing import (
    Outcome,
    approve,
    preview_decision,
    reject,
    withdraw,
)
from app.services.transactions.voting import get_tally
from app.views.presenters.act_outcome import ActOutcome, present_outcome
from app.views.presenters.committee import tally_said
from app.views.presenters.phrases import Phrase, say
from app.views.presenters.transaction_words import RequestLine, is_text_key, request_lines


class Standing(StrEnum):
    """How the checks stand for one thing that awaits."""

    CLEAR = "clear"
    NOTE = "note"
    REFUSED = "refused"
    WAITING = "waiting"


class Decision(StrEnum):
    """What can be done with what awaits."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    VOTE = "vote"


@dataclass(frozen=True)
class InboxRow:
    """One thing that awaits, as the list shows it; `what` names its kind."""

    awaiting: AwaitingRow
    standing: Standing

    @property
    def key(self) -> str:
        """The transaction's identifier or the account's number."""
        return self.awaiting.key

    @property
    def kind(self) -> str:
        """The word of the type: transfer, cancellation, issuance or account."""
        return kind_of(self.awaiting)

    @property
    def kind_key(self) -> str:
        """The key of what it is called."""
        return kind_key(self.awaiting)

    @property
    def way(self) -> str:
        """Where the units come from and go to, or the account's name."""
        row = self.awaiting
        return f"{row.from_name} → {row.to_name}" if row.from_name else row.to_name

    @property
    def units(self) -> int | None:
        """The units concerned; None for an account."""
        return self.awaiting.quantity or None

    @property
    def unit_type(self) -> str:
        """The type of the units."""
        return self.awaiting.unit_type

    @property
    def proposer(self) -> str:
        """Who proposed it."""
        return self.awaiting.proposed_by

    @property
    def proposed_at(self) -> datetime:
        """When it was proposed."""
        return self.awaiting.proposed_at


@dataclass(frozen=True)
class InboxFact:
    """One line that tells of what awaits: its label's key and its value."""

    label_key: str
    value: str | Phrase


@dataclass(frozen=True)
class InboxStep:
    """One step of the history; `key` is its text."""

    at: datetime
    key: str
    by: str
    comment: str
    codes: str = ""


@dataclass(frozen=True)
class InboxDetail:
    """What is known of one thing that awaits; `outcome` is None for an account."""

    row: AwaitingRow
    facts: tuple[InboxFact, ...]
    steps: tuple[InboxStep, ...]
    outcome: ActOutcome | None


@dataclass(frozen=True)
class Decided:
    """What a decision changed, to be said and told; `broken` are the rules that ended it."""

    phrase: Phrase
    changed: tuple[str, ...]
    broken: tuple[Violation, ...] = ()

    @property
    def went_well(self) -> bool:
        """Whether it became what was decided."""
        return not self.broken


def kind_of(row: AwaitingRow) -> str:
    """Name the kind of what awaits by a word of the texts."""
    if row.what is Awaiting.ACCOUNT or row.type is None:
        return "account"
    return row.type.name.lower()


def kind_key(row: AwaitingRow) -> str:
    """Give the key of what awaits: an act that shares its type has a name of its own."""
    own = None if row.type is None else KIND_WORDS.get((row.type, row.supplementary_type))
    return f"transactions.types.{own}" if own else f"inbox.kind_{kind_of(row)}"


class InboxForm:
    """Lists, reads and decides; every method but `decisions` is called off the window's thread."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self.registry = registry
        self.actor = actor

    def list_rows(self, request: PageRequest) -> Page[InboxRow]:
        """List what awaits, with how the checks stand now."""
        page = list_awaiting(self.registry, request, self.actor)
        return Page(
            tuple(InboxRow(row, self._standing(row)) for row in page.rows), page.next, page.total
        )

    def read(self, row: AwaitingRow) -> InboxDetail:
        """Read what is known of one thing that awaits, and what deciding would do."""
        if row.what is Awaiting.ACCOUNT:
            account = get_account(self.registry, row.key)
            return InboxDetail(row, _account_facts(account), _account_steps(account), None)
        detail = get_transaction(self.registry, row.key)
        evaluation = preview_decision(self.registry, row.id, self.actor)
        return InboxDetail(
            row,
            (*_transaction_facts(row, detail.act), *self._votes(row)),
            _transaction_steps(detail.history),
            present_outcome(evaluation),
        )

    def _votes(self, row: AwaitingRow) -> tuple[InboxFact, ...]:
        """Say how the committee's vote stands; nothing where it has no say."""
        if row.type is not TransactionType.CONVERSION:
            return ()
        tally = get_tally(self.registry, row.id, self.actor)
        return (InboxFact("inbox.votes", tally_said(tally)),)

    def decisions(self, row: AwaitingRow) -> tuple[Decision, ...]:
        """Give what this person may do with it."""
        votes = (Decision.VOTE,) if row.type is TransactionType.CONVERSION else ()
        if row.is_own:
            return (*votes, Decision.WITHDRAW) if row.what is Awaiting.TRANSACTION else ()
        if votes:
            return votes
        if self.actor.role is Role.APPROVER:
            return (Decision.REJECT, Decision.APPROVE)
        return ()

    def missing_comment(self, decision: Decision, comment: str) -> Phrase | None:
        """Say that a rejection needs a comment, when there is none."""
        if decision is Decision.REJECT and not comment.strip():
            return say("inbox.comment_missing")
        return None

    def decide(self, row: AwaitingRow, decision: Decision, comment: str) -> Decided:
        """Carry out a decision and say what changed. Raises RulesBroken."""
        if row.what is Awaiting.ACCOUNT:
            return self._decide_on_account(row, decision, comment)
        act = {Decision.APPROVE: approve, Decision.WITHDRAW: withdraw}.get(decision, reject)
        outcome = act(self.registry, row.id, self.actor, comment=comment)
        return _decided(row, outcome)

    def _decide_on_account(self, row: AwaitingRow, decision: Decision, comment: str) -> Decided:
        opens = decision is Decision.APPROVE
        state = AccountState.OPEN if opens else AccountState.REJECTED
        change_account(self.registry, self.actor, row.key, state, reason=comment)
        key = "inbox.account_opened" if opens else "inbox.account_rejected"
        return Decided(say(key, number=row.key, name=row.to_name), ("accounts", "inbox"))

    def _standing(self, row: AwaitingRow) -> Standing:
        if row.is_own:
            return Standing.WAITING
        if row.what is Awaiting.ACCOUNT:
            holder = get_account(self.registry, row.key).holder
            checked = holder is None or holder.identity_check != "pending"
            return Standing.CLEAR if checked else Standing.NOTE
        checks = preview_decision(self.registry, row.id, self.actor).checks
        if checks.violations:
            return Standing.REFUSED
        return Standing.NOTE if checks.notes else Standing.CLEAR


def _decided(row: AwaitingRow, outcome: Outcome) -> Decided:
    changed = ("transactions", "holdings", "inbox")
    if outcome.status is TransactionStatus.TERMINATED and outcome.evaluation is not None:
        broken = tuple(outcome.evaluation.violations)
        codes = ", ".join(str(each.code) for each in broken)
        phrase = say("inbox.terminated", transaction=outcome.identifier, codes=codes)
        return Decided(phrase, changed, broken)
    return Decided(
        say(
            f"inbox.{outcome.status.name.lower()}_{kind_of(row)}",
            transaction=outcome.identifier,
            count=row.quantity,
            unit_type=row.unit_type,
            to=row.to_number,
        ),
        changed,
    )


def _transaction_facts(row: AwaitingRow, act: Act) -> tuple[InboxFact, ...]:
    facts = []
    if row.from_number:
        facts.append(InboxFact("inbox.from", f"{row.from_number}  {row.from_name}"))
    facts.append(InboxFact("inbox.to", f"{row.to_number}  {row.to_name}"))
    if not isinstance(act, Issuance):
        facts += [InboxFact(line.label_key, _said(line)) for line in request_lines(act)]
    else:
        period = say("inbox.period_of", begin=act.period_from, end=act.period_to)
        facts.append(InboxFact("inbox.project", act.project))
        facts.append(InboxFact("inbox.period", period))
        facts.append(InboxFact("inbox.verified", act.verified_reference))
    return tuple(fact for fact in facts if fact.value)


def _said(line: RequestLine) -> Phrase:
    return (
        say(str(line.value)) if is_text_key(line.value) else say("common.plain", value=line.value)
    )


def _account_facts(account: AccountDetail) -> tuple[InboxFact, ...]:
    row, holder = account.account, account.holder
    facts = [InboxFact("inbox.number", row.number), InboxFact("inbox.name", row.name)]
    if holder is not None:
        names = " · ".join(dict.fromkeys(each for each in (holder.name_en, holder.name_th) if each))
        facts += [
            InboxFact("inbox.holder", names),
            InboxFact("inbox.tax_id", holder.tax_id),
            InboxFact("inbox.identity", say(f"inbox.identity_{holder.identity_check}")),
            InboxFact("inbox.documents", ", ".join(each.name for each in holder.documents)),
        ]
    people = ", ".join(each.name for each in account.representatives)
    facts.append(InboxFact("inbox.representatives", people))
    return tuple(fact for fact in facts if fact.value)


def _transaction_steps(history: Sequence[StatusStep]) -> tuple[InboxStep, ...]:
    return tuple(
        InboxStep(
            each.at,
            f"inbox.status_{TransactionStatus(each.status_code).name.lower()}",
            each.by_name or each.by,
            each.comment,
            ", ".join(str(code) for code in each.codes),
        )
        for each in reversed(history)
    )


def _account_steps(account: AccountDetail) -> tuple[InboxStep, ...]:
    return tuple(
        InboxStep(each.at, f"inbox.state_{each.state}", each.by, each.reason)
        for each in reversed(account.history)
    )
