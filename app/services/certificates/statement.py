"""What a certificate says: the statement, final in its version 1.

Owns the statement's fields, their rules and their JSON form; `docs/formats.md` describes the
same for outsiders. Must not draw, sign or read files, and stays light to import.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.models.errors import UsageError
from app.services.log.canonical import canonical_bytes

STATEMENT_VERSION = 1
STATEMENT_TYPE = "teak-offset-certificate"
MEASURES = ("tCO2e", "toe")
LONGEST_TEXT = 2000
"""Characters of one text; longer ones are refused, so that every reader may bound its memory."""
MOST_RANGES = 20_000

_LEAF = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Registry:
    """The registry that certifies: `id` as in its log, `country` in ISO 3166 alpha-2."""

    id: str
    country: str
    name_en: str
    name_th: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose units were cancelled: the account's number and the holder's names, either may be ""."""

    account: str
    name_en: str
    name_th: str


@dataclass(frozen=True, slots=True)
class SerialRange:
    """One cancelled range, both ends included, as printed by its own registry's grammar.

    `project_type` and `vintage` (a year) are None where the source names none.
    """

    serial: str
    start: int
    end: int
    project: str
    project_name: str
    project_type: str | None = None
    vintage: int | None = None

    @property
    def quantity(self) -> int:
        """Units in the range."""
        return self.end - self.start + 1


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where the cancellation stands in the registry's log: entry number and leaf hash in hex."""

    entry: int
    leaf: str


@dataclass(frozen=True, slots=True)
class Statement:
    """All a certificate says; times are aware UTC and kept to the second.

    Raises UsageError when a field breaks the form, naming the field and its value.
    """

    certificate: str
    transaction: str
    registry: Registry
    holder: Holder
    beneficiary: str | None
    purpose: str | None
    unit_type: str
    measure: str
    quantity: int
    serials: tuple[SerialRange, ...]
    cancelled_on: date
    completed_at: datetime
    issued_at: datetime
    log: LogPlace

    def __post_init__(self) -> None:
        for name in ("completed_at", "issued_at"):
            object.__setattr__(self, name, _whole_seconds(name, getattr(self, name)))
        for name in ("beneficiary", "purpose"):
            object.__setattr__(self, name, (getattr(self, name) or "").strip() or None)
        _check(self)

    @property
    def holder_name(self) -> str:
        """The holder's name for programs: English, else Thai."""
        return self.holder.name_en or self.holder.name_th


def statement_json(statement: Statement) -> dict[str, Any]:
    """Turn the statement into its JSON value, final in version 1."""
    registry, holder = statement.registry, statement.holder
    return {
        "version": STATEMENT_VERSION,
        "type": STATEMENT_TYPE,
        "certificate": statement.certificate,
        "transaction": statement.transaction,
        "registry": {
            "id": registry.id,
            "country": registry.country,
            "name_en": registry.name_en,
            "name_th": registry.name_th,
        },
        "holder": {
            "account": holder.account,
            "name_en": holder.name_en,
            "name_th": holder.name_th,
        },
        "beneficiary": statement.beneficiary,
        "purpose": statement.purpose,
        "unit_type": statement.unit_type,
        "measure": statement.measure,
        "quantity": statement.quantity,
        "serials": [_range_json(each) for each in statement.serials],
        "cancelled_on": statement.cancelled_on.isoformat(),
        "completed_at": utc_text(statement.completed_at),
        "issued_at": utc_text(statement.issued_at),
        "log": {"entry": statement.log.entry, "leaf": statement.log.leaf},
    }


def statement_bytes(statement: Statement) -> bytes:
    """Write the statement as RFC 8785 bytes: exactly what is signed and attached."""
    return canonical_bytes(statement_json(statement))


def utc_text(moment: datetime) -> str:
    """Print an aware UTC time as ISO 8601 with Z, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _range_json(serial_range: SerialRange) -> dict[str, Any]:
    return {
        "serial": serial_range.serial,
        "start": serial_range.start,
        "end": serial_range.end,
        "project": serial_range.project,
        "project_name": serial_range.project_name,
        "project_type": serial_range.project_type,
        "vintage": serial_range.vintage,
    }


def _whole_seconds(name: str, moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise _refused(name, moment, "a time with its zone")
    return moment.astimezone(UTC).replace(microsecond=0)


def _check(statement: Statement) -> None:
    for name, text in _texts(statement):
        if len(text) > LONGEST_TEXT:
            raise _refused(name, text[:60] + "…", f"at most {LONGEST_TEXT} characters")
    for name in ("certificate", "transaction", "unit_type"):
        if not getattr(statement, name).strip():
            raise _refused(name, "", "some text")
    if not (statement.registry.name_en or statement.registry.name_th):
        raise _refused("registry", statement.registry.id, "a name in Thai or English")
    if not (statement.holder.name_en or statement.holder.name_th):
        raise _refused("holder", statement.holder.account, "a name in Thai or English")
    if statement.measure not in MEASURES:
        raise _refused("measure", statement.measure, " or ".join(MEASURES))
    if not _LEAF.fullmatch(statement.log.leaf) or statement.log.entry < 0:
        raise _refused("log", statement.log, "an entry number and a SHA-256 leaf hash in hex")
    _check_serials(statement.serials, statement.quantity)


def _check_serials(serials: Sequence[SerialRange], quantity: int) -> None:
    if not 0 < len(serials) <= MOST_RANGES:
        raise _refused("serials", f"{len(serials)} ranges", f"1 to {MOST_RANGES} ranges")
    for each in serials:
        if each.start < 0 or each.end < each.start:
            raise _refused("serials", each.serial, "a start not after its end")
    total = sum(each.quantity for each in serials)
    if total != quantity:
        raise _refused("quantity", quantity, f"the {total} units of the serial ranges")


def _texts(statement: Statement) -> list[tuple[str, str]]:
    registry, holder = statement.registry, statement.holder
    texts = [
        ("certificate", statement.certificate),
        ("transaction", statement.transaction),
        ("unit_type", statement.unit_type),
        ("registry.id", registry.id),
        ("registry.country", registry.country),
        ("registry.name_en", registry.name_en),
        ("registry.name_th", registry.name_th),
        ("holder.account", holder.account),
        ("holder.name_en", holder.name_en),
        ("holder.name_th", holder.name_th),
        ("beneficiary", statement.beneficiary or ""),
        ("purpose", statement.purpose or ""),
    ]
    for each in statement.serials:
        texts += [
            ("serials.serial", each.serial),
            ("serials.project", each.project),
            ("serials.project_name", each.project_name),
            ("serials.project_type", each.project_type or ""),
        ]
    return texts


def _refused(field: str, value: object, expected: str) -> UsageError:
    return UsageError(
        f"A certificate cannot say {field} = {value!r}.", hint=f"It needs {expected}."
    )
