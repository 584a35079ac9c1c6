"""What one field of a form is: its description, and its problem when it has one.

Owns the values a page gives to the form; must not build widgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class FieldKind(StrEnum):
    """How a value is entered."""

    TEXT = "text"
    MULTILINE = "multiline"
    QUANTITY = "quantity"
    CHOICE = "choice"
    SEGMENTS = "segments"
    DATE = "date"
    FILE = "file"
    SECRET = "secret"  # noqa: S105 - a kind of field, no secret itself


@dataclass(frozen=True)
class Option:
    """One choice: the value kept, and its words; `text_key` goes before `text`."""

    value: str
    text: str = ""
    text_key: str = ""


@dataclass(frozen=True)
class Field:
    """One field of a form; two `half` fields after each other share a line.

    `file_kinds` is the filter of the file dialog; `drafted` says whether the value may be
    kept in a draft (a secret never is).
    """

    key: str
    title_key: str
    kind: FieldKind = FieldKind.TEXT
    options: tuple[Option, ...] = ()
    placeholder_key: str = ""
    hint_key: str = ""
    initial: str = ""
    half: bool = False
    optional: bool = False
    file_kinds: str = ""
    drafted: bool = True


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with a field's value; an empty `field` is about the whole form."""

    field: str
    code: str
    message: str


class KeptValues(Protocol):
    """What is kept of a form, and since when."""

    @property
    def form(self) -> str: ...

    @property
    def values(self) -> dict[str, str]: ...

    @property
    def saved_at(self) -> datetime: ...


class DraftStore(Protocol):
    """Where unfinished forms are kept; called off the window's thread."""

    def load(self, form_name: str) -> dict[str, str]:
        """Return the kept values, or nothing."""
        ...

    def list_kept(self, beginning: str) -> Sequence[KeptValues]:
        """List what is kept of the forms whose name begins so, the newest first."""
        ...

    def save(self, form_name: str, values: dict[str, str]) -> None:
        """Keep the values."""
        ...

    def clear(self, form_name: str) -> None:
        """Forget the values."""
        ...
