"""What the first page says: greeting, figures, months.

Owns which figures are shown and how units of other registries are told apart from this
registry's own; reading them is the services'.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.services.listings.awaiting import count_awaiting
from app.services.listings.choices import list_domestic_unit_types
from app.services.listings.home_figures import HomeFigures, UnitFigure, home_figures
from app.services.listings.monthly_figures import MonthFigures, monthly_figures
from app.services.registry.context import Actor, OpenRegistry

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
    open_accounts: int
    certificates: int
    months: tuple[MonthFigures, ...]


def read_home(registry: OpenRegistry, actor: Actor) -> HomeState:
    """Read the first page's figures; called off the window's thread."""
    types = list_domestic_unit_types(registry)
    own = next((each.code for each in types if each.measure == "tCO2e"), "")
    figures: HomeFigures = home_figures(registry)
    return HomeState(
        unit_type=own,
        held=_split(figures.held, own),
        issued=_split(figures.issued_this_year, own),
        offset=_split(figures.offset_this_year, own),
        pending=figures.pending,
        awaiting_me=count_awaiting(registry, actor),
        open_accounts=figures.open_accounts,
        certificates=figures.certificates,
        months=monthly_figures(registry),
    )


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
