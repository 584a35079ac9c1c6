"""The state behind holidays and commitment periods: reading them, adding, removing, opening.

Owns asking the services; an administrator does, and for a period a second one agrees.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import date, timedelta

from app.models.codes import Role
from app.services.people.sign_in import authenticate
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.periods import PeriodRow, list_periods, open_period
from app.services.trust.holidays import HolidayRow, add_holidays, list_holidays, remove_holiday
from app.views.presenters.act_form import Values, ValuesReader
from app.views.presenters.registry_import import Credentials


def reason_against_calendar(actor: Actor) -> str:
    """Say why this person changes neither calendar nor periods; nothing when they do."""
    return "" if actor.role is Role.ADMINISTRATOR else "calendar.only_administrators"


@dataclass(frozen=True)
class PeriodLine:
    """A commitment period, and how it lies to today: past, present or to come."""

    number: int
    first_day: date
    last_day: date
    tense: str


class Calendar:
    """Reads and changes; called off the window's thread but for `read_holiday`."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self.registry = registry
        self.actor = actor

    def list_holidays(self) -> list[HolidayRow]:
        """List the holidays, the earliest first."""
        return list_holidays(self.registry)

    def read_holiday(self, values: Values) -> HolidayRow | None:
        """Read a form's values into a holiday; None while something is missing."""
        reader = ValuesReader(values)
        day = reader.day("day", "acts.missing_day")
        name_en = reader.needed("name_en", "acts.missing_day")
        name_th = reader.needed("name_th", "acts.missing_day")
        return None if reader.gaps else HolidayRow(day, name_en, name_th)

    def add(self, holiday: HolidayRow) -> None:
        """Add a day. Raises RulesBroken when it is there already."""
        add_holidays(self.registry, self.actor, [holiday])

    def remove(self, day: date) -> None:
        """Take a day off the calendar."""
        remove_holiday(self.registry, self.actor, day)

    def list_periods(self) -> list[PeriodLine]:
        """List the periods in their order."""
        today = self.registry.today()
        return [
            PeriodLine(row.number, row.first_day, row.last_day, _tense(row, today))
            for row in list_periods(self.registry)
        ]

    def next_period(self) -> tuple[int, date]:
        """Give the number and the first day of the period that would follow."""
        last = list_periods(self.registry)[-1]
        return last.number + 1, last.last_day + timedelta(days=1)

    def open_next(self, last_day: date, agreed: Credentials) -> PeriodRow:
        """Open the next period with the agreement of a second administrator.

        Raises SignInRefused for wrong credentials, RulesBroken for a day that does not follow.
        """
        second = authenticate(
            self.registry,
            user=agreed.user,
            passphrase=agreed.passphrase,
            code=agreed.code,
            host=socket.gethostname(),
            act="agree-to-period",
        )
        return open_period(self.registry, self.actor, second, last_day=last_day)


def _tense(row: PeriodRow, today: date) -> str:
    if row.last_day < today:
        return "past"
    return "present" if row.first_day <= today else "coming"
