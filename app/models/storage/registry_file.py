"""Opening and creating a registry file together with its key slots.

Owns telling apart everything that can be wrong with the two files, each in words of its own,
without changing a byte of either. Must not know what is stored: tables and first rows are
made by the caller's `prepare`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine

from app.models.errors import (
    DiskFull,
    KeySlotsDamaged,
    KeySlotsMissing,
    NotARegistry,
    ReadOnlyPlace,
    RegistryExists,
    RegistryMissing,
)
from app.models.storage.database_key import SALT_SIZE, DatabaseKey, is_registry_salt
from app.models.storage.disk_room import has_room_to_open
from app.models.storage.file_examination import examine_open, examine_resting
from app.models.storage.key_slot_format import KeySlots
from app.models.storage.key_slots import (
    add_slot,
    create_key_slots,
    key_slots_path,
    open_any,
    open_slot,
    read_key_slots,
)
from app.models.storage.key_wrapping import STANDARD, KdfProfile
from app.models.storage.sign_in_counts import sign_in
from app.models.storage.sqlcipher import (
    BUSY_TIMEOUT_S,
    create_database,
    open_engine,
    read_first_bytes,
)
from app.models.storage.translate import translating
from app.models.storage.unfinished_files import making_aside, remove_unfinished
from app.models.storage.whole_files import give_free_name, sync_folder

_PLAIN_SQLITE = b"SQLite format 3\x00"
_ENDINGS = ("", ".keys", "-wal", "-shm", "-journal")


@dataclass(frozen=True)
class RegistryFile:
    """An open registry file; dispose of `engine` to close it.

    `key` is what `key_slots.add_slot` and `set_passphrase` ask for.
    """

    path: Path
    registry_id: UUID
    engine: Engine
    key: DatabaseKey = field(repr=False)


def open_registry_file(
    path: Path,
    *,
    passphrase: str,
    user: str | None = None,
    now: datetime | None = None,
    busy_timeout_s: float = BUSY_TIMEOUT_S,
) -> RegistryFile:
    """Open an existing registry file, or say what stands in the way and change nothing.

    A link is followed: what stands beside the real file counts, and `path` of the result
    names that. Without `user` every slot is tried, for commands that only read. With `user`
    and `now` (aware) a wrong passphrase is counted beside the slots: the only thing ever
    written here.

    Raises RegistryMissing, NotARegistry, KeySlotsMissing, KeySlotsDamaged, ReadOnlyPlace,
    WrongPassphrase, SignInLocked, DamagedRegistry, NewerRegistry, RegistryBusy, DiskFull.
    """
    path = real_path(path)
    with translating(path):
        _require_file(path)
        slots = _require_slots(path)
    _require_writable(path)
    _require_room(path)
    key = _open_key(path, passphrase=passphrase, user=user, now=now)
    examine_resting(path, key, salt=slots.database_salt)
    engine = open_engine(path, key, busy_timeout_s=busy_timeout_s)
    try:
        examine_open(engine)
    except BaseException:
        engine.dispose()
        raise
    return RegistryFile(path, slots.registry_id, engine, key)


def real_path(path: Path) -> Path:
    """Follow links to the real file; unlike Path.resolve, never raise where they go in a circle."""
    return Path(os.path.realpath(path))


def create_registry_file(
    path: Path,
    *,
    user: str,
    passphrase: str,
    profile: KdfProfile = STANDARD,
    prepare: Callable[[RegistryFile], None] | None = None,
    registry_id: UUID | None = None,
) -> RegistryFile:
    """Create a registry file and its key slots, with a first slot for `user`.

    `registry_id` is given for a registry that moves here and keeps its identity.

    `prepare` makes the tables and first rows. All is made under another name and put in place
    when it is whole: what fails on the way, `prepare` included, leaves no trace, and a process
    that is killed leaves nothing at `path`; its hidden files go when one is next created there.
    Raises RegistryExists, RegistryMissing for a folder that is not there, ReadOnlyPlace, DiskFull.
    """
    path = real_path(path.parent) / path.name
    with translating(path):
        require_free(path)
        with making_aside(path) as aside:
            begun = _begin(aside, registry_id or uuid4(), user, passphrase, profile)
            try:
                if prepare is not None:
                    prepare(begun)
            finally:
                # The last connection to close takes the write-ahead log away.
                begun.engine.dispose()
            put_in_place(aside, path)
    return RegistryFile(path, begun.registry_id, open_engine(path, begun.key), begun.key)


def put_in_place(aside: Path, path: Path) -> None:
    """Give the two files their names, key slots first; RegistryExists when one is taken.

    Whoever is killed in between has left a name by which `remove_unfinished` takes it away.
    """
    placed: list[Path] = []
    try:
        for ending in (".keys", ""):
            final = path.with_name(path.name + ending)
            give_free_name(aside.with_name(aside.name + ending), final)
            placed.append(final)
    except BaseException as error:
        for final in placed:
            final.unlink()
        if isinstance(error, FileExistsError):
            raise _exists(path) from error
        raise
    sync_folder(path.parent)


def _begin(
    path: Path, registry_id: UUID, user: str, passphrase: str, profile: KdfProfile
) -> RegistryFile:
    material = create_database(path)
    create_key_slots(
        path,
        material.key,
        registry_id=registry_id,
        database_salt=material.salt,
        profile=profile,
    )
    add_slot(path, material.key, user=user, passphrase=passphrase)
    return RegistryFile(path, registry_id, open_engine(path, material.key), material.key)


def require_free(path: Path) -> None:
    """Raise RegistryMissing or RegistryExists unless a registry may be created at the path.

    What somebody who was killed while making one left beside it is taken away.
    """
    if not path.parent.is_dir():
        raise RegistryMissing(
            f'The folder "{path.parent}" does not exist.',
            hint="Make the folder first, or choose another.",
        )
    remove_unfinished(path)
    for ending in _ENDINGS:
        taken = path.with_name(path.name + ending)
        if os.path.lexists(taken):
            raise _exists(taken)


def _exists(taken: Path) -> RegistryExists:
    return RegistryExists(
        f'"{taken}" exists already; a new registry never replaces a file.',
        hint="Choose another name, or move the existing file away.",
    )


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise NotARegistry(
            f'"{path}" is a folder, not a registry file.',
            hint="Name the registry file inside it; its name ends in .teak.",
        )
    if not path.exists():
        raise RegistryMissing(
            f'There is no file "{path}".',
            hint="Check the name and the folder, or create a registry there.",
        )
    if not path.is_file():
        raise _not_a_registry(path, "it is no ordinary file")
    if not os.access(path, os.R_OK):
        raise ReadOnlyPlace(
            f'Opening "{path}" failed: you have no right to read it.',
            hint="Ask its owner for the right to read and write it.",
        )


def _require_slots(path: Path) -> KeySlots:
    """Read the key slots and hold them against the file's first bytes."""
    size = path.stat().st_size
    if size < SALT_SIZE:
        raise _not_a_registry(path, "it is empty" if size == 0 else f"it has only {size} bytes")
    first_bytes = read_first_bytes(path)
    if first_bytes == _PLAIN_SQLITE:
        raise _not_a_registry(path, "it is an SQLite database without encryption")
    try:
        slots = read_key_slots(path)
    except (KeySlotsMissing, KeySlotsDamaged):
        if is_registry_salt(first_bytes):
            raise
        raise _not_a_registry(path, "it does not begin as one") from None
    if first_bytes != slots.database_salt and is_registry_salt(first_bytes):
        raise KeySlotsDamaged(
            f'The key-slot file "{key_slots_path(path)}" belongs to another registry than '
            f'"{path.name}".',
            hint="Put the two files back together as they were copied, or restore both from "
            "one backup.",
        )
    return slots


def _require_writable(path: Path) -> None:
    for place, right in ((path, os.W_OK), (path.parent, os.W_OK | os.X_OK)):
        if not os.access(place, right):
            what = "file" if place == path else "folder"
            raise ReadOnlyPlace(
                f'Opening "{path}" failed: the {what} "{place}" cannot be written.',
                hint="Ask for the right to write there, or copy the registry and its key-slot "
                "file to a folder you may write in.",
            )


def _require_room(path: Path) -> None:
    if not has_room_to_open(path):
        raise DiskFull(
            f'Opening "{path}" failed: the disk, or the allowed file size, is used up.',
            hint="Free some space on the disk, or raise the allowed file size, then try again.",
        )


def _open_key(
    path: Path, *, passphrase: str, user: str | None, now: datetime | None
) -> DatabaseKey:
    if user is None:
        return open_any(path, passphrase=passphrase)
    if now is None:
        return open_slot(path, user=user, passphrase=passphrase)
    return sign_in(path, user=user, passphrase=passphrase, now=now)


def _not_a_registry(path: Path, reason: str) -> NotARegistry:
    return NotARegistry(
        f'"{path}" is not a Teak registry: {reason}.',
        hint="Choose a registry file; its name usually ends in .teak.",
    )
