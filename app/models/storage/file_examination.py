"""Looks at a registry file before anyone works with it: whole, ours, and of a known version.

Owns the first reading of a file whose key is at hand. A file at rest is read as it lies, so
that a damaged or newer one is left without a trace of the look.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from app.models.errors import DamagedRegistry, NewerRegistry, NotARegistry
from app.models.storage.database_key import DatabaseKey
from app.models.storage.page_check import check_pages, damaged_pages, require_whole_pages
from app.models.storage.sqlcipher import (
    APPLICATION_ID,
    FORMAT_VERSION,
    PAGE_SIZE,
    connect,
    read_first_bytes,
)
from app.models.storage.translate import translating

CHECKED_AT_OPENING = 32 * 1024 * 1024
"""Files smaller than this have every page checked when they are opened."""


def examine_resting(path: Path, key: DatabaseKey, *, salt: bytes) -> None:
    """Check a file that nobody has changes pending for, without locks and without a trace.

    `salt` is what the file began with when it was created. A file with pending changes is
    left to `examine_open`: only with them is it whole. Raises DamagedRegistry, NewerRegistry,
    NotARegistry.
    """
    if _has_pending_changes(path):
        return
    try:
        _examine(path, key, salt)
    except DamagedRegistry:
        # Somebody may have begun to write since the look: then the log has the last word.
        if not _has_pending_changes(path):
            raise


def examine_open(engine: Engine) -> None:
    """Check the file as its readers will see it, its write-ahead log included.

    Raises DamagedRegistry, NewerRegistry, NotARegistry, RegistryBusy.
    """
    path = Path(engine.url.database or "")
    pending = _has_pending_changes(path)
    with translating(path), engine.connect() as connection:
        driver = connection.connection.driver_connection
        _require_known_version(driver, path)
        _fetch_number(driver, "SELECT count(*) FROM sqlite_schema")
    if pending and path.stat().st_size < CHECKED_AT_OPENING:
        check_pages(engine)


def _examine(path: Path, key: DatabaseKey, salt: bytes) -> None:
    damaged_beginning = read_first_bytes(path) != salt
    driver = connect(path, key, salt=salt, frozen=True)
    try:
        with translating(path):
            _require_first_page(driver, path, ours=not damaged_beginning)
            if damaged_beginning:
                raise damaged_pages(path, [1])
            _require_known_version(driver, path)
            if path.stat().st_size < CHECKED_AT_OPENING:
                require_whole_pages(driver, path)
            _fetch_number(driver, "SELECT count(*) FROM sqlite_schema")
    finally:
        driver.close()


def _require_first_page(driver: Any, path: Path, *, ours: bool) -> None:
    """Tell a damaged first page from a file that was never this registry."""
    try:
        with translating(path):
            _fetch_number(driver, "PRAGMA user_version")
    except DamagedRegistry as error:
        if not ours:
            raise NotARegistry(
                f'"{path}" is not the registry that its key-slot file belongs to.',
                hint="Choose a registry file; its name usually ends in .teak.",
            ) from error
        if path.stat().st_size < PAGE_SIZE:
            raise DamagedRegistry(
                f'The registry "{path}" is damaged: it is cut short within page 1.',
                hint="Keep a copy of the file as it is, and restore the latest backup.",
            ) from error
        require_whole_pages(driver, path)
        raise DamagedRegistry(
            f'The registry "{path}" is damaged: it is cut short, pages at its end are missing.',
            hint="Keep a copy of the file as it is, and restore the latest backup.",
        ) from error


def _require_known_version(driver: Any, path: Path) -> None:
    version = _fetch_number(driver, "PRAGMA user_version")
    if version > FORMAT_VERSION:
        raise NewerRegistry(
            f'The registry "{path}" has file format {version}; this version of Teak knows '
            f"formats up to {FORMAT_VERSION}.",
            hint="Open it with the version of Teak that wrote it, or a newer one.",
        )
    if _fetch_number(driver, "PRAGMA application_id") != APPLICATION_ID:
        raise NotARegistry(
            f'"{path}" is an encrypted database, but not a Teak registry.',
            hint="Choose a registry file; its name usually ends in .teak.",
        )


def _fetch_number(driver: Any, statement: str) -> int:
    return int(driver.execute(statement).fetchone()[0])


def _has_pending_changes(path: Path) -> bool:
    for ending in ("-wal", "-journal"):
        # Another desk that closes takes its log away between any two looks.
        with suppress(FileNotFoundError):
            if path.with_name(path.name + ending).stat().st_size:
                return True
    return False
