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
from app.models.tables.registry import (
    CertificateRequest,
    PersonSession,
    RegistryRow,
    SigningKey,
    WorkerLease,
)
from app.models.tables.rule import Holiday, Rule, RuleChange
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
    "Base",
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
    "RecoveryCode",
    "RegistryRow",
    "Representative",
    "Rule",
    "RuleChange",
    "Scheme",
    "Series",
    "SigningKey",
    "SourceUnit",
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
