from __future__ import annotations

from pathlib import Path

import pytest

from app.services.checks.violation import RulesBroken
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.opening import close_registry, open_demo
from app.services.registry.settings import set_idle_lock_minutes

pytestmark = pytest.mark.both_engines


@pytest.mark.embedded_only(reason="it opens the file anew")
def test_a_desk_locks_after_ten_minutes_unless_told_otherwise(
    registry: OpenRegistry, people: dict[str, Actor], demo_registry_path: Path
) -> None:
    assert registry.idle_lock_minutes == 10
    for minutes in (1, 10, 5):
        assert (
            set_idle_lock_minutes(registry, people["admin"], minutes).idle_lock_minutes == minutes
        )
    again = open_demo(demo_registry_path)
    assert again is not None
    assert again.idle_lock_minutes == 5
    close_registry(again)


@pytest.mark.parametrize("minutes", [-1, 0, 11, 600])
def test_it_locks_never_later(
    minutes: int, registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    with pytest.raises(RulesBroken) as refused:
        set_idle_lock_minutes(registry, people["admin"], minutes)
    assert str(minutes) in refused.value.violations[0].message
    assert str(minutes) in refused.value.violations[0].message_th
