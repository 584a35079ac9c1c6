"""The raw database key, for an administrator's own tools.

Owns who may see it and that the log says so. The caller has just admitted the administrator
by passphrase and one-time code.
"""

from __future__ import annotations

from app.models.storage.unit_of_work import UnitOfWork
from app.services.log.append import append_entry
from app.services.people.administrators import require_administrator
from app.services.people.key_slot_access import file_of
from app.services.registry.context import Actor, OpenRegistry


def show_raw_key(registry: OpenRegistry, actor: Actor) -> str:
    """Give the raw key as 64 hexadecimal digits, once the log says who saw it.

    Raises RulesBroken when the actor is no administrator.
    """
    file = file_of(registry)
    with UnitOfWork(registry.engine) as unit:
        require_administrator(unit.connection, actor)
        append_entry(
            unit.connection,
            "raw-key-shown",
            at=registry.now(),
            persons={"done": actor.user_name},
            body={},
        )
        unit.commit()
    return bytes(file.key).hex()
