"""Statements made ready once: for those that run in acts, thousands of times in an import.

Owns giving a statement straight to the driver. SQLAlchemy writes its SQL, for either engine, and
converts its values; it is only left out of the running, where it costs several times what the
database needs to find a row. On a server they can be read ahead, and written, several in one
round trip. Not for a statement that no act runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Delete, Dialect, Insert, Row, Select, Update, literal_column
from sqlalchemy.engine import result_tuple
from sqlalchemy.types import TypeEngine

from app.models.storage.sqlcipher import discard_after_damage

Values: TypeAlias = Mapping[str, Any]
Statement: TypeAlias = Select[*tuple[Any, ...]] | Insert | Update | Delete
Record: TypeAlias = Row[*tuple[Any, ...]]
"""A row with its columns by name, as SQLAlchemy gives it."""
_AnySelect = TypeVar("_AnySelect", bound=Select[*tuple[Any, ...]])
_Conversion: TypeAlias = Callable[[Any], Any]


def at_most(statement: _AnySelect, most: int) -> _AnySelect:
    """Limit a statement to so many rows by a number in its text.

    SQLite plans a statement anew each time it is run when the limit is a parameter, which costs
    more than running it.
    """
    return statement.limit(literal_column(str(most))).offset(literal_column("0"))


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one kind of engine takes it, given values of these `names`.

    `parameters` are in the order of the text: name, conversion, and the value of a constant;
    `conversions` are those of the columns that need one, by their place; `record` is a row with
    its columns by name.
    """

    sql: str
    names: frozenset[str]
    is_positional: bool
    parameters: tuple[tuple[str, _Conversion | None, Any], ...]
    conversions: tuple[tuple[int, _Conversion], ...]
    record: Callable[[Sequence[Any]], Record]

    def bind(self, values: Values) -> Any:
        """Convert values to what the driver takes; ValueError for other names than expected."""
        if values.keys() != self.names:
            wrong = ", ".join(sorted(values.keys() ^ self.names))
            raise ValueError(f"a prepared statement takes the same values each time: {wrong}")
        bound = [
            values.get(name, constant) if convert is None else convert(values.get(name, constant))
            for name, convert, constant in self.parameters
        ]
        if self.is_positional:
            return bound
        return {name: value for (name, _, _), value in zip(self.parameters, bound, strict=True)}

    def convert(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Convert a row of the driver's."""
        if not self.conversions:
            return tuple(row)
        values = list(row)
        for place, convert in self.conversions:
            values[place] = convert(values[place])
        return tuple(values)


class Prepared:
    """A statement, run on a connection that has begun its transaction.

    Every run names the same values. Errors are the driver's own, as `translate` knows them.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}

    def run(self, connection: Connection, values: Values) -> None:
        """Run a statement that gives no rows."""
        cursor = self._execute(connection, values)
        cursor.close()

    def run_each(self, connection: Connection, each: Sequence[Values]) -> None:
        """Run a statement that gives no rows once for each values."""
        for values in each:
            self.run(connection, values)

    def find(self, connection: Connection, values: Values) -> tuple[Any, ...] | None:
        """Give the first row, or None."""
        return next(self.rows(connection, values), None)

    def records(self, connection: Connection, values: Values) -> list[Record]:
        """Give all rows, their columns by name as well."""
        rows = list(self.rows(connection, values))
        record = self._forms[connection.dialect.name].record
        return [record(row) for row in rows]

    def record(self, connection: Connection, values: Values) -> Record | None:
        """Give the first row, its columns by name as well, or None."""
        return next(iter(self.records(connection, values)), None)

    def rows(self, connection: Connection, values: Values) -> Iterator[tuple[Any, ...]]:
        """Give the rows one by one; what is not asked for is not read."""
        cursor = self._execute(connection, values)
        convert = self._forms[connection.dialect.name].convert
        try:
            with closing(cursor):
                for row in cursor:
                    yield convert(row)
        except Exception as error:
            discard_after_damage(connection, error)
            raise

    def _execute(self, connection: Connection, values: Values) -> Any:
        if not connection.in_transaction():
            raise RuntimeError("a prepared statement runs inside a transaction that has begun")
        waiting = getattr(connection.connection.driver_connection, "read_ahead", None)
        if waiting:
            for place, (statement, of_values, cursor) in enumerate(waiting):
                if statement is self and of_values == values:
                    del waiting[place]
                    return cursor
        form = self._forms.get(connection.dialect.name)
        if form is None:
            form = _form(self._statement, connection.dialect, values)
            self._forms[connection.dialect.name] = form
        cursor = connection.connection.cursor()
        try:
            cursor.execute(form.sql, form.bind(values))
        except Exception as error:
            cursor.close()
            discard_after_damage(connection, error)
            raise
        return cursor


Read: TypeAlias = tuple[Prepared, Values]
"""A statement with the values it is run with."""


def read_anew(connection: Connection) -> None:
    """Forget what was read ahead and not asked for: what is asked for now is of now."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        driver.read_ahead = []


def read_together(connection: Connection, reads: Iterable[Read]) -> None:
    """Read on a server what is sure to be asked for in the same transaction, in one round trip.

    The next run of each statement with these values gives what was read now. A registry file
    answers at once, and is asked when it is needed: for one, `reads` is not even gone through.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql" or not driver.is_pipelined:
        return
    reads = tuple(reads)
    if not reads:
        return
    with driver.together(), driver.pipelined():
        found = [
            (statement, dict(values), statement._execute(connection, values))  # noqa: SLF001
            for statement, values in reads
        ]
    driver.read_ahead.extend(found)


def write_together(connection: Connection, *writes: Read) -> None:
    """Write, in one round trip on a server, and with COMMIT where that was agreed.

    For statements whose rows nobody asks for; they run in their order.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql" or not driver.is_pipelined:
        for statement, values in writes:
            statement.run(connection, values)
        return
    driver.begin_write()
    with driver.together(), driver.pipelined():
        for statement, values in writes:
            statement.run(connection, values)


def _form(statement: Statement, dialect: Dialect, values: Values) -> _Form:
    compiled = statement.compile(dialect=dialect, column_keys=list(values))
    # Raises for a value that is missing.
    constants = compiled.construct_params(values)
    order = compiled.positiontup or tuple(constants)
    return _Form(
        sql=compiled.string,
        names=frozenset(name for name in constants if name in values),
        is_positional=compiled.positional,
        parameters=tuple(
            (
                name,
                _native(compiled.binds[name].type, dialect).bind_processor(dialect),
                constants[name],
            )
            for name in order
        ),
        conversions=tuple(
            (place, convert)
            for place, column in enumerate(statement.exported_columns)
            if (convert := _native(column.type, dialect).result_processor(dialect, None))
        ),
        # Of columns of one name, the first has it.
        record=result_tuple([str(column.key) for column in statement.exported_columns]),
    )


def _native(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)
