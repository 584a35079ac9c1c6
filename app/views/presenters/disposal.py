"""The state behind a form by which units leave an account: free units, FIFO or picked.

Owns reading the part that transfers and cancellations share; the rest is in their modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.services.listings.choices import (
    AccountChoice,
    HeldUnits,
    list_account_choices,
    list_held_units,
)
from app.views.components.fields import Option
from app.views.presenters.act_form import ActForm, ValuesReader, account_words, first_of
from app.views.presenters.phrases import Phrase, say

FIFO = "fifo"
PICK = "pick"


class DisposalForm(ActForm):
    """What transfers and cancellations share; holds the units of the chosen account."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._held: tuple[HeldUnits, ...] = ()
        self.held_account = ""

    def list_accounts(self) -> tuple[AccountChoice, ...]:
        """List the accounts to choose from; called off the window's thread."""
        return list_account_choices(self.registry)

    def list_held(self, account: str) -> tuple[HeldUnits, ...]:
        """List what an account holds; called off the window's thread."""
        return list_held_units(self.registry, account)

    @property
    def held(self) -> tuple[HeldUnits, ...]:
        """What the chosen account holds."""
        return self._held

    def take_held(self, account: str, held: tuple[HeldUnits, ...]) -> None:
        """Keep what the chosen account holds."""
        self.held_account, self._held = account, held

    def unit_type_options(self, language: str) -> tuple[Option, ...]:
        """Give the unit types the chosen account holds."""
        return tuple(
            Option(
                held.unit_type,
                f"{held.unit_type} · {held.name_th if language == 'th' else held.name_en}",
            )
            for held in self._held
        )

    def only_unit_type(self) -> str:
        """Give the unit type when the account holds but one."""
        return first_of([held.unit_type for held in self._held])

    def free_units(self, unit_type: str) -> Phrase | None:
        """Say how many units of a type are free, once the account is known."""
        held = next((each for each in self._held if each.unit_type == unit_type), None)
        return None if held is None else say("acts.of_free", count=held.free)

    def read_disposal(self, reader: ValuesReader) -> dict[str, Any]:
        """Read the fields that transfers and cancellations share."""
        content: dict[str, Any] = {
            "from_account": reader.needed("from", "acts.missing_from"),
            "unit_type": reader.needed("unit_type", "acts.missing_unit_type"),
            "quantity": reader.whole("quantity", "acts.missing_quantity"),
        }
        if reader.text("choice") == PICK:
            content["blocks"] = tuple(reader.needed("blocks", "acts.missing_blocks").splitlines())
        return content


def account_options(accounts: Sequence[AccountChoice]) -> tuple[Option, ...]:
    """Offer accounts by number, with the names of account and holder in both languages."""
    return tuple(
        Option(
            each.number,
            f"{each.number}  {account_words(each.name, each.holder_en, each.holder_th)}",
        )
        for each in accounts
    )
