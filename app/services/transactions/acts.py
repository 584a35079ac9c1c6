"""What can be asked of the ledger: one frozen value per kind of act.

Owns reading an act from JSON (the command line, a form, the stored request) and writing it
back. A value of the wrong form raises `UsageError` naming the field; whether the act is allowed
is for the checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from app.models.codes import SupplementaryType, TransactionType
from app.models.errors import UsageError
from app.models.plain_text import require_plain_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Root of all acts: the type it becomes and the quantity of units it concerns."""

    name: ClassVar[str]
    type: ClassVar[TransactionType]
    supplementary_type: ClassVar[SupplementaryType] = SupplementaryType.NONE

    unit_type: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuance(Act):
    """Issue units of a domestic project against a verified reduction."""

    name = "issuance"
    type = TransactionType.ISSUANCE

    project: str
    account: str
    vintage: int
    period_from: date
    period_to: date
    verified_quantity: int
    verified_reference: str
    document_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(Act):
    """Register units that another registry issued, as its record says: no levy, its expiry.

    `serial` is the range as its registry prints it; `source_serial` is the whole range of the
    source's record where `serial` is only a part of it. `issued_on` is None where the source
    does not tell.
    """

    name = "registration"
    type = TransactionType.ISSUANCE
    supplementary_type = SupplementaryType.REGISTERED_FROM_ORIGIN

    origin: str
    project: str
    account: str
    vintage: int | None
    serial: str
    issued_on: date | None
    expires_on: date | None = None
    source_serial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal(Act):
    """What transfer and cancellation share: units leave an account, FIFO or picked by hand.

    `blocks` are serial ranges as printed; empty means first in, first out. `project` and
    `vintage` narrow the choice.
    """

    from_account: str
    project: str | None = None
    vintage: int | None = None
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Disposal):
    """Move units to another account of this registry."""

    name = "transfer"
    type = TransactionType.INTERNAL_TRANSFER

    to_account: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation(Disposal):
    """Cancel units voluntarily, for good, on behalf of a beneficiary and for a purpose.

    `notice` is the notice that asks for it, where one does.
    `source_…` keeps what another registry recorded for an imported act: its word, date and
    reason, and the whole range of its record where `blocks` are not that one range.
    """

    name = "cancellation"
    type = TransactionType.CANCELLATION

    kind: str = "voluntary"
    beneficiary: str = ""
    purpose: str = ""
    notice: str = ""
    source_word: str = ""
    source_date: date | None = None
    source_reason: str = ""
    source_serial: str = ""


ACTS: dict[str, type[Act]] = {
    act.name: act for act in (Issuance, Registration, Transfer, Cancellation)
}
PROPOSABLE = ("issuance", "transfer", "cancellation")
"""Acts a person proposes; registrations come from an import."""

_SOURCE = "source_"
"""How the fields begin that keep what another registry recorded."""
_LAST_YEAR = 9999

_OUTSIDE_NAMES = {"from_account": "from", "to_account": "to"}


def act_as_json(act: Act) -> dict[str, Any]:
    """Write an act as the JSON the command line reads, with its name under `act`."""
    content: dict[str, Any] = {"act": act.name}
    for field in fields(act):
        value = getattr(act, field.name)
        if value in (None, "", ()):
            continue
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = [{"serial": serial} for serial in value]
        content[_OUTSIDE_NAMES.get(field.name, field.name)] = value
    return _nest_period(content) if isinstance(act, Issuance) else content


def _nest_period(content: dict[str, Any]) -> dict[str, Any]:
    content["monitoring_period"] = {
        "from": content.pop("period_from"),
        "to": content.pop("period_to"),
    }
    content["verified"] = {
        "quantity": content.pop("verified_quantity"),
        "reference": content.pop("verified_reference", ""),
        "document_sha256": content.pop("document_sha256", ""),
    }
    return content


def read_proposal(name: str, content: Mapping[str, Any]) -> Act:
    """Read an act as a person proposes it.

    What another registry recorded is an import's to say: a proposal with a `source_…` field of
    its own would put another day or reason on the certificate. Raises UsageError as `read_act`.
    """
    act = read_act(name, content)
    kept = sorted(key for key in content if key.startswith(_SOURCE))
    if name not in PROPOSABLE or kept:
        raise UsageError(
            f"“{kept[0] if kept else name}” is for imports; nobody proposes it.",
            hint="Take it out." if kept else "Acts: " + ", ".join(PROPOSABLE) + ".",
        )
    return act


def read_act(name: str, content: Mapping[str, Any]) -> Act:
    """Read an act of the given name from JSON, as it is stored with a transaction.

    Raises UsageError naming the field that is missing, unknown or of the wrong form.
    """
    if name not in ACTS:
        raise UsageError(
            f"“{name}” is not an act Teak knows.", hint="Acts: " + ", ".join(PROPOSABLE) + "."
        )
    reader = _Reader(name, content)
    readers = {
        "issuance": _read_issuance,
        "registration": _read_registration,
        "transfer": _read_transfer,
        "cancellation": _read_cancellation,
    }
    act = readers[name](reader)
    reader.refuse_unknown()
    return act


class _Reader:
    """Takes fields out of a JSON object one by one and says which one is wrong."""

    def __init__(self, what: str, content: Mapping[str, Any], path: str = "") -> None:
        if not isinstance(content, Mapping):
            raise UsageError(f"{path or what} must be a JSON object, not {_form(content)}.")
        self._what, self._path = what, path
        self._content = content
        self._seen: set[str] = {"act"}
        self._inner: list[_Reader] = []

    def _take(self, key: str) -> Any:
        self._seen.add(key)
        return self._content.get(key)

    def _name(self, key: str) -> str:
        return f"{self._path}{key}"

    def _wrong(self, key: str, value: Any, wanted: str) -> UsageError:
        if value is None:
            return UsageError(
                f"The {self._what} has no “{self._name(key)}”.", hint=f"Give {wanted}."
            )
        return UsageError(f"“{self._name(key)}” is {_form(value)}.", hint=f"Give {wanted}.")

    def text(self, key: str, wanted: str, *, default: str | None = None) -> str:
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self._wrong(key, value, wanted)
        return require_plain_text(value, what=self._name(key))

    def whole(self, key: str, wanted: str) -> int:
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(key, value, wanted)
        return value

    def year(self, key: str) -> int:
        value = self.whole(key, _YEAR)
        if not 1 <= value <= _LAST_YEAR:
            raise self._wrong(key, value, _YEAR)
        return value

    def optional_year(self, key: str) -> int | None:
        return None if self._take(key) is None else self.year(key)

    def day(self, key: str) -> date:
        value = self._take(key)
        wanted = "a day as YYYY-MM-DD"
        if not isinstance(value, str):
            raise self._wrong(key, value, wanted)
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self._wrong(key, value, wanted) from None

    def optional_day(self, key: str) -> date | None:
        return None if self._take(key) is None else self.day(key)

    def inner(self, key: str) -> _Reader:
        value = self._take(key)
        if value is None:
            raise self._wrong(key, None, "an object")
        reader = _Reader(self._what, value, f"{self._name(key)}.")
        self._inner.append(reader)
        return reader

    def serials(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if value is None:
            return ()
        wanted = 'a list of objects such as {"serial": "TH-TER-13-0042-2025--1-5000"}'
        if not isinstance(value, list):
            raise self._wrong(key, value, wanted)
        found = []
        for item in value:
            serial = item.get("serial") if isinstance(item, Mapping) else None
            if not isinstance(serial, str) or not serial.strip():
                raise self._wrong(key, item, wanted)
            found.append(require_plain_text(serial, what=self._name(key)))
        return tuple(found)

    def refuse_unknown(self) -> None:
        """Raise for the first key nobody took, so that a misspelt one is not passed over."""
        unknown = sorted(set(self._content) - self._seen)
        if unknown:
            raise UsageError(
                f"The {self._what} has a field “{self._name(unknown[0])}” that Teak does not know.",
                hint="Fields: " + ", ".join(sorted(self._seen - {"act"})) + ".",
            )
        for reader in self._inner:
            reader.refuse_unknown()


def _form(value: Any) -> str:
    return "nothing" if value is None else f"{value!r} ({type(value).__name__})"


_ACCOUNT = "an account number such as TH-100-1042-0-52"
_UNIT_TYPE = "a unit type such as TER"
_WHOLE = "a whole number of units"
_YEAR = "a year such as 2025"


def _read_issuance(reader: _Reader) -> Issuance:
    period, verified = reader.inner("monitoring_period"), reader.inner("verified")
    return Issuance(
        project=reader.text("project", "a project code such as 0042"),
        account=reader.text("account", _ACCOUNT),
        unit_type=reader.text("unit_type", _UNIT_TYPE),
        vintage=reader.year("vintage"),
        quantity=reader.whole("quantity", _WHOLE),
        period_from=period.day("from"),
        period_to=period.day("to"),
        verified_quantity=verified.whole("quantity", _WHOLE),
        verified_reference=verified.text("reference", "the verification report's reference"),
        document_sha256=verified.text("document_sha256", "64 hexadecimal digits").lower(),
    )


def _read_registration(reader: _Reader) -> Registration:
    return Registration(
        origin=reader.text("origin", "the registry of origin"),
        project=reader.text("project", "a project code"),
        account=reader.text("account", _ACCOUNT),
        unit_type=reader.text("unit_type", _UNIT_TYPE),
        vintage=reader.optional_year("vintage"),
        quantity=reader.whole("quantity", _WHOLE),
        serial=reader.text("serial", "a serial range"),
        issued_on=reader.optional_day("issued_on"),
        expires_on=reader.optional_day("expires_on"),
        source_serial=reader.text("source_serial", "a serial range", default=""),
    )


def _disposal(reader: _Reader) -> dict[str, Any]:
    return {
        "from_account": reader.text("from", _ACCOUNT),
        "unit_type": reader.text("unit_type", _UNIT_TYPE),
        "quantity": reader.whole("quantity", _WHOLE),
        "project": reader.text("project", "a project code", default="") or None,
        "vintage": reader.optional_year("vintage"),
        "blocks": reader.serials("blocks"),
    }


def _read_transfer(reader: _Reader) -> Transfer:
    return Transfer(
        **_disposal(reader),
        to_account=reader.text("to", _ACCOUNT),
        reason=reader.text("reason", "a sentence", default=""),
    )


def _read_cancellation(reader: _Reader) -> Cancellation:
    return Cancellation(
        **_disposal(reader),
        kind=reader.text("kind", "voluntary", default="voluntary"),
        beneficiary=reader.text("beneficiary", "a name", default=""),
        purpose=reader.text("purpose", "a sentence", default=""),
        notice=reader.text("notice", "the number of the notice that asks for it", default=""),
        source_word=reader.text("source_word", "a word", default=""),
        source_date=reader.optional_day("source_date"),
        source_reason=reader.text("source_reason", "a sentence", default=""),
        source_serial=reader.text("source_serial", "a serial range", default=""),
    )
