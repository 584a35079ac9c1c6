from __future__ import annotations

import itertools
import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.errors import RegistryExists, StorageError, UsageError
from app.models.server_place import ServerPlace, read_server_place
from app.models.storage.postgresql import ServerAccess
from app.models.storage.unit_of_work import reading
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.registry.creating import CreatedRegistry, NewRegistry
from app.services.registry.creating_networked import (
    create_networked_registry,
    migrate_networked_registry,
)
from app.services.registry.creating_networked import (
    owner_access as read_owner,
)
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import SCHEMA_REVISION, close_registry
from app.services.registry.worker_file import open_worker, read_worker_file
from app.services.signing_keys import SigningKeyClosed, current_signer
from tests.fixtures.networked import NetworkedDemo, owner_access, tcp_place
from tests.fixtures.postgres_server import PostgresServer, system_programs

pytestmark = pytest.mark.postgres
_numbers = itertools.count(1)


@pytest.fixture
def place(postgres_server: PostgresServer, request: pytest.FixtureRequest) -> Iterator[ServerPlace]:
    """The address of a database that is not there yet."""
    name = f"made_{next(_numbers)}_x"
    yield tcp_place(postgres_server, name, prefix=name)
    with postgres_server.owner() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        for (role,) in connection.execute(
            # Who made the others goes last.
            "SELECT quote_ident(rolname) FROM pg_roles WHERE starts_with(rolname, %s) "
            "ORDER BY rolcreatedb",
            (name,),
        ).fetchall():
            connection.execute(f"DROP ROLE {role}")


def create(
    server: PostgresServer,
    place: ServerPlace,
    folder: Path,
    *,
    owner: ServerAccess | None = None,
    new: NewRegistry = DEMO_REGISTRY,
) -> CreatedRegistry:
    return create_networked_registry(
        place,
        owner=owner or owner_access(server, "postgres"),
        new=new,
        people=DEMO_PEOPLE,
        worker_file=folder / "worker.json",
    )


def roles_of(server: PostgresServer, prefix: str) -> list[str]:
    with server.owner() as connection:
        return [
            str(role)
            for (role,) in connection.execute(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) ORDER BY rolname",
                (prefix,),
            )
        ]


def test_a_database_is_made_where_there_is_none(
    postgres_server: PostgresServer, place: ServerPlace, tmp_path: Path
) -> None:
    created = create(postgres_server, place, tmp_path)
    close_registry(created.registry)
    assert b"BEGIN PUBLIC KEY" in created.public_key_pem
    assert {person.user for person in created.people} == {one.user_name for one in DEMO_PEOPLE}
    roles = roles_of(postgres_server, place.database)
    assert f"{place.database}_owner" in roles
    assert f"{place.database}.officer" in roles
    signed_in = sign_in_demo_on_server(place, user="officer", passphrase="demo", host="test")
    assert signed_in is not None
    close_registry(signed_in.registry)


def test_a_registry_is_not_made_over_another(
    postgres_server: PostgresServer, networked_demo: NetworkedDemo, tmp_path: Path
) -> None:
    with pytest.raises(RegistryExists, match="holds a registry already"):
        create(postgres_server, networked_demo.place, tmp_path)
    assert not (tmp_path / "worker.json").exists()


def test_roles_of_another_registry_are_left_alone(
    postgres_server: PostgresServer,
    networked_demo: NetworkedDemo,
    place: ServerPlace,
    tmp_path: Path,
) -> None:
    with pytest.raises(RegistryExists, match="roles that begin with") as refused:
        create(postgres_server, replace(place, prefix=networked_demo.place.prefix), tmp_path)
    assert "?prefix=" in refused.value.hint


def test_a_failure_half_way_leaves_nothing(
    postgres_server: PostgresServer,
    place: ServerPlace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StorageError("the server's disk is full")

    monkeypatch.setattr("app.services.registry.first_content.open_built_in_accounts", fail)
    with pytest.raises(StorageError, match="disk is full"):
        create(postgres_server, place, tmp_path)
    assert roles_of(postgres_server, place.database) == []
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    close_registry(create(postgres_server, place, tmp_path).registry)


def test_an_owner_needs_to_be_no_superuser(
    postgres_server: PostgresServer, place: ServerPlace, tmp_path: Path
) -> None:
    with postgres_server.owner() as connection:
        connection.execute(
            f"CREATE ROLE {place.database}_maker LOGIN CREATEROLE CREATEDB PASSWORD 'maker'"
        )
    address = f"postgresql://{place.database}_maker:maker@127.0.0.1:{postgres_server.port}"
    owner = read_owner(f"{address}/postgres?sslmode=disable")
    assert "maker@" not in str(owner.place).replace(f"{place.database}_maker@", "")
    close_registry(create(postgres_server, place, tmp_path, owner=owner).registry)
    signed_in = sign_in_demo_on_server(place, user="admin", passphrase="demo", host="test")
    assert signed_in is not None
    close_registry(signed_in.registry)


def test_the_worker_s_file_is_its_owner_s_alone_and_opens_the_signing_key(
    postgres_server: PostgresServer, place: ServerPlace, tmp_path: Path
) -> None:
    created = create(postgres_server, place, tmp_path)
    close_registry(created.registry)
    path = tmp_path / "worker.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    worker = read_worker_file(path)
    opened = open_worker(place, worker)
    with reading(opened.engine) as connection:
        signer = current_signer(connection, secret=worker.secret)
        with pytest.raises(SigningKeyClosed):
            current_signer(connection, secret=bytes(32))
        kept = connection.execute(text("SELECT private_key FROM signing_key")).scalar_one()
    close_registry(opened)
    assert signer.private_key.private_bytes_raw() not in bytes(kept)
    path.chmod(0o640)
    with pytest.raises(UsageError, match="open to others"):
        read_worker_file(path)
    path.chmod(0o600)
    path.write_text(json.dumps({"version": 1}))
    with pytest.raises(UsageError, match="cannot be read"):
        read_worker_file(path)


def test_a_registry_of_this_version_lacks_no_migration(
    postgres_server: PostgresServer, place: ServerPlace, tmp_path: Path
) -> None:
    close_registry(create(postgres_server, place, tmp_path).registry)
    owner = owner_access(postgres_server, "postgres")
    assert migrate_networked_registry(place, owner=owner) == (SCHEMA_REVISION, SCHEMA_REVISION)
    signed_in = sign_in_demo_on_server(place, user="officer", passphrase="demo", host="test")
    assert signed_in is not None
    close_registry(signed_in.registry)


def test_the_oldest_server_serves_and_its_own_digests_agree(tmp_path: Path) -> None:
    programs = system_programs()
    if programs is None:
        pytest.skip("there is no system PostgreSQL of version 15 or newer here")
    server = PostgresServer(programs)
    try:
        server.start()
        place = read_server_place(f"postgresql://127.0.0.1:{server.port}/oldest?sslmode=disable")
        close_registry(create(server, place, tmp_path).registry)
        with server.owner("oldest") as connection:
            asked = "SELECT teak.hmac_sha1('key', 'message')"
            plain = connection.execute(asked).fetchone()
            available = connection.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'pgcrypto'"
            ).fetchone()
            if available is not None:
                connection.execute("CREATE EXTENSION pgcrypto")
                connection.execute("DROP FUNCTION teak.hmac_sha1_plain")
                assert connection.execute(asked).fetchone() == plain
        signed_in = sign_in_demo_on_server(place, user="officer", passphrase="demo", host="t")
        assert signed_in is not None
        close_registry(signed_in.registry)
    finally:
        server.remove()
