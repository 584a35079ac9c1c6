"""Taking an act apart from JSON, field by field, and naming the one that is wrong.

Owns the words for what a field must be; which fields an act has is the act's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.models.errors import UsageError
from app.models.plain_text import require_plain_text

LAST_YEAR = 9999
ACCOUNT = "an account number such as TH-100-1042-0-52"
UNIT_TYPE = "a unit type such as TER"
WHOLE = "a whole number of units"
YEAR = "a year such as 2025"
PERIOD = "the number of a commitment period, 1 to 9"
LAST_PERIOD = 9
DIGEST = "64 hexadecimal digits"
SERIALS = 'a list of serial numbers such as ["TH-5-1001-2-2-0-7014 - TH-5-2000-2-2-0-7014"]'
SERIAL = 'a list of objects such as {"serial": "TH-TER-13-0042-2025--1-5000"}'


class Reader:
    """Takes fields out of a JSON object one by one and says which one is wrong."""

    def __init__(self, what: str, content: Mapping[str, Any], path: str = "") -> None:
        if not isinstance(content, Mapping):
            raise UsageError(f"{path or what} must be a JSON object, not {form_of(content)}.")
        self._what, self._path = what, path
        self._content = content
        self._seen: set[str] = {"act"}
        self._inner: list[Reader] = []

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
        return UsageError(f"“{self._name(key)}” is {form_of(value)}.", hint=f"Give {wanted}.")

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

    def optional_period(self, key: str) -> int | None:
        """Read a commitment period; an account number has one digit for it."""
        if self._take(key) is None:
            return None
        value = self.whole(key, PERIOD)
        if not 1 <= value <= LAST_PERIOD:
            raise self._wrong(key, value, PERIOD)
        return value

    def year(self, key: str) -> int:
        value = self.whole(key, YEAR)
        if not 1 <= value <= LAST_YEAR:
            raise self._wrong(key, value, YEAR)
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

    def inner(self, key: str) -> Reader:
        value = self._take(key)
        if value is None:
            raise self._wrong(key, None, "an object")
        reader = Reader(self._what, value, f"{self._name(key)}.")
        self._inner.append(reader)
        return reader

    def serials(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong(key, value, SERIAL)
        found = []
        for item in value:
            serial = item.get("serial") if isinstance(item, Mapping) else None
            if not isinstance(serial, str) or not serial.strip():
                raise self._wrong(key, item, SERIAL)
            found.append(require_plain_text(serial, what=self._name(key)))
        return tuple(found)

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of serial numbers, each a text or an object with its `serial`."""
        value = self._take(key)
        if not isinstance(value, list):
            raise self._wrong(key, value, SERIALS)
        found = []
        for item in value:
            serial = item.get("serial") if isinstance(item, Mapping) else item
            if not isinstance(serial, str) or not serial.strip():
                raise self._wrong(key, item, SERIALS)
            found.append(require_plain_text(serial, what=self._name(key)))
        return tuple(found)

    def whole_or(self, key: str, default: int) -> int:
        return default if self._take(key) is None else self.whole(key, WHOLE)

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


def form_of(value: Any) -> str:
    """Show a value that is of the wrong form, with its type."""
    return "nothing" if value is None else f"{value!r} ({type(value).__name__})"
