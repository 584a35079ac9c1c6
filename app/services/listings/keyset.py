"""Keyset paging: the rows after a cursor in a chosen order, with text and exact filters.

Owns how a page request becomes SQL, on either engine, and how a cursor is written so that it
survives JSON. Must know no noun: each listing hands in its statement, sorts and filters.

The statement must join outward from its first table (`outerjoin`), so that SQLite walks that
table in the order asked for and stops at the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.models.errors import UsageError
from app.models.tables.base import AnyRow, UtcTime, read_time, time_text
from app.services.listings.page import Cursor, PageRequest

Expression: TypeAlias = ColumnElement[Any] | InstrumentedAttribute[Any]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]
Filter: TypeAlias = Callable[[str], ColumnElement[bool]]

MOST_ROWS = 5000
"""Largest page; a command that wants more asks again with the cursor."""

LATEST_TIME = datetime(9999, 12, 31, tzinfo=UTC)
LATEST_DAY = date.max


@dataclass(frozen=True)
class Source:
    """What a listing pages over.

    `key` makes a row's place unique and follows every sort. Sort expressions are never NULL
    (see `time_or_latest`, `day_or_latest`). `texts` are searched by the free filter.
    """

    statement: AnySelect
    key: Sequence[Expression]
    sorts: Mapping[str, Sequence[Expression]]
    default_sort: str
    filters: Mapping[str, Filter] = field(default_factory=dict)
    texts: Sequence[Expression] = ()


def time_or_latest(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """Sort a time that may be missing as later than all others."""
    return func.coalesce(column, literal(LATEST_TIME, UtcTime), type_=UtcTime())


def day_or_latest(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """Sort a day that may be missing as later than all others."""
    return func.coalesce(column, literal(LATEST_DAY), type_=column.type)


def text_or_empty(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """Sort a text that may be missing before all others."""
    return func.coalesce(column, "", type_=column.type)


def equals(column: InstrumentedAttribute[Any]) -> Filter:
    """Keep rows whose text is exactly the value."""
    return lambda value: column == value


def equals_number(column: InstrumentedAttribute[Any], name: str) -> Filter:
    """Keep rows whose number is exactly the value; UsageError when that is no number."""
    return lambda value: column == whole_number(value, name)


def whole_number(value: str, name: str) -> int:
    """Read a filter's whole number; UsageError naming the filter otherwise."""
    if value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    raise UsageError(f"The filter {name} is “{value}”.", hint="Give a whole number.")


def texts_of_json(
    column: InstrumentedAttribute[str], *names: str
) -> tuple[ColumnElement[str], ...]:
    """Give the texts under these names of a column that keeps a JSON object."""
    return tuple(type_coerce(column, JSON)[name].as_string() for name in names)


def contains(columns: Sequence[Expression], text: str) -> ColumnElement[bool]:
    """Keep rows in which any column contains the text, whatever its case, to the letter.

    The wildcards of LIKE stand for themselves.
    """
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def fetch_page(
    connection: Connection, source: Source, request: PageRequest
) -> tuple[Sequence[AnyRow], Cursor | None]:
    """Fetch one page and the cursor of the next, None at the end.

    Raises UsageError for a sort, filter or cursor that the listing does not have.
    """
    order = sort_expressions(source, request.sort)
    limit = max(1, min(request.limit, MOST_ROWS))
    statement = filtered(source, request).add_columns(
        *(expression.label(f"cursor_{place}") for place, expression in enumerate(order))
    )
    if request.after is not None:
        statement = statement.where(_after(order, request.after, descending=request.descending))
    directed = [item.desc() if request.descending else item.asc() for item in order]
    rows = connection.execute(statement.order_by(*directed).limit(limit + 1)).all()
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], _cursor(rows[limit - 1], len(order))


def filtered(source: Source, request: PageRequest) -> AnySelect:
    """Give the listing's statement with the request's filters, unordered."""
    statement = source.statement
    for name, value in request.filters.items():
        if name not in source.filters:
            raise UsageError(
                f"This listing has no filter “{name}”.",
                hint="Filters: " + ", ".join(sorted(source.filters)) + ".",
            )
        if value != "":
            statement = statement.where(source.filters[name](value))
    text = request.filter_text.strip()
    if text and source.texts:
        statement = statement.where(contains(source.texts, text))
    return statement


def find_cursor(
    connection: Connection, source: Source, request: PageRequest, row: ColumnElement[bool]
) -> Cursor | None:
    """Find the cursor behind the last row that meets a condition, None when there is none."""
    order = sort_expressions(source, request.sort)
    directed = [item.asc() if request.descending else item.desc() for item in order]
    labelled = [item.label(f"cursor_{place}") for place, item in enumerate(order)]
    found = connection.execute(
        source.statement.add_columns(*labelled).where(row).order_by(*directed).limit(1)
    ).one_or_none()
    return None if found is None else _cursor(found, len(order))


def count_rows(connection: Connection, source: Source, request: PageRequest) -> int:
    """Count what the filters keep; for listings that stay small."""
    counted = filtered(source, request).subquery()
    return int(connection.execute(select(func.count()).select_from(counted)).scalar_one())


def sort_expressions(source: Source, name: str) -> list[Expression]:
    """Give the expressions of a sort with the key behind them; UsageError for an unknown one."""
    chosen = source.sorts.get(name or source.default_sort)
    if chosen is None:
        raise UsageError(
            f"This listing cannot be sorted by “{name}”.",
            hint="Sorts: " + ", ".join(sorted(source.sorts)) + ".",
        )
    return [*chosen, *(part for part in source.key if not any(part is item for item in chosen))]


def _after(order: Sequence[Expression], cursor: Cursor, *, descending: bool) -> ColumnElement[bool]:
    if len(cursor) != len(order):
        raise _wrong_cursor(cursor)
    values = [
        bindparam(None, _read_value(item, value, cursor), type_=item.type, unique=True)
        for item, value in zip(order, cursor, strict=True)
    ]
    place, last = tuple_(*order), tuple_(*values)
    return place < last if descending else place > last


def _read_value(item: Expression, value: str | int | None, cursor: Cursor) -> Any:
    wanted = datetime if isinstance(item.type, UtcTime) else item.type.python_type
    try:
        if wanted is datetime:
            return read_time(str(value))
        if wanted is date:
            return date.fromisoformat(str(value))
    except ValueError:
        raise _wrong_cursor(cursor) from None
    if not isinstance(value, wanted):
        raise _wrong_cursor(cursor)
    return value


def _wrong_cursor(cursor: Cursor) -> UsageError:
    return UsageError(
        f"{list(cursor)!r} is not a place in this listing as it is sorted now.",
        hint="Take the cursor from the page before, with the same sort.",
    )


def _cursor(row: AnyRow, length: int) -> Cursor:
    # The sort expressions were added behind the listing's own columns.
    return tuple(_cursor_value(value) for value in tuple(row)[-length:])


def _cursor_value(value: Any) -> str | int:
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)
