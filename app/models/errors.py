"""The environment's failures: a small tree, each with a permanent code.

Owns the errors that are nobody's bug and no broken rule: a wrong passphrase, a full disk,
a locked file. Driver errors are translated into these in one place
(`app.models.storage.translate`). A broken rule is a value instead: see
`app.services.checks.violation`.
"""

from __future__ import annotations


class TeakError(Exception):
    """What failed, why, and what to do.

    `code` is permanent and for programs, `message` says what failed and names the value,
    `hint` says what to do.
    """

    code = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(TeakError):
    """The request itself cannot be understood: a missing field, a value of the wrong form."""

    code = "usage"


class NotFound(TeakError):
    """Something named does not exist in this registry."""

    code = "not-found"


class StorageError(TeakError):
    """The registry file could not be used; nothing was changed."""

    code = "storage"


class WrongPassphrase(StorageError):
    """No key slot opens with this user name and passphrase."""

    code = "wrong-passphrase"


class NotARegistry(StorageError):
    """The file is not a Teak registry."""

    code = "not-a-registry"


class RegistryMissing(StorageError):
    """There is no file at the path."""

    code = "no-such-registry"


class RegistryExists(StorageError):
    """A file stands already where a registry was to be created."""

    code = "registry-exists"


class UnfinishedRegistry(StorageError):
    """The registry is still being made, or whoever made it was cut off; nobody may work in it."""

    code = "unfinished"


class DamagedRegistry(StorageError):
    """A page of the file does not carry the authentication code it should."""

    code = "damaged"


class NewerRegistry(StorageError):
    """The file was written by a newer version of Teak."""

    code = "newer-version"


class ReadOnlyPlace(StorageError):
    """The folder or file cannot be written."""

    code = "read-only"


class DiskFull(StorageError):
    """The disk, or the allowed file size, is used up."""

    code = "disk-full"


class RegistryBusy(StorageError):
    """Another program holds the registry for exclusive work."""

    code = "busy"


class KeySlotsMissing(StorageError):
    """The key-slot file beside the registry is not there."""

    code = "key-slots-missing"


class KeySlotsDamaged(StorageError):
    """The key-slot file cannot be read or does not belong to this registry."""

    code = "key-slots-damaged"


class SignInRefused(TeakError):
    """Sign-in failed; the answer does not tell which part was wrong."""

    code = "sign-in-refused"


class SignInLocked(SignInRefused):
    """Too many failures: wait, or ask an administrator."""

    code = "sign-in-locked"


class GuardRefused(StorageError):
    """The database itself refused what must never be; the message is the guard's own."""

    code = "guard-refused"


class ConnectionLost(StorageError):
    """The server stopped answering; whether the last act was carried out is not known."""

    code = "connection-lost"


class ServerUnreachable(ConnectionLost):
    """No connection to the server could be made; nothing was sent."""

    code = "no-connection"


class ServerRefused(StorageError):
    """The server answered, and would not let this person in or has no such registry."""

    code = "server-refused"


class ServerAccessDenied(ServerRefused):
    """The server does not know this user name and passphrase."""

    code = "server-access-denied"


class WrongServerCertificate(StorageError):
    """The server could not prove that it is the one that was named."""

    code = "wrong-server-certificate"


class ServerTooSlow(StorageError):
    """The server gave up on a statement that took too long; nothing was changed."""

    code = "server-too-slow"


class RightsRefused(StorageError):
    """The database does not let this person do that, or see it."""

    code = "rights-refused"


class SessionEnded(StorageError):
    """The session is over: signed out, revoked, or older than its longest time."""

    code = "session-ended"

    def __init__(self) -> None:
        super().__init__(
            "Your session on the server has ended.",
            hint="Sign in again; what you typed is kept.",
        )


class Conflict(StorageError):
    """Somebody else changed the same things meanwhile; nothing was changed by this act."""

    code = "conflict"
