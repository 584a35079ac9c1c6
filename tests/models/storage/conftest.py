"""A registry with one small table, pictures of a folder, and children that hold or fill it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table

from app.models.storage.key_wrapping import LIGHT
from app.models.storage.postgresql import open_postgresql
from app.models.storage.registry_file import RegistryFile, create_registry_file
from app.models.storage.unit_of_work import UnitOfWork
from tests.fixtures.networked import owner_access
from tests.fixtures.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parents[3]

NOTES = Table(
    "note",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("text", String, nullable=False),
)

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {after!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {body}
"""


def make_notes(registry: RegistryFile) -> None:
    with UnitOfWork(registry.engine) as unit:
        NOTES.metadata.create_all(unit.connection)
        unit.connection.execute(NOTES.insert(), [{"text": "x" * 900} for _ in range(40)])
        unit.commit()


@pytest.fixture
def notes() -> Table:
    return NOTES


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryFile]:
    """A fresh registry of a dozen pages, open, in a folder of its own."""
    folder = tmp_path / "desk"
    folder.mkdir()
    made = create_registry_file(
        folder / "a.teak",
        user="Somchai",
        passphrase="right",
        profile=LIGHT,
        prepare=make_notes,
    )
    yield made
    made.engine.dispose()


@pytest.fixture
def closed(registry: RegistryFile) -> Path:
    """The path of such a registry after it was closed."""
    registry.engine.dispose()
    return registry.path


@pytest.fixture
def picture() -> Callable[[Path], dict[str, tuple[int, str]]]:
    """Take a picture of a folder: name, mode and SHA-256 of everything in it."""

    def take(folder: Path) -> dict[str, tuple[int, str]]:
        return {
            str(path.relative_to(folder)): (
                path.stat().st_mode,
                hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            )
            for path in sorted(folder.rglob("*"))
        }

    return take


@pytest.fixture
def child() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start Python programs beside the test; those still running at the end are killed."""
    running: list[subprocess.Popen[str]] = []

    def start(program: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def migrations(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder of migrations with the real `env.py`: `revision=body`, in order."""

    def write(**bodies: str) -> Path:
        scripts = tmp_path / "migrations"
        (scripts / "versions").mkdir(parents=True, exist_ok=True)
        environment = ROOT / "app" / "models" / "migrations" / "env.py"
        (scripts / "env.py").write_text(environment.read_text())
        after = None
        for revision, body in bodies.items():
            text = MIGRATION.format(revision=revision, after=after, body=body)
            (scripts / "versions" / f"{revision}.py").write_text(text)
            after = revision
        return scripts

    return write


@pytest.fixture(scope="session")
def postgres(postgres_server: PostgresServer) -> Iterator[Engine]:
    """An empty database on a real server, open as its administrator."""
    with postgres_server.owner() as connection:
        connection.execute("CREATE DATABASE storage")
    engine = open_postgresql(owner_access(postgres_server, "storage"))
    empty(engine)
    yield engine
    engine.dispose()


def empty(engine: Engine) -> None:
    """Empty the database of everything a test put into it."""
    with UnitOfWork(engine) as unit:
        unit.connection.exec_driver_sql("DROP SCHEMA IF EXISTS teak CASCADE")
        unit.connection.exec_driver_sql("CREATE SCHEMA teak")
        unit.commit()
