"""Where a listing goes on after a row named by its own key, for `--after`.

Owns how each noun's rows are named from outside. A window keeps the cursor of its page and
needs none of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import Project, Rule, SourceUnit
from app.services.conversions.listing import SOURCE_UNITS
from app.services.listings.accounts import ACCOUNTS
from app.services.listings.blocks import BLOCKS, with_own_sort
from app.services.listings.certificates import CERTIFICATES
from app.services.listings.keyset import Filter, Source, find_cursor, whole_number
from app.services.listings.page import PageRequest
from app.services.listings.people import PEOPLE
from app.services.listings.projects import PROJECTS
from app.services.listings.rules import RULES
from app.services.listings.transactions import TRANSACTIONS
from app.services.registry.context import OpenRegistry


def _project(name: str) -> ColumnElement[bool]:
    """Keep the project named CODE or ORIGIN:CODE."""
    origin, colon, code = name.partition(":")
    if not colon:
        return Project.code == name
    return and_(Project.origin == origin, Project.code == code)


def _rule(name: str) -> ColumnElement[bool]:
    return Rule.id == whole_number(name, "after")


def _source_unit(name: str) -> ColumnElement[bool]:
    return SourceUnit.id == whole_number(name, "after")


@dataclass(frozen=True, slots=True)
class _Named:
    source: Source
    row: Filter


_NOUNS: Mapping[str, _Named] = {
    "accounts": _Named(ACCOUNTS, ACCOUNTS.filters["number"]),
    "blocks": _Named(BLOCKS, BLOCKS.filters["serial"]),
    "certificates": _Named(CERTIFICATES, CERTIFICATES.filters["number"]),
    "people": _Named(PEOPLE, PEOPLE.filters["user"]),
    "projects": _Named(PROJECTS, _project),
    "rules": _Named(RULES, _rule),
    "source-units": _Named(SOURCE_UNITS, _source_unit),
    "transactions": _Named(TRANSACTIONS, TRANSACTIONS.filters["id"]),
}


def after_row(registry: OpenRegistry, noun: str, request: PageRequest, name: str) -> PageRequest:
    """Give the request that goes on after the row of that name, as the listing is sorted.

    Raises NotFound when there is no such row.
    """
    named = _NOUNS[noun]
    if noun == "blocks":
        request = with_own_sort(request)
    with reading(registry.engine) as connection:
        cursor = find_cursor(connection, named.source, request, named.row(name))
    if cursor is None:
        raise NotFound(
            f"There is no row “{name}” among the {noun} to go on after.",
            hint="Give the number, id, serial, code or user name of the last row you have.",
        )
    return replace(request, after=cursor)
