"""What a table asks for and gets: one page of rows by key, never by offset.

Owns the two values between tables and listings; must not query or draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

RowT_co = TypeVar("RowT_co", covariant=True)

# The sort value and the tie-breaking key of the last row of the page before.
Cursor: TypeAlias = tuple[str | int | None, ...]

DEFAULT_LIMIT = 200


@dataclass(frozen=True)
class PageRequest:
    """Which page: sort column, filters, and the cursor after which it begins."""

    sort: str = ""
    descending: bool = False
    filter_text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    after: Cursor | None = None
    limit: int = DEFAULT_LIMIT


@dataclass(frozen=True)
class Page(Generic[RowT_co]):
    """The rows, the cursor of the next page (None at the end) and, if known, the total."""

    rows: tuple[RowT_co, ...]
    next: Cursor | None = None
    total: int | None = None
