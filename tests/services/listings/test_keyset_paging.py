"""Pages follow one another by key: together they are the whole listing in order, once."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from app.models.errors import UsageError
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Account, Holder
from app.services.listings.accounts import AccountRow, list_accounts
from app.services.listings.page import Cursor, PageRequest
from app.services.registry.context import Actor, OpenRegistry

MANY = 2500
NAMES = ("ป่าชุมชน", "Green", "green", "100% solar", "a_b", "Zoë", "", "100 solar", "back\\slash")


def fill(registry: OpenRegistry, officer: Actor) -> None:
    """Write accounts whose names and days repeat often, so that ties must be broken."""
    chance = random.Random(7)
    with UnitOfWork(registry.engine) as unit:
        unit.connection.execute(
            insert(Holder),
            [
                {
                    "id": 1000 + place,
                    "name_en": chance.choice(NAMES),
                    "name_th": "",
                    "kind": "organisation",
                    "tax_id": "",
                    "country": "TH",
                    "email": "",
                    "identity_check": "passed",
                    "created_at": registry.now(),
                }
                for place in range(40)
            ],
        )
        unit.connection.execute(
            insert(Account),
            [
                {
                    "number": f"TH-100-{5000 + place}-0-0",
                    "country": "TH",
                    "type_code": 100,
                    "identifier": 5000 + place,
                    "period": 0,
                    "name": chance.choice(NAMES),
                    "holder_id": chance.choice([None, 1000 + place % 40]),
                    "state": chance.choice(["open", "proposed", "suspended"]),
                    "unit_state": "held",
                    "opened_on": chance.choice(
                        [None, date(2026, 1, 1) + timedelta(days=place % 30)]
                    ),
                    "proposed_by": officer.id,
                }
                for place in range(MANY)
            ],
        )
        unit.commit()


@pytest.fixture
def filled(registry: OpenRegistry, people: dict[str, Actor]) -> OpenRegistry:
    fill(registry, people["officer"])
    return registry


def walk(registry: OpenRegistry, limit: int, **request: object) -> list[AccountRow]:
    """Follow the cursors from the first page to the last."""
    rows: list[AccountRow] = []
    after: Cursor | None = None
    while True:
        page = list_accounts(
            registry,
            PageRequest(after=after, limit=limit, **request),  # type: ignore[arg-type]
        )
        assert len(page.rows) <= limit
        rows.extend(page.rows)
        if page.next is None:
            return rows
        assert len(page.rows) == limit
        after = page.next


SORT_VALUES = {
    "id": lambda row: (row.id,),
    "name": lambda row: (row.name.encode(), row.id),
    "holder": lambda row: (row.holder.encode(), row.id),
    "state": lambda row: (row.state, row.id),
    "opened_on": lambda row: (row.opened_on or date.max, row.id),
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", list(SORT_VALUES))
def test_pages_together_are_the_whole_in_order(
    filled: OpenRegistry, sort: str, descending: bool
) -> None:
    rows = walk(filled, 333, sort=sort, descending=descending)
    assert len({row.id for row in rows}) == len(rows) > MANY
    assert rows == sorted(rows, key=SORT_VALUES[sort], reverse=descending)
    assert rows == walk(filled, 5000, sort=sort, descending=descending)


def test_a_row_that_arrives_meanwhile_moves_no_other(
    filled: OpenRegistry, people: dict[str, Actor]
) -> None:
    before = walk(filled, 5000, sort="name")
    first = list_accounts(filled, PageRequest(sort="name", limit=100))
    with UnitOfWork(filled.engine) as unit:
        unit.connection.execute(
            insert(Account),
            {
                "number": "TH-100-1-0-0",
                "country": "TH",
                "type_code": 100,
                "identifier": 1,
                "period": 0,
                "name": "",
                "state": "open",
                "unit_state": "held",
                "proposed_by": people["officer"].id,
            },
        )
        unit.commit()
    second = list_accounts(filled, PageRequest(sort="name", limit=100, after=first.next))
    assert [*first.rows, *second.rows] == before[:200] or second.rows[0].name == ""
    assert second.rows[-1] in before


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("100%", {"100% solar"}),
        ("%", {"100% solar"}),
        ("a_b", {"a_b"}),
        ("_", {"a_b"}),
        ("\\", {"back\\slash"}),
        ("GREEN", {"Green", "green"}),
        ("ชุมชน", {"ป่าชุมชน"}),
        ("/", set()),
        ("' OR 1=1 --", set()),
    ],
)
def test_a_text_is_found_to_the_letter(filled: OpenRegistry, text: str, names: set[str]) -> None:
    found = {row.name for row in walk(filled, 5000, filter_text=text) if text_in(row, text)}
    rows = walk(filled, 5000, filter_text=text)
    assert all(text_in(row, text) for row in rows)
    assert {row.name for row in rows if text.casefold() in row.name.casefold()} == names
    assert names <= found


def text_in(row: AccountRow, text: str) -> bool:
    return any(text.casefold() in part.casefold() for part in (row.number, row.name, row.holder))


def test_filters_and_text_hold_on_every_page(filled: OpenRegistry) -> None:
    everything = walk(filled, 5000)
    rows = walk(filled, 50, filter_text="solar", filters={"state": "open", "kind": "holder"})
    assert rows == [
        row
        for row in everything
        if row.state == "open" and not row.is_built_in and text_in(row, "solar")
    ]
    assert rows
    assert list_accounts(filled, PageRequest(filters={"state": "open"})).total == sum(
        row.state == "open" for row in everything
    )


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        (PageRequest(sort="colour"), "colour"),
        (PageRequest(filters={"colour": "red"}), "colour"),
        (PageRequest(sort="id", after=("one",)), "one"),
        (PageRequest(sort="id", after=(1, 2)), "1, 2"),
        (PageRequest(sort="opened_on", after=("yesterday", 3)), "yesterday"),
        (PageRequest(filters={"type": "nonsense"}), "nonsense"),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused_by_name(
    registry: OpenRegistry, request_: PageRequest, named: str
) -> None:
    with pytest.raises(UsageError, match=named):
        list_accounts(registry, request_)
