"""What planning and checks see: frozen snapshots, read once, never a session.

Owns the shapes only; `gather` fills them, `planning` and the checks read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from app.models.codes import (
    AccountState,
    AccountType,
    Role,
    RuleKind,
    TransactionStatus,
    UnitState,
)
from app.models.serials.serial_range import SerialRange, print_from_template
from app.services.transactions.acts import Act


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody who acts at the desk."""

    id: int
    user_name: str
    role: Role
    is_active: bool


@dataclass(frozen=True, slots=True)
class UnitTypeFacts:
    """A unit type; `measure` is tCO2e or toe."""

    code: str
    measure: str
    is_domestic: bool


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account with its holding of the act's unit type, in units.

    `scheme` says whose buffer a buffer account is.
    """

    id: int
    number: str
    name: str
    type: AccountType
    state: AccountState
    unit_state: UnitState
    quantity: int
    reserved: int
    scheme: str | None = None
    holder_id: int | None = None


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """A unit block of the transferring account, free or reserved by the pending transaction.

    `period` is the applicable commitment period, `issued_to` the account that first had it,
    `moved_by` the transaction that moved it last, `scheme` that of a domestic project.
    """

    id: int
    batch_id: int
    series_id: int
    series: str
    first: int
    last: int
    template: str
    project: str
    project_name: str
    vintage: int | None
    expires_on: date | None
    period: int
    issued_to: int
    moved_by: int | None
    scheme: str | None = None

    @property
    def quantity(self) -> int:
        """Give the number of units."""
        return self.last - self.first + 1

    def print(self, first: int, last: int) -> str:
        """Print a range of this block in its own grammar."""
        return print_from_template(self.template, first, last)


@dataclass(frozen=True, slots=True)
class ChosenRange:
    """A serial range picked by hand, with the block that holds it or the reason there is none.

    `problem` is empty, `unreadable`, `not-held`, `reserved`, `expired` or `other-type`.
    """

    text: str
    first: int
    last: int
    block: BlockFacts | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project; `bound_accounts` are the ids of accounts that may receive its units."""

    id: int
    origin: str
    code: str
    name: str
    country: str
    sectoral_scope: int
    scheme: str | None
    is_registered: bool
    bound_accounts: frozenset[int]


@dataclass(frozen=True, slots=True)
class ReductionFacts:
    """A verified reduction on record whose period meets the act's monitoring period."""

    id: int
    period_from: date
    period_to: date
    quantity: int
    reference: str
    document_sha256: str
    is_issued: bool


NO_ROW = 0
"""The row of a rule that is only assumed."""


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """The row of a rule table that is valid on the day."""

    id: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class RecordedFacts:
    """What the row of a transaction has beside its request; a changed client writes both."""

    type: int
    supplementary_type: int
    quantity: int
    to_expiry: date | None = None
    to_period: int | None = None


@dataclass(frozen=True, slots=True)
class PendingFacts:
    """The transaction a decision concerns; a delayed one completes no sooner than `not_before`."""

    id: int
    status: TransactionStatus
    proposer: PersonFacts
    not_before: datetime | None = None
    recorded: RecordedFacts | None = None
    proposed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RepeatedRequest:
    """A request id that was used before, for another act or by another person."""

    request_id: str
    is_anothers: bool


@dataclass(frozen=True, slots=True)
class OwnUnitsFacts:
    """Units of a commitment period that the account was itself issued, and has transferred."""

    period: int
    issued: int
    passed_on: int


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A range of source units that a conversion names; `converted_by` is another transaction.

    `vintage` is the year its record gives, None where it gives none.
    """

    id: int
    serial: str
    series: str
    first: int
    last: int
    unit_type: str
    host_country: str
    project: str
    record_sha256: str
    attestation_sha256: str
    vintage: int | None
    converted_by: int | None

    @property
    def quantity(self) -> int:
        """Give the number of units."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source serial as a conversion names it, and why it cannot be converted as named.

    `problem` is empty, `unreadable`, `unregistered` or `part`; `registered` is the range that
    it is only a part of.
    """

    text: str
    problem: str = ""
    registered: str = ""


@dataclass(frozen=True, slots=True)
class MovedOn:
    """Units of a transfer that are no longer as it left them, and by which transaction.

    `problem` is `moved`, `reserved` or `expired`; an expired one has no transaction.
    """

    serial: str
    problem: str
    transaction_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversedFacts:
    """The transaction that a rollback undoes; `rolled_back_by` is another, pending or done.

    `last_day` is the last day of the window in which it may be undone, None without a rule.
    """

    id: int
    type: int
    supplementary_type: int
    status: TransactionStatus
    quantity: int
    last_day: date | None
    rolled_back_by: int | None
    moved_on: tuple[MovedOn, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A commitment period of the registry, both days included."""

    number: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class CarriedFacts:
    """Units of a period: those the account still has, and those it carried over or is about to."""

    held: int
    carried: int
    pending: int


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """The notice an act answers; `project` and `account_id` are None where it names none."""

    id: int
    number: str
    type: int
    status: int
    unit_type: str | None
    project: str | None
    account_id: int | None


@dataclass(frozen=True, slots=True)
class NamedTransactionFacts:
    """A transaction that an act names; `compensated` are units cancelled for it, or about to be."""

    id: int
    type: int
    supplementary_type: int
    status: TransactionStatus
    unit_type: str
    measure: str
    quantity: int
    from_account_id: int | None
    to_account_id: int
    compensated: int


@dataclass(frozen=True, slots=True)
class ReplacedFacts:
    """A range of units to be replaced, with the block that has it or the reason there is none.

    `problem` is empty, `unreadable`, `not-here`, `other-type`, `ended` or `replaced`.
    """

    text: str
    series: str
    first: int
    last: int
    block: BlockFacts | None
    account: AccountFacts | None
    problem: str = ""

    @property
    def quantity(self) -> int:
        """Give the number of units."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything an act is judged by, as at one moment.

    `deciding` is None while the act is being proposed. `candidates` are the blocks first in,
    first out, until the quantity is reached and perhaps a few more. `bound_projects` are the
    codes of this registry's projects bound to the acquiring account; `pending_alike` counts the
    other pending transactions of the act's type from the transferring account. `free_by_period`
    are commitment periods with the free units of each, read where an act asks for one that has
    too few.
    """

    act: Act
    country: str
    now: datetime
    today: date
    person: PersonFacts
    deciding: PendingFacts | None = None
    unit_type: UnitTypeFacts | None = None
    transferring: AccountFacts | None = None
    acquiring: AccountFacts | None = None
    buffer: AccountFacts | None = None
    candidates: tuple[BlockFacts, ...] = ()
    chosen: tuple[ChosenRange, ...] = ()
    project: ProjectFacts | None = None
    reductions: tuple[ReductionFacts, ...] = ()
    rules: Mapping[RuleKind, RuleFacts] = field(default_factory=dict)
    sources: tuple[SourceFacts, ...] = ()
    named_sources: tuple[NamedSource, ...] = ()
    reversed: ReversedFacts | None = None
    documents: tuple[tuple[str, str], ...] = ()
    reverses_id: int | None = None
    notice_id: int | None = None
    not_before: datetime | None = None
    own_units: tuple[OwnUnitsFacts, ...] = ()
    is_stranger: bool = False
    serial: SerialRange | None = None
    series_id: int | None = None
    overlapping: str | None = None
    repeated: RepeatedRequest | None = None
    periods: tuple[PeriodFacts, ...] = ()
    carried: CarriedFacts | None = None
    notice: NoticeFacts | None = None
    named: NamedTransactionFacts | None = None
    replaced: tuple[ReplacedFacts, ...] = ()
    bound_projects: frozenset[str] = frozenset()
    pending_alike: int = 0
    free_by_period: tuple[tuple[int, int], ...] = ()

    @property
    def current_period(self) -> int:
        """Give the number of the commitment period of the day, 0 where none runs."""
        of_day = (each for each in self.periods if each.first_day <= self.today <= each.last_day)
        return next((each.number for each in of_day), 0)

    @property
    def levy_rule(self) -> RuleFacts | None:
        """Give the levy rate that is valid on the day."""
        return self.rules.get(RuleKind.LEVY_RATE)

    @property
    def expiry_rule(self) -> RuleFacts | None:
        """Give the default expiry that is valid on the day."""
        return self.rules.get(RuleKind.DEFAULT_EXPIRY)
