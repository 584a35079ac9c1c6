"""The desk's language: texts by key, numbers and dates as people read them.

Owns looking up and formatting; the texts themselves lie in `resources/translations/`:
`en.toml` and `th.toml`, and one file per page family in the folders `en/` and `th/`.
Must not decide which text a page shows.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.models.resource_files import resource_path
from app.services.registry.context import BANGKOK

CODES = ("en", "th")
BUDDHIST_OFFSET_YEARS = 543
_FIRST_YEAR_READ_AS_BUDDHIST = 2400
_log = logging.getLogger(__name__)


class DateStyle(StrEnum):
    """How days are written: 2026-11-21, 21 Nov 2026, or 21 Nov 2569."""

    ISO = "iso"
    GREGORIAN = "gregorian"
    BUDDHIST = "buddhist"


def load_texts(code: str, folder: Path | None = None) -> dict[str, str]:
    """Read every text of one language, keyed by its dotted path."""
    folder = folder or resource_path("translations")
    texts: dict[str, str] = {}
    for path in (folder / f"{code}.toml", *sorted((folder / code).glob("*.toml"))):
        with path.open("rb") as file:
            texts.update(_flatten(tomllib.load(file)))
    return texts


def _flatten(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


class Language(QObject):
    """The language in force; `changed` is emitted after it changes."""

    changed = Signal()

    def __init__(
        self,
        code: str = "en",
        *,
        date_style: DateStyle | None = None,
        zone: tzinfo = BANGKOK,
    ) -> None:
        super().__init__()
        self._texts = {each: load_texts(each) for each in CODES}
        self._code = code if code in CODES else CODES[0]
        self._date_style = date_style
        self._zone = zone

    @property
    def code(self) -> str:
        """The language's two letters."""
        return self._code

    @property
    def date_style(self) -> DateStyle:
        """The chosen date style, else the language's own: ISO, and in Thai Buddhist era."""
        if self._date_style is not None:
            return self._date_style
        return DateStyle.BUDDHIST if self._code == "th" else DateStyle.ISO

    def set_code(self, code: str) -> None:
        """Change the language while running; an unknown code raises ValueError."""
        if code not in CODES:
            raise ValueError(f"no language {code!r}; there are {', '.join(CODES)}")
        if code != self._code:
            self._code = code
            self.changed.emit()

    def has(self, key: str) -> bool:
        """Tell whether a text stands under a key."""
        return key in self._texts[self._code]

    def text(self, key: str, **values: object) -> str:
        """Return the text of a key with its `{names}` filled in.

        Whole numbers get thousands separators, days and moments are written in the date
        style; give a year as a string. An unknown key returns the key and is logged.
        """
        template = self._texts[self._code].get(key)
        if template is None:
            _log.warning("no text for key %r in %r", key, self._code)
            return key
        if not values:
            return template
        return template.format_map({name: self.show(value) for name, value in values.items()})

    def keep(
        self, owner: QObject, setter: Callable[[str], object], key: str, **values: object
    ) -> None:
        """Set a text now and after each change of language, as long as the owner lives."""
        _TextKeeper(owner, self, setter, key, values)

    def show(self, value: object) -> str:
        """Write any value as people read it."""
        if value is None:
            return "–"
        if isinstance(value, bool):
            return self.text("common.yes" if value else "common.no")
        if isinstance(value, int | Decimal):
            return self.quantity(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        return str(value)

    def quantity(self, value: int | Decimal) -> str:
        """Write a number with thousands separators."""
        return f"{value:,}"

    def day(self, value: date) -> str:
        """Write a day in the date style."""
        if self.date_style is DateStyle.ISO:
            return value.isoformat()
        if self.date_style is DateStyle.BUDDHIST:
            return self.buddhist_day(value)
        return f"{value.day} {self.text(f'months.short.{value.month}')} {value.year}"

    def buddhist_day(self, value: date) -> str:
        """Write a day with the Buddhist year, as 21 Nov 2569, whatever the date style."""
        month = self.text(f"months.short.{value.month}")
        return f"{value.day} {month} {value.year + BUDDHIST_OFFSET_YEARS}"

    def long_day(self, value: date) -> str:
        """Write a day with weekday and month in full."""
        buddhist = self.date_style is DateStyle.BUDDHIST
        return self.text(
            "dates.long",
            weekday=self.text(f"weekdays.{value.isoweekday()}"),
            day=str(value.day),
            month=self.text(f"months.long.{value.month}"),
            year=str(value.year + (BUDDHIST_OFFSET_YEARS if buddhist else 0)),
        )

    def moment(self, value: datetime) -> str:
        """Write an aware moment as the registry's day and time of day."""
        return f"{self.day(self.local(value).date())} {self.time(value)}"

    def time(self, value: datetime) -> str:
        """Write the registry's time of day of an aware moment, as 09:12."""
        return self.local(value).strftime("%H:%M")

    def local(self, value: datetime) -> datetime:
        """Give an aware moment in the registry's zone, wherever the desk stands."""
        return value.astimezone(self._zone)


class _TextKeeper(QObject):
    """Sets one text again whenever the language changes; dies with its owner."""

    def __init__(
        self,
        owner: QObject,
        language: Language,
        setter: Callable[[str], object],
        key: str,
        values: Mapping[str, object],
    ) -> None:
        super().__init__(owner)
        self._language = language
        self._setter = setter
        self._key = key
        self._values = dict(values)
        language.changed.connect(self.set_text)
        self.set_text()

    def set_text(self) -> None:
        self._setter(self._language.text(self._key, **self._values))


def parse_day(text: str) -> date | None:
    """Read a day written as 2026-11-21 or 2569-11-21 (Buddhist era); None if it is none."""
    try:
        year, month, day = (int(part) for part in text.strip().split("-"))
        if year >= _FIRST_YEAR_READ_AS_BUDDHIST:
            year -= BUDDHIST_OFFSET_YEARS
        return date(year, month, day)
    except ValueError:
        return None
