from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest

from app.services.people.enrolment import secret_of
from tests.commands.conftest import Ran, run_teak
from tests.fixtures.networked import NetworkedDemo, NetworkedReal
from tests.fixtures.postgres_server import PostgresServer

pytestmark = pytest.mark.postgres

PASSPHRASE = "correct horse battery"
PEOPLE = [
    {"user": "boss", "name": "The boss", "role": "administrator", "e-mail": "boss@x.example"},
    {"user": "clerk", "name": "The clerk", "role": "officer"},
    {"user": "judge", "name": "The judge", "role": "approver"},
]
ACCOUNT = {"name": "Green Thai", "holder": {"name_en": "Green Thai"}}


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a database, and prefix of roles, that are not there yet."""
    name = "commanded"
    yield name
    with postgres_server.owner() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        for (role,) in connection.execute(
            # People before their groups, and who granted it all last.
            "SELECT quote_ident(rolname) FROM pg_roles WHERE starts_with(rolname, %s) "
            'ORDER BY rolname COLLATE "C"',
            (name,),
        ).fetchall():
            connection.execute(f"DROP ROLE {role}")


def written(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    path.chmod(0o600)
    return path


def teak(place: object, *arguments: str | Path, **options: Any) -> Ran:
    return run_teak("--registry", str(place), *arguments, **options)


def test_a_registry_is_created_and_worked_in_by_its_people(
    postgres_server: PostgresServer, database: str, tmp_path: Path
) -> None:
    url = f"postgresql://127.0.0.1:{postgres_server.port}/{database}?sslmode=disable"
    worker = tmp_path / "worker.json"
    made = run_teak(
        "create", url, "--owner", postgres_server.owner_address(), "--json",
        "--people", written(tmp_path / "people.json", PEOPLE),
        "--passphrase-file", "-", "--worker-file", worker, stdin=PASSPHRASE + "\n",
    )  # fmt: skip
    assert made.status == 0, made
    assert made.json["registry"] == url
    assert "BEGIN PUBLIC KEY" in made.json["public_key"]
    assert str(worker) in made.err
    assert stat.S_IMODE(worker.stat().st_mode) == 0o600
    codes = {
        person["user"]: pyotp.TOTP(secret_of(person["enrolment_uri"])).now()
        for person in made.json["people"]
    }
    secrets = written(
        tmp_path / "secrets.json",
        [{"user": user, "password": PASSPHRASE, "code": code} for user, code in codes.items()],
    )
    proposed = teak(
        url, "account", "propose", "--input", written(tmp_path / "account.json", ACCOUNT),
        "--as", "clerk", "--approved-by", "judge", "--secrets-file", secrets, "--json",
    )  # fmt: skip
    assert proposed.json["state"] == "open", proposed
    again = teak(
        url, "account", "propose", "--input", tmp_path / "account.json",
        "--as", "clerk", "--secrets-file", secrets, "--json",
    )  # fmt: skip
    assert (again.status, again.json["error"]["code"]) == (2, "sign-in-refused")


def test_a_demo_is_created_full(
    postgres_server: PostgresServer, database: str, tmp_path: Path
) -> None:
    url = f"postgresql://127.0.0.1:{postgres_server.port}/{database}?sslmode=disable"
    made = run_teak(
        "create", url, "--demo", "--owner", postgres_server.owner_address(), "--json",
        "--worker-file", tmp_path / "worker.json",
    )  # fmt: skip
    assert made.status == 0, made
    assert len(made.json["people"]) == 12
    held = teak(url, "holdings", "--json")
    assert sum(holding["quantity"] for holding in held.json) > 0, held
    certificates = teak(url, "certificates", "--json").lines
    assert len(certificates) >= 5
    number = next(row["transaction"] for row in certificates)
    printed = teak(
        url, "certificate", "--transaction", str(number), "--out", tmp_path / "c.pdf", "--json"
    )
    assert printed.status == 0, printed
    verified = run_teak("certificate", "verify", tmp_path / "c.pdf", "--registry", url, "--json")
    assert (verified.status, verified.json["ok"]) == (0, True), verified
    whole = teak(url, "verify", "--json")
    assert (whole.status, whole.json["ok"]) == (0, True), whole
    taken = run_teak("create", url, "--demo", "--owner", postgres_server.owner_address(), "--json")
    assert (taken.status, taken.json["error"]["code"]) == (2, "registry-exists")


def test_a_demo_opens_by_itself(networked_demo: NetworkedDemo, tmp_path: Path) -> None:
    place = networked_demo.place
    people = teak(place, "people", "--json")
    assert people.status == 0, people
    assert {"admin", "auditor"} <= {person["user"] for person in people.lines}
    opened = teak(
        place, "account", "propose", "--input", written(tmp_path / "account.json", ACCOUNT),
        "--as", "officer", "--approved-by", "approver", "--json",
    )  # fmt: skip
    assert opened.json["state"] == "open", opened
    listed = teak(place, "accounts", "--json")
    assert opened.json["account"] in {account["number"] for account in listed.lines}


def test_a_demo_refuses_a_wrong_passphrase_and_a_stranger(networked_demo: NetworkedDemo) -> None:
    acted = ("account", "close", "TH-100-1-0-1", "--reason", "x", "--json")
    wrong = teak(
        networked_demo.place, *acted, "--as", "admin", "--passphrase-file", "-", stdin="guessed\n"
    )
    assert wrong.status == 2, wrong
    stranger = teak(networked_demo.place, *acted, "--as", "nobody")
    assert stranger.status == 2, stranger


def test_reading_a_real_registry_needs_one_of_its_people(
    networked_real: NetworkedReal, tmp_path: Path
) -> None:
    unnamed = teak(networked_real.place, "accounts", "--json", "--passphrase-file", "-", stdin="x")
    assert (unnamed.status, unnamed.json["error"]["code"]) == (2, "usage")
    assert "postgresql://USER@HOST" in unnamed.json["error"]["hint"]


def test_an_owner_is_asked_for(networked_real: NetworkedReal, tmp_path: Path) -> None:
    for arguments in (("create", str(networked_real.place), "--demo"), ("migrate",)):
        missing = teak(networked_real.place, *arguments, "--json")
        assert (missing.status, missing.json["error"]["code"]) == (2, "usage")
        assert "--owner" in missing.json["error"]["hint"]
    migrated = teak(
        networked_real.place, "migrate", "--json",
        "--owner", networked_real.server.owner_address(),
    )  # fmt: skip
    assert migrated.json["ok"]
