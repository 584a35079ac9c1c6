"""A short list that was read whole, answered as a table asks for it: filtered, sorted, one page.

Owns that answer; for lists of which a country has few, such as notices, rules or holidays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from app.services.listings.page import Page, PageRequest

RowT = TypeVar("RowT")


def page_of(rows: Sequence[RowT], request: PageRequest, *, texts: Sequence[str] = ()) -> Page[RowT]:
    """Give every row that is asked for; `texts` name the attributes a filter text is sought in."""
    wanted = request.filter_text.strip().casefold()
    kept = [row for row in rows if _is_kept(row, request, wanted, texts)]
    if request.sort:
        kept.sort(key=lambda row: _sortable(getattr(row, request.sort)), reverse=request.descending)
    return Page(tuple(kept), total=len(kept))


def _is_kept(row: Any, request: PageRequest, wanted: str, texts: Sequence[str]) -> bool:
    for name, value in request.filters.items():
        if value and str(getattr(row, name)) != value:
            return False
    return not wanted or any(wanted in str(getattr(row, name)).casefold() for name in texts)


def _sortable(value: Any) -> tuple[bool, Any]:
    """Put what is not there behind everything that is."""
    return (value is None, "" if value is None else value)
