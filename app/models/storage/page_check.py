"""Checks every page of a registry file against its authentication code.

Owns naming the damaged pages. Must not repair: a damaged file is evidence, and a backup is
the remedy.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from app.models.errors import DamagedRegistry
from app.models.storage.translate import translating

_ATTEMPTS = 3
_PAUSE_S = 0.05
_NAMED_PAGES = 5
_PAGE = re.compile(r"page (\d+)")


def check_pages(engine: Engine) -> None:
    """Raise DamagedRegistry, naming the pages, when any page fails its authentication code.

    Reads the whole file, some hundreds of MB a second; what stands in the write-ahead log is moved
    into the file first, as far as other readers allow.
    """
    place = Path(engine.url.database or "")
    with translating(place), engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is None:
            raise RuntimeError("the connection was lost before its pages were checked")
        driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        require_whole_pages(driver, place)


def require_whole_pages(driver: Any, place: Path) -> None:
    """Check the pages over a driver connection, as `check_pages` does without moving any.

    A page that another program is writing at this moment may fail once: only pages that fail
    every time are damaged.
    """
    failing = _failing_pages(driver)
    for _ in range(_ATTEMPTS - 1):
        if not failing:
            return
        time.sleep(_PAUSE_S)
        failing &= _failing_pages(driver)
    if failing:
        raise damaged_pages(place, sorted(failing))


def damaged_pages(place: Path, pages: list[int]) -> DamagedRegistry:
    """Make the error that names the first few damaged pages."""
    named = ", ".join(str(page) for page in pages[:_NAMED_PAGES])
    more = f" and {len(pages) - _NAMED_PAGES} more" if len(pages) > _NAMED_PAGES else ""
    which = "page" if len(pages) == 1 else "pages"
    verb = "does not carry its" if len(pages) == 1 else "do not carry their"
    return DamagedRegistry(
        f'The registry "{place}" is damaged: {which} {named}{more} {verb} authentication code.',
        hint="Stop working with this file, keep a copy of it as it is, and restore the latest "
        "backup.",
    )


def _failing_pages(driver: Any) -> set[int]:
    rows = driver.execute("PRAGMA cipher_integrity_check").fetchall()
    found = (_PAGE.search(row[0]) for row in rows)
    return {int(match[1]) for match in found if match}
