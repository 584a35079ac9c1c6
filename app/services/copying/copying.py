"""The heart of a copy: rows over, each compared, the whole verified, in one transaction.

Owns that order. Guards are off meanwhile and on again before anything is committed; how is the
target's own (`to_file`, `to_server`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from app.models.storage.unit_of_work import reading
from app.services.copying.rows import Place, Progress, compare_rows, copy_rows, count_rows
from app.services.copying.sides import CannotCopy, Copied, MovedRegistry, Source, require_sealed
from app.services.log.verification import verify_within
from app.services.readings.verification import verify_readings_within

WithoutGuards = Callable[[Connection], AbstractContextManager[None]]


def copy_registry(
    source: Source,
    target: Connection,
    *,
    moved: MovedRegistry,
    place: Place,
    without_guards: WithoutGuards,
    progress: Progress | None,
) -> Copied:
    """Copy within the target's transaction, which the caller commits; raises CannotCopy."""
    with reading(source.engine) as connection:
        require_sealed(connection)
        total = 2 * count_rows(connection)
        told = progress or (lambda _done, _of: None)
        with without_guards(target):
            rows = copy_rows(
                connection,
                target,
                place=place,
                secret=source.secret,
                told=lambda done: told(done, total),
            )
        entries, root = compare_rows(connection, target, told=lambda done: told(rows + done, total))
        told(total, total)
    found = verify_within(target, moved.country)
    if not found.ok or (found.entries, found.root) != (entries, root):
        raise CannotCopy(
            f"The copy does not verify: {found.failed_at} {found.failure}; it was taken away.",
            hint="Run `teak verify` on the source.",
        )
    readings = verify_readings_within(target)
    if not readings.ok:
        raise CannotCopy(
            f"The readings of the copy do not hold: {readings.first_failure}; it was taken away.",
            hint="Run `teak readings check` on the source.",
        )
    return Copied(entries, rows, root)
