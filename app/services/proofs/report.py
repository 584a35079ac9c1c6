"""The proof of a registry, in figures that an auditor can read without being a programmer.

Owns what is proved and what is not, as one frozen value made from one consistent reading: units
conserved, no serial in two places, cancellations and their certificates, conversions once, the
log whole and as it was signed. Pages and documents write it; words are in `wording`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.models.codes import SupplementaryType, TransactionStatus, TransactionType
from app.models.storage.unit_of_work import reading
from app.models.tables import Certificate, SourceUnit, TransactionRow
from app.models.tables import Checkpoint as CheckpointRow
from app.services.log.checkpoint_comparison import Outside
from app.services.log.replay import Replay
from app.services.log.verification import Progress, Verification, Verifier
from app.services.registry.context import OpenRegistry

ENDS = ("held", "cancelled", "retired", "replaced", "sent")
"""Where units are, in the order in which a balance names them."""


@dataclass(frozen=True, slots=True)
class UnitBalance:
    """Units of one type: where they came from and where they are."""

    unit_type: str
    issued: int
    received: int
    held: int
    cancelled: int
    retired: int
    replaced: int
    sent: int

    @property
    def came(self) -> int:
        """Units that came into being here, or from elsewhere."""
        return self.issued + self.received

    @property
    def are(self) -> int:
        """Units that are somewhere."""
        return sum(getattr(self, end) for end in ENDS)

    @property
    def is_balanced(self) -> bool:
        """Whether no unit appeared and none vanished."""
        return self.came == self.are


@dataclass(frozen=True, slots=True)
class SerialCount:
    """Serial numbers of one unit type: in how many series and ranges, each in one place."""

    unit_type: str
    series: int
    ranges: int
    serials: int


@dataclass(frozen=True, slots=True)
class CertificateCount:
    """Voluntary cancellations, how many have a certificate, and the units these speak of."""

    cancellations: int
    certificates: int
    units: int


@dataclass(frozen=True, slots=True)
class ConversionCount:
    """Source units known, and those that were converted, each serial once."""

    ranges: int
    units: int
    converted_ranges: int
    converted_units: int


@dataclass(frozen=True, slots=True)
class ProofReport:
    """All that was found at one moment.

    `checkpoint` is the newest signed note of the log, empty where there is none; `verification`
    says whether everything holds and names the first that does not.
    """

    registry_id: str
    country: str
    name_en: str
    name_th: str
    made_at: datetime
    verification: Verification
    balances: tuple[UnitBalance, ...]
    serials: tuple[SerialCount, ...]
    certificates: CertificateCount
    conversions: ConversionCount
    checkpoint: str

    @property
    def holds(self) -> bool:
        """Whether all that was looked at is as it should be."""
        return self.verification.ok and all(item.is_balanced for item in self.balances)


def make_proof(
    registry: OpenRegistry,
    *,
    outside: Outside | None = None,
    progress: Progress | None = None,
) -> ProofReport:
    """Look at everything once and give what was found; reads the whole registry."""
    with reading(registry.engine) as connection:
        verifier = Verifier(connection, registry.country, progress, outside)
        verification = verifier.run()
        return ProofReport(
            registry_id=registry.registry_id,
            country=registry.country,
            name_en=registry.name_en,
            name_th=registry.name_th,
            made_at=registry.now(),
            verification=verification,
            balances=_balances(verification.units),
            serials=_serials(verifier.replay),
            certificates=_certificates(connection),
            conversions=_conversions(connection),
            checkpoint=_checkpoint(connection),
        )


def _balances(units: Mapping[str, Mapping[str, int]]) -> tuple[UnitBalance, ...]:
    return tuple(
        UnitBalance(
            unit_type=unit_type,
            issued=counts["issued"],
            received=counts["received"],
            **{end: counts[end] for end in ENDS},
        )
        for unit_type, counts in sorted(units.items())
    )


def _serials(replay: Replay) -> tuple[SerialCount, ...]:
    """Count what the log puts where: within a series no two ranges can overlap."""
    series: Counter[str] = Counter()
    ranges: Counter[str] = Counter()
    serials: Counter[str] = Counter()
    for name in replay.series():
        for place, (start, interval) in enumerate(replay.intervals(name)):
            series[interval.unit_type] += place == 0
            ranges[interval.unit_type] += 1
            serials[interval.unit_type] += interval.end - start + 1
    return tuple(
        SerialCount(unit_type, series[unit_type], ranges[unit_type], serials[unit_type])
        for unit_type in sorted(ranges)
    )


def _certificates(connection: Connection) -> CertificateCount:
    cancelled = connection.execute(
        select(func.count(TransactionRow.id)).where(
            TransactionRow.type == TransactionType.CANCELLATION,
            TransactionRow.supplementary_type == SupplementaryType.VOLUNTARY_CANCELLATION,
            TransactionRow.status == TransactionStatus.COMPLETED,
        )
    ).scalar_one()
    row = connection.execute(
        select(
            func.count(Certificate.id).label("certificates"),
            func.coalesce(func.sum(TransactionRow.quantity), 0).label("units"),
        )
        .select_from(Certificate)
        .join(TransactionRow, TransactionRow.id == Certificate.transaction_id)
    ).one()
    return CertificateCount(int(cancelled), int(row.certificates), int(row.units))


def _conversions(connection: Connection) -> ConversionCount:
    size = SourceUnit.last_serial - SourceUnit.first_serial + 1
    query = select(
        func.count(SourceUnit.id).label("ranges"), func.coalesce(func.sum(size), 0).label("units")
    )
    known = connection.execute(query).one()
    converted = connection.execute(query.where(SourceUnit.reissued_series.is_not(None))).one()
    return ConversionCount(
        int(known.ranges), int(known.units), int(converted.ranges), int(converted.units)
    )


def _checkpoint(connection: Connection) -> str:
    note = connection.execute(
        select(CheckpointRow.note).order_by(CheckpointRow.tree_size.desc()).limit(1)
    ).scalar()
    return note or ""
