"""The one place where errors of drivers and of the file system become Teak's own.

Owns the reading of driver messages and codes. Must not raise for an error it does not know:
that is a bug, and passes through unchanged.
"""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from app.models.errors import (
    DamagedRegistry,
    DiskFull,
    GuardRefused,
    ReadOnlyPlace,
    RegistryBusy,
    RegistryMissing,
    StorageError,
)
from app.models.storage.disk_room import is_full

GUARD = re.compile(r"(?:^|constraint failed: )teak:\s*(?P<text>.*)", re.DOTALL)

_FULL = ("database or disk is full",)
_INPUT_OUTPUT = ("disk i/o error",)
_CANNOT_OPEN = "unable to open database file"
_READ_ONLY = ("attempt to write a readonly database",)
_BUSY = ("database is locked", "database table is locked", "database schema is locked")
_DAMAGED = ("file is not a database", "database disk image is malformed")

_FULL_ERRNO = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_READ_ONLY_ERRNO = {errno.EROFS, errno.EACCES, errno.EPERM}
_FAILING_ERRNO = {
    errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENAMETOOLONG, getattr(errno, "ESTALE", errno.EIO)
}  # fmt: skip

_NO_REASON = "the disk reported an error"

_HINTS: dict[type[StorageError], str] = {
    DiskFull: "Free some space on the disk, or raise the allowed file size, then try again.",
    ReadOnlyPlace: "Ask for the right to write in this folder, or move the registry and its "
    "key-slot file to a folder you may write in.",
    RegistryMissing: "Check the name and the folder, and that the disk is still connected.",
    RegistryBusy: "Wait until the other program has finished, or close it, then try again.",
    DamagedRegistry: "Stop working with this file, keep a copy of it as it is, and restore "
    "the latest backup.",
    StorageError: "Check the name, the disk and the connection to it, then try again.",
}


@contextmanager
def translating(place: Path | str | None = None) -> Iterator[None]:
    """Turn the errors known to `translate` that leave the block into Teak's own."""
    try:
        yield
    except Exception as error:
        known = translate(error, place=place)
        if known is error:
            raise
        raise known from error


def translate(error: BaseException, *, place: Path | str | None = None) -> BaseException:
    """Return the storage error that `error` stands for, or `error` itself when unknown.

    `place` is the registry file, for the message and to tell a full disk from a failing one.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, OSError):
        return _from_file_system(cause, place) or error
    if isinstance(cause, dbapi2.Error):
        return _from_embedded(str(cause), place) or error
    # Where there is no such driver yet, no error is of it; loading it costs a tenth of a second.
    if "psycopg" in sys.modules:
        from app.models.storage.translate_server import translate_server_error

        return translate_server_error(cause, place=place) or error
    return error


def _from_embedded(text: str, place: Path | str | None) -> StorageError | None:
    refused = GUARD.search(text)
    if refused:
        return GuardRefused(refused["text"].strip())
    said = text.lower()
    if any(part in said for part in _FULL):
        return _error(DiskFull, place)
    if any(part in said for part in _INPUT_OUTPUT):
        # SQLite says so too where the system said "file too large".
        full = place is not None and is_full(Path(place))
        return _error(DiskFull if full else StorageError, place)
    if _CANNOT_OPEN in said:
        gone = place is not None and not Path(place).exists()
        return _error(RegistryMissing if gone else ReadOnlyPlace, place)
    for kind, parts in (
        (ReadOnlyPlace, _READ_ONLY),
        (RegistryBusy, _BUSY),
        (DamagedRegistry, _DAMAGED),
    ):
        if any(part in said for part in parts):
            return _error(kind, place)
    return None


def _from_file_system(error: OSError, place: Path | str | None) -> StorageError | None:
    where = place if place is not None else error.filename
    if error.errno in _FULL_ERRNO:
        return _error(DiskFull, where)
    if error.errno in _READ_ONLY_ERRNO:
        return _error(ReadOnlyPlace, where)
    if error.errno in _FAILING_ERRNO:
        return _error(StorageError, where, reason=error.strerror or _NO_REASON)
    return None


def _error(
    kind: type[StorageError],
    place: Path | str | None,
    *,
    reason: str = _NO_REASON,
) -> StorageError:
    name = f'"{place}"' if place is not None else "the registry"
    messages: dict[type[StorageError], str] = {
        DiskFull: f"Writing to {name} failed: the disk, or the allowed file size, is used up.",
        ReadOnlyPlace: f"Opening {name} for writing failed: the file or its folder cannot be "
        "written.",
        RegistryMissing: f"There is no file {name}.",
        RegistryBusy: f"Another program holds {name} for exclusive work.",
        DamagedRegistry: f"A page of {name} is damaged: it does not carry the authentication "
        "code it should.",
        StorageError: f"Reading or writing {name} failed: {reason}.",
    }
    return kind(messages[kind], hint=_HINTS[kind])
