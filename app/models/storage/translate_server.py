"""What a PostgreSQL server and its driver report, as Teak's own errors.

Owns the reading of SQLSTATE codes, and of the texts a failed connection comes with: there libpq
gives no code. Called by `translate` alone, where the driver is loaded already.
"""

from __future__ import annotations

from pathlib import Path

import psycopg

from app.models.errors import (
    Conflict,
    ConnectionLost,
    DamagedRegistry,
    DiskFull,
    GuardRefused,
    ReadOnlyPlace,
    RegistryBusy,
    RightsRefused,
    ServerAccessDenied,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
    StorageError,
    WrongServerCertificate,
)

_GUARD = "teak:"
_CONFLICT = "TK409"

_STATES: dict[str, type[StorageError]] = {
    "53100": DiskFull,
    "53200": ServerTooSlow,
    "53300": ServerRefused,
    "25006": ReadOnlyPlace,
    "55P03": RegistryBusy,
    "40001": Conflict,
    "40P01": Conflict,
    # What was free when it was looked at: services look before they write.
    "23505": Conflict,
    "23P01": Conflict,
    "42501": RightsRefused,
    "57014": ServerTooSlow,
    "57P01": ConnectionLost,
    "57P02": ConnectionLost,
    "57P03": ServerUnreachable,
    "25P03": ConnectionLost,
    "25P04": ConnectionLost,
    "57P05": ConnectionLost,
    "28P01": ServerAccessDenied,
    "28000": ServerRefused,
    "3D000": ServerRefused,
    "XX001": DamagedRegistry,
    "XX002": DamagedRegistry,
}

_WHILE_CONNECTING = ("connection failed", "connection timeout", "failed to resolve", "could not")
_CERTIFICATE = (
    "certificate verify failed",
    "does not match host name",
    "certificate has expired",
    "root certificate file",
    "server does not support ssl",
    "ssl error",
    "tlsv1 alert",
)
_DENIED = (
    "password authentication failed",
    "is not permitted to log in",
    "no password supplied",
)
_WEAK = ("authentication method requirement",)
_REFUSED = (
    "no pg_hba.conf entry",
    "pg_hba.conf rejects",
    "too many connections",
    "remaining connection slots",
    "sorry, too many clients",
    "does not exist",
    "permission denied for database",
)

_CHECK_CERTIFICATE = (
    "Do not go on. Check the address, name your authority with sslrootcert=FILE, or ask the "
    "server's administrator whether its certificate is still good."
)

_MESSAGES: dict[type[StorageError], tuple[str, str]] = {
    DiskFull: (
        "Writing to {name} failed: the server's disk is used up.",
        "Tell the server's administrator; nothing was changed.",
    ),
    ReadOnlyPlace: (
        "Writing to {name} failed: the server only lets its data be read at present.",
        "It may be a copy, or under maintenance: ask the server's administrator.",
    ),
    RegistryBusy: (
        "Somebody else is changing the same things in {name}.",
        "Wait a moment, then try again; nothing was changed.",
    ),
    Conflict: (
        "Somebody else changed the same things in {name} meanwhile.",
        "Look at them as they are now, then try again; nothing was changed.",
    ),
    RightsRefused: (
        "The database of {name} does not allow this: {reason}.",
        "Sign in again; if that does not help, your role does not include it.",
    ),
    ServerTooSlow: (
        "The server of {name} gave up: {reason}.",
        "Ask for less at once, or try again when the server is less busy; nothing was changed.",
    ),
    ConnectionLost: (
        "The connection to {name} was lost: {reason}.",
        "Look whether the network works and try again; an act is never done twice.",
    ),
    ServerUnreachable: (
        "There is no connection to {name}: {reason}.",
        "Check the address and the network, and that the server is running.",
    ),
    ServerRefused: (
        "The server of {name} refuses this connection: {reason}.",
        "Check the registry's address; if it is right, ask the server's administrator.",
    ),
    ServerAccessDenied: (
        "The server of {name} does not accept this user name and passphrase.",
        "Check both; an administrator can give a new passphrase.",
    ),
    WrongServerCertificate: (
        "The server of {name} did not prove that it is the one you named: {reason}.",
        _CHECK_CERTIFICATE,
    ),
    DamagedRegistry: (
        "A page of {name} is damaged on the server: {reason}.",
        "Stop working with this registry, and let the server's administrator restore it.",
    ),
}


def translate_server_error(
    error: BaseException, *, place: Path | str | None = None
) -> StorageError | None:
    """Give the storage error that a driver's error stands for; None when it is none we know."""
    if not isinstance(error, psycopg.Error):
        return None
    reason = _reason(error)
    if _GUARD in reason:
        text = reason.partition(_GUARD)[2].strip()
        return Conflict(text) if error.sqlstate == _CONFLICT else GuardRefused(text)
    kind = _kind(error, str(error).lower())
    return None if kind is None else _error(kind, place, reason)


def _kind(error: psycopg.Error, said: str) -> type[StorageError] | None:
    state = error.sqlstate
    if state == _CONFLICT:
        return Conflict
    if state is not None:
        return _STATES.get(state) or (ConnectionLost if state.startswith("08") else None)
    if not isinstance(error, psycopg.OperationalError):
        return None
    if not any(part in said for part in _WHILE_CONNECTING):
        return ConnectionLost
    return _kind_of_failed_connection(said)


def _kind_of_failed_connection(said: str) -> type[StorageError]:
    for kind, parts in (
        (ServerAccessDenied, _DENIED),
        (WrongServerCertificate, (*_CERTIFICATE, *_WEAK)),
        (ServerRefused, _REFUSED),
    ):
        if any(part in said for part in parts):
            return kind
    return ServerUnreachable


def _reason(error: psycopg.Error) -> str:
    primary = error.diag.message_primary or str(error)
    lines = [line.strip() for line in primary.strip().splitlines() if line.strip()]
    first = lines[0] if lines else "no reason was given"
    # Libpq repeats the address before what it says of it.
    return first.removeprefix("connection failed: ").rstrip(".")


def _error(kind: type[StorageError], place: Path | str | None, reason: str) -> StorageError:
    name = f'"{place}"' if place is not None else "the registry"
    message, hint = _MESSAGES[kind]
    return kind(message.format(name=name, reason=reason), hint=hint)
