"""The state behind the form by which units of another registry come in.

Owns reading its values into an acquisition, and what a serial range already says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError
from app.services.listings.choices import (
    AccountChoice,
    UnitTypeChoice,
    list_account_choices,
    list_foreign_unit_types,
)
from app.services.listings.page import PageRequest
from app.services.listings.projects import ProjectRow, list_projects
from app.services.transactions.acts import Acquisition
from app.views.components.fields import Option
from app.views.presenters.act_form import ActForm, FormReading, Values, ValuesReader
from app.views.presenters.disposal import account_options
from app.views.presenters.project_key import read_project_key, write_project_key

_MOST_PROJECTS = 5_000


@dataclass(frozen=True)
class AcquisitionChoices:
    """What the form offers: accounts, unit types and projects of other registries."""

    accounts: tuple[AccountChoice, ...] = ()
    unit_types: tuple[UnitTypeChoice, ...] = ()
    projects: tuple[ProjectRow, ...] = ()


class AcquisitionForm(ActForm):
    """Units that another registry sent, as its record says."""

    fields: ClassVar[dict[str, str]] = {"to": "account", "origin": "project"}

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.choices = AcquisitionChoices()

    def read(self, values: Values) -> FormReading:
        """Read the form's values into an acquisition."""
        reader = ValuesReader(values)
        origin, code = read_project_key(reader.needed("project", "further.missing_foreign_project"))
        content: dict[str, Any] = {
            "sender_registry": reader.needed("sender_registry", "further.missing_sender"),
            "origin": origin,
            "project": code,
            "account": reader.needed("account", "acts.missing_to"),
            "unit_type": reader.needed("unit_type", "acts.missing_unit_type"),
            "serial": reader.needed("serial", "further.missing_serial"),
            "quantity": reader.whole("quantity", "acts.missing_quantity"),
            "vintage": reader.optional_whole("vintage"),
            "issued_on": reader.optional_day("issued_on"),
            "expires_on": reader.optional_day("expires_on"),
            "sender_account": reader.text("sender_account"),
            "reference": reader.needed("reference", "further.missing_reference"),
        }
        return (
            FormReading(None, reader.gaps) if reader.gaps else FormReading(Acquisition(**content))
        )

    def list_choices(self) -> AcquisitionChoices:
        """List what the form offers; called off the window's thread."""
        projects = list_projects(self.registry, PageRequest(limit=_MOST_PROJECTS)).rows
        return AcquisitionChoices(
            list_account_choices(self.registry),
            list_foreign_unit_types(self.registry),
            tuple(each for each in projects if each.origin != self.registry.country),
        )

    def take_choices(self, choices: AcquisitionChoices) -> None:
        """Keep what the form offers."""
        self.choices = choices

    def options(self, language: str) -> dict[str, tuple[Option, ...]]:
        """Offer accounts, unit types and projects by their fields."""
        is_thai = language == "th"
        return {
            "account": account_options(self.choices.accounts),
            "unit_type": tuple(
                Option(each.code, f"{each.code} · {each.name_th if is_thai else each.name_en}")
                for each in self.choices.unit_types
            ),
            "project": tuple(
                Option(
                    write_project_key(each.origin, each.code),
                    f"{each.origin} {each.code} · "
                    f"{(each.name_th or each.name) if is_thai else each.name}",
                )
                for each in self.choices.projects
            ),
        }


def quantity_of_serial(serial: str) -> str:
    """Count the units a serial range names; nothing when it cannot be read."""
    try:
        return str(read_serial(serial).quantity)
    except SerialError:
        return ""
