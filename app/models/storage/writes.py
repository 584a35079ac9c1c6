"""What an act writes: at once in a registry file, all in one round trip on a server.

Owns holding writes back until the last, which brings COMMIT along where that was agreed, and the
keys of rows written so: a server's sequences give them before. Must not know what is stored, nor
be read from: what was held back is not in the database yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, insert, literal_column, select

from app.models.storage.prepared import Prepared, Read, Values, write_together
from app.models.tables.base import Base, inserted_id

_NEXT: dict[str, Prepared] = {}
_INSERTS: dict[tuple[str, tuple[str, ...]], Prepared] = {}


def keys_ahead(*tables: type[Base]) -> Iterator[Read]:
    """Ask a server for the keys of rows to come, one a row, together with what is read.

    It gives them only to those who may write such rows; others are to be told so in words.
    """
    for table in tables:
        yield _next_key(table), {}


def _next_key(table: type[Base]) -> Prepared:
    name = table.__tablename__
    if name not in _NEXT:
        _NEXT[name] = Prepared(select(func.nextval(literal_column(f"'teak.{name}_id_seq'"))))
    return _NEXT[name]


class Writes:
    """The writes of one unit of work, in their order; `flush` ends them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_on_server = connection.dialect.name == "postgresql"
        self._waiting: list[Read] = []

    def insert(self, table: type[Base], values: Values) -> int:
        """Insert a row with a key of its own, and give the key."""
        if not self._is_on_server:
            return inserted_id(self._connection.execute(insert(table), dict(values)))
        (key,) = next(_next_key(table).rows(self._connection, {}))
        self.add(table, {**values, "id": key})
        return int(key)

    def add(self, table: type[Base], values: Values) -> None:
        """Insert a row whose key is among its values, or that has none that anybody needs."""
        form = (table.__tablename__, tuple(sorted(values)))
        if form not in _INSERTS:
            _INSERTS[form] = Prepared(insert(table).inline())
        self.run(_INSERTS[form], values)

    def run(self, statement: Prepared, values: Values) -> None:
        """Run a statement that gives no rows, or whose rows nobody needs."""
        if self._is_on_server:
            self._waiting.append((statement, values))
        else:
            statement.run(self._connection, values)

    def flush(self) -> None:
        """Write what waits; after this nothing more may be written."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            write_together(self._connection, *waiting)
