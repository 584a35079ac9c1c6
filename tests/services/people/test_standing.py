from __future__ import annotations

from app.models.storage.sign_in_counts import record_failure
from app.models.storage.sign_in_failures import LOCKING_FAILURES
from app.services.people.standing import SignInStanding, get_sign_in_standing
from app.services.registry.context import OpenRegistry
from tests.fixtures.registries import FrozenClock


def test_failures_are_counted_until_the_name_is_locked(
    registry: OpenRegistry, clock: FrozenClock
) -> None:
    assert registry.file is not None
    found = []
    for _ in range(LOCKING_FAILURES):
        record_failure(registry.file.path, user="officer", now=clock())
        found.append(get_sign_in_standing(registry, " Officer "))
    assert [each.failures for each in found] == list(range(1, LOCKING_FAILURES + 1))
    assert [each.is_locked for each in found] == [False] * (LOCKING_FAILURES - 1) + [True]
    assert found[3].wait_s == 2
    clock.advance(seconds=2)
    other = get_sign_in_standing(registry, "approver")
    assert other == SignInStanding(failures=0, wait_s=0, is_locked=False)
