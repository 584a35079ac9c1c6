"""Settings of a registry that an administrator may change: for now, the idle lock.

Owns their bounds. What a registry is (its country, whether it is a demo) is no setting.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, update

from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import RegistryRow
from app.services.checks.refusals import refuse
from app.services.log.append import append_entry
from app.services.people.administrators import require_administrator
from app.services.registry.context import Actor, OpenRegistry

LONGEST_IDLE_MINUTES = 10
"""Ten idle minutes lock the desk; a registry may ask for fewer, never for more."""


def get_idle_lock_minutes(registry: OpenRegistry) -> int:
    """Read after how many idle minutes desks lock; the context may know an older number."""
    with reading(registry.engine) as connection:
        return int(connection.execute(select(RegistryRow.idle_lock_minutes)).scalar_one())


def set_idle_lock_minutes(registry: OpenRegistry, actor: Actor, minutes: int) -> OpenRegistry:
    """Lock idle desks after so many minutes, 1 to 10; the changed context is returned.

    Raises RulesBroken for another number, or when the actor is no administrator.
    """
    if not 1 <= minutes <= LONGEST_IDLE_MINUTES:
        raise refuse(9423, most=LONGEST_IDLE_MINUTES, minutes=minutes)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        require_administrator(unit.connection, actor)
        unit.connection.execute(update(RegistryRow).values(idle_lock_minutes=minutes))
        append_entry(
            unit.connection,
            "idle-lock-changed",
            at=registry.now(),
            persons={"done": actor.user_name},
            body={"minutes": minutes},
        )
        unit.commit()
    return replace(registry, idle_lock_minutes=minutes)
