"""Codes of the field: roles, transaction types and statuses, account types, unit states.

Numbers follow the Kyoto Data Exchange Standards (DES) as the International Transaction Log
used them; whatever the DES does not number is project-assigned, from 9000 up (account types,
which have three digits, from 900 up). Owns numbers and words only; no rule.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a person may do at the desk; one role a person."""

    OFFICER = "officer"
    APPROVER = "approver"
    COMMITTEE = "committee"
    ADMINISTRATOR = "administrator"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"

    @property
    def words(self) -> str:
        """Name somebody of the role in an English sentence."""
        return ROLE_WORDS[self][0]

    @property
    def words_th(self) -> str:
        """Name the role in a Thai sentence."""
        return ROLE_WORDS[self][1]


ROLE_WORDS = {
    Role.OFFICER: ("a registry officer", "เจ้าหน้าที่ทะเบียน"),
    Role.APPROVER: ("a registry approver", "ผู้อนุมัติทะเบียน"),
    Role.COMMITTEE: ("a committee member", "กรรมการ"),
    Role.ADMINISTRATOR: ("a registry administrator", "ผู้ดูแลทะเบียน"),
    Role.TECHNICIAN: ("a field technician", "เจ้าหน้าที่เทคนิคภาคสนาม"),
    Role.AUDITOR: ("an auditor", "ผู้ตรวจสอบ"),
}
"""A role in a sentence: English with its article, Thai."""


class PersonState(StrEnum):
    """Whether a person may sign in."""

    ACTIVE = "active"
    REVOKED = "revoked"


class TransactionType(IntEnum):
    """Primary transaction types of the DES."""

    ISSUANCE = 1
    CONVERSION = 2
    EXTERNAL_TRANSFER = 3
    CANCELLATION = 4
    RETIREMENT = 5
    REPLACEMENT = 6
    CARRY_OVER = 7
    EXPIRY_CHANGE = 8
    INTERNAL_TRANSFER = 10


class SupplementaryType(IntEnum):
    """Supplementary types in use; 9000 and up are project-assigned."""

    NONE = 0
    VOLUNTARY_CANCELLATION = 0
    MANDATORY_CANCELLATION = 48
    CORRECTION = 55
    CLOSURE_TRANSFER = 91
    CORRECTIVE_TRANSACTION = 92
    REGISTERED_FROM_ORIGIN = 9010
    CONVERSION_TO_DOMESTIC = 9011
    ACQUISITION_OFF_LINE = 9012
    CORRECTIVE_CANCELLATION = 9013
    NET_SOURCE_CANCELLATION = 9014
    NON_COMPLIANCE_CANCELLATION = 9015
    EXCESS_ISSUANCE_CANCELLATION = 9016
    ROLLBACK = 9020
    BUFFER_DEPOSIT = 9021
    BUFFER_HOLD = 9022
    BUFFER_RELEASE = 9023
    BUFFER_CANCELLATION = 9024
    BUFFER_COMPENSATION = 9025
    BUFFER_RETURN = 9026


class TransactionStatus(IntEnum):
    """Statuses of the DES that this desk reaches."""

    PROPOSED = 1
    CHECKED = 2
    CHECKED_DISCREPANCY = 3
    COMPLETED = 4
    TERMINATED = 5
    REJECTED = 6
    CANCELLED = 7
    ACCEPTED = 8

    @property
    def is_final(self) -> bool:
        """Whether nothing may follow."""
        return self in FINAL_STATUSES

    @property
    def words(self) -> str:
        """Name the status in an English sentence."""
        return STATUS_WORDS[self][0]

    @property
    def words_th(self) -> str:
        """Name the status in a Thai sentence."""
        return STATUS_WORDS[self][1]


STATUS_WORDS = {
    TransactionStatus.PROPOSED: ("proposed", "เสนอแล้ว"),
    TransactionStatus.CHECKED: ("checked", "ตรวจแล้ว"),
    TransactionStatus.CHECKED_DISCREPANCY: (
        "checked with a discrepancy",
        "ตรวจแล้ว พบความไม่สอดคล้อง",
    ),
    TransactionStatus.COMPLETED: ("completed", "เสร็จสมบูรณ์"),
    TransactionStatus.TERMINATED: ("terminated", "ยุติ"),
    TransactionStatus.REJECTED: ("rejected", "ถูกปฏิเสธ"),
    TransactionStatus.CANCELLED: ("withdrawn", "ถอนคำเสนอแล้ว"),
    TransactionStatus.ACCEPTED: ("accepted", "ยอมรับแล้ว"),
}
"""A status in a sentence, English and Thai; cancelled is what the proposer took back."""

FINAL_STATUSES = frozenset(
    {
        TransactionStatus.COMPLETED,
        TransactionStatus.TERMINATED,
        TransactionStatus.REJECTED,
        TransactionStatus.CANCELLED,
    }
)


class Stage(IntEnum):
    """Project-assigned stages, shown beside the DES status while a transaction is pending."""

    AWAITING_APPROVAL = 9001
    AWAITING_COMMITTEE = 9002


class AccountType(IntEnum):
    """Account types: DES numbers, then project-assigned ones from 900 up."""

    HOLDING = 100
    PERSON_HOLDING = 121
    NET_SOURCE_CANCELLATION = 210
    NON_COMPLIANCE_CANCELLATION = 220
    VOLUNTARY_CANCELLATION = 230
    EXCESS_ISSUANCE_CANCELLATION = 240
    MANDATORY_CANCELLATION = 250
    CORRECTIVE_CANCELLATION = 260
    RETIREMENT = 300
    REPLACEMENT = 411
    REPLACEMENT_LCER_EXPIRY = 421
    REPLACEMENT_LCER_REVERSAL = 422
    REPLACEMENT_LCER_REPORT = 423
    BUFFER = 901
    RESERVE = 902
    OTHER_PURPOSE = 903
    SENT_ELSEWHERE = 904

    @property
    def is_holding(self) -> bool:
        """Whether the account belongs to a holder who may dispose of its units."""
        return self in (AccountType.HOLDING, AccountType.PERSON_HOLDING)

    @property
    def unit_state(self) -> UnitState:
        """What units become on entering such an account."""
        return UNIT_STATES.get(self, UnitState.HELD)


class UnitState(StrEnum):
    """What has become of a unit block."""

    HELD = "held"
    CANCELLED = "cancelled"
    RETIRED = "retired"
    REPLACED = "replaced"
    SENT = "sent"


UNIT_STATES = {
    AccountType.NET_SOURCE_CANCELLATION: UnitState.CANCELLED,
    AccountType.NON_COMPLIANCE_CANCELLATION: UnitState.CANCELLED,
    AccountType.VOLUNTARY_CANCELLATION: UnitState.CANCELLED,
    AccountType.EXCESS_ISSUANCE_CANCELLATION: UnitState.CANCELLED,
    AccountType.MANDATORY_CANCELLATION: UnitState.CANCELLED,
    AccountType.CORRECTIVE_CANCELLATION: UnitState.CANCELLED,
    AccountType.RETIREMENT: UnitState.RETIRED,
    AccountType.REPLACEMENT: UnitState.REPLACED,
    AccountType.REPLACEMENT_LCER_EXPIRY: UnitState.REPLACED,
    AccountType.REPLACEMENT_LCER_REVERSAL: UnitState.REPLACED,
    AccountType.REPLACEMENT_LCER_REPORT: UnitState.REPLACED,
    AccountType.SENT_ELSEWHERE: UnitState.SENT,
}


class AccountState(StrEnum):
    """Life of an account; a closed account never reopens."""

    PROPOSED = "proposed"
    OPEN = "open"
    SUSPENDED = "suspended"
    LOCKED = "locked"
    CLOSED = "closed"
    REJECTED = "rejected"

    @property
    def words_th(self) -> str:
        """Name the state in a Thai sentence; in English its value is the word."""
        return ACCOUNT_STATE_TH[self]


ACCOUNT_STATE_TH = {
    AccountState.PROPOSED: "เสนอแล้ว",
    AccountState.OPEN: "เปิด",
    AccountState.SUSPENDED: "ระงับ",
    AccountState.LOCKED: "ล็อก",
    AccountState.CLOSED: "ปิดแล้ว",
    AccountState.REJECTED: "ถูกปฏิเสธ",
}


class CheckCategory(IntEnum):
    """The ITL's categories of checks, in the order in which they run."""

    VERSION_AND_AUTHENTICATION = 1
    MESSAGE_VALIDITY = 2
    REGISTRY_VALIDITY = 3
    DATA_INTEGRITY = 4
    MESSAGE_SEQUENCE = 5
    GENERAL = 6
    TRANSACTION_SPECIFIC = 7


class RuleKind(StrEnum):
    """Kinds of rows in the business logic tables."""

    LEVY_RATE = "levy-rate"
    DEFAULT_EXPIRY = "default-expiry"
    MAXIMUM_TRANSFER = "maximum-transfer"
    RESERVE = "reserve"
    TRUST_DELAY = "trust-delay"
    STRANGER_DELAY = "stranger-delay"
    STRANGERS_ALLOWED = "strangers-allowed"
    ROLLBACK_WINDOW = "rollback-window"
    COMMITTEE_QUORUM = "committee-quorum"
    CARRY_OVER_LIMIT = "carry-over-limit"


class NoticeType(IntEnum):
    """Types of notices of the DES that ask for an act, or tell."""

    NET_SOURCE_CANCELLATION = 1
    NON_COMPLIANCE_CANCELLATION = 2
    IMPENDING_EXPIRY = 3
    REVERSAL_OF_STORAGE = 4
    NO_CERTIFICATION_REPORT = 5
    EXCESS_ISSUANCE = 6
    COMMITMENT_PERIOD_RESERVE = 7
    CARRY_OVER = 8
    EXPIRY_DATE_CHANGE = 9
    NOTIFICATION_UPDATE = 10
    EU15_COMMITMENT_PERIOD_RESERVE = 11
    NET_REVERSAL_OF_STORAGE = 12
    NO_VERIFICATION_REPORT = 13


NO_EXPIRY_CODE = 99
"""Value of a default-expiry rule that means: these units never expire."""

MAX_BLOCKS_PER_TRANSACTION = 3000
"""As the International Transaction Log imposed it."""

MAX_SERIAL = 2**43 - 1
"""Largest serial number the registry keeps (a series and a number share 63 bits)."""
