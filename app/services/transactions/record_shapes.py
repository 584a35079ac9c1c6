"""The records of what is written of a transaction: frozen values, the same for both engines.

Owns their shapes alone; `records` works them out, the writers carry them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.models.codes import Stage, TransactionStatus
from app.services.transactions.planning import Reissue


@dataclass(frozen=True, slots=True)
class Range:
    """A range of serials as a transaction keeps it; `role` is `move`, `levy` or `replaced`.

    `batch_id` is None where the batch comes into being with the transaction.
    """

    role: str
    series: str
    first: int
    last: int
    serial: str
    batch_id: int | None
    from_account_id: int | None
    to_account_id: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block to reserve: the block as it was seen, and what is taken of it."""

    block_id: int
    series_id: int
    block_first: int
    block_last: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ReductionClaim:
    """The verified reduction an issuance takes: one on record, else stated by the proposal."""

    reduction_id: int | None
    project_id: int
    period_from: date
    period_to: date
    quantity: int
    reference: str
    document_sha256: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the checks said: passed and failing codes, and the sentences of those that spoke."""

    passed: str = ""
    codes: str = ""
    sentences: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRecord:
    """A proposal: its row, its history, and the units it reserves or the claims it makes."""

    request_id: str
    type: int
    supplementary_type: int
    stage: Stage
    from_account_id: int | None
    to_account_id: int
    unit_type: str
    quantity: int
    act: str
    person_id: int
    at: datetime
    effective_on: date | None
    reverses_id: int | None
    notice_id: int | None
    not_before: datetime | None
    to_expiry: date | None
    to_period: int | None
    said: Said
    pieces: tuple[Piece, ...] = ()
    ranges: tuple[Range, ...] = ()
    reduction: ReductionClaim | None = None
    source_ids: tuple[int, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewBatch:
    """The batch a transaction creates; `series_id` is None where the series is new too."""

    series: str
    series_id: int | None
    first: int
    last: int
    unit_type: str
    origin: str
    project_id: int
    vintage: int | None
    expires_on: date | None
    original_period: int
    applicable_period: int
    lulucf_activity: int
    grammar: str
    template: str


@dataclass(frozen=True, slots=True)
class NewBlock:
    """A block of a new batch in the account that first has it."""

    first: int
    last: int
    account_id: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRecord:
    """The completion of a pending transaction: its end, its units, its log entry.

    `lasting` is what its units become in the acquiring account; `to_expiry` and `to_period`
    are what an expiry change or a carry-over gives them.
    """

    transaction_id: int
    type: int
    person_id: int
    at: datetime
    comment: str
    said: Said
    to_account_id: int
    lasting: str
    to_expiry: date | None
    to_period: int | None
    rule_ids: tuple[int, ...]
    persons: dict[str, str]
    body: dict[str, Any]
    batch: NewBatch | None = None
    blocks: tuple[NewBlock, ...] = ()
    ranges: tuple[Range, ...] = ()
    reissues: tuple[Reissue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRecord:
    """The end of a pending transaction in any way but completion; its units are free again."""

    transaction_id: int
    status: TransactionStatus
    person_id: int
    at: datetime
    comment: str = ""
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRecord:
    """A committee member's vote, its log entry, and what it brings about: at most one of two.

    `completion` is there when the vote reached the quorum, `end` when it ended the transaction
    otherwise. The database counts the votes once more before it lets either happen. `seen` is how
    many votes the tally stood on: where others voted meanwhile, it is drawn up anew.
    """

    transaction_id: int
    person_id: int
    choice: str
    comment: str
    at: datetime
    persons: dict[str, str]
    body: dict[str, Any]
    seen: int
    completion: CompletionRecord | None = None
    end: EndRecord | None = None
