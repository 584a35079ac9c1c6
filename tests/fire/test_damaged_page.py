"""One bit of one page turned over: it is found, and named, before anybody works with it."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from app.models.errors import DamagedRegistry
from app.models.storage.unit_of_work import reading
from app.models.tables import TransactionEvent
from app.services.log.verification import verify_registry
from tests.fire.conftest import registry_on
from tests.fire.crew import Crew, Place
from tests.fixtures.duration import times
from tests.fixtures.figures import Figures
from tests.fixtures.postgres_server import PostgresServer, packaged_programs

pytestmark = pytest.mark.slow

PAGE = 4096
SERVER_PAGE = 8192
FLIPS = times(25, 1_000)
TABLES = ("unit_block", "holding", "registry_transaction", "transaction_event", "account")


def flip(path: Path, at: int, bit: int) -> None:
    """Turn one bit over; twice is as before."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes((byte ^ 1 << bit,)))


@pytest.fixture
def storage() -> str:
    return "embedded"


def test_a_bit_of_any_page_of_a_file(place: Place, figures: Figures) -> None:
    path, chance = Path(place.address), random.Random(63)
    pages = path.stat().st_size // PAGE
    assert not path.with_name(path.name + "-wal").exists()
    named = 0
    for number in range(FLIPS):
        # The first, the last, and others by chance.
        page = (0, pages - 1)[number] if number < 2 else chance.randrange(pages)
        at, bit = page * PAGE + chance.randrange(PAGE), chance.randrange(8)
        flip(path, at, bit)
        with pytest.raises(DamagedRegistry) as damaged:
            place.open()
        found = re.search(r"pages? ([0-9, ]+)", damaged.value.message)
        assert found is not None
        assert found[1].strip() == str(page + 1)
        named += 1
        flip(path, at, bit)
    crew = Crew.board(place)
    assert verify_registry(crew.registry).ok
    crew.rest()
    figures("one bit of a page flipped, embedded", flips=FLIPS, found_and_named=named, silent=0)


@pytest.mark.postgres
def test_a_bit_of_a_page_of_the_server(
    lasting_server: PostgresServer, tmp_path: Path, figures: Figures
) -> None:
    """The server's checksums find it: who reads the page is told, and the proof stops there."""
    place, chance = registry_on(lasting_server, tmp_path), random.Random(64)
    with lasting_server.owner("teak") as owner:
        paths = {table: path_of(owner, lasting_server, table) for table in TABLES}
        owner.execute("CHECKPOINT")
    for path in paths.values():
        at, bit = chance.randrange(SERVER_PAGE), chance.randrange(8)
        lasting_server.stop()
        flip(path, at, bit)
        assert damaged_files(lasting_server) == [path.name]
        lasting_server.start()
        with pytest.raises(DamagedRegistry, match="invalid page in block 0"):
            prove(place)
        lasting_server.stop()
        flip(path, at, bit)
        lasting_server.start()
    assert prove(place)
    figures(
        "one bit of a page flipped, networked", flips=len(paths), found_and_named=len(paths),
        silent=0,
    )  # fmt: skip


def path_of(owner: psycopg.Connection[Any], server: PostgresServer, table: str) -> Path:
    row = owner.execute("SELECT pg_relation_filepath(%s)", (f"teak.{table}",)).fetchone()
    assert row is not None
    return server.data / str(row[0])


def damaged_files(server: PostgresServer) -> list[str]:
    """Let the server's own tool look through all its pages, as its administrator would."""
    said = subprocess.run(
        [packaged_programs() / "pg_checksums", "--check", "-D", str(server.data)],
        capture_output=True, text=True, check=False,
    ).stderr  # fmt: skip
    return [Path(name).name for name in re.findall(r'failed in file "([^"]+)"', said)]


def prove(place: Place) -> bool:
    """Prove the registry, and read what the proof does not rest on: what was said at each step.

    Raises DamagedRegistry where a page cannot be read.
    """
    crew = Crew.board(place)
    try:
        with reading(crew.registry.engine) as connection:
            connection.execute(select(TransactionEvent.comment)).all()
        return verify_registry(crew.registry).ok
    finally:
        crew.rest()
