"""The key-slot file beside the registry: each person's passphrase opens the one key.

Owns creating, changing and opening slots. Every function takes the path of the registry
file (`NAME.teak`); the slots are in `NAME.teak.keys`. Must not open the registry itself.
Failures are counted in `sign_in_counts`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from app.models.errors import (
    KeySlotsDamaged,
    KeySlotsMissing,
    NotFound,
    RegistryExists,
    UsageError,
    WrongPassphrase,
)
from app.models.storage.database_key import DatabaseKey
from app.models.storage.key_slot_format import (
    FORMAT,
    NAME_SALT_SIZE,
    VERSION,
    KeySlots,
    Slot,
    parse_key_slots,
    render_key_slots,
)
from app.models.storage.key_wrapping import (
    STANDARD,
    KdfProfile,
    decoy,
    describe_profile,
    unwrap_key,
    wrap_key,
)
from app.models.storage.sign_in_failures import without_failures
from app.models.storage.translate import translating
from app.models.storage.whole_files import holding, replace_file


def key_slots_path(registry: Path) -> Path:
    """Return where the key slots of a registry file stand."""
    return registry.with_name(registry.name + ".keys")


def create_key_slots(
    registry: Path,
    key: DatabaseKey,
    *,
    registry_id: UUID,
    database_salt: bytes,
    profile: KdfProfile = STANDARD,
) -> None:
    """Write a key-slot file without slots; `profile` is the cost of those added later.

    Raises RegistryExists when there is one already.
    """
    path = key_slots_path(registry)
    content = KeySlots(
        registry_id=registry_id,
        database_salt=database_salt,
        name_salt=secrets.token_bytes(NAME_SALT_SIZE),
        key_check=b"",
        new_slots=profile,
    )
    content = replace(content, key_check=_key_check(content, key))
    with translating(path), holding(path):
        if path.exists():
            raise RegistryExists(
                f'There is a key-slot file already at "{path}".',
                hint="Choose another name for the new registry.",
            )
        replace_file(path, render_key_slots(content))


def read_key_slots(registry: Path) -> KeySlots:
    """Read the key-slot file.

    Raises KeySlotsMissing, KeySlotsDamaged, or NewerRegistry for a later version of it.
    """
    path = key_slots_path(registry)
    try:
        with translating(path):
            data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise KeySlotsMissing(
            f'The key-slot file "{path}" is missing; without it no passphrase opens the registry.',
            hint="Put it back beside the registry file, from where the two were copied or "
            "from a backup.",
        ) from error
    except IsADirectoryError as error:
        raise KeySlotsDamaged(
            f'The key-slot file "{path}" cannot be used: it is a folder.',
            hint="Restore it from a backup, together with the registry file it belongs to.",
        ) from error
    return parse_key_slots(data, name=str(path))


def add_slot(registry: Path, key: DatabaseKey, *, user: str, passphrase: str) -> None:
    """Give a person a slot of their own; UsageError when they have one already."""
    content = read_key_slots(registry)
    _require_key(registry, content, key)
    slot = _new_slot(content, key, user=user, passphrase=passphrase)

    def add(current: KeySlots) -> KeySlots:
        if current.find_slot(slot.slot_id) is not None:
            raise UsageError(
                f'The user "{user}" has a key slot already.',
                hint="Change its passphrase, or remove the slot first.",
            )
        return replace(
            current,
            slots=(*current.slots, slot),
            failures=without_failures(current.failures, slot.slot_id),
        )

    update_key_slots(registry, add)


def set_passphrase(registry: Path, key: DatabaseKey, *, user: str, passphrase: str) -> None:
    """Give a person who has a slot a new passphrase, by the power of the key alone.

    For an administrator; failures are forgotten with it. NotFound when there is no slot.
    """
    content = read_key_slots(registry)
    _require_key(registry, content, key)
    slot = _new_slot(content, key, user=user, passphrase=passphrase)

    def put(current: KeySlots) -> KeySlots:
        if current.find_slot(slot.slot_id) is None:
            raise _no_slot(user)
        return replace(
            current,
            slots=tuple(slot if old.slot_id == slot.slot_id else old for old in current.slots),
            failures=without_failures(current.failures, slot.slot_id),
        )

    update_key_slots(registry, put)


def change_passphrase(registry: Path, *, user: str, old: str, new: str) -> None:
    """Change a person's own passphrase; WrongPassphrase when `old` does not open the slot."""
    key = open_slot(registry, user=user, passphrase=old)
    set_passphrase(registry, key, user=user, passphrase=new)


def remove_slot(registry: Path, *, user: str) -> None:
    """Take a person's slot away; NotFound without one, UsageError for the last one.

    Who kept the key, or a copy of the file, can still open the registry until its key is
    changed.
    """

    def remove(current: KeySlots) -> KeySlots:
        slot_id = slot_id_of(current, user)
        rest = tuple(slot for slot in current.slots if slot.slot_id != slot_id)
        if len(rest) == len(current.slots):
            raise _no_slot(user)
        if not rest:
            raise UsageError(
                f'The slot of "{user}" is the last one: without it nobody could ever open '
                "the registry again.",
                hint="Add another person's slot first.",
            )
        failures = without_failures(current.failures, slot_id)
        return replace(current, slots=rest, failures=failures)

    update_key_slots(registry, remove)


def has_slot(registry: Path, *, user: str) -> bool:
    """Tell whether the person has a slot. Never show the answer before sign-in."""
    content = read_key_slots(registry)
    return content.find_slot(slot_id_of(content, user)) is not None


def open_slot(registry: Path, *, user: str, passphrase: str) -> DatabaseKey:
    """Return the key from the person's slot, counting no failure.

    An unknown name costs the same work and is refused in the same words as a wrong
    passphrase: WrongPassphrase.
    """
    content = read_key_slots(registry)
    slot_id = slot_id_of(content, user)
    slot = content.find_slot(slot_id) or Slot(slot_id, decoy(content.new_slots))
    key = unwrap_key(slot.wrapped, passphrase=passphrase, bound_to=_binding(content, slot_id))
    if key is None:
        raise _wrong_passphrase(registry)
    _require_key(registry, content, key)
    return key


def open_any(registry: Path, *, passphrase: str) -> DatabaseKey:
    """Return the key from whichever slot the passphrase opens, at the cost of trying each.

    For commands that only read: it does not tell who opened. Raises WrongPassphrase.
    """
    content = read_key_slots(registry)
    for slot in content.slots:
        bound_to = _binding(content, slot.slot_id)
        key = unwrap_key(slot.wrapped, passphrase=passphrase, bound_to=bound_to)
        if key is not None:
            _require_key(registry, content, key)
            return key
    raise _wrong_passphrase(registry)


def update_key_slots(registry: Path, change: Callable[[KeySlots], KeySlots]) -> None:
    """Replace the file by `change` of what it says now, held against other processes."""
    path = key_slots_path(registry)
    with translating(path), holding(path):
        replace_file(path, render_key_slots(change(read_key_slots(registry))))


def slot_id_of(content: KeySlots, user: str) -> str:
    """Return the id that stands for a user name in this file, in lower-case hex."""
    composed = unicodedata.normalize("NFC", user).casefold()
    name = unicodedata.normalize("NFC", composed).encode(errors="surrogatepass")
    return hashlib.sha256(content.name_salt + name).hexdigest()


def _new_slot(content: KeySlots, key: DatabaseKey, *, user: str, passphrase: str) -> Slot:
    slot_id = slot_id_of(content, user)
    wrapped = wrap_key(
        key,
        passphrase=passphrase,
        profile=content.new_slots,
        bound_to=_binding(content, slot_id),
    )
    return Slot(slot_id, wrapped)


def _binding(content: KeySlots, slot_id: str) -> str:
    return f"{FORMAT}\n{VERSION}\n{content.registry_id}\n{slot_id}"


def _key_check(content: KeySlots, key: DatabaseKey) -> bytes:
    """Authenticate what the slots share, so that no key is ever filed under another's name."""
    shared = "\n".join(
        (
            FORMAT,
            str(VERSION),
            str(content.registry_id),
            content.database_salt.hex(),
            content.name_salt.hex(),
            describe_profile(content.new_slots),
        )
    )
    return hmac.digest(bytes(key), shared.encode(), "sha256")


def _require_key(registry: Path, content: KeySlots, key: DatabaseKey) -> None:
    if not hmac.compare_digest(_key_check(content, key), content.key_check):
        raise KeySlotsDamaged(
            f'The key-slot file "{key_slots_path(registry)}" does not belong to this key: its '
            "check value differs.",
            hint="Restore it from a backup, together with the registry file it belongs to.",
        )


def _no_slot(user: str) -> NotFound:
    return NotFound(
        f'The user "{user}" has no key slot in this registry.',
        hint="Check the user name.",
    )


def _wrong_passphrase(registry: Path) -> WrongPassphrase:
    return WrongPassphrase(
        f'No key slot of "{registry.name}" opens with this user name and passphrase.',
        hint="Check both, the keyboard's language, and that this is the registry you mean.",
    )
