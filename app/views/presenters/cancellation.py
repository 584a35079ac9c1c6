"""The state behind the cancellation form.

Owns reading its values into a cancellation of a kind, and what each kind offers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.models.codes import Role
from app.services.listings.choices import AccountChoice, list_account_choices
from app.services.notices.recording import NoticeRow, list_notices
from app.services.transactions.acts import Cancellation
from app.services.transactions.acts.act import HOLDING_TYPES, KEPT_TYPES
from app.services.transactions.acts.disposal import CANCELLATION_KINDS, MANDATORY, VOLUNTARY
from app.views.components.fields import Option
from app.views.presenters.act_form import FormReading, Values, ValuesReader
from app.views.presenters.disposal import DisposalForm, account_options
from app.views.presenters.further_acts import notice_options


@dataclass(frozen=True)
class CancellationChoices:
    """What the form offers: holders' accounts, all that hold units, and notices."""

    holders: tuple[AccountChoice, ...] = ()
    all_kept: tuple[AccountChoice, ...] = ()
    notices: tuple[NoticeRow, ...] = ()


class CancellationForm(DisposalForm):
    """Units out of circulation for good: voluntarily, or of another kind."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.choices = CancellationChoices()

    def read(self, values: Values) -> FormReading:
        """Read the form's values into a cancellation."""
        reader = ValuesReader(values)
        content = self.read_disposal(reader)
        if reader.gaps:
            return FormReading(None, reader.gaps)
        kind = kind_of(values)
        is_voluntary = kind == VOLUNTARY
        return FormReading(
            Cancellation(
                **content,
                kind=kind,
                beneficiary=reader.text("beneficiary") if is_voluntary else "",
                purpose=reader.text("purpose"),
                notice=reader.text("notice") if asks_for_notice(kind) else "",
            )
        )

    def proposers_of(self, values: Values) -> frozenset[Role]:
        """Give the roles that may propose it: an administrator too compiles mandatory ones."""
        if kind_of(values) == MANDATORY:
            return frozenset({Role.OFFICER, Role.ADMINISTRATOR})
        return super().proposers_of(values)

    def list_choices(self) -> CancellationChoices:
        """List what the form offers; called off the window's thread."""
        return CancellationChoices(
            list_account_choices(self.registry, types=HOLDING_TYPES),
            list_account_choices(self.registry, types=KEPT_TYPES),
            tuple(list_notices(self.registry)),
        )

    def take_choices(self, choices: CancellationChoices) -> None:
        """Keep what the form offers."""
        self.choices = choices

    def giving_options(self, kind: str) -> tuple[Option, ...]:
        """Offer the accounts that units of a kind of cancellation may leave."""
        offered = self.choices.all_kept if kind == MANDATORY else self.choices.holders
        return account_options(offered)

    def notice_options(
        self, kind: str, language: str, day: Callable[[Any], str]
    ) -> tuple[Option, ...]:
        """Offer the open notices that ask for a kind of cancellation."""
        types = CANCELLATION_KINDS[kind].notices
        return notice_options(self.choices.notices, types, language, day)


def kind_of(values: Values) -> str:
    """Give the kind that is chosen; voluntary where none is known by that name."""
    kind = values.get("kind", "")
    return kind if kind in CANCELLATION_KINDS else VOLUNTARY


def asks_for_notice(kind: str) -> bool:
    """Tell whether notices ask for cancellations of a kind."""
    return bool(CANCELLATION_KINDS[kind].notices)


def kind_options() -> tuple[Option, ...]:
    """Offer the kinds of cancellation."""
    return tuple(Option(name, text_key=f"cancellation.kinds.{name}") for name in CANCELLATION_KINDS)
