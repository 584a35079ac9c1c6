"""Opening the registry a command names, for reading or on somebody's behalf.

Owns which registry is meant, the order in which ways of opening are tried, and closing. Who
may do what is for the services.
"""

from __future__ import annotations

import os
import platform
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.parsing import named_path
from app.commands.secrets import Secrets
from app.models.errors import UsageError, WrongPassphrase

if TYPE_CHECKING:
    from app.services.registry.context import Actor, OpenRegistry

REGISTRY_VARIABLE = "TEAK_REGISTRY"


@dataclass(frozen=True)
class Acting:
    """An open registry, who acts, and the second person when one agrees at once."""

    registry: OpenRegistry
    actor: Actor
    approver: Actor | None

    @property
    def approver_registry(self) -> OpenRegistry:
        """Give the registry as the second person sees it."""
        return self.registry

    def required_approver(self) -> Actor:
        """Give the second person; UsageError when none was named."""
        if self.approver is None:
            raise UsageError("This act needs who approves.", hint="Give --approved-by USER.")
        return self.approver


def registry_path(arguments: Namespace) -> Path:
    """Give the registry's path from `--registry` or the environment."""
    named = getattr(arguments, "registry", None) or os.environ.get(REGISTRY_VARIABLE)
    if not named:
        raise UsageError(
            "No registry was named.",
            hint="Give --registry PATH, or set TEAK_REGISTRY to its path.",
        )
    return local_path(named)


def local_path(named: str) -> Path:
    """Give the path of an embedded registry; UsageError for a server's address."""
    if "://" in named:
        raise UsageError(
            f"“{named.split('://', maxsplit=1)[0]}://…” is a server; this version of Teak opens "
            "registry files.",
            hint="Name a registry file; its name usually ends in .teak.",
        )
    return named_path(named)


@contextmanager
def open_for_reading(arguments: Namespace) -> Iterator[OpenRegistry]:
    """Open the registry with anybody's passphrase; a demo opens by itself."""
    from app.services.registry.opening import close_registry

    registry = _open(registry_path(arguments), Secrets(arguments))
    try:
        yield registry
    finally:
        close_registry(registry)


def _open(path: Path, secrets: Secrets) -> OpenRegistry:
    from app.services.registry.opening import open_demo, open_registry

    if secrets.has_named_file:
        return open_registry(path, passphrase=secrets.passphrase(None))
    demo = open_demo(path)
    if demo is not None:
        return demo
    return open_registry(path, passphrase=secrets.passphrase(None))


@contextmanager
def open_for_acting(arguments: Namespace, *, needs_approver: bool = False) -> Iterator[Acting]:
    """Open the registry as `--as`, and admit `--approved-by` when it is given.

    Nobody acts before both are admitted. Raises UsageError when a person is not named.
    """
    from app.services.registry.opening import close_registry

    user = _required(arguments, "acting_as", "--as USER", "who acts")
    second: str | None = getattr(arguments, "approved_by", None)
    if needs_approver:
        second = _required(arguments, "approved_by", "--approved-by USER", "who approves")
    if second is not None and second.strip().casefold() == user.strip().casefold():
        raise UsageError(f"{user} cannot propose and approve alike.", hint="Name two people.")
    registry, actor, secrets = _sign_in(registry_path(arguments), Secrets(arguments), user)
    try:
        approver = None if second is None else _admit_second(registry, secrets, second)
        yield Acting(registry, actor, approver)
    finally:
        close_registry(registry)


def _sign_in(path: Path, secrets: Secrets, user: str) -> tuple[OpenRegistry, Actor, Secrets]:
    from app.services.people.demo import sign_in_demo
    from app.services.people.sign_in import sign_in
    from app.services.registry.opening import close_registry

    demo = _open_if_demo(path, secrets)
    if demo is not None:
        try:
            return demo, sign_in_demo(demo, user, host=host_name()), secrets
        except BaseException:
            close_registry(demo)
            raise
    signed_in = sign_in(
        path,
        user=user,
        passphrase=secrets.passphrase(user),
        code=secrets.code(user),
        host=host_name(),
    )
    return signed_in.registry, signed_in.actor, secrets


def _open_if_demo(path: Path, secrets: Secrets) -> OpenRegistry | None:
    """Open a demo registry; a passphrase file named for it must be right nevertheless."""
    from app.services.registry.opening import open_demo

    demo = open_demo(path)
    if demo is not None and secrets.has_named_file:
        from app.services.people.new_person import DEMO_PASSPHRASE
        from app.services.registry.opening import close_registry

        if secrets.passphrase(None) != DEMO_PASSPHRASE:
            close_registry(demo)
            raise WrongPassphrase(
                "The passphrase file does not open this demo registry.",
                hint="Leave --passphrase-file away: a demo registry opens by itself.",
            )
    return demo


def _admit_second(registry: OpenRegistry, secrets: Secrets, user: str) -> Actor:
    if registry.is_demo:
        from app.services.people.demo import sign_in_demo

        return sign_in_demo(registry, user, host=host_name())
    from app.services.people.sign_in import authenticate

    return authenticate(
        registry,
        user=user,
        passphrase=secrets.second_passphrase(user),
        code=secrets.code(user),
        host=host_name(),
    )


def host_name() -> str:
    """Name this machine, for the traffic record."""
    return platform.node() or "unknown"


def _required(arguments: Namespace, name: str, option: str, what: str) -> str:
    value: str | None = getattr(arguments, name, None)
    if not value or not value.strip():
        raise UsageError(f"This act needs {what}.", hint=f"Give {option}.")
    return value
