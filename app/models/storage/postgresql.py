"""Connections to a networked registry: PostgreSQL through psycopg 3, for SQLAlchemy.

Owns how a connection is opened and set up: TLS that proves which server answers, SCRAM and
nothing weaker for a person, deadlines, the search path, and taking up a person's session on each
further or renewed connection. Must not know what is stored, nor keep a passphrase anywhere but
in memory.

Round trips are the cost that a network adds, so none is spent on talk: no ping before use (the
socket is looked at instead), no settings sent after connecting (they travel with the start-up
message), no questions by SQLAlchemy on its first connection, BEGIN together with the first
statement. A write by one function call runs outside a transaction of ours (`Scope.ALONE`):
the server makes it one. `reading` of one statement costs one round trip, each further one
another; a `UnitOfWork` costs one for each statement and one for COMMIT.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg.pq import ConnStatus
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.dialects import registry as dialects
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from app.models.errors import ServerUnreachable
from app.models.server_place import ServerPlace, system_authorities
from app.models.storage.server_connection import Scope, ServerConnection, ServerCursor
from app.models.storage.sqlcipher import ALONE, READING

SCHEMA = "teak"
_POOL_SIZE = 3
_POOL_OVERFLOW = 4
"""Together below the eight connections a person's role may have; one stays for listening."""

_DRIVER = "postgresql+teak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long to wait, in seconds: for a connection, for an answer, for somebody's lock."""

    connect_s: int = 10
    call_s: float = 30.0
    lock_s: float = 10.0

    @property
    def statement_ms(self) -> int:
        """When the server is to give up by itself, a little before we do."""
        return max(1, int(self.call_s * 900))


STANDARD_DEADLINES = Deadlines()
PATIENT_DEADLINES = Deadlines(call_s=3600.0, lock_s=60.0)
"""For those who create, migrate, copy or verify a whole registry."""

Resume = Callable[[ServerConnection], None]


@contextmanager
def closing_unless_set_up(connection: ServerConnection) -> Iterator[None]:
    """Close a new connection when what makes it usable fails: each person has few of them."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


@dataclass(slots=True)
class ServerAccess:
    """What opens connections for somebody: passphrase, and the session to take up on each.

    `resume` is called on every new connection before it is used. Changed when the person signs
    in, changes their passphrase or signs out; shared by all threads.
    """

    place: ServerPlace
    passphrase: str = field(default="", repr=False)
    resume: Resume | None = field(default=None, repr=False)
    deadlines: Deadlines = STANDARD_DEADLINES
    requires_scram: bool = True
    demo_clock: Callable[[], datetime] | None = field(default=None, repr=False)
    is_held_back: bool = False
    """Whether the server is known not to answer: then nobody waits for it once more."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def connect(self, **options: Any) -> ServerConnection:
        """Open one connection, with the session taken up. Errors are the driver's own.

        Raises ServerUnreachable at once while connections are held back.
        """
        if self.is_held_back:
            raise _not_connected(self.place)
        connection = ServerConnection.connect(
            **_parameters(self), autocommit=True, cursor_factory=ServerCursor, **options
        )
        connection.deadline_s = self.deadlines.call_s
        connection.demo_clock = self.demo_clock
        with self._lock:
            resume = self.resume
        if resume is not None:
            with closing_unless_set_up(connection):
                resume(connection)
        return connection

    def begin_session(self, resume: Resume) -> None:
        """Take up a session on every connection from now on."""
        with self._lock:
            self.resume = resume


class TeakDialect(PGDialect_psycopg):
    """SQLAlchemy's dialect, which asks the server nothing that is known already."""

    supports_statement_cache = True

    def _get_server_version_info(self, connection: Connection) -> tuple[int, ...]:
        driver: Any = connection.connection.driver_connection
        version = int(driver.info.server_version)
        return (version // 10000, version % 10000)

    def _get_default_schema_name(self, _connection: Connection) -> str:
        return SCHEMA

    def _set_backslash_escapes(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        said = driver.info.parameter_status("standard_conforming_strings")
        self._backslash_escapes = said == "off"

    def get_default_isolation_level(self, _driver: Any) -> Any:
        """Give what every connection of ours asks for."""
        return "READ COMMITTED"


dialects.register("postgresql.teak", __name__, TeakDialect.__name__)


def open_postgresql(
    access: ServerAccess, *, role: str = "", is_pooled: bool = True, is_pipelined: bool = True
) -> Engine:
    """Make an engine whose connections are somebody's; nothing is sent before the first.

    `role` is taken up by SET ROLE on each connection (for those who create a registry).
    """
    engine = create_engine(
        URL.create(
            _DRIVER,
            username=access.place.user or None,
            host=access.place.host,
            port=access.place.port,
            database=access.place.database,
        ),
        use_native_hstore=False,
        pool_reset_on_return="rollback",
        **(
            {"poolclass": QueuePool, "pool_size": _POOL_SIZE, "max_overflow": _POOL_OVERFLOW}
            if is_pooled
            else {"poolclass": NullPool}
        ),
    )

    def connect(_dialect: Dialect, _record: ConnectionPoolEntry, _args: Any, given: Any) -> Any:
        connection = access.connect(context=given.get("context"))
        connection.is_pipelined = is_pipelined
        if role:
            with closing_unless_set_up(connection):
                connection.start(Scope.ALONE)
                connection.execute(f'SET ROLE "{role}"'.encode())
        return connection

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", _require_alive)
    event.listen(engine, "begin", _begin)
    return engine


def _not_connected(place: ServerPlace) -> ServerUnreachable:
    return ServerUnreachable(
        f'There is no connection to "{place.label}" at the moment.',
        hint="Teak connects again by itself; what you typed is kept.",
    )


def _parameters(access: ServerAccess) -> dict[str, Any]:
    place, deadlines = access.place, access.deadlines
    settings = {
        "search_path": f"{SCHEMA},pg_temp",
        "statement_timeout": deadlines.statement_ms,
        "lock_timeout": int(deadlines.lock_s * 1000),
        "idle_in_transaction_session_timeout": int(deadlines.call_s * 4000),
        "timezone": "UTC",
        # Whatever the server's own default: by an older picture it lets nobody act.
        "default_transaction_isolation": r"read\ committed",
        # Compiling a plan takes longer than running any of ours.
        "jit": "off",
        # A desk asks by keys, for hours, by plans made once: one made while a table was small
        # would read it whole when it no longer is.
        "enable_seqscan": "off",
    }
    found: dict[str, Any] = {
        "host": place.host,
        "port": place.port,
        "dbname": place.database,
        "connect_timeout": deadlines.connect_s,
        "application_name": "teak",
        "client_encoding": "utf8",
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "keepalives": 1,
        "keepalives_idle": 20,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "gssencmode": "disable",
        **_encryption(place),
    }
    if place.user:
        found["user"] = place.user
    if access.passphrase:
        found["password"] = access.passphrase
    if access.requires_scram:
        # A false server must not be able to ask for the passphrase itself. On this very machine
        # an administrator may let people in without one.
        found["require_auth"] = "scram-sha-256" if place.is_encrypted else "scram-sha-256,none"
    return found


def _encryption(place: ServerPlace) -> dict[str, Any]:
    if not place.is_encrypted:
        return {"sslmode": "disable"}
    found = {
        "sslmode": "verify-full",
        "sslrootcert": place.root_certificate or system_authorities(),
        "ssl_min_protocol_version": "TLSv1.2",
    }
    if place.client_certificate:
        found |= {"sslcert": place.client_certificate, "sslkey": place.client_key}
    return found


def _require_alive(driver: Any, _record: Any, _proxy: Any) -> None:
    """Have the pool open another connection where the server has hung up on this one."""
    if not driver.is_alive():
        raise DisconnectionError("the server has closed this connection")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    driver: Any = connection.connection.driver_connection
    if options.get(ALONE, False):
        driver.start(Scope.ALONE)
    else:
        driver.start(Scope.READING if options.get(READING, False) else Scope.WRITING)


def is_connected(driver: Any) -> bool:
    """Tell whether a driver's connection stands, as far as this side knows."""
    return bool(driver.pgconn.status == ConnStatus.OK)


def scram_verifier(connection: ServerConnection, *, role: str, passphrase: str) -> str:
    """Make what the server keeps of a passphrase, here: so the passphrase never travels."""
    made = connection.pgconn.encrypt_password(passphrase.encode(), role.encode(), b"scram-sha-256")
    return made.decode("ascii")
