"""The words by which listings name codes, for people and programs alike.

Owns the mapping between codes of the field and words, in both directions; no text of the desk.
"""

from __future__ import annotations

from datetime import date, datetime

from app.models.codes import (
    AccountType,
    Stage,
    SupplementaryType,
    TransactionStatus,
    TransactionType,
)
from app.models.errors import UsageError
from app.models.tables.base import time_text

AWAITING_APPROVAL = "awaiting approval"
AWAITING_COMMITTEE = "awaiting committee"

TYPE_WORDS: dict[int, str] = {
    kind: "transfer"
    if kind is TransactionType.INTERNAL_TRANSFER
    else kind.name.lower().replace("_", "-")
    for kind in TransactionType
}
KIND_WORDS: dict[tuple[int, int], str] = {
    (TransactionType.INTERNAL_TRANSFER, SupplementaryType.ROLLBACK): "rollback",
    (
        TransactionType.INTERNAL_TRANSFER,
        SupplementaryType.CORRECTIVE_TRANSACTION,
    ): "corrective-transfer",
    (TransactionType.INTERNAL_TRANSFER, SupplementaryType.CLOSURE_TRANSFER): "closure-transfer",
    (TransactionType.INTERNAL_TRANSFER, SupplementaryType.BUFFER_DEPOSIT): "buffer-deposit",
    (TransactionType.INTERNAL_TRANSFER, SupplementaryType.BUFFER_HOLD): "buffer-hold",
    (TransactionType.INTERNAL_TRANSFER, SupplementaryType.BUFFER_RETURN): "buffer-return",
    (TransactionType.INTERNAL_TRANSFER, SupplementaryType.BUFFER_RELEASE): "buffer-release",
    (TransactionType.CANCELLATION, SupplementaryType.BUFFER_CANCELLATION): "buffer-cancellation",
    (TransactionType.CANCELLATION, SupplementaryType.BUFFER_COMPENSATION): "buffer-compensation",
    (TransactionType.EXTERNAL_TRANSFER, SupplementaryType.ACQUISITION_OFF_LINE): "acquisition",
}
"""Acts that are called otherwise than their type, by type and supplementary type."""
_STAGE_WORDS: dict[int, str] = {
    Stage.AWAITING_APPROVAL: AWAITING_APPROVAL,
    Stage.AWAITING_COMMITTEE: AWAITING_COMMITTEE,
}
ACCOUNT_TYPE_WORDS: dict[int, str] = {
    kind: kind.name.lower().replace("_", "-") for kind in AccountType
}


def type_word(code: int) -> str:
    """Give the word of a transaction type."""
    return TYPE_WORDS.get(code, str(code))


def kind_word(code: int, supplementary_type: int) -> str:
    """Give the word by which an act is called: its own where it has one, else its type's."""
    return KIND_WORDS.get((code, supplementary_type)) or type_word(code)


def read_kind_word(word: str) -> tuple[int, int | None]:
    """Give type and supplementary type of a kind's word; None for all that are of the type.

    Raises UsageError when there is no such kind, type or number of one.
    """
    for (code, supplementary_type), text in KIND_WORDS.items():
        if text == word:
            return int(code), int(supplementary_type)
    return _read_word(word, TYPE_WORDS, "transaction type"), None


def account_type_word(code: int) -> str:
    """Give the word of an account type."""
    return ACCOUNT_TYPE_WORDS.get(code, str(code))


def read_account_type_word(word: str) -> int:
    """Give the code of an account type's word or digits; UsageError when there is none."""
    return _read_word(word, ACCOUNT_TYPE_WORDS, "account type")


def status_word(status: int, stage: int | None) -> str:
    """Give the word of a status: what a pending transaction awaits, else the DES's own word."""
    if stage is not None and stage in _STAGE_WORDS:
        return _STAGE_WORDS[stage]
    return TransactionStatus(status).name.lower().replace("_", " ")


def read_status_word(word: str) -> tuple[int, int | None]:
    """Give status and stage of a status's word; UsageError when there is none."""
    for stage, text in _STAGE_WORDS.items():
        if text == word:
            return int(TransactionStatus.CHECKED), stage
    names = {status.name.lower().replace("_", " "): int(status) for status in TransactionStatus}
    if word in names:
        return names[word], None
    raise UsageError(
        f"“{word}” is not a status of a transaction.",
        hint="Statuses: " + ", ".join([*_STAGE_WORDS.values(), *names]) + ".",
    )


def _read_word(word: str, words: dict[int, str], what: str) -> int:
    for code, text in words.items():
        if word in (text, str(int(code))):
            return int(code)
    raise UsageError(
        f"“{word}” is not a {what}.", hint="Known are " + ", ".join(words.values()) + "."
    )


def time_json(moment: datetime | None) -> str | None:
    """Write a time as ISO 8601 UTC to the microsecond, so that it can be asked for again."""
    return None if moment is None else time_text(moment)


def day_json(day: date | None) -> str | None:
    """Write a day as ISO 8601."""
    return None if day is None else day.isoformat()
