"""A real registry from the command line: its people, their secrets, and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from tests.commands.conftest import Desk, Ran, run_teak
from tests.fixtures.real_registries import RealRegistry

PEOPLE = [
    {"user": "ann", "name": "Ann", "role": "administrator", "e-mail": "ann@registry.example"},
    {"user": "bo", "name": "Bo", "role": "officer", "e-mail": "bo@registry.example"},
]
PASSPHRASES = {"ann": "ann counts nine lemurs", "bo": "bo counts nine lemurs"}


def secret_file(path: Path, entries: list[dict[str, str]]) -> Path:
    path.write_text(json.dumps(entries))
    path.chmod(0o600)
    return path


def entries(real: RealRegistry, *users: str, steps: int = 0) -> list[dict[str, str]]:
    moment = datetime.now(UTC) + timedelta(seconds=30 * steps)
    return [
        {"user": user, "password": real.passphrases[user], "code": real.code(user, moment)}
        for user in users
    ]


def error_code(ran: Ran) -> str:
    assert ran.status == 2
    assert set(ran.json) == {"error"}
    assert set(ran.json["error"]) == {"code", "message", "hint"}
    assert ran.json["error"]["message"] in ran.err
    return str(ran.json["error"]["code"])


def test_create_gives_each_person_what_they_need(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps(PEOPLE))
    secrets = secret_file(
        tmp_path / "secrets.json",
        [{"user": user, "password": word} for user, word in PASSPHRASES.items()],
    )
    path = tmp_path / "real.teak"
    command = ("create", path, "--people", people, "--secrets-file", secrets, "--json")
    ran = run_teak(*command, cold=True)
    assert ran.status == 0, ran.err
    assert set(ran.json) >= {"registry", "public_key", "people"}
    assert ran.json["registry"] == str(path)
    assert ran.json["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    assert [(one["user"], one["role"]) for one in ran.json["people"]] == [
        ("ann", "administrator"),
        ("bo", "officer"),
    ]
    totp = pyotp.parse_uri(ran.json["people"][0]["enrolment_uri"])
    assert isinstance(totp, pyotp.TOTP)
    again = run_teak("create", path, "--demo", "--json")
    assert error_code(again) == "registry-exists"
    opened = run_teak(
        "people",
        "--json",
        registry=path,
        stdin=PASSPHRASES["bo"] + "\n",
        environment={"TEAK_PASSPHRASE_FILE": "-"},
    )
    assert [row["user"] for row in opened.lines] == ["ann", "bo"]


def test_a_real_registry_acts_with_passphrases_and_codes(
    real_registry: RealRegistry, tmp_path: Path
) -> None:
    path = real_registry.path
    account = tmp_path / "account.json"
    account.write_text('{"name": "Solar", "holder": {"name_en": "Solar Co"}}')
    both = secret_file(tmp_path / "both.json", entries(real_registry, "officer", "approver"))

    def propose(secrets: Path) -> Ran:
        return run_teak(
            "account", "propose", "--input", account, "--as", "officer",
            "--approved-by", "approver", "--secrets-file", secrets, "--json",
            registry=path,
        )  # fmt: skip

    done = propose(both)
    assert (done.status, done.json["state"]) == (0, "open"), done
    # A code is good once.
    assert error_code(propose(both)) == "sign-in-refused"
    wrong = secret_file(tmp_path / "wrong.json", [
        {"user": "officer", "password": "not the passphrase", "code": "000000"}
    ])  # fmt: skip
    assert error_code(propose(wrong)) == "sign-in-refused"
    shown = run_teak(
        "key", "show", "--as", "admin", "--json", "--secrets-file",
        secret_file(tmp_path / "admin.json", entries(real_registry, "admin")),
        registry=path,
    )  # fmt: skip
    assert shown.status == 0
    assert len(bytes.fromhex(shown.json["raw_key"])) == 32
    unallowed = run_teak(
        "key", "show", "--as", "approver", "--json", "--secrets-file",
        secret_file(tmp_path / "later.json", entries(real_registry, "approver", steps=1)),
        registry=path,
    )  # fmt: skip
    assert unallowed.status == 1
    assert unallowed.json["error"]["code"] == "rules-broken"
    assert unallowed.json["violations"]


def test_passphrases_come_from_a_file_and_never_hang(
    real_registry: RealRegistry, tmp_path: Path
) -> None:
    path = real_registry.path
    file = tmp_path / "passphrase"
    file.write_text(real_registry.passphrases["approver"] + "\n")
    accounts = ("accounts", "--json", "--registry", path)
    assert run_teak(*accounts, "--passphrase-file", file).status == 0
    typed = real_registry.passphrases["admin"]
    assert run_teak(*accounts, "--passphrase-file", "-", stdin=typed).status == 0
    by_environment = run_teak(*accounts, environment={"TEAK_PASSPHRASE_FILE": str(file)})
    assert by_environment.status == 0
    assert error_code(run_teak(*accounts)) == "usage"
    file.write_text("this is not it\n")
    assert error_code(run_teak(*accounts, "--passphrase-file", file)) == "wrong-passphrase"
    missing = run_teak(*accounts, "--passphrase-file", tmp_path / "nowhere")
    assert error_code(missing) == "usage"
    nobody = run_teak("key", "show", "--as", "admin", "--json", registry=path)
    assert error_code(nobody) == "usage"


def test_a_secrets_file_open_to_others_is_not_read(
    real_registry: RealRegistry, tmp_path: Path
) -> None:
    file = secret_file(tmp_path / "secrets.json", entries(real_registry, "admin"))
    show = ("key", "show", "--as", "admin", "--json", "--secrets-file", file)
    for mode in (0o640, 0o604):
        file.chmod(mode)
        ran = run_teak(*show, registry=real_registry.path)
        assert error_code(ran) == "usage"
        assert "open to others" in ran.err
        assert real_registry.passphrases["admin"] not in ran.err + ran.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["accounts"], "usage"),
        (["accounts", "--registry", "nowhere.teak"], "no-such-registry"),
        (["accounts", "--registry", "mysql://server/teak"], "usage"),
        (["accounts", "--registry", "postgresql://a:secret@server/teak"], "usage"),
        (["accounts", "--registry", "postgresql://127.0.0.1:1/teak"], "no-connection"),
        (["accounts", "--limit", "0"], "usage"),
        (["accounts", "--colour", "red"], "usage"),
        (["no-such-command"], "usage"),
        (["serial"], "usage"),
        (["approve"], "usage"),
        (["create", "x.teak", "--filled"], "usage"),
        (["certificate"], "usage"),
    ],
)
def test_what_could_not_be_tried_is_status_two(
    arguments: list[str], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert error_code(run_teak(*arguments, "--json")) == code
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_no_registry_are_named(tmp_path: Path) -> None:
    file = tmp_path / "letter.teak"
    file.write_text("Dear registry, " * 100)
    assert error_code(run_teak("accounts", "--json", registry=file)) == "not-a-registry"


def test_a_demo_opens_by_itself_but_a_wrong_passphrase_is_wrong(
    desk_template: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "passphrase"
    file.write_text("not demo\n")
    for command in (("accounts",), ("key", "show", "--as", "admin")):
        ran = desk_template.teak(*command, "--json", "--passphrase-file", file)
        assert error_code(ran) == "wrong-passphrase"
    assert (
        error_code(desk_template.teak("approve", "TH1", "--as", "ghost", "--json")) == "not-found"
    )
    assert error_code(desk_template.teak("approve", "TH1", "--json")) == "usage"


def test_verify_and_migrate_and_public_key(desk: Desk, tmp_path: Path) -> None:
    verified = desk.teak("verify", "--json", cold=True)
    keys = {"ok", "entries", "blocks", "units", "root", "first_failure"}
    assert verified.status == 0
    assert set(verified.json) >= keys
    assert verified.json["ok"] is True
    assert verified.json["units"]["TER"]["issued"] == 10_000
    assert error_code(desk.teak("verify", "--against", "nowhere", "--json")) == "usage"
    migrated = desk.teak("migrate", "--json")
    assert (migrated.status, migrated.json["ok"]) == (0, True)
    printed = desk.teak("public-key")
    written = desk.teak("public-key", "--out", tmp_path / "key.pem", "--json")
    assert (tmp_path / "key.pem").read_text() == printed.out
    assert written.json["public_key"] == printed.out


def test_help_stands_everywhere_with_an_example() -> None:
    for command in (
        [],
        ["create"],
        ["propose"],
        ["account", "propose"],
        ["certificate", "verify"],
        ["serial", "parse"],
    ):
        ran = run_teak(*command, "--help")
        assert ran.status == 0
        assert "Example:\n  " in ran.out
        assert "teak " in ran.out.partition("Example:")[2]
