from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, text

from app.models.errors import (
    ConnectionLost,
    ReadOnlyPlace,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
    StorageError,
)
from app.models.server_place import read_server_place
from app.models.storage.postgresql import Deadlines, ServerAccess, open_postgresql
from app.models.storage.prepared import Prepared
from app.models.storage.unit_of_work import UnitOfWork, calling, reading
from app.models.tables import LogQueue
from tests.fixtures.postgres_server import PostgresServer, packaged_programs
from tests.fixtures.proxy import Proxy

pytestmark = pytest.mark.postgres

SHORT = Deadlines(connect_s=2, call_s=0.6, lock_s=0.2)


@pytest.fixture(scope="session")
def passerby(postgres_server: PostgresServer) -> str:
    """Somebody who may connect over TCP; gives the database's name."""
    with postgres_server.owner() as connection:
        connection.execute("CREATE ROLE passerby LOGIN PASSWORD 'passing by'")
        connection.execute("CREATE DATABASE passing OWNER passerby")
    return "passing"


@pytest.fixture
def proxy(postgres_server: PostgresServer) -> Iterator[Proxy]:
    with Proxy(("127.0.0.1", postgres_server.port)) as made:
        yield made


def access(port: int, database: str, deadlines: Deadlines = SHORT) -> ServerAccess:
    place = read_server_place(f"postgresql://passerby@127.0.0.1:{port}/{database}?sslmode=disable")
    return ServerAccess(place, "passing by", deadlines=deadlines)


@pytest.fixture
def engine(proxy: Proxy, passerby: str) -> Iterator[Engine]:
    made = open_postgresql(access(proxy.port, passerby))
    yield made
    made.dispose()


def one(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text("SELECT 1")).scalar_one())


def find_anything(engine: Engine) -> None:
    with reading(engine) as connection:
        Prepared(select(LogQueue.id)).find(connection, {})


def write_and_fail(engine: Engine) -> None:
    with UnitOfWork(engine) as unit:
        unit.connection.execute(text("INSERT INTO public.kept VALUES (2)"))
        unit.connection.execute(text("SELECT * FROM pg_authid"))


def connected(server: PostgresServer, database: str) -> int:
    """Count the connections to a database that its server knows of."""
    with server.owner() as connection:
        (found,) = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", (database,)
        ).fetchone() or (0,)
    return int(str(found))


def none_left(server: PostgresServer, database: str) -> bool:
    """Wait until the server has taken leave of everybody; a connection left open stays."""
    until = time.monotonic() + 120
    while connected(server, database):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def settled(proxy: Proxy) -> int:
    """Give the trips so far once nothing is on its way any more, and count anew."""
    proxy.settle()
    trips, proxy.trips = proxy.trips, 0
    return trips


def test_each_kind_of_work_costs_no_more_trips_than_it_must(engine: Engine, proxy: Proxy) -> None:
    one(engine)
    settled(proxy)
    one(engine)
    assert settled(proxy) == 2  # The statement, and the end that nobody waits for.
    with calling(engine) as connection:
        connection.execute(text("SELECT 2"))
    assert settled(proxy) == 1
    with UnitOfWork(engine) as unit:
        unit.connection.execute(text("SELECT 3"))
        unit.commit()
    assert settled(proxy) == 2
    with UnitOfWork(engine) as unit:
        unit.commit()
    with reading(engine):
        pass
    assert settled(proxy) == 0


def test_nobody_waits_for_the_end_of_a_reading(engine: Engine, proxy: Proxy) -> None:
    one(engine)
    proxy.delay_s = 0.05
    begun = time.monotonic()
    one(engine)
    assert 0.1 <= time.monotonic() - begun < 0.19
    begun = time.monotonic()
    one(engine)
    one(engine)
    assert 0.2 <= time.monotonic() - begun < 0.3


def test_a_connection_asks_nothing_after_it_is_made(proxy: Proxy, passerby: str) -> None:
    engine = open_postgresql(access(proxy.port, passerby))
    one(engine)
    # Start-up, SCRAM's two answers, the statement, and the end that nobody waits for.
    assert settled(proxy) <= 5
    engine.dispose()


@pytest.mark.parametrize("is_prepared", [False, True])
def test_a_silent_server_is_given_up(engine: Engine, proxy: Proxy, is_prepared: bool) -> None:
    one(engine)
    proxy.is_silent = True
    begun = time.monotonic()
    with pytest.raises(ConnectionLost) as lost:
        find_anything(engine) if is_prepared else one(engine)
    assert 0.5 < time.monotonic() - begun < 2.0
    assert lost.value.hint
    proxy.is_silent = False
    assert one(engine) == 1


def test_a_silent_server_is_given_up_while_committing(engine: Engine, proxy: Proxy) -> None:
    with UnitOfWork(engine) as unit:
        unit.connection.execute(text("SELECT 1"))
        proxy.is_silent = True
        with pytest.raises(ConnectionLost):
            unit.commit()


def test_a_black_hole_is_no_connection(passerby: str) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as hole:
        engine = open_postgresql(access(hole.getsockname()[1], passerby))
        begun = time.monotonic()
        with pytest.raises(ServerUnreachable):
            one(engine)
        assert 1.5 < time.monotonic() - begun < 4.0


def test_nobody_there_is_no_connection(passerby: str) -> None:
    with pytest.raises(ServerUnreachable) as lost:
        one(open_postgresql(access(1, passerby)))
    assert "127.0.0.1" in lost.value.message


def test_no_such_database_is_refused(postgres_server: PostgresServer) -> None:
    with pytest.raises(ServerRefused, match="does not exist"):
        one(open_postgresql(access(postgres_server.port, "nowhere")))


@pytest.mark.parametrize("said", [0, 1, 40, 400])
def test_an_answer_cut_in_its_middle_is_a_lost_connection(
    engine: Engine, proxy: Proxy, said: int
) -> None:
    one(engine)
    proxy.cut_after = said
    with pytest.raises(ConnectionLost), reading(engine) as connection:
        connection.execute(text("SELECT repeat('x', 2000)")).scalar_one()
    proxy.cut_after = None
    assert one(engine) == 1


def test_a_connection_cut_while_idle_is_replaced_without_a_word(
    engine: Engine, proxy: Proxy
) -> None:
    one(engine)
    proxy.cut()
    time.sleep(0.02)
    assert one(engine) == 1


def test_a_server_that_is_killed_and_starts_again_is_found_again(passerby: str) -> None:
    server = PostgresServer(packaged_programs())
    try:
        server.start()
        with server.owner() as connection:
            connection.execute("CREATE ROLE passerby LOGIN PASSWORD 'passing by'")
        engine = open_postgresql(access(server.port, "postgres"))
        assert one(engine) == 1
        server.kill()
        with pytest.raises(ServerUnreachable):
            one(engine)
        server.start()
        assert one(engine) == 1
        server.restart()
        assert one(engine) == 1
        engine.dispose()
    finally:
        server.remove()


def test_the_server_gives_up_a_statement_by_itself(engine: Engine) -> None:
    with pytest.raises(ServerTooSlow), reading(engine) as connection:
        connection.execute(text("SELECT pg_sleep(2)"))
    assert one(engine) == 1


def test_a_reader_writes_nothing_and_a_failed_statement_leaves_the_pool_whole(
    engine: Engine,
) -> None:
    with pytest.raises(ReadOnlyPlace), reading(engine) as connection:
        connection.execute(text("CREATE TABLE nothing (id int)"))
    with pytest.raises(StorageError) as refused, reading(engine) as connection:
        connection.execute(text("SELECT * FROM pg_authid"))
    assert refused.value.code == "rights-refused"
    assert one(engine) == 1


def test_what_a_call_did_is_lasting_and_what_failed_is_not(engine: Engine) -> None:
    with calling(engine) as connection:
        connection.execute(text("CREATE TABLE public.kept AS SELECT 1 AS id"))
    with pytest.raises(StorageError):
        write_and_fail(engine)
    with reading(engine) as connection:
        kept = connection.execute(text("SELECT id FROM public.kept")).scalars().all()
    assert kept == [1]


def test_a_wrong_passphrase_is_no_lost_connection(proxy: Proxy, passerby: str) -> None:
    right = access(proxy.port, passerby)
    with pytest.raises(ServerRefused) as refused:
        one(open_postgresql(replace(right, passphrase="another")))
    assert refused.value.code == "server-access-denied"


def test_a_connection_that_cannot_be_set_up_is_not_left_open(
    postgres_server: PostgresServer, passerby: str
) -> None:
    assert none_left(postgres_server, passerby)
    kept = []
    for _ in range(3):
        engine = open_postgresql(access(postgres_server.port, passerby), role="pg_read_all_data")
        with pytest.raises(StorageError) as error:
            one(engine)
        kept.append((engine, error.value))
    assert none_left(postgres_server, passerby)
    assert len(kept) == 3


def test_a_session_that_is_not_taken_up_leaves_no_connection(
    postgres_server: PostgresServer, passerby: str
) -> None:
    def refuse(_connection: object) -> None:
        raise ServerRefused("your session is over")

    opening = access(postgres_server.port, passerby)
    opening.begin_session(refuse)
    with pytest.raises(ServerRefused) as error:
        one(open_postgresql(opening))
    assert none_left(postgres_server, passerby)
    assert str(error.value) == "your session is over"
