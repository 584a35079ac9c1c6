"""People of the desk as a listing; never their secrets.

Owns reading only; administering people is `app.services.people`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, true

from app.models.storage.unit_of_work import reading
from app.models.tables import Person
from app.models.tables.base import AnyRow
from app.services.listings.keyset import Source, count_rows, equals, fetch_page
from app.services.listings.page import Page, PageRequest
from app.services.listings.words import time_json
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who signs in; `is_enrolled` once an authenticator was given."""

    id: int
    user: str
    name: str
    email: str
    role: str
    state: str
    is_enrolled: bool
    created_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Write the person as the command line gives it."""
        return {
            "user": self.user,
            "name": self.name,
            "email": self.email or None,
            "role": self.role,
            "state": self.state,
            "enrolled": self.is_enrolled,
            "created_at": time_json(self.created_at),
        }


_COLUMNS = (
    Person.id,
    Person.user_name,
    Person.name,
    Person.email,
    Person.role,
    Person.state,
    Person.created_at,
)

PEOPLE = Source(
    statement=select(*_COLUMNS, Person.one_time_secret.is_not(None).label("is_enrolled")),
    key=(Person.id,),
    sorts={
        "id": (),
        "user": (Person.user_name,),
        "name": (Person.name,),
        "email": (Person.email,),
        "role": (Person.role,),
        "state": (Person.state,),
        "created_at": (Person.created_at,),
    },
    default_sort="id",
    filters={
        "user": equals(Person.user_name),
        "role": equals(Person.role),
        "state": equals(Person.state),
    },
    texts=(Person.user_name, Person.name, Person.email),
)


_PEOPLE_OF_A_SERVER = replace(PEOPLE, statement=select(*_COLUMNS, true().label("is_enrolled")))
"""Nobody's secret can be looked at there; nobody is added without one."""


def list_people(registry: OpenRegistry, request: PageRequest) -> Page[PersonRow]:
    """List people; filters: user, role, state. The first page says how many there are."""
    source = PEOPLE if registry.server is None else _PEOPLE_OF_A_SERVER
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, source, request)
        total = count_rows(connection, source, request) if request.after is None else None
    return Page(tuple(_row(row) for row in rows), following, total)


def _row(row: AnyRow) -> PersonRow:
    return PersonRow(
        id=row.id,
        user=row.user_name,
        name=row.name,
        email=row.email,
        role=row.role,
        state=row.state,
        is_enrolled=bool(row.is_enrolled),
        created_at=row.created_at,
    )
