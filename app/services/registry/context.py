"""What every service takes first: the open registry, and who acts.

Owns two small values; opening is `app.services.registry.opening`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from app.models.codes import Role
from app.models.storage.registry_file import RegistryFile

if TYPE_CHECKING:
    from app.models.storage.postgresql import ServerAccess

BANGKOK = timezone(timedelta(hours=7))
"""Days of the registry are Thai days; Thailand keeps no summer time."""

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Give the present as an aware UTC time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class OpenRegistry:
    """A registry that has been opened: its engine, its identity and its clock.

    `file` is what an embedded registry was opened from: where it stands, and the key that
    adding and changing key slots asks for. `server` is what a networked registry was opened
    with: its connections are one person's. Others who have signed in beside them are `colleagues`,
    by user name, each with connections of their own: see `engine_for`.
    """

    engine: Engine
    registry_id: str
    country: str
    name_en: str
    name_th: str
    is_demo: bool
    idle_lock_minutes: int
    label: str
    clock: Clock = system_clock
    file: RegistryFile | None = field(default=None, repr=False)
    server: ServerAccess | None = field(default=None, repr=False)
    colleagues: dict[str, OpenRegistry] = field(default_factory=dict, repr=False, compare=False)

    def engine_for(self, actor: Actor) -> Engine:
        """Give the engine through which a person acts: a server asks whose connection it is."""
        if actor.user_name in self.colleagues:
            return self.colleagues[actor.user_name].engine
        return self.engine

    def now(self) -> datetime:
        """Give the present as an aware UTC time."""
        return self.clock()

    def today(self) -> date:
        """Give the registry's day."""
        return self.now().astimezone(BANGKOK).date()


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf an act is done."""

    id: int
    user_name: str
    name: str
    role: Role
