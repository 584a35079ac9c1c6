"""All tables of the registry, one aggregate a file."""

from app.models.tables.account import (
    Account,
    AccountChange,
    Holder,
    HolderDocument,
    Holding,
    Representative,
)
from app.models.tables.base import Base
from app.models.tables.document import Certificate, Document
from app.models.tables.log import LogEntry
from app.models.tables.person import Draft, Person, RecoveryCode, Traffic
from app.models.tables.project import Project, ProjectAccount, VerifiedReduction
from app.models.tables.registry import RegistryRow, SigningKey
from app.models.tables.transaction import TransactionBlock, TransactionEvent, TransactionRow
from app.models.tables.unit import CommitmentPeriod, Rule, Series, UnitBatch, UnitBlock, UnitType

__all__ = [
    "Account",
    "AccountChange",
    "Base",
    "Certificate",
    "CommitmentPeriod",
    "Document",
    "Draft",
    "Holder",
    "HolderDocument",
    "Holding",
    "LogEntry",
    "Person",
    "Project",
    "ProjectAccount",
    "RecoveryCode",
    "RegistryRow",
    "Representative",
    "Rule",
    "Series",
    "SigningKey",
    "Traffic",
    "TransactionBlock",
    "TransactionEvent",
    "TransactionRow",
    "UnitBatch",
    "UnitBlock",
    "UnitType",
    "VerifiedReduction",
]
