"""What all tables share: the metadata, naming of constraints, column types.

Owns how a value is kept on either engine; knows no table.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    CursorResult,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of all tables."""

    metadata = MetaData(naming_convention=NAMING)


def time_text(moment: datetime) -> str:
    """Write an aware time as ISO 8601 UTC with microseconds and `Z`, always 27 characters.

    Raises ValueError for a naive time.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def read_time(text: str) -> datetime:
    """Read what `time_text` wrote."""
    return datetime.fromisoformat(text)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time: ISO 8601 text on SQLite, `timestamptz` on PostgreSQL."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the engine."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write the time; refuse a naive one."""
        if value is None or dialect.name == "postgresql":
            return value
        return time_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read the time, aware and in UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return read_time(value)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept as its own digits, never as a float."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write the digits."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Read the digits."""
        return None if value is None else Decimal(value)


AnyRow = Row[*tuple[Any, ...]]
"""A row of whatever columns."""


def inserted_id(result: CursorResult[*tuple[Any, ...]]) -> int:
    """Give the key the database chose for the one row just inserted."""
    key = result.inserted_primary_key
    if key is None:
        raise ValueError("the statement inserted no single row")
    return int(key[0])


BIG = BigInteger().with_variant(Integer, "sqlite")

Key = Annotated[int, mapped_column(BIG, primary_key=True, autoincrement=True)]
Quantity = Annotated[int, mapped_column(BIG)]
Serial = Annotated[int, mapped_column(BIG)]
Name = Annotated[str, mapped_column(Text)]
Code = Annotated[str, mapped_column(String(40))]
Moment = Annotated[datetime, mapped_column(UtcTime)]
Digest = Annotated[bytes, mapped_column(LargeBinary(32))]
HexDigest = Annotated[str, mapped_column(String(64))]
