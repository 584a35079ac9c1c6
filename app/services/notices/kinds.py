"""The kinds of notice and what fulfils each.

Owns the table of the exchange standards; numbers and names are theirs. Source: Kyoto Data Exchange
Standards, notification types; the UK registry's `NoticeType`.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.models.codes import AccountType, TransactionType


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice; `fulfilled_by` are the transaction types that answer it.

    `accounts` are the types of account their units must reach, any where there is none. A kind
    that nothing answers is closed by hand.
    """

    name: str
    name_th: str
    fulfilled_by: frozenset[TransactionType] = frozenset()
    accounts: frozenset[AccountType] = frozenset()

    @property
    def asks_for_units(self) -> bool:
        """Whether the notice is answered by transactions."""
        return bool(self.fulfilled_by)


_CANCELLED = frozenset({TransactionType.CANCELLATION})
_CANCELLED_OR_REPLACED = _CANCELLED | {TransactionType.REPLACEMENT}
_MOVED = frozenset(
    {
        TransactionType.EXTERNAL_TRANSFER,
        TransactionType.INTERNAL_TRANSFER,
        TransactionType.CANCELLATION,
    }
)

NOTICE_KINDS: dict[int, NoticeKind] = {
    1: NoticeKind(
        "Net-source cancellation",
        "การยกเลิกแหล่งปล่อยสุทธิ",
        _CANCELLED,
        frozenset({AccountType.NET_SOURCE_CANCELLATION}),
    ),
    2: NoticeKind(
        "Non-compliance cancellation",
        "การยกเลิกเพราะไม่ปฏิบัติตามพันธกรณี",
        _CANCELLED,
        frozenset({AccountType.NON_COMPLIANCE_CANCELLATION}),
    ),
    3: NoticeKind(
        "Impending expiry of tCER or lCER",
        "หน่วย tCER หรือ lCER ใกล้หมดอายุ",
        frozenset({TransactionType.REPLACEMENT}),
        frozenset({AccountType.REPLACEMENT, AccountType.REPLACEMENT_LCER_EXPIRY}),
    ),
    4: NoticeKind(
        "Reversal of storage of a CDM project",
        "การสูญเสียการกักเก็บของโครงการ CDM",
        _CANCELLED_OR_REPLACED,
        frozenset({AccountType.MANDATORY_CANCELLATION, AccountType.REPLACEMENT_LCER_REVERSAL}),
    ),
    5: NoticeKind(
        "Non-submission of a certification report",
        "ไม่ส่งรายงานการรับรอง",
        _CANCELLED_OR_REPLACED,
        frozenset({AccountType.MANDATORY_CANCELLATION, AccountType.REPLACEMENT_LCER_REPORT}),
    ),
    6: NoticeKind(
        "Excess issuance of a CDM project",
        "การออกหน่วยเกินของโครงการ CDM",
        _MOVED,
        frozenset({AccountType.EXCESS_ISSUANCE_CANCELLATION, AccountType.SENT_ELSEWHERE}),
    ),
    7: NoticeKind("Commitment period reserve", "ปริมาณสำรองของช่วงพันธกรณี"),
    8: NoticeKind("Unit carry-over", "การยกยอดหน่วย"),
    9: NoticeKind(
        "Expiry date change",
        "การเปลี่ยนวันหมดอายุ",
        frozenset({TransactionType.EXPIRY_CHANGE}),
    ),
    10: NoticeKind("Notification update", "การปรับปรุงหนังสือแจ้ง"),
    11: NoticeKind("EU15 commitment period reserve", "ปริมาณสำรองของช่วงพันธกรณี EU15"),
    12: NoticeKind(
        "Net reversal of storage of a CCS project",
        "การสูญเสียการกักเก็บสุทธิของโครงการ CCS",
        _MOVED,
    ),
    13: NoticeKind(
        "Non-submission of a CCS verification report",
        "ไม่ส่งรายงานการทวนสอบของโครงการ CCS",
        _MOVED,
    ),
}
