"""All tables of the registry, one aggregate a file."""

from app.models.tables.account import (
    Account,
    AccountChange,
    Holder,
    HolderDocument,
    Holding,
    Representative,
    TrustedAccount,
)
from app.models.tables.base import Base
from app.models.tables.conversion import SourceUnit, Vote
from app.models.tables.document import Certificate, Document
from app.models.tables.log import Checkpoint, LogEntry, LogQueue
from app.models.tables.notice import Notice
from app.models.tables.person import Draft, Person, RecoveryCode, Traffic
from app.models.tables.project import Project, ProjectAccount, VerifiedReduction
from app.models.tables.reading import ReadingImport, ReadingRecord, ReadingRollup
from app.models.tables.registry import (
    CertificateRequest,
    PersonSession,
    RegistryRow,
    SigningKey,
    WorkerLease,
)
from app.models.tables.rule import Holiday, Rule, RuleChange
from app.models.tables.station import AlarmLimit, Sensor, SensorChannel, Station, StationKey
from app.models.tables.station_calibration import (
    Calibration,
    CalibrationCertificateRequest,
    CalibrationPoint,
    ReferenceStandard,
)
from app.models.tables.station_event import Alarm, StationEvent
from app.models.tables.transaction import (
    TransactionBlock,
    TransactionDocument,
    TransactionEvent,
    TransactionRow,
    TransactionRule,
)
from app.models.tables.unit import (
    CommitmentPeriod,
    OwnUnits,
    Scheme,
    Series,
    UnitBatch,
    UnitBlock,
    UnitType,
)

__all__ = [
    "Account",
    "AccountChange",
    "Alarm",
    "AlarmLimit",
    "Base",
    "Calibration",
    "CalibrationCertificateRequest",
    "CalibrationPoint",
    "Certificate",
    "CertificateRequest",
    "Checkpoint",
    "CommitmentPeriod",
    "Document",
    "Draft",
    "Holder",
    "HolderDocument",
    "Holding",
    "Holiday",
    "LogEntry",
    "LogQueue",
    "Notice",
    "OwnUnits",
    "Person",
    "PersonSession",
    "Project",
    "ProjectAccount",
    "ReadingImport",
    "ReadingRecord",
    "ReadingRollup",
    "RecoveryCode",
    "ReferenceStandard",
    "RegistryRow",
    "Representative",
    "Rule",
    "RuleChange",
    "Scheme",
    "Sensor",
    "SensorChannel",
    "Series",
    "SigningKey",
    "SourceUnit",
    "Station",
    "StationEvent",
    "StationKey",
    "Traffic",
    "TransactionBlock",
    "TransactionDocument",
    "TransactionEvent",
    "TransactionRow",
    "TransactionRule",
    "TrustedAccount",
    "UnitBatch",
    "UnitBlock",
    "UnitType",
    "VerifiedReduction",
    "Vote",
    "WorkerLease",
]
