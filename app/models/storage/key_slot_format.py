"""What the key-slot file says, read from its bytes and written to them.

Owns the file's final format, version 1 (docs/formats.md, "Key-slot file"), and refuses what
does not keep to it. Must not touch a file, nor know a passphrase.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from app.models.errors import KeySlotsDamaged, NewerRegistry
from app.models.storage.database_key import SALT_SIZE
from app.models.storage.key_wrapping import (
    KDF_SALT_SIZE,
    NONCE_SIZE,
    WRAPPED_SIZE,
    KdfProfile,
    WrappedKey,
)
from app.models.storage.sign_in_failures import Failure

FORMAT = "teak-key-slots"
VERSION = 1
DIGEST_SIZE = 32
NAME_SALT_SIZE = 16
_Item = TypeVar("_Item")
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Slot:
    """One person's way to the database key; `slot_id` hides the name."""

    slot_id: str
    wrapped: WrappedKey


@dataclass(frozen=True)
class KeySlots:
    """The whole file: whose it is, who may open it, and who failed to."""

    registry_id: UUID
    database_salt: bytes
    name_salt: bytes
    key_check: bytes
    new_slots: KdfProfile
    slots: tuple[Slot, ...] = ()
    failures: tuple[Failure, ...] = ()

    def find_slot(self, slot_id: str) -> Slot | None:
        """Return the slot of that id, if any."""
        return next((slot for slot in self.slots if slot.slot_id == slot_id), None)


def render_key_slots(content: KeySlots) -> bytes:
    """Write the file's bytes: JSON, UTF-8, one field a line."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "registry": str(content.registry_id),
        "database_salt": content.database_salt.hex(),
        "name_salt": content.name_salt.hex(),
        "key_check": content.key_check.hex(),
        "new_slots": _render_profile(content.new_slots),
        "slots": [
            {
                "id": slot.slot_id,
                "kdf": _render_profile(slot.wrapped.profile),
                "kdf_salt": slot.wrapped.kdf_salt.hex(),
                "nonce": slot.wrapped.nonce.hex(),
                "wrapped_key": slot.wrapped.ciphertext.hex(),
            }
            for slot in content.slots
        ],
        "failures": [
            {
                "id": failure.slot_id,
                "count": failure.count,
                "last": failure.last.astimezone(UTC).strftime(_TIME),
            }
            for failure in content.failures
        ],
    }
    return (json.dumps(document, indent=1) + "\n").encode()


def parse_key_slots(data: bytes, *, name: str) -> KeySlots:
    """Read the file's bytes; `name` is for the message.

    Raises KeySlotsDamaged saying which field is wrong, NewerRegistry for a later version.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _damaged(name, "it is cut short or is no JSON") from error
    try:
        _require_version(document)
        return _parse_document(document)
    except _WrongField as error:
        raise _damaged(name, str(error)) from error
    except _NewerVersion as error:
        raise NewerRegistry(
            f'The key-slot file "{name}" has format version {error}; this version of Teak '
            f"knows versions up to {VERSION}.",
            hint="Open the registry with the version of Teak that wrote it, or a newer one.",
        ) from error


class _WrongField(Exception):
    """A field is missing, of the wrong type, or holds what it cannot hold."""


class _NewerVersion(Exception):
    """The file has a later version than this program knows."""


def _damaged(name: str, reason: str) -> KeySlotsDamaged:
    return KeySlotsDamaged(
        f'The key-slot file "{name}" cannot be used: {reason}.',
        hint="Restore it from a backup, together with the registry file it belongs to.",
    )


def _require_version(document: Any) -> None:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _WrongField(f'it does not say format "{FORMAT}"')
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise _WrongField(f"its version is {version!r}, not a whole number from 1")
    if version > VERSION:
        raise _NewerVersion(str(version))


def _parse_document(document: dict[str, Any]) -> KeySlots:
    _require_fields(
        document,
        "format version registry database_salt name_salt key_check new_slots slots failures",
        "the file",
    )
    slots = tuple(_parse_list(document, "slots", _parse_slot))
    failures = tuple(_parse_list(document, "failures", _parse_failure))
    for field, ids in (
        ("slots", [slot.slot_id for slot in slots]),
        ("failures", [failure.slot_id for failure in failures]),
    ):
        if len(ids) != len(set(ids)):
            raise _WrongField(f'field "{field}" names one id twice')
    return KeySlots(
        registry_id=_parse_registry(document["registry"]),
        database_salt=_parse_hex(document, "database_salt", SALT_SIZE),
        name_salt=_parse_hex(document, "name_salt", NAME_SALT_SIZE),
        key_check=_parse_hex(document, "key_check", DIGEST_SIZE),
        new_slots=_parse_profile(document["new_slots"]),
        slots=slots,
        failures=failures,
    )


def _parse_slot(value: dict[str, Any]) -> Slot:
    _require_fields(value, "id kdf kdf_salt nonce wrapped_key", "a slot")
    return Slot(
        slot_id=_parse_hex(value, "id", DIGEST_SIZE).hex(),
        wrapped=WrappedKey(
            profile=_parse_profile(value["kdf"]),
            kdf_salt=_parse_hex(value, "kdf_salt", KDF_SALT_SIZE),
            nonce=_parse_hex(value, "nonce", NONCE_SIZE),
            ciphertext=_parse_hex(value, "wrapped_key", WRAPPED_SIZE),
        ),
    )


def _parse_failure(value: dict[str, Any]) -> Failure:
    _require_fields(value, "id count last", "a failure")
    count, last = value["count"], value["last"]
    if type(count) is not int or count < 1:
        raise _WrongField(f'field "count" is {count!r}, not a whole number from 1')
    try:
        moment = datetime.strptime(last, _TIME).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        raise _WrongField(f'field "last" is {last!r}, not a UTC time') from None
    return Failure(_parse_hex(value, "id", DIGEST_SIZE).hex(), count, moment)


def _render_profile(profile: KdfProfile) -> dict[str, str | int]:
    return {
        "name": "argon2id",
        "t": profile.passes,
        "m_kib": profile.memory_kib,
        "p": profile.lanes,
    }


def _parse_profile(value: Any) -> KdfProfile:
    if not isinstance(value, dict):
        raise _WrongField("a key derivation is no JSON object")
    _require_fields(value, "name t m_kib p", "a key derivation")
    costs = [value[field] for field in ("t", "m_kib", "p")]
    if value["name"] != "argon2id" or any(type(cost) is not int for cost in costs):
        raise _WrongField("a key derivation is not argon2id with whole numbers")
    profile = KdfProfile(passes=costs[0], memory_kib=costs[1], lanes=costs[2])
    if not profile.is_sane():
        raise _WrongField(f"a key derivation has impossible costs {costs}")
    return profile


def _parse_registry(value: Any) -> UUID:
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError):
        raise _WrongField(f'field "registry" is {value!r}, not a UUID') from None


def _parse_list(
    document: dict[str, Any], field: str, parse: Callable[[dict[str, Any]], _Item]
) -> list[_Item]:
    values = document[field]
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise _WrongField(f'field "{field}" is no list of JSON objects')
    return [parse(value) for value in values]


def _parse_hex(document: dict[str, Any], field: str, size: int) -> bytes:
    value = document[field]
    if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{2 * size}}}", value):
        raise _WrongField(f'field "{field}" does not hold {size} bytes in lower-case hex')
    return bytes.fromhex(value)


def _require_fields(value: dict[str, Any], names: str, what: str) -> None:
    wanted, found = set(names.split()), set(value)
    if wanted != found:
        differing = ", ".join(sorted(wanted ^ found))
        raise _WrongField(f"{what} has missing or unknown fields: {differing}")
