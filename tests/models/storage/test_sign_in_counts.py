from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.models.errors import SignInLocked, TeakError, WrongPassphrase
from app.models.storage.key_slots import key_slots_path, read_key_slots, set_passphrase
from app.models.storage.registry_file import RegistryFile, open_registry_file
from app.models.storage.sign_in_counts import (
    clear_failures,
    record_failure,
    sign_in,
    sign_in_standing,
)
from app.models.storage.sign_in_failures import Standing, delay_s

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def fail(registry: Path, user: str, at: datetime) -> str:
    with pytest.raises(TeakError) as caught:
        sign_in(registry, user=user, passphrase="wrong", now=at)
    return f"{caught.value.code}: {caught.value.message}"


def test_the_delay_grows_to_a_minute() -> None:
    assert [delay_s(count) for count in range(11)] == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("user", ["Somchai", "nobody"])
def test_failures_slow_down_then_lock_for_every_name_alike(closed: Path, user: str) -> None:
    answers = [fail(closed, user, NOON) for _ in range(4)]
    assert answers == [
        *['wrong-passphrase: No key slot of "a.teak" opens with this user name and passphrase.']
        * 3,
        "sign-in-locked: Too many failed attempts: the next one is possible in 1 s.",
    ]
    assert sign_in_standing(closed, user=user, now=NOON) == Standing(failures=3, wait_s=1)
    now = NOON
    for _ in range(7):
        now += timedelta(seconds=61)
        assert fail(closed, user, now).startswith("wrong-passphrase")
    far = now + timedelta(days=400)
    assert sign_in_standing(closed, user=user, now=far).locked
    assert "locked after 10" in fail(closed, user, far)
    with pytest.raises(SignInLocked):
        sign_in(closed, user=user, passphrase="right", now=far)


def test_waiting_refuses_the_right_passphrase_too_and_is_not_counted(closed: Path) -> None:
    for _ in range(3):
        fail(closed, "Somchai", NOON)
    for _ in range(3):
        with pytest.raises(SignInLocked):
            sign_in(closed, user="Somchai", passphrase="right", now=NOON)
    later = NOON + timedelta(seconds=1)
    assert sign_in(closed, user="Somchai", passphrase="right", now=later)
    assert sign_in_standing(closed, user="Somchai", now=later).failures == 3
    clear_failures(closed, user="Somchai")
    assert sign_in_standing(closed, user="Somchai", now=later) == Standing()


def test_a_success_without_failures_writes_nothing(closed: Path) -> None:
    before = key_slots_path(closed).stat()
    sign_in(closed, user="Somchai", passphrase="right", now=NOON)
    clear_failures(closed, user="Somchai")
    after = key_slots_path(closed).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_opening_with_a_clock_counts_and_without_does_not(closed: Path) -> None:
    for now, counted in ((None, 0), (NOON, 1)):
        with pytest.raises(WrongPassphrase):
            open_registry_file(closed, user="Somchai", passphrase="wrong", now=now)
        assert sign_in_standing(closed, user="Somchai", now=NOON).failures == counted


def test_an_administrator_unlocks_by_a_new_passphrase(registry: RegistryFile) -> None:
    for _ in range(10):
        record_failure(registry.path, user="Somchai", now=NOON)
    set_passphrase(registry.path, registry.key, user="Somchai", passphrase="new")
    assert sign_in(registry.path, user="Somchai", passphrase="new", now=NOON) == registry.key


def test_a_clock_set_back_does_not_lock_anyone_out(closed: Path) -> None:
    for _ in range(5):
        record_failure(closed, user="Somchai", now=NOON)
    earlier = NOON - timedelta(days=365)
    assert sign_in_standing(closed, user="Somchai", now=NOON).wait_s == delay_s(5)
    assert sign_in(closed, user="Somchai", passphrase="right", now=earlier)


def test_unknown_names_are_remembered_up_to_a_bound_and_known_ones_always(closed: Path) -> None:
    record_failure(closed, user="Somchai", now=NOON)
    for number in range(70):
        record_failure(closed, user=f"nobody {number}", now=NOON)
    assert len(read_key_slots(closed).failures) == 65
    assert sign_in_standing(closed, user="Somchai", now=NOON).failures == 1
    assert sign_in_standing(closed, user="nobody 5", now=NOON).failures == 0
    assert sign_in_standing(closed, user="nobody 6", now=NOON).failures == 1


COUNT = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from app.models.storage.sign_in_counts import record_failure
for _ in range(20):
    record_failure(Path(sys.argv[1]), user="Somchai", now=datetime(2026, 11, 21, tzinfo=UTC))
"""


def test_two_desks_lose_no_count(closed: Path, child: Callable[..., object]) -> None:
    desks = [child(COUNT, closed), child(COUNT, closed)]
    for desk in desks:
        _, errors = desk.communicate(timeout=20)  # type: ignore[attr-defined]
        assert not errors
    assert sign_in_standing(closed, user="Somchai", now=NOON).failures == 40
