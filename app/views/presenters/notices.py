"""The state behind notices: the clock of each, what fulfils it, and the way to that act's form.

Owns how many days are left in words, and which form answers a kind of notice; recording and
closing are the service's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.models.codes import Role
from app.services.listings.choices import (
    AccountChoice,
    ProjectChoice,
    UnitTypeChoice,
    list_account_choices,
    list_domestic_unit_types,
    list_foreign_unit_types,
    list_project_choices,
)
from app.services.listings.page import PageRequest
from app.services.listings.transactions import TransactionRow, list_transactions
from app.services.notices.kinds import NOTICE_KINDS
from app.services.notices.recording import (
    COMPLETED,
    INCOMPLETE,
    NewNotice,
    NoticeRow,
    close_notice,
    list_notices,
    record_notice,
)
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts.disposal import CANCELLATION_KINDS
from app.views.components.fields import Option
from app.views.presenters.act_form import Gap, Values, ValuesReader
from app.views.presenters.further_acts import KINDS
from app.views.presenters.phrases import Phrase, say

_MOST_ANSWERS = 100


@dataclass(frozen=True)
class NoticeLine:
    """A notice in the list; `days_left` is below zero once it is overdue, None when done."""

    notice: NoticeRow
    days_left: int | None
    state: str

    @property
    def number(self) -> str:
        """The notice's number."""
        return self.notice.number

    @property
    def due_on(self) -> date:
        """The last day on which it can be fulfilled."""
        return self.notice.due_on

    @property
    def unit_type(self) -> str:
        """The units it asks for."""
        return self.notice.unit_type

    @property
    def target(self) -> int | None:
        """How many units it asks for."""
        return self.notice.target_quantity

    @property
    def fulfilled(self) -> int | None:
        """How many units answered it; None where it asks for none."""
        return None if self.notice.target_quantity is None else self.notice.fulfilled

    @property
    def clock(self) -> Phrase:
        """Say how much time is left."""
        if self.days_left is None:
            return say("notices.done")
        if self.days_left < 0:
            return say("notices.overdue", days=-self.days_left)
        return (
            say("notices.today")
            if self.days_left == 0
            else say("notices.days_left", days=self.days_left)
        )


@dataclass(frozen=True)
class NoticeWay:
    """A form that answers a notice: how it is said, its page, and the target of that page.

    `words_key` is the text, in which `title_key` names the act.
    """

    words_key: str
    title_key: str
    page: str
    target: str


@dataclass(frozen=True)
class NoticeShown:
    """A notice with the transactions that name it."""

    line: NoticeLine
    answers: tuple[TransactionRow, ...]


@dataclass(frozen=True)
class NoticeChoices:
    """What the form of a new notice offers."""

    unit_types: tuple[UnitTypeChoice, ...]
    projects: tuple[ProjectChoice, ...]
    accounts: tuple[AccountChoice, ...]


@dataclass(frozen=True)
class ReadNotice:
    """The notice that a form's values make, or what is missing."""

    notice: NewNotice | None
    gaps: tuple[Gap, ...] = ()


class Notices:
    """Lists, reads, records and closes; called off the window's thread but for `read_new`."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self.registry = registry
        self.actor = actor

    def list_lines(self) -> tuple[NoticeLine, ...]:
        """List every notice, the most urgent first, what is done behind the others."""
        today = self.registry.today()
        lines = [_line(row, today) for row in list_notices(self.registry)]
        return tuple(sorted(lines, key=lambda line: line.days_left is None))

    def read(self, number: str) -> NoticeShown:
        """Read a notice and what answers it."""
        line = next(each for each in self.list_lines() if each.number == number)
        request = PageRequest(filters={"notice": number}, limit=_MOST_ANSWERS)
        return NoticeShown(line, list_transactions(self.registry, request).rows)

    def list_choices(self) -> NoticeChoices:
        """List what a notice may name."""
        return NoticeChoices(
            (*list_domestic_unit_types(self.registry), *list_foreign_unit_types(self.registry)),
            list_project_choices(self.registry),
            list_account_choices(self.registry),
        )

    def reason_against_recording(self) -> str:
        """Say why this person records no notices; nothing when they do."""
        is_administrator = self.actor.role is Role.ADMINISTRATOR
        return "" if is_administrator else "notices.only_administrators"

    def read_new(self, values: Values) -> ReadNotice:
        """Read a form's values into a notice."""
        reader = ValuesReader(values)
        number = reader.needed("number", "notices.missing_number")
        kind = reader.needed("type", "notices.missing_type")
        message = reader.needed("message", "notices.missing_message")
        asks = bool(kind) and NOTICE_KINDS[int(kind)].asks_for_units
        quantity = reader.optional_whole("quantity")
        if asks and quantity is None:
            reader.needed("quantity", "acts.missing_quantity")
        if asks:
            reader.needed("unit_type", "acts.missing_unit_type")
        due_on = reader.optional_day("due_on")
        if reader.gaps:
            return ReadNotice(None, reader.gaps)
        return ReadNotice(
            NewNotice(
                number=number,
                type=int(kind),
                message=message,
                unit_type=reader.text("unit_type") or None,
                project=reader.text("project") or None,
                account=reader.text("account") or None,
                target_quantity=quantity,
                due_on=due_on,
            )
        )

    def record(self, notice: NewNotice) -> int:
        """Record the notice. Raises RulesBroken."""
        return record_notice(self.registry, self.actor, notice)

    def close(self, number: str, reason: str) -> None:
        """Close a notice. Raises RulesBroken while units are still missing."""
        close_notice(self.registry, self.actor, number, reason=reason)


def _line(row: NoticeRow, today: date) -> NoticeLine:
    done = row.status == COMPLETED
    days = None if done else (row.due_on - today).days
    if done:
        state = "completed"
    elif row.is_overdue:
        state = "overdue"
    else:
        state = "incomplete" if row.status == INCOMPLETE else "open"
    return NoticeLine(row, days, state)


def kind_name(kind: int, language: str) -> str:
    """Name a kind of notice."""
    found = NOTICE_KINDS[kind]
    return found.name_th if language == "th" else found.name


def kind_options(language: str) -> tuple[Option, ...]:
    """Offer the kinds of notice by their numbers."""
    return tuple(
        Option(str(kind), f"{kind} · {kind_name(kind, language)}") for kind in NOTICE_KINDS
    )


def ways_to_answer(notice: NoticeRow) -> tuple[NoticeWay, ...]:
    """Give the forms by which a notice is answered, filled in with what it asks for."""
    if notice.status == COMPLETED:
        return ()
    missing = (notice.target_quantity or 0) - notice.fulfilled - notice.pending
    fields = {
        "from": notice.account,
        "unit_type": notice.unit_type,
        "quantity": str(missing) if missing > 0 else "",
        "project": notice.project,
        "notice": notice.number,
    }
    filled = ";".join(f"{key}={value}" for key, value in fields.items() if value)
    ways = [
        NoticeWay(
            "notices.answer_by_cancellation",
            f"cancellation.kinds.{name}",
            "cancellation",
            f"kind={name};{filled}",
        )
        for name, kind in CANCELLATION_KINDS.items()
        if notice.type in kind.notices
    ]
    ways += [
        NoticeWay(
            "notices.answer_by",
            f"further.{name}.name",
            "buffer" if name.startswith("buffer") else "further",
            f"{name}:{filled}",
        )
        for name, act in KINDS.items()
        if notice.type in act.notices
    ]
    return tuple(ways)
