"""Registers source units from a voluntary-cancellation record, with the attestation of it.

Owns which rows can go in: a source serial is registered once, and never while this registry
keeps the same units. Reading the file is `record_file`, converting is `transactions`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from app.models.codes import Role
from app.models.errors import UsageError
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import SourceUnit, UnitBatch, UnitBlock
from app.models.tables.base import AnyRow
from app.services.conversions.record_file import NewSource, read_record
from app.services.document_kinds import media_type_of
from app.services.documents import LARGEST_DOCUMENT_BYTES, add_document_within
from app.services.imports.csv_file import read_file_bytes
from app.services.imports.faults import (
    IN_THE_FUTURE,
    SOURCE_KEPT_HERE,
    SOURCE_REGISTERED,
    RejectedRow,
    RowRefused,
)
from app.services.log.append import LogWriter
from app.services.people.access import require_access, require_role
from app.services.registry.context import Actor, OpenRegistry

_MEETING = (
    select(
        SourceUnit.serial,
        SourceUnit.first_serial,
        SourceUnit.last_serial,
        SourceUnit.attributes,
        SourceUnit.attestation_sha256,
    )
    .where(
        SourceUnit.series == bindparam("in_series"),
        SourceUnit.first_serial <= bindparam("last"),
        SourceUnit.last_serial >= bindparam("first"),
    )
    .order_by(SourceUnit.first_serial)
    .limit(1)
)
_KEPT_HERE = (
    select(UnitBlock.first_serial, UnitBlock.last_serial, UnitBatch.template)
    .join(UnitBatch, UnitBatch.id == UnitBlock.batch_id)
    .where(
        UnitBlock.series == bindparam("in_series"),
        UnitBlock.first_serial <= bindparam("last"),
        UnitBlock.last_serial >= bindparam("first"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What became of a record's rows; `refused` says that the whole record was."""

    rows: int
    registered: int = 0
    units: int = 0
    already_there: int = 0
    record_sha256: str
    attestation_sha256: str
    rejected: tuple[RejectedRow, ...] = ()
    refused: bool = False

    def as_json(self) -> dict[str, Any]:
        """Write the report as the command line gives it."""
        return asdict(self) | {"rejected": [item.as_json() for item in self.rejected]}


@dataclass(frozen=True, slots=True)
class _Evidence:
    """A file to be kept as a document."""

    name: str
    content: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def register_sources(
    registry: OpenRegistry,
    record: Path,
    *,
    attestation: Path,
    actor: Actor,
    strict: bool = False,
) -> SourceReport:
    """Register the source units of a record, and keep record and attestation as documents.

    A row that is there already changes nothing; one that cannot go in is in the report, and
    with `strict` refuses the record whole. Raises NotFound or UsageError for a file that cannot
    be read or kept, RulesBroken when the actor is no registry officer.
    """
    require_role(actor, Role.OFFICER, "registers source units", "ขึ้นทะเบียนหน่วยต้นทาง")
    evidence = _read_evidence(record), _read_evidence(attestation)
    _refuse_same(*evidence)
    found = list(read_record(evidence[0].name, evidence[0].content))
    with UnitOfWork(registry.engine_for(actor)) as unit:
        require_access(unit.connection, actor)
        run = _Run(unit.connection, registry, actor, evidence)
        run.register(found)
        report = run.report(rows=len(found), refused=strict and bool(run.rejected))
        if run.registered and not report.refused:
            run.finish()
            unit.commit()
    return report


def _read_evidence(path: Path) -> _Evidence:
    content = read_file_bytes(path, most_bytes=LARGEST_DOCUMENT_BYTES)
    if not content:
        raise UsageError(f"{path.name} is empty.", hint="Take it from its source again.")
    return _Evidence(path.name, content, media_type_of(path.name, content))


def _refuse_same(record: _Evidence, attestation: _Evidence) -> None:
    if record.sha256 == attestation.sha256:
        raise UsageError(
            "Record and attestation are the same file.",
            hint="Give the CDM registry's attestation of the cancellation as a file of its own.",
        )


class SourceJudge:
    """Tells which rows of a record can go in, inside a reading or a unit of work."""

    def __init__(
        self, connection: Connection, registry: OpenRegistry, attestation_sha256: str
    ) -> None:
        self._connection, self._registry = connection, registry
        self._attestation_sha256 = attestation_sha256

    def is_new(self, source: NewSource) -> bool:
        """Tell whether a row is new: False where it is registered as it stands.

        Raises RowRefused for one that cannot go in.
        """
        if source.cancelled_on > self._registry.today():
            raise RowRefused(IN_THE_FUTURE, day=source.cancelled_on, today=self._registry.today())
        serial = source.serial
        place = {"in_series": serial.series, "first": serial.start, "last": serial.end}
        other = self._connection.execute(_MEETING, place).one_or_none()
        if other is not None:
            if self._is_same(source, other):
                return False
            raise RowRefused(SOURCE_REGISTERED, serial=source.text, existing=other.serial)
        kept = self._connection.execute(_KEPT_HERE, place).one_or_none()
        if kept is not None:
            existing = kept.template.format(start=kept.first_serial, end=kept.last_serial)
            raise RowRefused(SOURCE_KEPT_HERE, serial=source.text, existing=existing)
        return True

    def _is_same(self, source: NewSource, other: AnyRow) -> bool:
        return bool(
            other.first_serial == source.serial.start
            and other.last_serial == source.serial.end
            and other.attributes == source.attributes
            and other.attestation_sha256 == self._attestation_sha256
        )


class _Run:
    """One registration under way, inside one unit of work."""

    def __init__(
        self,
        connection: Connection,
        registry: OpenRegistry,
        actor: Actor,
        evidence: tuple[_Evidence, _Evidence],
    ) -> None:
        self._connection, self._registry, self._actor = connection, registry, actor
        self._record, self._attestation = evidence
        self._judge = SourceJudge(connection, registry, self._attestation.sha256)
        self._log = LogWriter(connection)
        self._are_kept = False
        self.rejected: list[RejectedRow] = []
        self.registered = self._units = 0

    def register(self, rows: list[NewSource | RowRefused]) -> None:
        """Register every row that can go in."""
        for number, row in enumerate(rows, start=1):
            try:
                if isinstance(row, RowRefused):
                    raise row
                if self._judge.is_new(row):
                    self._write(row)
            except RowRefused as refused:
                self.rejected.append(refused.at(number))

    def report(self, *, rows: int, refused: bool) -> SourceReport:
        """Say what became of the rows; nothing did where the whole record is refused."""
        return SourceReport(
            rows=rows,
            registered=0 if refused else self.registered,
            units=0 if refused else self._units,
            already_there=0 if refused else rows - self.registered - len(self.rejected),
            record_sha256=self._record.sha256,
            attestation_sha256=self._attestation.sha256,
            rejected=tuple(self.rejected),
            refused=refused,
        )

    def finish(self) -> None:
        """Write the log entries of what was registered."""
        self._log.flush()

    def _write(self, source: NewSource) -> None:
        self._keep_evidence()
        serial = source.serial
        now = self._registry.now()
        self._connection.execute(
            insert(SourceUnit),
            {
                "serial": source.text,
                "grammar": serial.grammar,
                "series": serial.series,
                "first_serial": serial.start,
                "last_serial": serial.end,
                "unit_type": source.unit_type,
                "host_country": source.host_country,
                "project": source.project,
                "attributes": source.attributes,
                "record_sha256": self._record.sha256,
                "attestation_sha256": self._attestation.sha256,
                "registered_by": self._actor.id,
                "registered_at": now,
            },
        )
        self._log.append(
            "source-unit-registered",
            at=now,
            persons={"done": self._actor.user_name},
            body={
                "serial": source.text,
                "series": serial.series,
                "start": serial.start,
                "end": serial.end,
                "unit_type": source.unit_type,
                "host_country": source.host_country,
                "project": source.project,
                "attributes_sha256": sha256(source.attributes.encode()).hexdigest(),
                "record_sha256": self._record.sha256,
                "attestation_sha256": self._attestation.sha256,
            },
        )
        self.registered += 1
        self._units += serial.quantity

    def _keep_evidence(self) -> None:
        """Keep both documents once something of the record goes in, and not before."""
        if self._are_kept:
            return
        for item in (self._record, self._attestation):
            add_document_within(
                self._connection,
                self._registry,
                self._actor,
                name=item.name,
                media_type=item.media_type,
                content=item.content,
            )
        self._are_kept = True
