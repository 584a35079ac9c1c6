"""Opening the registry a command names, for reading or on somebody's behalf.

Owns which registry is meant, the order in which ways of opening are tried, and closing. Who
may do what is for the services.
"""

from __future__ import annotations

import os
import platform
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.parsing import named_path
from app.commands.secrets import Secrets
from app.models.errors import SignInRefused, TeakError, UsageError, WrongPassphrase
from app.models.server_place import ServerPlace, is_server_address, read_server_place

if TYPE_CHECKING:
    from app.services.registry.context import Actor, OpenRegistry

REGISTRY_VARIABLE = "TEAK_REGISTRY"


@dataclass(frozen=True)
class Acting:
    """An open registry, who acts, and the second person when one agrees at once.

    `approver_registry` is the registry as the second person has it open: the same for a file,
    and one with connections of their own on a server.
    """

    registry: OpenRegistry
    actor: Actor
    approver: Actor | None

    def required_approver(self) -> Actor:
        """Give the second person; UsageError when none was named."""
        if self.approver is None:
            raise UsageError("This act needs who approves.", hint="Give --approved-by USER.")
        return self.approver

    @property
    def approver_registry(self) -> OpenRegistry:
        """The registry through which the second person acts."""
        return self.registry.colleagues.get(self.required_approver().user_name, self.registry)


def registry_place(arguments: Namespace) -> Path | ServerPlace:
    """Give where the registry is, from `--registry` or the environment."""
    named = getattr(arguments, "registry", None) or os.environ.get(REGISTRY_VARIABLE)
    if not named:
        raise UsageError(
            "No registry was named.",
            hint="Give --registry PATH or URL, or set TEAK_REGISTRY to it.",
        )
    return named_place(named)


def named_place(named: str) -> Path | ServerPlace:
    """Give the path of a registry file, or the address of a server (`postgresql://…`)."""
    return read_server_place(named) if is_server_address(named) else named_path(named)


@contextmanager
def open_for_reading(arguments: Namespace) -> Iterator[OpenRegistry]:
    """Open the registry with anybody's passphrase; a demo opens by itself."""
    registry = _open(registry_place(arguments), Secrets(arguments))
    try:
        yield registry
    finally:
        _leave(registry)


@contextmanager
def open_file_for_reading(path: Path, arguments: Namespace) -> Iterator[OpenRegistry]:
    """Open a registry file that is named beside `--registry`, as `open_for_reading` does."""
    registry = _open(path, Secrets(arguments))
    try:
        yield registry
    finally:
        _leave(registry)


def _open(place: Path | ServerPlace, secrets: Secrets) -> OpenRegistry:
    from app.services.registry.opening import open_demo, open_registry

    if secrets.has_named_file:
        return _open_with_secrets(place, secrets)
    demo = open_demo(place)
    if demo is not None:
        return demo
    if isinstance(place, Path):
        return open_registry(place, passphrase=secrets.passphrase(None))
    return _open_with_secrets(place, secrets)


def _open_with_secrets(place: Path | ServerPlace, secrets: Secrets) -> OpenRegistry:
    """Open a file with anybody's passphrase; a server shows nothing but to a person."""
    from app.services.people.sign_in import sign_in
    from app.services.registry.opening import open_registry

    if isinstance(place, Path):
        return open_registry(place, passphrase=secrets.passphrase(None))
    user = place.user or secrets.only_user()
    if not user:
        raise UsageError(
            "A server shows a registry only to one of its people, and none was named.",
            hint="Name them in the address: postgresql://USER@HOST/DATABASE.",
        )
    return sign_in(
        place,
        user=user,
        passphrase=secrets.passphrase(user),
        code=secrets.code(user),
        host=host_name(),
    ).registry


@contextmanager
def open_for_acting(arguments: Namespace, *, needs_approver: bool = False) -> Iterator[Acting]:
    """Open the registry as `--as`, and admit `--approved-by` when it is given.

    Nobody acts before both are admitted. Raises UsageError when a person is not named.
    """
    from app.services.people.sign_in import dismiss

    user = _required(arguments, "acting_as", "--as USER", "who acts")
    second: str | None = getattr(arguments, "approved_by", None)
    if needs_approver:
        second = _required(arguments, "approved_by", "--approved-by USER", "who approves")
    if second is not None and second.strip().casefold() == user.strip().casefold():
        raise UsageError(f"{user} cannot propose and approve alike.", hint="Name two people.")
    registry, actor, secrets = _sign_in(registry_place(arguments), Secrets(arguments), user)
    try:
        approver = None if second is None else _admit_second(registry, secrets, second)
        yield Acting(registry, actor, approver)
        if approver is not None:
            dismiss(registry, approver, host=host_name())
    finally:
        _leave(registry)


def _leave(registry: OpenRegistry) -> None:
    """End the sessions a server keeps, then close; a lost connection ends nothing more."""
    from app.services.registry.opening import close_registry

    try:
        if registry.server is not None:
            from app.services.people.networked_sign_in import sign_out_on_server

            with suppress(TeakError):
                sign_out_on_server(registry, host=host_name())
    finally:
        close_registry(registry)


def _sign_in(
    place: Path | ServerPlace, secrets: Secrets, user: str
) -> tuple[OpenRegistry, Actor, Secrets]:
    from app.services.people.sign_in import sign_in

    demo = _open_if_demo(place, secrets, user)
    if demo is not None:
        return *demo, secrets
    signed_in = sign_in(
        place,
        user=user,
        passphrase=secrets.passphrase(user),
        code=secrets.code(user),
        host=host_name(),
    )
    return signed_in.registry, signed_in.actor, secrets


def _open_if_demo(
    place: Path | ServerPlace, secrets: Secrets, user: str
) -> tuple[OpenRegistry, Actor] | None:
    """Open a demo registry as a person; a passphrase file named for it must be right."""
    from app.services.people.demo import sign_in_demo
    from app.services.registry.opening import close_registry, open_demo

    if isinstance(place, ServerPlace):
        return _open_if_demo_on_server(place, secrets, user)
    demo = open_demo(place)
    if demo is None:
        return None
    try:
        _require_demo_passphrase(secrets)
        return demo, sign_in_demo(demo, user, host=host_name())
    except BaseException:
        close_registry(demo)
        raise


def _open_if_demo_on_server(
    place: ServerPlace, secrets: Secrets, user: str
) -> tuple[OpenRegistry, Actor] | None:
    from app.services.people.networked_sign_in import sign_in_demo_on_server
    from app.services.people.new_person import DEMO_PASSPHRASE

    if secrets.find_own(user) is not None or secrets.has_named_file:
        # Whoever gives a passphrase is signed in with it: a server counts every wrong one.
        passphrase = secrets.passphrase(user)
        if passphrase != DEMO_PASSPHRASE:
            return None
    try:
        signed_in = sign_in_demo_on_server(
            place, user=user, passphrase=DEMO_PASSPHRASE, host=host_name()
        )
    except SignInRefused:
        return None
    return None if signed_in is None else (signed_in.registry, signed_in.actor)


def _require_demo_passphrase(secrets: Secrets) -> None:
    from app.services.people.new_person import DEMO_PASSPHRASE

    if secrets.has_named_file and secrets.passphrase(None) != DEMO_PASSPHRASE:
        raise WrongPassphrase(
            "The passphrase file does not open this demo registry.",
            hint="Leave --passphrase-file away: a demo registry opens by itself.",
        )


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
