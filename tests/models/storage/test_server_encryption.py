from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.errors import WrongServerCertificate
from app.models.server_place import read_server_place
from app.models.storage.postgresql import Deadlines, ServerAccess, open_postgresql
from app.models.storage.unit_of_work import reading
from tests.fixtures.certificate_authority import CertificateAuthority, Issued
from tests.fixtures.postgres_server import PostgresServer, system_programs

pytestmark = pytest.mark.postgres

ADDRESS = "127.0.0.1"
ANOTHER_ADDRESS = "127.0.0.2"
_ACCESS = "local all all trust\nhostssl all all 127.0.0.0/8 {method}\n"


@pytest.fixture(scope="module")
def authority() -> CertificateAuthority:
    return CertificateAuthority("The tests' authority")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A system's server: the packaged one cannot encrypt."""
    programs = system_programs()
    if programs is None:
        pytest.skip("TLS needs a system PostgreSQL of version 15 or newer; there is none here")
    made = PostgresServer(programs, listen_addresses=f"{ADDRESS},{ANOTHER_ADDRESS}")
    made.start()
    with made.owner() as connection:
        connection.execute("CREATE ROLE passerby LOGIN PASSWORD 'passing by'")
    yield made
    made.remove()


def show(server: PostgresServer, shown: Issued, *, method: str = "scram-sha-256") -> None:
    """Have the server show a certificate, and ask for passwords in this way."""
    server.write("server.crt", shown.certificate)
    server.write("server.key", shown.key)
    server.write("pg_hba.conf", _ACCESS.format(method=method))
    server.configure(ssl="on")
    server.restart()


def ask(server: PostgresServer, trusted: Path, *, host: str = ADDRESS) -> str:
    """Connect, and give the version of TLS that is spoken."""
    place = read_server_place(
        f"postgresql://passerby@{host}:{server.port}/postgres?sslrootcert={trusted}"
    )
    engine = open_postgresql(ServerAccess(place, "passing by", deadlines=Deadlines(connect_s=5)))
    try:
        with reading(engine) as connection:
            statement = text("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            return str(connection.execute(statement).scalar_one())
    finally:
        engine.dispose()


@pytest.fixture
def trusted(authority: CertificateAuthority, tmp_path: Path) -> Path:
    path = tmp_path / "authority.pem"
    path.write_text(authority.root)
    return path


def test_the_server_that_was_named_is_spoken_to_in_secret(
    server: PostgresServer, authority: CertificateAuthority, trusted: Path
) -> None:
    show(server, authority.issue(ADDRESS))
    assert ask(server, trusted) in {"TLSv1.2", "TLSv1.3"}
    with pytest.raises(WrongServerCertificate) as refused:
        ask(server, trusted, host=ANOTHER_ADDRESS)
    assert ADDRESS in refused.value.message


def test_another_authority_is_not_believed(
    server: PostgresServer, authority: CertificateAuthority, trusted: Path
) -> None:
    show(server, CertificateAuthority("Nobody's authority").issue(ADDRESS))
    with pytest.raises(WrongServerCertificate, match="certificate verify failed"):
        ask(server, trusted)


def test_a_certificate_of_the_past_is_not_believed(
    server: PostgresServer, authority: CertificateAuthority, trusted: Path
) -> None:
    show(server, authority.issue(ADDRESS, days=(-30, -2)))
    with pytest.raises(WrongServerCertificate, match="certificate verify failed"):
        ask(server, trusted)


def test_a_missing_file_of_authorities_is_told(
    server: PostgresServer, authority: CertificateAuthority, tmp_path: Path
) -> None:
    show(server, authority.issue(ADDRESS))
    with pytest.raises(WrongServerCertificate, match="root certificate file"):
        ask(server, tmp_path / "missing.pem")


def test_a_server_that_asks_for_the_passphrase_itself_does_not_get_it(
    server: PostgresServer, authority: CertificateAuthority, trusted: Path
) -> None:
    show(server, authority.issue(ADDRESS), method="password")
    with pytest.raises(WrongServerCertificate, match="authentication method requirement"):
        ask(server, trusted)


def test_a_server_without_encryption_is_not_spoken_to(
    postgres_server: PostgresServer, trusted: Path
) -> None:
    with pytest.raises(WrongServerCertificate, match="SSL"):
        ask(postgres_server, trusted)
