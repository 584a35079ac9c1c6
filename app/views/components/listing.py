"""What a table is told about its listing.

Owns the description only: where rows come from, how they are written, what an empty
table says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.services.listings.page import DEFAULT_LIMIT, PageRequest
from app.views.components.columns import Column
from app.views.components.table_model import Fetch


@dataclass(frozen=True)
class EmptyText:
    """What an empty table says: what belongs here, how to begin, and the act, if any."""

    title_key: str
    sentence_key: str
    action_key: str = ""
    icon: str = "inbox"


@dataclass(frozen=True)
class Filter:
    """A choice above the table: the filter's key and its (value, text key) options."""

    key: str
    title_key: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listing:
    """One listing: `fetch` answers a page request off the window's thread.

    `row_key` names a row for good, so that a selection outlives a refresh; `title_key` is
    the table's accessible name and the name of its exports.
    """

    columns: tuple[Column, ...]
    fetch: Fetch
    title_key: str
    row_key: Callable[[Any], str]
    empty: EmptyText
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    descending: bool = False
    limit: int = DEFAULT_LIMIT

    @property
    def first_request(self) -> PageRequest:
        """The request with which the table begins."""
        return PageRequest(sort=self.sort, descending=self.descending, limit=self.limit)
