"""The state behind the committee's page: conversions, their evidence, the vote and what it brings.

Owns asking the services and saying what a vote would bring about; who may vote and when a vote
decides is the service's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.models.codes import Role, TransactionStatus
from app.models.errors import NotFound
from app.services.conversions.evidence import Evidence, get_evidence
from app.services.documents import StoredDocument
from app.services.listings.page import Page, PageRequest
from app.services.listings.transaction_checks import Finding, StepChecks
from app.services.listings.transactions import TransactionRow, list_transactions
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Conversion
from app.services.transactions.concluding import conclude
from app.services.transactions.proposing import preview_decision
from app.services.transactions.voting import Choice, Standing, Tally, Vote, VoteOutcome, vote
from app.views.presenters.act_outcome import ActOutcome, present_outcome
from app.views.presenters.phrases import Phrase, say

AWAITS_YOU, VOTED, AWAITING = "awaits-you", "voted", "awaiting"


@dataclass(frozen=True)
class CommitteeRow:
    """A conversion in the list; `standing` is how it stands for whoever looks."""

    transaction: TransactionRow
    standing: str

    @property
    def id(self) -> str:
        """The transaction's identifier."""
        return self.transaction.id

    @property
    def to_name(self) -> str:
        """The account that is credited."""
        return self.transaction.to_name

    @property
    def quantity(self) -> int:
        """The units to be reissued."""
        return self.transaction.quantity

    @property
    def unit_type(self) -> str:
        """What they are reissued as."""
        return self.transaction.unit_type


@dataclass(frozen=True)
class CommitteeDetail:
    """What a member reads before voting, and what each choice would bring about.

    `outcome` is what completing would do, None once it is decided. `reason` says why this person
    does not vote, None when they may. `mine` is the vote they cast. `concludes` says what this
    person brings about without a vote, None where votes may still decide.
    """

    evidence: Evidence
    act: Conversion
    tally: Tally
    outcome: ActOutcome | None
    reason: Phrase | None
    mine: Vote | None
    brings: Mapping[Choice, Phrase] = field(default_factory=dict)
    concludes: Phrase | None = None

    @property
    def key(self) -> str:
        """The transaction's identifier."""
        return self.evidence.detail.transaction.id

    @property
    def is_pending(self) -> bool:
        """Whether the committee has still to decide."""
        return _is_pending(self.evidence.detail.transaction)

    @property
    def last_step(self) -> StepChecks | None:
        """The last time its checks ran."""
        return self.evidence.steps[-1] if self.evidence.steps else None

    @property
    def documents(self) -> tuple[StoredDocument, ...]:
        """The documents of the evidence, as the desk opens them."""
        return tuple(
            StoredDocument(each.sha256, each.name, each.media_type, each.size_bytes)
            for each in self.evidence.documents
        )


class CommitteeForm:
    """Lists, reads and votes; called off the window's thread."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self.registry = registry
        self.actor = actor

    def list_rows(self, request: PageRequest) -> Page[CommitteeRow]:
        """List conversions, the newest first."""
        page = list_transactions(
            self.registry,
            PageRequest(
                sort=request.sort,
                descending=request.descending,
                filter_text=request.filter_text,
                filters={**request.filters, "type": "conversion"},
                after=request.after,
                limit=request.limit,
            ),
        )
        return Page(
            tuple(CommitteeRow(row, self._standing(row)) for row in page.rows),
            page.next,
            page.total,
        )

    def read(self, identifier: str) -> CommitteeDetail:
        """Gather the evidence, and what deciding would do. Raises NotFound."""
        evidence = get_evidence(self.registry, identifier)
        act, tally = evidence.detail.act, evidence.tally
        if not isinstance(act, Conversion) or tally is None:
            raise NotFound(
                f"{identifier} is no conversion.", hint="The committee decides on conversions."
            )
        mine = next((each for each in evidence.votes if each.user == self.actor.user_name), None)
        row = evidence.detail.transaction
        if not _is_pending(row):
            return CommitteeDetail(evidence, act, tally, None, say("committee.is_decided"), mine)
        outcome = present_outcome(preview_decision(self.registry, row.key, self.actor))
        reason = self._reason(row, mine)
        brings = {} if reason is not None else _brings(evidence, outcome, tally)
        concludes = self._concludes(row, tally)
        return CommitteeDetail(evidence, act, tally, outcome, reason, mine, brings, concludes)

    def missing_comment(self, choice: Choice, comment: str) -> Phrase | None:
        """Say that a no needs its reason, when there is none."""
        if choice is Choice.NO and not comment.strip():
            return say("committee.comment_missing")
        return None

    def vote(self, detail: CommitteeDetail, choice: Choice, comment: str) -> VoteOutcome:
        """Cast the vote. Raises RulesBroken."""
        row = detail.evidence.detail.transaction
        return vote(self.registry, row.key, self.actor, choice=choice, comment=comment)

    def conclude(self, detail: CommitteeDetail, comment: str) -> VoteOutcome:
        """Bring about what the votes that are cast say already. Raises RulesBroken."""
        row = detail.evidence.detail.transaction
        return conclude(self.registry, row.key, self.actor, comment=comment)

    def _concludes(self, row: TransactionRow, tally: Tally) -> Phrase | None:
        is_member = self.actor.role is Role.COMMITTEE and row.proposed_by != self.actor.user_name
        if not is_member or tally.standing is Standing.OPEN:
            return None
        if tally.standing is Standing.REACHED:
            return say("committee.conclude_completes")
        return say("committee.conclude_rejects")

    def _standing(self, row: TransactionRow) -> str:
        if not _is_pending(row):
            return row.status
        if self.actor.role is not Role.COMMITTEE or row.proposed_by == self.actor.user_name:
            return AWAITING
        votes = get_evidence(self.registry, row.id).votes
        return VOTED if any(each.user == self.actor.user_name for each in votes) else AWAITS_YOU

    def _reason(self, row: TransactionRow, mine: Vote | None) -> Phrase | None:
        if self.actor.role is not Role.COMMITTEE:
            return say("committee.only_members")
        if row.proposed_by == self.actor.user_name:
            return say("committee.is_own")
        return None if mine is None else say(f"committee.voted_{mine.choice}", at=mine.at)


def _brings(evidence: Evidence, outcome: ActOutcome, tally: Tally) -> dict[Choice, Phrase]:
    return {
        Choice.YES: _yes_brings(evidence, outcome, tally.with_vote(Choice.YES)),
        Choice.NO: _no_brings(tally.with_vote(Choice.NO)),
    }


def _is_pending(row: TransactionRow) -> bool:
    return not TransactionStatus(row.status_code).is_final


def _yes_brings(evidence: Evidence, outcome: ActOutcome, tally: Tally) -> Phrase:
    row = evidence.detail.transaction
    if not tally.is_reached:
        return say("committee.yes_counts", more=tally.quorum - tally.yes)
    if outcome.violations:
        codes = ", ".join(str(each.code) for each in outcome.violations)
        return say("committee.yes_terminates", codes=codes)
    return say(
        "committee.yes_completes", count=row.quantity, unit_type=row.unit_type, to=row.to_name
    )


def _no_brings(tally: Tally) -> Phrase:
    return say("committee.no_rejects" if tally.is_out_of_reach else "committee.no_counts")


def tally_said(tally: Tally, *, is_pending: bool = True) -> Phrase:
    """Say how a vote stands, and where it cannot go on as it is."""
    key = "committee.tally"
    if is_pending and tally.standing is not Standing.OPEN:
        key = f"committee.tally_{tally.standing.name.lower()}"
    return say(key, yes=tally.yes, no=tally.no, quorum=tally.quorum, members=tally.members)


def vote_said(outcome: VoteOutcome) -> tuple[Phrase, bool]:
    """Say what became of the transaction by a vote, and whether all went well."""
    identifier, status = outcome.outcome.identifier, outcome.outcome.status
    if status is TransactionStatus.COMPLETED:
        return say("committee.completed", transaction=identifier), True
    if status is TransactionStatus.REJECTED:
        return say("committee.rejected", transaction=identifier), True
    if status is TransactionStatus.TERMINATED:
        return say("committee.terminated", transaction=identifier), False
    tally = outcome.tally
    return say(
        "committee.cast", transaction=identifier, yes=tally.yes, no=tally.no, quorum=tally.quorum
    ), True


def spoken_checks(step: StepChecks) -> tuple[int, tuple[tuple[int, bool, str, str], ...]]:
    """Give how many checks of a step passed, and (code, refused, English, Thai) of the others."""
    said = tuple(
        (each.code, each.outcome is Finding.REFUSED, each.message, each.message_th)
        for each in step.checks
        if each.outcome in (Finding.REFUSED, Finding.NOTED)
    )
    return sum(each.outcome is Finding.PASSED for each in step.checks), said
