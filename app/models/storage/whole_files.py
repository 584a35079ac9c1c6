"""Replacing a small file whole, and holding it against other processes meanwhile.

Owns atomic replacement (a reader sees the old bytes or the new, also after a power cut) and
the lock between processes. Must not know what the file says.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.models.errors import RegistryBusy

_LOCK_WAIT_S = 10.0
_LOCK_POLL_S = 0.01
_LONGEST_NAME = 255
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def try_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed, or its process ends; False when another has it.

    Where the place knows no locks (some shares), it is False too.
    """
    try:
        _lock(descriptor)
    except OSError:
        return False
    return True


def replace_file(path: Path, content: bytes, *, permissions: int = 0o600) -> None:
    """Write the file whole, for its owner's eyes alone, so that it survives a power cut.

    Other `permissions` are narrowed by the process's mask, as for any new file. A link at
    `path` is replaced, never followed.
    """
    fresh = _fresh_name(path)
    descriptor = os.open(fresh, _NEW_FILE, permissions)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _fresh_name(path: Path) -> Path:
    """Give a name nobody can guess, made new: nobody can have laid a link there.

    It begins as the path does, so that what a killed process left is known by it, unless that is
    as long as the system allows already.
    """
    token = secrets.token_hex(8)
    whole = f"{path.name}.{token}.new"
    is_short = len(os.fsencode(whole)) <= _LONGEST_NAME
    return path.with_name(whole if is_short else f".teak-{token}.new")


def give_free_name(path: Path, free: Path) -> None:
    """Give a file a name that nothing has; FileExistsError when something has it.

    It keeps its old name beside, except on sticks and shares that know no second name.
    """
    try:
        # Unlike a rename, a link never takes the place of another file.
        os.link(path, free)
    except FileExistsError:
        raise
    except OSError:
        # Without links the look and the rename are two steps.
        if os.path.lexists(free):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(free)) from None
        path.rename(free)


def sync_folder(folder: Path) -> None:
    """Make new and vanished names in the folder lasting, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def holding(path: Path, *, wait_s: float = _LOCK_WAIT_S) -> Iterator[None]:
    """Hold `path` against others who ask the same way; a crash lets go by itself.

    The lock is a file `PATH.lock`, there only while it is held. Raises RegistryBusy when
    another keeps it for longer than `wait_s`.
    """
    lock_path = path.with_name(path.name + ".lock")
    descriptor = _take(lock_path, deadline=time.monotonic() + wait_s)
    try:
        yield
    finally:
        # Windows refuses to remove an open file: there the empty file stays behind.
        with suppress(OSError):
            lock_path.unlink()
        os.close(descriptor)


def _take(lock_path: Path, *, deadline: float) -> int:
    while True:
        descriptor = os.open(lock_path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _lock(descriptor)
            if _is_still(lock_path, descriptor):
                return descriptor
        except OSError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise RegistryBusy(
                    f'Another program is changing "{lock_path.with_suffix("").name}".',
                    hint="Wait until it has finished, or close it, then try again.",
                ) from None
        os.close(descriptor)
        time.sleep(_LOCK_POLL_S)


def _is_still(lock_path: Path, descriptor: int) -> bool:
    """Tell whether the locked file still bears its name: its last holder removes it."""
    try:
        return os.path.samestat(lock_path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
