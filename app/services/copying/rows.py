"""Copying every row of a registry from one engine to the other, and comparing each afterwards.

Owns the order of the tables, their pages, what differs between the engines (the beginning of role
names, how signing keys are wrapped), and the proof that the copy is the source. Guards and
sequences are the target's own business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, String, Table, collate, func, insert, inspect, select

from app.models.tables import Base
from app.services.copying.sides import CannotCopy
from app.services.log.hashing import CHAIN_START, MerkleTree, chain_hash, leaf_hash
from app.services.signing_keys import UNWRAPPED, WRAPPED, unwrap_private_key, wrap_private_key

Progress = Callable[[int, int], None]

_LEFT_OUT = frozenset({"log_queue", "person_session", "worker_lease"})
"""What is of one place alone: connections, the worker at work, and what waits for it."""

_OWN = {"registry": {"role_prefix"}, "signing_key": {"private_key", "wrapping"}}
"""Columns that each side has of its own."""

_PAGE = 1000
_PAGES = {"document": 10, "reading_record": 200}
"""How many rows are held at once; fewer of those that are large."""


@dataclass(frozen=True, slots=True)
class Place:
    """What rows become at the target: the beginning of role names, the secret of its worker."""

    role_prefix: str = ""
    secret: bytes | None = field(default=None, repr=False)


def copied_tables(connection: Connection) -> tuple[Table, ...]:
    """Give the schema's tables in an order in which each refers only to those before it."""
    there = set(inspect(connection).get_table_names()) - _LEFT_OUT
    return tuple(table for table in Base.metadata.sorted_tables if table.name in there)


def count_rows(connection: Connection) -> int:
    """Count what there is to copy."""
    return sum(
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in copied_tables(connection)
    )


def copy_rows(
    source: Connection,
    target: Connection,
    *,
    place: Place,
    secret: bytes | None,
    told: Callable[[int], None],
) -> int:
    """Copy every row, page by page; give how many. `secret` opens the source's signing keys."""
    copied = 0
    for table in copied_tables(source):
        for page in _pages(source, table):
            rows = [_at_home(table, row, place, secret) for row in page]
            target.execute(insert(table), rows)
            copied += len(rows)
            told(copied)
    return copied


def _pages(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    size = _PAGES.get(table.name, _PAGE)
    rows = connection.execute(_ordered(connection, table), execution_options={"yield_per": size})
    for page in rows.mappings().partitions(size):
        yield [dict(row) for row in page]


def _ordered(connection: Connection, table: Table) -> Any:
    """Select a table by its key, texts by their bytes on either engine."""
    is_networked = connection.dialect.name == "postgresql"
    keys = [
        collate(column, "C") if is_networked and isinstance(column.type, String) else column
        for column in table.primary_key
    ]
    return select(table).order_by(*keys)


def _at_home(
    table: Table, row: dict[str, Any], place: Place, secret: bytes | None
) -> dict[str, Any]:
    """Give a row as the target has it."""
    if table.name == "registry":
        return row | {"role_prefix": place.role_prefix}
    if table.name == "signing_key":
        return _rewrapped(row, secret, place.secret)
    return row


def _rewrapped(row: dict[str, Any], source: bytes | None, target: bytes | None) -> dict[str, Any]:
    """Wrap a signing key's private half as the target keeps it; it is in the clear in between."""
    public_key = bytes(row["public_key"])
    private_key = unwrap_private_key(
        bytes(row["private_key"]), wrapping=row["wrapping"], public_key=public_key, secret=source
    )
    raw = private_key.private_bytes_raw()
    if target is None:
        return row | {"private_key": raw, "wrapping": UNWRAPPED}
    wrapped = wrap_private_key(raw, public_key=public_key, secret=target)
    return row | {"private_key": wrapped, "wrapping": WRAPPED}


def compare_rows(
    source: Connection, target: Connection, *, told: Callable[[int], None]
) -> tuple[int, str]:
    """Compare each row of the target with the source's; give the log's size and root.

    Every entry's leaf, chain and place in the tree are computed from the bytes the target has.
    Raises CannotCopy for the first that differs.
    """
    log = _Log()
    compared = 0
    for table in copied_tables(source):
        pairs = zip_longest(_plain_rows(source, table), _plain_rows(target, table))
        for here, there in pairs:
            if here != there:
                raise _differs(table, here or there)
            if table.name == "log_entry":
                log.add(there)
            compared += 1
            if compared % _PAGE == 0:
                told(compared)
    return log.tree.size, log.tree.root().hex()


def _plain_rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    own = _OWN.get(table.name, set())
    for page in _pages(connection, table):
        for row in page:
            yield {
                name: bytes(value) if isinstance(value, (bytes, memoryview)) else value
                for name, value in row.items()
                if name not in own
            }


class _Log:
    """The chain and the tree over the entries the target has."""

    def __init__(self) -> None:
        self.tree = MerkleTree()
        self._chain = CHAIN_START

    def add(self, row: dict[str, Any]) -> None:
        leaf = leaf_hash(row["entry"])
        self._chain = chain_hash(self._chain, leaf)
        self.tree.append(leaf)
        stored = (row["sequence"], row["leaf_hash"], row["chain_hash"])
        if stored != (self.tree.size, leaf, self._chain):
            raise CannotCopy(
                f"Log entry {row['sequence']} does not hold in the source; nothing was copied.",
                hint="Run `teak verify` on the source.",
            )


def _differs(table: Table, row: dict[str, Any] | None) -> CannotCopy:
    key = ", ".join(str((row or {}).get(column.name)) for column in table.primary_key)
    return CannotCopy(
        f"The row {key} of {table.name} is not in the copy as it is in the source; the copy was "
        "taken away.",
        hint="Copy again; if it happens once more, look at the disks of both.",
    )
