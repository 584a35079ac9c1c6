"""What the first page says: greeting, figures, months.

Owns which figures are shown and how units of other registries are told apart from this
registry's own; reading them is the services'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from app.services.calibrating.due import DueLine, list_due
from app.services.listings.accounts import list_accounts
from app.services.listings.awaiting import count_awaiting
from app.services.listings.choices import list_domestic_unit_types
from app.services.listings.home_figures import HomeFigures, UnitFigure, home_figures
from app.services.listings.monthly_figures import MonthFigures, monthly_figures
from app.services.listings.page import Page, PageRequest
from app.services.listings.rule_changes import count_rules_awaiting
from app.services.listings.transactions import TransactionRow, list_transactions
from app.services.registry.context import Actor, OpenRegistry
from app.views.presenters.phrases import Phrase, say
from app.views.presenters.station_words import reason_against_station_acts

Write: TypeAlias = Callable[[Phrase], str]
"""Says a phrase in the language in force."""

_NOON, _EVENING = 12, 17


@dataclass(frozen=True)
class OwnAndOther:
    """Units of this registry's own type, and tonnes of CO2 equivalent of other registries."""

    own: int
    other: int


@dataclass(frozen=True)
class HomeState:
    """Everything the first page shows, as at one moment; `unit_type` is the own type."""

    unit_type: str
    held: OwnAndOther
    issued: OwnAndOther
    offset: OwnAndOther
    pending: int
    awaiting_me: int
    months: tuple[MonthFigures, ...]
    due: tuple[DueLine, ...] | None = None
    """What is to be calibrated, the most urgent first; None for who does not calibrate."""


def read_home(registry: OpenRegistry, actor: Actor) -> HomeState:
    """Read the first page's figures; called off the window's thread."""
    types = list_domestic_unit_types(registry)
    own = next((each.code for each in types if each.measure == "tCO2e"), "")
    figures: HomeFigures = home_figures(registry)
    proposed = list_accounts(registry, PageRequest(filters={"state": "proposed"}, limit=1))
    return HomeState(
        unit_type=own,
        held=_split(figures.held, own),
        issued=_split(figures.issued_this_year, own),
        offset=_split(figures.offset_this_year, own),
        pending=figures.pending + (proposed.total or 0),
        awaiting_me=count_awaiting(registry, actor) + count_rules_awaiting(registry, actor),
        months=monthly_figures(registry),
        due=None if reason_against_station_acts(actor) else list_due(registry),
    )


@dataclass(frozen=True)
class RecentRow:
    """A transaction in two lines: whose units, and what becomes of them."""

    id: str
    kind: str
    quantity: int
    status: str
    whose: str
    what: str


def recent_row(row: TransactionRow, write: Write) -> RecentRow:
    """Tell of a transaction in two lines."""
    if row.from_name is None:
        whose, what = row.to_name, say("home.new_units", account=row.to_account)
    elif row.type == "cancellation":
        whose, what = row.from_name, say("home.for_good")
    else:
        whose, what = row.from_name, say("home.to_account", name=row.to_name)
    return RecentRow(row.id, row.kind, row.quantity, row.status, whose, write(what))


def list_recent(registry: OpenRegistry, request: PageRequest, write: Write) -> Page[RecentRow]:
    """List transactions in two lines each; called off the window's thread."""
    page = list_transactions(registry, request)
    rows = tuple(recent_row(row, write) for row in page.rows)
    return Page(rows, page.next, page.total)


def greeting_key(hour: int) -> str:
    """Give the key of the greeting for an hour of the day, 0 to 23."""
    if hour < _NOON:
        return "home.morning"
    return "home.afternoon" if hour < _EVENING else "home.evening"


def waiting_key(count: int) -> str:
    """Give the key of the sentence that says how much awaits the person."""
    return {0: "home.nothing_waits", 1: "home.one_waits"}.get(count, "home.some_wait")


def _split(figures: tuple[UnitFigure, ...], own: str) -> OwnAndOther:
    carbon = [figure for figure in figures if figure.measure == "tCO2e"]
    mine = sum(figure.quantity for figure in carbon if figure.unit_type == own)
    return OwnAndOther(mine, sum(figure.quantity for figure in carbon) - mine)
