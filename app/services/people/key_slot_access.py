"""The key slots of an open registry, for those who change them or must show their passphrase.

Owns asking a person of an open registry for their passphrase again. The registry's own key
decides: a key-slot file laid beside it later opens nothing.
"""

from __future__ import annotations

import hmac

from app.models.errors import SignInRefused, StorageError, WrongPassphrase
from app.models.storage.registry_file import RegistryFile
from app.models.storage.sign_in_counts import sign_in as open_counted_slot
from app.services.registry.context import OpenRegistry


def refused() -> SignInRefused:
    """Make the one answer to every sign-in that fails, whatever part of it was wrong."""
    return SignInRefused(
        "User name, passphrase or one-time code is not right.",
        hint="Check all three. A one-time code is good once; wait for the next one.",
    )


def file_of(registry: OpenRegistry) -> RegistryFile:
    """Give the registry's file and key; StorageError for one that is not embedded."""
    if registry.file is None:
        raise StorageError(
            f"“{registry.label}” has no key-slot file.",
            hint="People of a registry on a server are managed by the server.",
        )
    return registry.file


def require_passphrase_of(registry: OpenRegistry, *, user: str, passphrase: str) -> None:
    """Raise SignInRefused unless the passphrase is the user's; a wrong one is counted.

    Raises SignInLocked while the user must wait.
    """
    file = file_of(registry)
    try:
        key = open_counted_slot(file.path, user=user, passphrase=passphrase, now=registry.now())
    except WrongPassphrase:
        raise refused() from None
    if not hmac.compare_digest(bytes(key), bytes(file.key)):
        raise refused()
