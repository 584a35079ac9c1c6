from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import func, select

from app.models.account_number import read_account_number
from app.models.codes import AccountType, Role
from app.models.errors import ReadOnlyPlace, RegistryExists, RegistryMissing, TeakError, UsageError
from app.models.storage.key_slots import read_key_slots
from app.models.storage.key_wrapping import LIGHT, STANDARD
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Account,
    AccountChange,
    LogEntry,
    Person,
    RegistryRow,
    Rule,
    SigningKey,
    UnitType,
)
from app.services.log.hashing import CHAIN_START, chain_hash, leaf_hash
from app.services.people.new_person import NewPerson
from app.services.registry.context import OpenRegistry
from app.services.registry.creating import NewRegistry, create_registry
from app.services.registry.opening import close_registry, open_demo, open_registry
from tests.fixtures.registries import FrozenClock

REAL = NewRegistry(name_en="A real registry", name_th="ทะเบียนจริง")
ADMIN = NewPerson(
    user_name="admin",
    name="Siriporn Wattanakul",
    role=Role.ADMINISTRATOR,
    passphrase="seven white elephants",
)
OFFICER = replace(ADMIN, user_name="officer", role=Role.OFFICER, passphrase="five black buffaloes")


def test_a_demo_registry_begins_complete(registry: OpenRegistry) -> None:
    with reading(registry.engine) as connection:
        types = dict(connection.execute(select(UnitType.code, UnitType.measure)).all())
        domestic = connection.execute(select(UnitType.code).where(UnitType.is_domestic)).scalars()
        rules = connection.execute(select(Rule.kind, Rule.unit_type, Rule.value)).all()
        assert types["TER"] == "tCO2e"
        assert types["EPC"] == "toe"
        assert len(types) == 15
        assert set(domestic) == {"TER", "EPC"}
        assert {tuple(rule) for rule in rules} == {
            ("levy-rate", "TER", Decimal("0.05")),
            ("levy-rate", "EPC", Decimal(0)),
            ("default-expiry", "TER", Decimal(6)),
            ("default-expiry", "EPC", Decimal(99)),
            ("rollback-window", "TER", Decimal(5)),
            ("rollback-window", "EPC", Decimal(5)),
            ("committee-quorum", "TER", Decimal(3)),
        }
        roles = dict(connection.execute(select(Person.user_name, Person.role)).all())
    assert [roles[name] for name in ("admin", "admin2")] == ["administrator"] * 2
    assert sum(role == "committee" for role in roles.values()) == 5
    assert {roles[name] for name in ("officer", "officer2")} == {"officer"}
    assert (roles["approver"], roles["technician"], roles["auditor"]) == (
        "approver",
        "technician",
        "auditor",
    )


def test_built_in_accounts_are_opened_by_two_administrators(registry: OpenRegistry) -> None:
    with reading(registry.engine) as connection:
        rows = connection.execute(select(*Account.__table__.columns)).all()
        changes = connection.execute(
            select(AccountChange.state, func.count()).group_by(AccountChange.state)
        ).all()
    states = {row.type_code: row.unit_state for row in rows}
    assert states == {
        **dict.fromkeys((210, 220, 230, 240, 250, 260), "cancelled"),
        300: "retired",
        **dict.fromkeys((411, 421, 422, 423), "replaced"),
        **dict.fromkeys((901, 902, 903), "held"),
        904: "sent",
    }
    buffers = {row.scheme for row in rows if row.type_code == AccountType.BUFFER}
    assert buffers == {"T-VER", "LCC", "T-COP", "EPC"}
    for row in rows:
        number = read_account_number(row.number)
        assert (number.type_code, number.period) == (row.type_code, 1)
        assert row.state == "open"
        assert row.opened_on == date(2026, 11, 20)
        assert row.approved_by not in (None, row.proposed_by)
        assert row.name.endswith("2026–2030")
    assert {tuple(change) for change in changes} == {("proposed", 18), ("open", 18)}


def test_the_log_holds_together_and_names_what_was_made(registry: OpenRegistry) -> None:
    with reading(registry.engine) as connection:
        entries = connection.execute(
            select(*LogEntry.__table__.columns).order_by(LogEntry.sequence)
        ).all()
    chain = CHAIN_START
    for sequence, row in enumerate(entries, start=1):
        chain = chain_hash(chain, leaf_hash(row.entry))
        assert (row.sequence, row.leaf_hash, row.chain_hash) == (
            sequence,
            leaf_hash(row.entry),
            chain,
        )
        assert json.loads(row.entry)["kind"] == row.kind
    kinds = [row.kind for row in entries]
    counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    assert counts == {
        "registry-created": 1,
        "signing-key-added": 1,
        "person-added": 12,
        "unit-type-added": 15,
        "commitment-period-opened": 1,
        "scheme-added": 4,
        "rule-added": 7,
        "account-proposed": 18,
        "account-open": 18,
    }
    levy = next(json.loads(row.entry)["body"] for row in entries if row.kind == "rule-added")
    assert levy["value"] == "0.05"


def test_no_personal_data_enters_the_log(registry: OpenRegistry) -> None:
    with reading(registry.engine) as connection:
        names = connection.execute(select(Person.name, Person.email)).all()
        log = b"".join(connection.execute(select(LogEntry.entry)).scalars()).decode()
    assert names
    for name, email in names:
        assert name not in log
        assert email not in log


def test_a_real_registry_has_costly_slots_and_one_administrator_may_begin(
    tmp_path: Path, clock: FrozenClock
) -> None:
    path = tmp_path / "real.teak"
    created = create_registry(path, new=REAL, people=[OFFICER, ADMIN], clock=clock)
    try:
        slots = read_key_slots(path).slots
        assert [slot.wrapped.profile for slot in slots] == [STANDARD, STANDARD]
        assert [(person.user, person.role) for person in created.people] == [
            ("officer", Role.OFFICER),
            ("admin", Role.ADMINISTRATOR),
        ]
        with reading(created.registry.engine) as connection:
            row = connection.execute(select(*SigningKey.__table__.columns)).one()
            admin = connection.execute(
                select(Person.id).where(Person.user_name == "admin")
            ).scalar_one()
            opened_by = connection.execute(select(Account.proposed_by, Account.approved_by)).all()
        assert {tuple(pair) for pair in opened_by} == {(admin, None)}
        public_key = load_pem_public_key(created.public_key_pem)
        assert public_key.public_bytes_raw() == row.public_key  # type: ignore[union-attr]
    finally:
        close_registry(created.registry)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["real.teak", "real.teak.keys"]


def test_each_person_opens_it_by_their_own_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "real.teak"
    created = create_registry(path, new=REAL, people=[ADMIN, OFFICER], profile=LIGHT)
    close_registry(created.registry)
    for person in (ADMIN, OFFICER):
        for user in (person.user_name, None):
            opened = open_registry(path, passphrase=person.passphrase, user=user)
            assert opened.registry_id == created.registry.registry_id
            assert (opened.name_th, opened.is_demo) == ("ทะเบียนจริง", False)
            close_registry(opened)


UNUSABLE = [
    ([OFFICER], REAL, "administrator"),
    ([], REAL, "administrator"),
    ([ADMIN, replace(ADMIN, user_name="ADMIN")], REAL, "two people"),
    ([replace(ADMIN, user_name="a")], REAL, "user name"),
    ([replace(ADMIN, user_name="a b")], REAL, "user name"),
    ([replace(ADMIN, user_name="a" * 33)], REAL, "user name"),
    ([replace(ADMIN, user_name="ผู้ดูแล")], REAL, "user name"),
    ([replace(ADMIN, name="  ")], REAL, "no name"),
    ([replace(ADMIN, role=cast(Role, "king"))], REAL, "king"),
    ([replace(ADMIN, passphrase="elevenchars")], REAL, "too short"),
    ([replace(ADMIN, passphrase="demo")], REAL, "too short"),
    ([ADMIN], replace(REAL, is_demo=True), "demo"),
    ([ADMIN], replace(REAL, country="Siam"), "Siam"),
    ([ADMIN], replace(REAL, name_th=" "), "Thai"),
]


@pytest.mark.parametrize(("first_people", "new", "word"), UNUSABLE)
def test_what_cannot_be_used_is_said_and_leaves_nothing(
    first_people: list[NewPerson], new: NewRegistry, word: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as refused:
        create_registry(tmp_path / "new.teak", new=new, people=first_people)
    assert word in refused.value.message
    assert refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.services.registry.first_content.open_built_in_accounts", fail)
    with pytest.raises((TeakError, OSError)):
        create_registry(tmp_path / "new.teak", new=REAL, people=[ADMIN], profile=LIGHT)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_and_a_missing_folder_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.teak"
    path.write_text("dear registry")
    with pytest.raises(RegistryExists):
        create_registry(path, new=REAL, people=[ADMIN], profile=LIGHT)
    with pytest.raises((RegistryMissing, ReadOnlyPlace)):
        create_registry(tmp_path / "no" / "a.teak", new=REAL, people=[ADMIN], profile=LIGHT)
    assert path.read_text() == "dear registry"
    assert [item.name for item in tmp_path.iterdir()] == ["letter.teak"]


def test_a_demo_opens_by_itself_and_a_real_one_never(
    demo_registry_path: Path, tmp_path: Path
) -> None:
    opened = open_demo(demo_registry_path)
    assert opened is not None
    assert opened.is_demo
    close_registry(opened)
    path = tmp_path / "real.teak"
    close_registry(create_registry(path, new=REAL, people=[ADMIN], profile=LIGHT).registry)
    before = path.with_name("real.teak.keys").read_bytes()
    assert open_demo(path) is None
    assert path.with_name("real.teak.keys").read_bytes() == before


def test_the_first_rows_are_not_for_every_kind_of_account(registry: OpenRegistry) -> None:
    with reading(registry.engine) as connection:
        held = connection.execute(
            select(Account.type_code).where(Account.unit_state == "held")
        ).scalars()
        assert set(held) == {
            AccountType.BUFFER,
            AccountType.RESERVE,
            AccountType.OTHER_PURPOSE,
        }
        assert connection.execute(select(func.count()).select_from(RegistryRow)).scalar() == 1
