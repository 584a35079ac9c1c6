"""What planning and checks see: frozen snapshots, read once, never a session.

Owns the shapes only; `gather` fills them, `planning` and the checks read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.models.codes import (
    AccountState,
    AccountType,
    Role,
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
    """An account with its holding of the act's unit type, in units."""

    id: int
    number: str
    name: str
    type: AccountType
    state: AccountState
    unit_state: UnitState
    quantity: int
    reserved: int


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """An unreserved unit block of the transferring account."""

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


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """The row of a rule table that is valid on the day."""

    id: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class PendingFacts:
    """The transaction a decision concerns."""

    id: int
    status: TransactionStatus
    proposer: PersonFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything an act is judged by, as at one moment.

    `deciding` is None while the act is being proposed. `candidates` are the blocks first in,
    first out, until the quantity is reached and perhaps a few more.
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
    levy_rule: RuleFacts | None = None
    expiry_rule: RuleFacts | None = None
    serial: SerialRange | None = None
    series_id: int | None = None
    overlapping: str | None = None
    repeats_other_act: bool = False
