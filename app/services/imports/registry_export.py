"""Imports a registry's export: reads its rows, reconciles them, carries out what is missing.

Owns the order of it. Everything is read and planned before anything is written; then a few
hundred acts at a time are committed, so that an import that was killed can be run again and
ends the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from app.models.codes import Role
from app.models.errors import UsageError
from app.models.storage.unit_of_work import reading
from app.services.imports.acr import ACR
from app.services.imports.car import CAR
from app.services.imports.csv_file import stream_csv_file
from app.services.imports.export_layout import ExportFormat, read_rows
from app.services.imports.export_row import ExportRow
from app.services.imports.faults import IN_THE_FUTURE, RejectedRow, RowRefused
from app.services.imports.file_claims import FileClaims
from app.services.imports.gold_standard import GOLD_STANDARD
from app.services.imports.import_preview import ImportPreview, preview_of
from app.services.imports.import_report import ImportReport
from app.services.imports.import_run import ImportRun, Progress
from app.services.imports.import_steps import order_steps
from app.services.imports.import_writers import ImportPeople
from app.services.imports.known_units import KnownUnits
from app.services.imports.reconciling import RowPlan, plan_row
from app.services.imports.verra import VERRA
from app.services.people.access import require_access, require_role
from app.services.registry.context import Actor, OpenRegistry

FORMATS: dict[str, ExportFormat] = {item.name: item for item in (VERRA, ACR, CAR, GOLD_STANDARD)}

STEPS_AT_A_TIME = 400
"""How many steps one unit of work commits; a step is an act, seldom a few."""


def import_registry_export(
    registry: OpenRegistry,
    file: Path,
    *,
    format: str,  # noqa: A002 (the command's own word for it)
    proposer: Actor,
    approver: Actor,
    strict: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Import an export of `verra`, `acr`, `car` or `gold-standard`.

    Rows that cannot go in are in the report; with `strict` a single one refuses the file whole.
    On a server, where each act lasts by itself, `strict` has every act judged before the first is
    written; should others change meanwhile what one rests on, what was imported before it stays,
    and the report says that it stopped.
    `progress` hears of rows settled, of how many; `cancelled` stops between a few acts, and
    what is committed by then stays. Raises NotFound or UsageError for a file that cannot be
    read or has another header, and RulesBroken when these two persons may not do this.
    """
    source = _find_format(format)
    _require_roles(registry, proposer, approver)
    rows, rejected = _read_export(file, source)
    total = len(rows) + len(rejected)
    plans, at_odds = _plan_rows(registry, rows)
    rejected = _by_row([*rejected, *at_odds])
    if strict and rejected:
        return ImportReport(rows=total, rejected=rejected, refused=True)
    steps = order_steps(plans)
    run = ImportRun(
        registry,
        ImportPeople(proposer, approver),
        tell=_teller(progress, total=total, steps=len(steps)),
        cancelled=cancelled or _never,
    )
    run.carry_out(steps, at_a_time=None if strict else STEPS_AT_A_TIME)
    rejected = _by_row([*rejected, *run.refused])
    if strict and rejected and not run.done:
        return ImportReport(rows=total, rejected=rejected, refused=True)
    return ImportReport(
        rows=total,
        imported=run.finished_rows,
        already_there=sum(plan.is_done for plan in plans),
        rejected=rejected,
        units_issued=run.units_issued,
        units_cancelled=run.units_cancelled,
        units_held=run.units_held,
        stopped=run.is_stopped or (strict and bool(rejected)),
    )


def _require_roles(registry: OpenRegistry, proposer: Actor, approver: Actor) -> None:
    """Raise RulesBroken before anything is written: on a server a proposal lasts by itself."""
    with reading(registry.engine) as connection:
        for person in (proposer, approver):
            require_access(connection, person)
    require_role(proposer, Role.OFFICER, "proposes an import", "เสนอการนำเข้า")
    require_role(approver, Role.APPROVER, "approves an import", "อนุมัติการนำเข้า")


def preview_registry_export(
    registry: OpenRegistry,
    file: Path,
    *,
    format: str,  # noqa: A002 (as above)
) -> ImportPreview:
    """Tell what importing the export would do now; changes nothing.

    Raises NotFound or UsageError as `import_registry_export` does.
    """
    rows, rejected = _read_export(file, _find_format(format))
    plans, at_odds = _plan_rows(registry, rows)
    total = len(rows) + len(rejected)
    return preview_of(plans, rows=total, rejected=_by_row([*rejected, *at_odds]))


def _read_export(
    file: Path, source: ExportFormat
) -> tuple[Sequence[ExportRow], Sequence[RejectedRow]]:
    csv_file = stream_csv_file(file)
    return read_rows(source.choose_layout(csv_file), csv_file)


def _find_format(name: str) -> ExportFormat:
    if name not in FORMATS:
        raise UsageError(
            f"“{name}” is not a format Teak imports.", hint="Formats: " + ", ".join(FORMATS) + "."
        )
    return FORMATS[name]


def _never() -> bool:
    return False


def _by_row(rejected: Sequence[RejectedRow]) -> tuple[RejectedRow, ...]:
    return tuple(sorted(rejected, key=lambda item: item.row))


def _teller(progress: Progress | None, *, total: int, steps: int) -> Callable[[int], None]:
    """Make what tells `progress` in rows how far the steps are."""

    def tell(done: int) -> None:
        if progress is not None:
            progress(total * done // steps if steps else total, total)

    tell(0)
    return tell


def _require_past(row: ExportRow, today: date) -> None:
    latest = max(row.registered_on, row.ending.on if row.ending else row.registered_on)
    if latest > today:
        raise RowRefused(IN_THE_FUTURE, day=latest, today=today)


def _plan_rows(
    registry: OpenRegistry, rows: Sequence[ExportRow]
) -> tuple[list[RowPlan], list[RejectedRow]]:
    """Plan every row against the registry as it is now and against the rows before it."""
    plans: list[RowPlan] = []
    rejected: list[RejectedRow] = []
    claims = FileClaims()
    with reading(registry.engine) as connection:
        units = KnownUnits(connection)
        for row in rows:
            try:
                _require_past(row, registry.today())
                claims.require_free(row)
                account = units.account(row.account_name)
                known = units.blocks(row.serial)
                plans.append(plan_row(row, known, account, country=registry.country))
            except RowRefused as refused:
                rejected.append(refused.at(row.row))
            else:
                claims.take(row)
    return plans, rejected
