"""How a person stands at sign-in, as an administrator may see it before forgetting failures.

Owns reading only; counting is the storage's, forgetting `administration.reset_failures`.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.models.storage.sign_in_counts import sign_in_standing
from app.services.people.new_person import fold_user_name
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class SignInStanding:
    """Failed sign-ins in a row, the wait until the next may be tried, and whether it is locked.

    `wait_s` is in whole seconds; a locked name waits for an administrator instead.
    """

    failures: int
    wait_s: int
    is_locked: bool


def get_sign_in_standing(registry: OpenRegistry, user: str) -> SignInStanding:
    """Read how a user name stands now; a server tells it to administrators alone."""
    if registry.server is not None:
        from app.services.people.server_office import standing_on_server

        return SignInStanding(**standing_on_server(registry, fold_user_name(user)))
    if registry.file is None:
        return SignInStanding(failures=0, wait_s=0, is_locked=False)
    found = sign_in_standing(registry.file.path, user=fold_user_name(user), now=registry.now())
    return SignInStanding(failures=found.failures, wait_s=found.wait_s, is_locked=found.locked)
