"""Records verified reductions from a file, against which units are issued later.

Owns which records can go in: each is of a project of this registry, and monitoring periods of
one project never overlap. Reading the file is `reduction_file`, issuing is `transactions`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from app.models.codes import Role
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Project, VerifiedReduction
from app.models.tables.base import AnyRow
from app.services.imports.faults import PERIOD_TAKEN, UNKNOWN_PROJECT, RejectedRow, RowRefused
from app.services.imports.reduction_file import NewReduction, read_reduction_file
from app.services.log.append import LogWriter
from app.services.people.access import require_access, require_role
from app.services.registry.context import Actor, OpenRegistry

_PROJECT = select(Project.id).where(
    Project.origin == bindparam("origin"),
    Project.code == bindparam("code"),
    Project.state == "registered",
)

_MEETING = select(
    VerifiedReduction.period_from,
    VerifiedReduction.period_to,
    VerifiedReduction.quantity,
    VerifiedReduction.reference,
    VerifiedReduction.document_sha256,
).where(
    VerifiedReduction.project_id == bindparam("project_id"),
    VerifiedReduction.period_from <= bindparam("period_to"),
    VerifiedReduction.period_to >= bindparam("period_from"),
)

_INSERT = insert(VerifiedReduction)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReductionReport:
    """What became of a file's records; `refused` says that the whole file was."""

    rows: int
    recorded: int = 0
    already_there: int = 0
    rejected: tuple[RejectedRow, ...] = ()
    refused: bool = False

    def as_json(self) -> dict[str, Any]:
        """Write the report as the command line gives it."""
        return asdict(self) | {"rejected": [item.as_json() for item in self.rejected]}


def import_verified_reductions(
    registry: OpenRegistry, file: Path, *, actor: Actor, strict: bool = False
) -> ReductionReport:
    """Record the verified reductions of a CSV file, or of a JSON list in a `.json` file.

    A record that is there already changes nothing; one that cannot go in is in the report, and
    with `strict` refuses the file whole. Raises NotFound or UsageError for a file that cannot
    be read, RulesBroken when the actor is no registry officer.
    """
    require_role(actor, Role.OFFICER, "records verified reductions", "บันทึกผลการลดที่ผ่านการทวนสอบ")
    found = list(read_reduction_file(file))
    rejected: list[RejectedRow] = []
    recorded = 0
    with UnitOfWork(registry.engine_for(actor)) as unit:
        require_access(unit.connection, actor)
        log = LogWriter(unit.connection)
        for row, reduction in enumerate(found, start=1):
            try:
                if isinstance(reduction, RowRefused):
                    raise reduction
                recorded += _record(unit.connection, log, registry, actor, reduction)
            except RowRefused as refused:
                rejected.append(refused.at(row))
        if rejected and strict:
            return ReductionReport(rows=len(found), rejected=tuple(rejected), refused=True)
        if recorded:
            log.flush()
            unit.commit()
    return ReductionReport(
        rows=len(found),
        recorded=recorded,
        already_there=len(found) - recorded - len(rejected),
        rejected=tuple(rejected),
    )


def _record(
    connection: Connection,
    log: LogWriter,
    registry: OpenRegistry,
    actor: Actor,
    reduction: NewReduction,
) -> bool:
    """Write a record and its log entry; False when it stands in the registry already."""
    project_id = connection.execute(
        _PROJECT, {"origin": registry.country, "code": reduction.project}
    ).scalar()
    if project_id is None:
        raise RowRefused(UNKNOWN_PROJECT, text=reduction.project)
    content = asdict(reduction)
    project = content.pop("project")
    values = {"project_id": project_id, **content}
    for other in connection.execute(_MEETING, values):
        if other._asdict() == content:
            return False
        raise _taken(reduction, other)
    connection.execute(_INSERT, {**values, "is_proposed": False})
    log.append(
        "verified-reduction-recorded",
        at=registry.now(),
        persons={"done": actor.user_name},
        body={
            "project": project,
            **content,
            "period_from": reduction.period_from.isoformat(),
            "period_to": reduction.period_to.isoformat(),
        },
    )
    return True


def _taken(reduction: NewReduction, other: AnyRow) -> RowRefused:
    return RowRefused(
        PERIOD_TAKEN,
        first=reduction.period_from,
        last=reduction.period_to,
        project=reduction.project,
        reference=other.reference,
        other_first=other.period_from,
        other_last=other.period_to,
    )
