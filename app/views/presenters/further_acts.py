"""The state behind the forms of all acts by which units leave or change in an account.

Owns which fields each act has beyond what all disposals share, and reading them into it: one
table for all, so that no act has a way of its own. Cancellations, whose kinds differ, and
acquisitions are beside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar

from app.models.codes import AccountType, NoticeType, Role
from app.services.listings.choices import (
    AccountChoice,
    ProjectChoice,
    list_account_choices,
    list_project_choices,
)
from app.services.notices.kinds import NOTICE_KINDS
from app.services.notices.recording import COMPLETED, NoticeRow, list_notices
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.periods import PeriodRow, list_periods
from app.services.transactions.acts import (
    Act,
    BufferCancellation,
    BufferCompensation,
    BufferDeposit,
    BufferHold,
    BufferRelease,
    BufferReturn,
    CarryOver,
    ClosureTransfer,
    CorrectiveTransfer,
    ExpiryChange,
    ExternalTransfer,
    Replacement,
    Retirement,
)
from app.services.transactions.acts.act import HOLDING_TYPES
from app.services.transactions.acts.replacement import REPLACEMENT_KINDS
from app.views.components.fields import Option
from app.views.presenters.act_form import FormReading, Values, ValuesReader
from app.views.presenters.disposal import DisposalForm, account_options
from app.views.presenters.phrases import Phrase, say

_BUFFER = frozenset({AccountType.BUFFER})
_RESERVE = frozenset({AccountType.RESERVE})
_CORRECTED = HOLDING_TYPES | {AccountType.OTHER_PURPOSE}
_PROJECTS = frozenset({"project", "reversed_project"})
_NOBODY: frozenset[AccountType] = frozenset()


class Entry(Enum):
    """How a field's value is read; it is left out of the act where it is empty."""

    TEXT = "text"
    NEEDED = "needed"
    WHOLE = "whole"
    DAY = "day"
    SERIALS = "serials"


@dataclass(frozen=True)
class Extra:
    """A field of one act; `field` is the form's, `attribute` the act's where they differ."""

    field: str
    entry: Entry = Entry.TEXT
    missing_key: str = ""
    attribute: str = ""

    def read(self, reader: ValuesReader) -> Any:
        """Take the value; None where there is none and none is needed."""
        if self.entry is Entry.TEXT:
            return reader.text(self.field) or None
        if self.entry is Entry.WHOLE:
            return reader.optional_whole(self.field)
        if self.entry is Entry.DAY:
            return reader.day(self.field, self.missing_key)
        text = reader.needed(self.field, self.missing_key)
        if self.entry is Entry.SERIALS:
            lines = (line.strip() for line in text.splitlines())
            return tuple(line for line in lines if line)
        return text


@dataclass(frozen=True)
class DisposalKind:
    """An act's form: its own fields, and what accounts it offers.

    `to_types` is empty where the units enter an account nobody names.
    """

    act: type[Act]
    extras: tuple[Extra, ...] = ()
    proposers: frozenset[Role] = frozenset({Role.OFFICER})
    from_types: frozenset[AccountType] = HOLDING_TYPES
    to_types: frozenset[AccountType] = _NOBODY
    notices: frozenset[NoticeType] = field(default=frozenset())
    takes_all: bool = False


_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_TO = Extra("to", Entry.NEEDED, "acts.missing_to", "to_account")
_NOTICE = Extra("notice")
_REASON = Extra("reason")

KINDS: Mapping[str, DisposalKind] = {
    kind.act.name: kind
    for kind in (
        DisposalKind(
            Retirement, (Extra("period", Entry.WHOLE), Extra("beneficiary"), Extra("purpose"))
        ),
        DisposalKind(CarryOver, (Extra("period", Entry.WHOLE),)),
        DisposalKind(
            Replacement,
            (
                Extra("kind", Entry.NEEDED, "further.missing_kind"),
                Extra("replaced", Entry.SERIALS, "further.missing_replaced"),
                _NOTICE,
            ),
            notices=frozenset(kind.notice for kind in REPLACEMENT_KINDS.values()),
        ),
        DisposalKind(
            ExpiryChange,
            (Extra("to_expiry", Entry.DAY, "further.missing_to_expiry"), _NOTICE, _REASON),
            notices=frozenset({NoticeType.EXPIRY_DATE_CHANGE}),
        ),
        DisposalKind(
            ExternalTransfer,
            (
                Extra("registry", Entry.NEEDED, "further.missing_registry"),
                Extra("account"),
                _NOTICE,
                _REASON,
            ),
            notices=frozenset(
                {
                    NoticeType.EXCESS_ISSUANCE,
                    NoticeType.NET_REVERSAL_OF_STORAGE,
                    NoticeType.NO_VERIFICATION_REPORT,
                }
            ),
        ),
        DisposalKind(
            CorrectiveTransfer,
            (_TO, Extra("corrects", Entry.NEEDED, "further.missing_corrects"), _REASON),
            proposers=_ADMINISTRATOR,
            from_types=_CORRECTED,
            to_types=_CORRECTED,
        ),
        DisposalKind(
            ClosureTransfer,
            (_TO, _REASON),
            proposers=frozenset({Role.OFFICER, Role.ADMINISTRATOR}),
            to_types=HOLDING_TYPES,
            takes_all=True,
        ),
        DisposalKind(BufferDeposit, (_TO, _REASON), proposers=_ADMINISTRATOR, to_types=_BUFFER),
        DisposalKind(BufferHold, (_REASON,), proposers=_ADMINISTRATOR, from_types=_BUFFER),
        DisposalKind(
            BufferReturn,
            (_TO, _REASON),
            proposers=_ADMINISTRATOR,
            from_types=_RESERVE,
            to_types=_BUFFER,
        ),
        DisposalKind(
            BufferRelease,
            (_TO, Extra("project"), _REASON),
            proposers=_ADMINISTRATOR,
            from_types=_BUFFER,
            to_types=HOLDING_TYPES,
        ),
        DisposalKind(
            BufferCancellation,
            (
                Extra("reversed_project", Entry.NEEDED, "further.missing_reversed"),
                Extra("reference"),
                _NOTICE,
                _REASON,
            ),
            proposers=_ADMINISTRATOR,
            from_types=_BUFFER,
            notices=frozenset({NoticeType.REVERSAL_OF_STORAGE}),
        ),
        DisposalKind(
            BufferCompensation,
            (
                Extra("over_issued", Entry.NEEDED, "further.missing_over_issued"),
                _NOTICE,
                _REASON,
            ),
            proposers=_ADMINISTRATOR,
            notices=frozenset({NoticeType.EXCESS_ISSUANCE}),
        ),
    )
}
"""Each act's form by the act's name; a test holds roles, accounts and notices to the act's own."""


@dataclass(frozen=True)
class FurtherChoices:
    """What a form offers besides the units of an account."""

    giving: tuple[AccountChoice, ...] = ()
    receiving: tuple[AccountChoice, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    periods: tuple[PeriodRow, ...] = ()
    projects: tuple[ProjectChoice, ...] = ()


class FurtherForm(DisposalForm):
    """The form of one act of `KINDS`."""

    fields: ClassVar[Mapping[str, str]] = {"to_account": "to", "transaction": "corrects"}

    def __init__(self, registry: OpenRegistry, actor: Actor, kind: DisposalKind) -> None:
        super().__init__(registry, actor)
        self.kind = kind
        self.choices = FurtherChoices()

    def read(self, values: Values) -> FormReading:
        """Read the form's values into the act."""
        reader = ValuesReader(values)
        content = self.read_disposal(reader)
        for extra in self.kind.extras:
            value = extra.read(reader)
            if value is not None:
                content[extra.attribute or extra.field] = value
        if reader.gaps:
            return FormReading(None, reader.gaps)
        return FormReading(self.kind.act(**content))

    def proposers_of(self, values: Values) -> frozenset[Role]:
        """Give the roles that may propose the act."""
        return self.kind.proposers

    def list_choices(self) -> FurtherChoices:
        """List what the form offers; called off the window's thread."""
        kind, registry = self.kind, self.registry
        asked = {extra.field for extra in kind.extras}
        return FurtherChoices(
            giving=list_account_choices(registry, types=kind.from_types),
            receiving=(
                list_account_choices(registry, types=kind.to_types) if kind.to_types else ()
            ),
            notices=tuple(list_notices(registry)) if kind.notices else (),
            periods=tuple(list_periods(registry)) if "period" in asked else (),
            projects=list_project_choices(registry) if asked & _PROJECTS else (),
        )

    def take_choices(self, choices: FurtherChoices) -> None:
        """Keep what the form offers."""
        self.choices = choices

    def giving_options(self) -> tuple[Option, ...]:
        """Offer the accounts that units may leave."""
        return account_options(self.choices.giving)

    def receiving_options(self) -> tuple[Option, ...]:
        """Offer the accounts that units may enter."""
        return account_options(self.choices.receiving)

    def notice_options(self, language: str, day: Callable[[Any], str]) -> tuple[Option, ...]:
        """Offer the open notices that the act may answer."""
        return notice_options(self.choices.notices, self.kind.notices, language, day)

    def period_options(self) -> tuple[Option, ...]:
        """Offer the commitment periods by number and years."""
        return tuple(
            Option(str(each.number), f"{each.number} · {each.first_day.year}–{each.last_day.year}")
            for each in self.choices.periods
        )

    def project_options(self, language: str) -> tuple[Option, ...]:
        """Offer the projects of this registry by code and name."""
        is_thai = language == "th"
        return tuple(
            Option(
                each.code,
                f"{each.code}  {(each.name_th or each.name_en) if is_thai else each.name_en}",
            )
            for each in self.choices.projects
        )

    def whole_holding(self, unit_type: str) -> str:
        """Give the quantity of an act that takes everything; nothing for others."""
        if not self.kind.takes_all:
            return ""
        held = next((each for each in self.held if each.unit_type == unit_type), None)
        return "" if held is None else str(held.quantity)


def notice_options(
    notices: Sequence[NoticeRow],
    types: frozenset[NoticeType],
    language: str,
    day: Callable[[Any], str],
) -> tuple[Option, ...]:
    """Offer open notices of some types: number, what they are about, when they are due."""
    options = []
    for each in notices:
        if each.type not in types or each.status == COMPLETED:
            continue
        kind = NOTICE_KINDS[each.type]
        name = kind.name_th if language == "th" else kind.name
        options.append(Option(each.number, f"{each.number} · {name} · {day(each.due_on)}"))
    return tuple(options)


def replacement_kind_options() -> tuple[Option, ...]:
    """Offer the reasons for which temporary units are replaced."""
    return tuple(Option(name, text_key=f"further.kinds.{name}") for name in REPLACEMENT_KINDS)


def whom_it_takes(proposers: frozenset[Role]) -> Phrase:
    """Say who proposes an act and who decides."""
    if proposers == _ADMINISTRATOR:
        return say("further.by_administrator")
    if Role.ADMINISTRATOR in proposers:
        return say("further.by_either")
    return say("further.by_officer")
