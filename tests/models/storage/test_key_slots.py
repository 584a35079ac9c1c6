from __future__ import annotations

import json
import stat
import sys
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from argon2 import low_level

from app.models.errors import (
    KeySlotsDamaged,
    NotFound,
    RegistryExists,
    TeakError,
    UsageError,
    WrongPassphrase,
)
from app.models.storage import key_wrapping
from app.models.storage.database_key import DatabaseKey, new_database_key, new_salt
from app.models.storage.key_slots import (
    add_slot,
    change_passphrase,
    create_key_slots,
    has_slot,
    key_slots_path,
    open_any,
    open_slot,
    read_key_slots,
    remove_slot,
    set_passphrase,
)
from app.models.storage.key_wrapping import LIGHT, STANDARD, KdfProfile


@pytest.fixture
def key() -> DatabaseKey:
    return new_database_key()


@pytest.fixture
def registry(tmp_path: Path, key: DatabaseKey) -> Path:
    """A key-slot file with the slots of Somchai and Malee; no database is needed."""
    path = tmp_path / "a.teak"
    create_key_slots(path, key, registry_id=uuid4(), database_salt=new_salt(), profile=LIGHT)
    add_slot(path, key, user="Somchai", passphrase="one")
    add_slot(path, key, user="Malee", passphrase="two")
    return path


def test_each_passphrase_opens_its_own_slot_and_no_other(registry: Path, key: DatabaseKey) -> None:
    assert open_slot(registry, user="Somchai", passphrase="one") == key
    assert open_slot(registry, user="malee", passphrase="two") == key
    assert open_any(registry, passphrase="two") == key
    for user, passphrase in (("Somchai", "two"), ("Malee", "one"), ("nobody", "one")):
        with pytest.raises(WrongPassphrase):
            open_slot(registry, user=user, passphrase=passphrase)
    with pytest.raises(WrongPassphrase):
        open_any(registry, passphrase="three")


def test_one_text_in_two_spellings_is_one_name_and_one_passphrase(
    registry: Path, key: DatabaseKey
) -> None:
    written = "Zoë Ångström"
    add_slot(registry, key, user=written, passphrase="käse น้ำ")
    apart = unicodedata.normalize("NFD", written.upper())
    assert apart != written
    found = open_slot(registry, user=apart, passphrase=unicodedata.normalize("NFD", "käse น้ำ"))
    assert found == key


def test_a_changed_passphrase_replaces_the_old_one(registry: Path, key: DatabaseKey) -> None:
    with pytest.raises(WrongPassphrase):
        change_passphrase(registry, user="Somchai", old="two", new="three")
    change_passphrase(registry, user="Somchai", old="one", new="three")
    assert open_slot(registry, user="Somchai", passphrase="three") == key
    with pytest.raises(WrongPassphrase):
        open_slot(registry, user="Somchai", passphrase="one")
    set_passphrase(registry, key, user="Somchai", passphrase="four")
    assert open_slot(registry, user="Somchai", passphrase="four") == key
    assert len(read_key_slots(registry).slots) == 2


def test_a_removed_person_opens_nothing_and_the_last_slot_stays(registry: Path) -> None:
    remove_slot(registry, user="Somchai")
    assert not has_slot(registry, user="Somchai")
    assert has_slot(registry, user="Malee")
    with pytest.raises(WrongPassphrase):
        open_slot(registry, user="Somchai", passphrase="one")
    with pytest.raises(UsageError, match="last one"):
        remove_slot(registry, user="Malee")
    assert open_slot(registry, user="Malee", passphrase="two")


def test_slots_that_are_there_or_not_there(registry: Path, key: DatabaseKey) -> None:
    with pytest.raises(UsageError, match="SOMCHAI"):
        add_slot(registry, key, user="SOMCHAI", passphrase="x")
    with pytest.raises(NotFound, match="nobody"):
        remove_slot(registry, user="nobody")
    with pytest.raises(NotFound, match="nobody"):
        set_passphrase(registry, key, user="nobody", passphrase="x")
    with pytest.raises(RegistryExists):
        create_key_slots(registry, key, registry_id=uuid4(), database_salt=new_salt())
    assert open_slot(registry, user="Somchai", passphrase="one") == key


def test_no_other_key_gets_a_slot(registry: Path) -> None:
    before = key_slots_path(registry).read_bytes()
    for act in (add_slot, set_passphrase):
        with pytest.raises(KeySlotsDamaged, match="check value"):
            act(registry, new_database_key(), user="Somchai", passphrase="x")
    assert key_slots_path(registry).read_bytes() == before


def test_an_unknown_name_costs_the_same_derivation(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs: list[tuple[int, int, int]] = []
    derive = low_level.hash_secret_raw

    def count(*arguments: Any, **options: Any) -> bytes:
        costs.append((options["time_cost"], options["memory_cost"], options["parallelism"]))
        return derive(*arguments, **options)

    monkeypatch.setattr(key_wrapping, "hash_secret_raw", count)
    messages = set()
    for user in ("Somchai", "nobody"):
        with pytest.raises(WrongPassphrase) as caught:
            open_slot(registry, user=user, passphrase="wrong")
        messages.add((caught.value.message, caught.value.hint))
    assert costs == [(1, 8192, 1), (1, 8192, 1)]
    assert len(messages) == 1


def test_the_default_cost_is_the_second_recommended_of_rfc_9106(
    tmp_path: Path, key: DatabaseKey
) -> None:
    path = tmp_path / "b.teak"
    create_key_slots(path, key, registry_id=uuid4(), database_salt=new_salt())
    add_slot(path, key, user="a", passphrase="b")
    assert KdfProfile(passes=3, memory_kib=65536, lanes=4) == STANDARD
    assert read_key_slots(path).slots[0].wrapped.profile == STANDARD
    assert open_slot(path, user="a", passphrase="b") == key


def swap_slots(document: dict[str, Any]) -> None:
    first, second = document["slots"]
    first["id"], second["id"] = second["id"], first["id"]


def cheapen(document: dict[str, Any]) -> None:
    document["slots"][0]["kdf"]["m_kib"] = 4096


@pytest.mark.parametrize(
    "tamper",
    [
        swap_slots,
        cheapen,
        lambda document: document.update(registry=str(uuid4())),
        lambda document: document["slots"][0].update(nonce="00" * 12),
        lambda document: document["slots"][0].update(kdf_salt="00" * 16),
        lambda document: document["slots"][0].update(wrapped_key="00" * 48),
    ],
)
def test_a_slot_is_bound_to_its_place_and_cost(
    registry: Path, tamper: Callable[[dict[str, Any]], None]
) -> None:
    path = key_slots_path(registry)
    document = json.loads(path.read_text())
    tamper(document)
    path.write_text(json.dumps(document))
    with pytest.raises(WrongPassphrase):
        open_slot(registry, user="Somchai", passphrase="one")


@pytest.mark.parametrize("field", ["database_salt", "name_salt", "key_check", "new_slots"])
def test_what_the_slots_share_is_authenticated(registry: Path, field: str) -> None:
    path = key_slots_path(registry)
    document = json.loads(path.read_text())
    if field == "new_slots":
        document[field]["m_kib"] = 64
    else:
        document[field] = "00" * (len(document[field]) // 2)
    path.write_text(json.dumps(document))
    with pytest.raises(KeySlotsDamaged, match="check value"):
        open_any(registry, passphrase="one")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"slots": [{}]}, "id, kdf"),
        ({"slots": [3]}, '"slots"'),
        ({"registry": "no uuid"}, '"registry"'),
        ({"registry": 5}, '"registry"'),
        ({"database_salt": "zz"}, '"database_salt"'),
        ({"name_salt": None}, '"name_salt"'),
        ({"new_slots": {"name": "argon2id", "t": 1, "m_kib": 2**40, "p": 1}}, "impossible"),
        ({"new_slots": {"name": "scrypt", "t": 1, "m_kib": 64, "p": 1}}, "argon2id"),
        ({"new_slots": {"name": "argon2id", "t": True, "m_kib": 64, "p": 1}}, "argon2id"),
        ({"new_slots": []}, "derivation"),
        ({"failures": [{"id": "00" * 32, "count": 0, "last": ""}]}, '"count"'),
        ({"failures": [{"id": "00" * 32, "count": 1, "last": "today"}]}, '"last"'),
        ({"version": True}, "version"),
        ({"version": 0}, "version"),
        ({"format": "other"}, "format"),
        ({"more": 1}, "more"),
    ],
)
def test_each_wrong_field_is_named(registry: Path, change: dict[str, Any], named: str) -> None:
    path = key_slots_path(registry)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(KeySlotsDamaged) as caught:
        open_slot(registry, user="Somchai", passphrase="one")
    assert named in caught.value.message
    assert str(path) in caught.value.message


def test_every_cut_of_the_file_is_a_clear_error(registry: Path) -> None:
    path = key_slots_path(registry)
    whole = path.read_bytes().rstrip()
    for size in range(0, len(whole), 37):
        path.write_bytes(whole[:size])
        with pytest.raises(KeySlotsDamaged):
            read_key_slots(registry)


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_the_file_is_for_its_owner_alone_and_nothing_else_is_left(registry: Path) -> None:
    mode = stat.S_IMODE(key_slots_path(registry).stat().st_mode)
    assert mode == 0o600
    assert [path.name for path in registry.parent.iterdir()] == ["a.teak.keys"]


def test_no_name_stands_in_the_file(registry: Path) -> None:
    text = key_slots_path(registry).read_text().lower()
    assert "somchai" not in text
    assert "malee" not in text


def test_updates_by_many_at_once_are_all_kept(registry: Path, key: DatabaseKey) -> None:
    failed: list[TeakError] = []

    def add(number: int) -> None:
        try:
            add_slot(registry, key, user=f"person {number}", passphrase="x")
        except TeakError as error:
            failed.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert failed == []
    assert len(read_key_slots(registry).slots) == 14


ADD = """
import sys
from pathlib import Path
from app.models.storage.database_key import DatabaseKey
from app.models.storage.key_slots import add_slot
for number in range(15):
    add_slot(Path(sys.argv[1]), DatabaseKey.fromhex(sys.argv[2]), user=f"{sys.argv[3]} {number}",
             passphrase="x")
"""


def test_two_desks_lose_no_update(
    registry: Path, key: DatabaseKey, child: Callable[..., Any]
) -> None:
    desks = [child(ADD, registry, key.hex(), name) for name in ("first", "second")]
    for desk in desks:
        _, errors = desk.communicate(timeout=20)
        assert not errors
    assert len(read_key_slots(registry).slots) == 32
    assert [path.name for path in registry.parent.iterdir()] == ["a.teak.keys"]
