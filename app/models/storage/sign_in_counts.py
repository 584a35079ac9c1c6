"""Signing in to a registry file, with its failures counted beside the key slots.

Owns reading and writing the counts; the rule they follow is `sign_in_failures`. The clock is
handed in. Every function takes the path of the registry file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.models.errors import SignInLocked, WrongPassphrase
from app.models.storage.database_key import DatabaseKey
from app.models.storage.key_slot_format import KeySlots
from app.models.storage.key_slots import (
    open_slot,
    read_key_slots,
    slot_id_of,
    update_key_slots,
)
from app.models.storage.sign_in_failures import (
    LOCKING_FAILURES,
    Standing,
    find_failure,
    standing,
    with_failure,
    without_failures,
)


def sign_in(registry: Path, *, user: str, passphrase: str, now: datetime) -> DatabaseKey:
    """Open the person's slot as `open_slot` does, counting a failure at `now` (aware).

    Raises SignInLocked, without trying, while the name must wait or is locked. Success does
    not clear the count: call `clear_failures` once the whole sign-in has succeeded.
    """
    require_sign_in_allowed(registry, user=user, now=now)
    try:
        return open_slot(registry, user=user, passphrase=passphrase)
    except WrongPassphrase:
        record_failure(registry, user=user, now=now)
        raise


def sign_in_standing(registry: Path, *, user: str, now: datetime) -> Standing:
    """Return the name's failures in a row, the wait in seconds, and whether it is locked."""
    content = read_key_slots(registry)
    return standing(find_failure(content.failures, slot_id_of(content, user)), now=now)


def require_sign_in_allowed(registry: Path, *, user: str, now: datetime) -> None:
    """Raise SignInLocked while the name must wait, or is locked until an administrator acts."""
    state = sign_in_standing(registry, user=user, now=now)
    if state.locked:
        raise SignInLocked(
            f"Sign-in is locked after {LOCKING_FAILURES} failed attempts in a row.",
            hint="Ask an administrator to unlock it.",
        )
    if state.wait_s:
        raise SignInLocked(
            f"Too many failed attempts: the next one is possible in {state.wait_s} s.",
            hint=f"Wait {state.wait_s} seconds, then try again.",
        )


def record_failure(registry: Path, *, user: str, now: datetime) -> None:
    """Count one failed sign-in of the name, known or not (a wrong one-time code too)."""

    def count(current: KeySlots) -> KeySlots:
        known = frozenset(slot.slot_id for slot in current.slots)
        slot_id = slot_id_of(current, user)
        failures = with_failure(current.failures, slot_id, known=known, now=now)
        return replace(current, failures=failures)

    update_key_slots(registry, count)


def clear_failures(registry: Path, *, user: str) -> None:
    """Forget the name's failures: after a whole sign-in, or by an administrator.

    Writes nothing when there are none.
    """
    content = read_key_slots(registry)
    if find_failure(content.failures, slot_id_of(content, user)) is None:
        return

    def clear(current: KeySlots) -> KeySlots:
        slot_id = slot_id_of(current, user)
        return replace(current, failures=without_failures(current.failures, slot_id))

    update_key_slots(registry, clear)
